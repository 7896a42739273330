"""
Manners towards hosts, shared by all crawls of the process.

At most one request is in flight per host, the next starts no earlier than a gap after
the last one ended, and only so many are in flight over all hosts, of which hosts that are
slow to answer get no more than half. Retry-After is kept, and robots.txt is remembered
(RFC 9309), both over restarts with the help of whoever stores what `unsaved` gives.
Everything here runs in one event loop and needs no locks.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from monitor.model import SiteNote
from spiders.requests import host_of, origin_of
from spiders.robots_cache import RobotsCache
from spiders.verdict import LONGEST_WAIT

#: A host whose last request took so long is slow.
SLOW_S = 5.0
#: How long a host that is not asked stays known: longer than any gap. Slow ones stay a day.
_IDLE_S = 2 * 3600.0
_IDLE_SLOW_S = 24 * 3600.0
#: How often what is idle is looked for.
_SWEEP_S = 600.0
#: Origins whose news nobody collects; beyond them the oldest are not news any more.
_MOST_UNSAVED = 20_000


@dataclass(slots=True)
class _Gate:
    """One host's gate; times on the monotonic clock."""

    is_busy: bool = False
    #: When its request began or, when none is in flight, ended.
    since: float = 0.0
    #: How long it rests after that, at least.
    gap_s: float = 0.0
    is_slow: bool = False


@dataclass(frozen=True, slots=True)
class _Hold:
    """A host that asked to be left alone."""

    #: As it was said; the clock that this is read from may be set.
    until: datetime
    #: The same on the monotonic clock, which decides.
    until_s: float
    origin: str


@dataclass(slots=True)
class Manners:
    """The gates, the waits and the robots.txt files; one for the whole process."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    robots: RobotsCache = field(init=False)
    _gates: dict[str, _Gate] = field(default_factory=dict, init=False)
    _busy: set[str] = field(default_factory=set, init=False)
    _held: dict[str, _Hold] = field(default_factory=dict, init=False)
    _watchers: deque[Callable[[str], None]] = field(default_factory=deque, init=False)
    _unsaved: dict[str, None] = field(default_factory=dict, init=False)
    _swept_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.robots = RobotsCache(self.clock, self.now)

    def wait_s(self, host: str, gap_s: float = 0.0) -> float:
        """
        Seconds until the host may be asked; 0 = now, infinite while a request is out.

        Args:
            gap_s: what this request wants between the last one and itself.
        """
        gate = self._gates.get(host)
        if gate is None:
            return 0.0
        if gate.is_busy:
            return math.inf
        return max(0.0, gate.since + max(gate.gap_s, gap_s) - self.clock())

    def has_room(self, host: str, limit: int) -> bool:
        """Whether one more request may be in flight, of at most `limit` over all hosts."""
        if len(self._busy) >= limit:
            return False
        gate = self._gates.get(host)
        if gate is None or not gate.is_slow:
            return True
        return sum(self._gates[busy].is_slow for busy in self._busy) < max(1, limit // 2)

    def enter(self, host: str) -> None:
        """Take the gate; only when `wait_s` says 0, and `leave` must follow."""
        gate = self._gates.setdefault(host, _Gate())
        gate.is_busy, gate.since = True, self.clock()
        self._busy.add(host)

    def leave(self, host: str, *, gap_s: float) -> None:
        """The request ended; the host rests for `gap_s` and every crawl is told."""
        gate, now = self._gates[host], self.clock()
        gate.is_busy, gate.is_slow = False, now - gate.since >= SLOW_S
        gate.since, gate.gap_s = now, gap_s
        self._busy.discard(host)
        if now >= self._swept_at + _SWEEP_S:
            self._sweep(now)
        self.tell(host)

    def hold(self, url: str, until: datetime) -> None:
        """The host of `url` asked to be left alone until then; at most for a day."""
        host, wait = host_of(url), min(until - self.now(), LONGEST_WAIT)
        held = _Hold(until, self.clock() + wait.total_seconds(), origin_of(url))
        known = self._held.get(host)
        if known is None or held.until_s > known.until_s:
            self._held[host] = held
            self._is_news(held.origin)

    def held_until(self, host: str) -> datetime | None:
        """Until when the host wants no requests; None = it takes them."""
        held = self._held.get(host)
        if held is None or held.until_s <= self.clock():
            self._held.pop(host, None)
            return None
        # A clock that was set forward makes it a time of the past, which would say nothing.
        return max(held.until, self.now())

    def know_robots(self, origin: str, packed: bytes) -> None:
        """An origin's robots.txt came, packed; who waits for it is told by `answered`."""
        self.robots.put(origin, packed)
        self._is_news(origin)

    def answered(self, origin: str) -> None:
        """Nobody asks for an origin's robots.txt any more, or reads it; every crawl is told."""
        if self.robots.asking.pop(origin, None) is not None:
            self.tell(host_of(origin))

    def remember(self, notes: Iterable[SiteNote]) -> None:
        """Take up what was known before the program was started."""
        news = dict(self._unsaved)
        for note in notes:
            origin = origin_of(note.origin)
            if note.not_before is not None and note.not_before > self.now():
                self.hold(origin, note.not_before)
            self.robots.remember(origin, note)
        self._unsaved = news  # what was remembered is none

    def unsaved(self) -> list[SiteNote]:
        """All that is worth remembering of the origins of which something is new."""
        origins, self._unsaved = tuple(self._unsaved), {}
        return [self._note(origin) for origin in origins]

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call `watcher(host)` whenever something changed for a host."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[str], None]) -> None:
        """Stop calling it."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def tell(self, host: str) -> None:
        """Something changed for a host; every crawl is told, another one first each time."""
        self._watchers.rotate(-1)
        for watcher in tuple(self._watchers):
            watcher(host)

    def _note(self, origin: str) -> SiteNote:
        held = self._held.get(host_of(origin))
        note = self.robots.note(origin)
        if held is None or held.origin != origin:
            return note
        return replace(note, not_before=held.until)

    def _is_news(self, origin: str) -> None:
        self._unsaved.pop(origin, None)
        self._unsaved[origin] = None
        if len(self._unsaved) > _MOST_UNSAVED:
            del self._unsaved[next(iter(self._unsaved))]

    def _sweep(self, now: float) -> None:
        """Forget hosts that were not asked for long, and waits that are over."""
        self._swept_at = now
        for host, gate in tuple(self._gates.items()):
            kept_s = _IDLE_SLOW_S if gate.is_slow else _IDLE_S
            if not gate.is_busy and now - gate.since > kept_s:
                del self._gates[host]
        for host in tuple(self._held):
            self.held_until(host)
