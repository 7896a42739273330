"""The store for async callers: reads side by side, writes one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from monitor.ports import Store
from monitor.store.database import Database

Result = TypeVar("Result")

#: Threads that read.
READERS = 4


class Runner:
    """Threads around one database; a write that has begun is finished, whoever is cancelled."""

    def __init__(self, database: Database) -> None:
        self._store: Store = database
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")

    async def read(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in a reader's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, work, self._store)

    async def write(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in the writer's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, work, self._store)

    def close(self) -> None:
        """Wait for what has begun; what has not is dropped."""
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._readers.shutdown(wait=True, cancel_futures=True)
