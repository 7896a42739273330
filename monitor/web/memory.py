"""What pages remember for some seconds, so that many readers cost no more than one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from starlette.requests import Request

Value = TypeVar("Value")

#: Values of one memory; beyond them the oldest goes.
MOST = 20


@dataclass(slots=True)
class _Kept(Generic[Value]):
    """A value, or who is about to make it; and the next one, when it is being made."""

    made_at: float
    value: asyncio.Future[Value]
    next: asyncio.Future[Value] | None = None


@dataclass(slots=True)
class Memory(Generic[Value]):
    """Values by key, each made once at a time, by the first who asks; the others wait for it."""

    #: Seconds that a value is good for; and after that, shown once more while the next is made.
    kept_s: float
    stale_s: float = 0.0
    clock: Callable[[], float] = time.monotonic
    _kept: dict[Hashable, _Kept[Value]] = field(default_factory=dict)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        """The value of a key, made anew when it is too old; what failed is not kept."""
        now, kept = self.clock(), self._kept.get(key)
        if kept is None or now - kept.made_at >= self.kept_s + self.stale_s:
            kept = self._put(key, _Kept(now, asyncio.ensure_future(make())))
        elif now - kept.made_at >= self.kept_s and kept.next is None:
            kept.next = asyncio.ensure_future(self._renew(key, kept, make))
        try:
            # Whoever gives up waiting does not end it for the others.
            return await asyncio.shield(kept.value)
        except Exception:
            if self._kept.get(key) is kept:
                del self._kept[key]
            raise

    async def amend(self, key: Hashable, change: Callable[[Value], Awaitable[Value]]) -> None:
        """Put right what is remembered, after something was changed; nothing when nothing is."""
        kept = self._kept.get(key)
        if kept is None:
            return
        changed = _Kept(kept.made_at, asyncio.ensure_future(self._changed(kept, change)))
        self._put(key, changed)
        await asyncio.shield(changed.value)

    @staticmethod
    async def _changed(kept: _Kept[Value], change: Callable[[Value], Awaitable[Value]]) -> Value:
        return await change(await asyncio.shield(kept.value))

    async def _renew(
        self, key: Hashable, kept: _Kept[Value], make: Callable[[], Awaitable[Value]]
    ) -> Value:
        """Make the next value while the old one is shown; when that fails the old one goes."""
        began = self.clock()
        try:
            made = await make()
        except BaseException:
            if self._kept.get(key) is kept:
                del self._kept[key]
            raise
        if self._kept.get(key) is kept:
            future: asyncio.Future[Value] = asyncio.get_running_loop().create_future()
            future.set_result(made)
            self._put(key, _Kept(began, future))
        return made

    def _put(self, key: Hashable, kept: _Kept[Value]) -> _Kept[Value]:
        self._kept.pop(key, None)
        self._kept[key] = kept
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return kept


def memory_of(request: Request, name: str, kept_s: float, stale_s: float = 0.0) -> Memory[Any]:
    """The memory of this name, of this site."""
    state = request.app.state
    if not hasattr(state, "memories"):
        state.memories = {}
    memory: Memory[Any] = state.memories.setdefault(name, Memory(kept_s, stale_s))
    return memory
