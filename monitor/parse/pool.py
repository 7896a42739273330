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
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from monitor.errors import MonitorError, Permanent, Unusable

T = TypeVar("T")
log = logging.getLogger(__name__)

#: Address space of one worker, bytes.
MEMORY_LIMIT = 2 * 1024**3
#: Time that a task has, and what it gets on top for each megabyte that it is given. feedparser
#: alone needs 2 s for a megabyte of shortest entries on a machine that has other work.
TIMEOUT_S, TIMEOUT_S_PER_MB = 20.0, 6.0
#: A worker is replaced after so many tasks: what leaked goes with it.
TASKS_PER_PROCESS = 500
#: Seconds in which the first worker must be up; under load that takes a few.
START_S = 60.0
#: How often workers are started that end while they start: memory may be short for a moment.
START_TRIES = 3


class Workers:
    """Worker processes, started with the first task."""

    def __init__(
        self,
        processes: int = 2,
        *,
        memory_limit: int = MEMORY_LIMIT,
        prepare: Callable[[int], object] | None = None,
        start_s: float = START_S,
    ) -> None:
        """
        Args:
            processes: how many tasks run at once.
            memory_limit: address space of one worker in bytes; a spawned Python with our
                libraries needs about 300 MB.
            prepare: called with the limit in each worker before its first task; None = set it.
            start_s: seconds in which a worker must be up.
        """
        self._processes = processes
        self._initial = (prepare or _limit_memory, memory_limit)
        self._start_s = start_s
        self._pool: Any = None
        #: Done when a worker of the pool has answered.
        self._first_answer: Future[int] = Future()

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
            Unusable: no worker can be started on this machine.
        """
        timeout_s = timeout_s or allowance(args)
        try:
            try:
                return await self._value(fn, args, kwargs, timeout_s)
            except _BlamelessError:
                return await self._value(fn, args, kwargs, timeout_s)
        except TimeoutError as error:
            raise Permanent(f"parsing took longer than {timeout_s:g} s and was stopped") from error
        except (ProcessExpired, MemoryError, RecursionError, _BlamelessError) as error:
            raise Permanent("parser crashed or ran out of memory") from error
        except MonitorError:
            raise
        except Exception as error:
            # A stage border: what untrusted bytes may do to a reader has no list.
            what = f"{type(error).__name__} in {getattr(fn, '__name__', fn)}"
            log.debug("%s", what, exc_info=error)
            raise Permanent(f"cannot be read, by a fault of ours: {what}") from error

    def close(self) -> None:
        """Stop all workers now; a later task starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            _stop(pool)

    async def _value(
        self, fn: Callable[..., T], args: Sequence[Any], kwargs: Mapping[str, Any], timeout_s: float
    ) -> T:
        """
        One attempt.

        Raises:
            _BlamelessError: it ended for a reason that has nothing to do with this task.
        """
        pool = await self._started()
        asked = time.monotonic()
        try:
            future = pool.schedule(fn, args=args, kwargs=kwargs, timeout=timeout_s)
        except RuntimeError as error:
            raise _BlamelessError from error
        try:
            value: T = await asyncio.wrap_future(future)
        except BrokenExecutor as error:
            # A worker without a task was killed: for pebble that breaks the whole pool.
            raise _BlamelessError from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGKILL:
                # Nothing here kills so: the system, short of memory, or a person.
                raise _BlamelessError from error
            raise
        except TimeoutError as error:
            if time.monotonic() - asked < timeout_s:
                # pebble reads the wall clock, and that was set forward.
                raise _BlamelessError from error
            raise
        return value

    async def _started(self) -> Any:
        """
        The pool, once one of its workers has answered.

        Raises:
            Unusable: none does.
        """
        for tries_left in reversed(range(START_TRIES)):
            pool = None
            try:
                pool, answer = self._current()
                # Without this, a worker that hangs while it starts would hold us for ever.
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), self._start_s)
            except (OSError, RuntimeError) as error:
                self._drop(pool)
                if isinstance(error, TimeoutError) or not tries_left:
                    raise _no_workers(error, self._start_s) from error
            else:
                break
        return pool

    def _current(self) -> tuple[Any, Future[int]]:
        """
        The pool, a new one if there is none that works, and the first answer of its workers.

        Raises:
            OSError, RuntimeError: it cannot be made.
        """
        if self._pool is not None and not self._pool.active:
            self._drop(self._pool)
        if self._pool is None:
            pool = self._new_pool()
            self._first_answer = pool.schedule(os.getpid)
            self._pool = pool
        return self._pool, self._first_answer

    def _drop(self, pool: Any) -> None:
        """Stop a pool that is of no use, beside the loop."""
        if pool is not None and pool is self._pool:
            self._pool = None
            asyncio.get_running_loop().run_in_executor(None, _stop, pool)

    def _new_pool(self) -> Any:
        prepare, limit = self._initial
        return ProcessPool(
            max_workers=self._processes,
            max_tasks=TASKS_PER_PROCESS,
            initializer=prepare,
            initargs=[limit],
            context=multiprocessing.get_context("spawn"),
        )


class _BlamelessError(Exception):
    """A task ended unfinished, and the reason is not the task."""


def allowance(args: Iterable[Any]) -> float:
    """Seconds for a task, by the bytes that it is given."""
    size = sum(len(arg) for arg in args if isinstance(arg, bytes))
    return TIMEOUT_S + TIMEOUT_S_PER_MB * size / 1e6


def _limit_memory(limit: int) -> None:
    """Bound the address space of this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _stop(pool: Any) -> None:
    """End a pool and its processes."""
    pool.stop()
    pool.join()


def _no_workers(error: Exception, start_s: float) -> Unusable:
    """The error that says that nothing can be parsed here."""
    is_late = isinstance(error, TimeoutError)
    why = f"none answered within {start_s:g} s" if is_late else "they end while they start"
    return Unusable(
        f"worker processes cannot be started: {why}.",
        advice="Check free memory (each needs 300 MB), the limits of this user (ulimit -u -v) "
        "and that /dev/shm may be written.",
    )
