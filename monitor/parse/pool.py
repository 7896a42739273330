"""
Parsing in processes that can be killed.

Untrusted bytes may take a parser any time and memory. A task runs in a spawned process with a
memory limit; when its time is over the process is killed, and only that one. A process has one
task at a time, so an offender never takes others along; the way there and back costs about
1 ms, which batches would not repay.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import resource
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from monitor.errors import MonitorError, Permanent

T = TypeVar("T")
log = logging.getLogger(__name__)

#: Address space of one worker, bytes.
MEMORY_LIMIT = 2 * 1024**3
#: Time that a task has, and what it gets on top for each megabyte that it is given. feedparser
#: alone needs 2 s for a megabyte of shortest entries on a machine that has other work.
TIMEOUT_S, TIMEOUT_S_PER_MB = 20.0, 6.0
#: A worker is replaced after so many tasks: what leaked goes with it.
TASKS_PER_PROCESS = 500


class Workers:
    """Worker processes, started with the first task."""

    def __init__(self, processes: int = 2, *, memory_limit: int = MEMORY_LIMIT) -> None:
        """
        Args:
            processes: how many tasks run at once.
            memory_limit: address space of one worker in bytes; a spawned Python with our
                libraries needs about 300 MB.
        """
        self._processes = processes
        self._memory_limit = memory_limit
        self._pool: Any = None

    async def run(
        self, fn: Callable[..., T], *args: Any, timeout_s: float = 0.0, **kwargs: Any
    ) -> T:
        """
        The value of `fn(*args, **kwargs)`, computed in a worker.

        Errors of ours raised by `fn` come back as themselves. Any other is a fault that this
        input brought to light: it costs the one item. A cancelled task is killed.

        Args:
            fn: importable by name; its arguments and value can be pickled.
            timeout_s: counted from the moment a worker takes the task; 0 = by the size of
                the bytes among the arguments.

        Raises:
            Permanent: it took too long, ran out of memory, took the process with it, or raised
                what it never should.
        """
        timeout_s = timeout_s or allowance(args)
        future = self._started().schedule(fn, args=args, kwargs=kwargs, timeout=timeout_s)
        try:
            value: T = await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise Permanent(f"parsing took longer than {timeout_s:g} s and was stopped") from error
        except (ProcessExpired, MemoryError, RecursionError, BrokenExecutor) as error:
            raise Permanent("parser crashed or ran out of memory") from error
        except MonitorError:
            raise
        except Exception as error:
            # A stage border: what untrusted bytes may do to a reader has no list.
            what = f"{type(error).__name__} in {getattr(fn, '__name__', fn)}"
            log.debug("%s", what, exc_info=error)
            raise Permanent(f"cannot be read, by a fault of ours: {what}") from error
        return value

    def close(self) -> None:
        """Stop all workers now; a later task starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()

    def _started(self) -> Any:
        if self._pool is not None and not self._pool.active:
            # A worker that dies while it starts breaks the whole pool for good.
            self.close()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._processes,
                max_tasks=TASKS_PER_PROCESS,
                initializer=_limit_memory,
                initargs=[self._memory_limit],
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def allowance(args: Iterable[Any]) -> float:
    """Seconds for a task, by the bytes that it is given."""
    size = sum(len(arg) for arg in args if isinstance(arg, bytes))
    return TIMEOUT_S + TIMEOUT_S_PER_MB * size / 1e6


def _limit_memory(limit: int) -> None:
    """Bound the address space of this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
