"""
Manners towards hosts, shared by all crawls of the process.

At most one request is in flight per host, the next starts no earlier than a gap after
the last one ended, Retry-After is kept, and robots.txt is remembered (RFC 9309).
Everything here runs in one event loop and needs no locks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from protego import Protego

from spiders.verdict import ROBOTS_FORBIDS, Verdict

#: RFC 9309, section 2.4: a robots.txt is not used for longer than a day.
ROBOTS_KEPT_S = 24 * 3600.0
#: How long a robots.txt that could not be read forbids its site before the next try.
ROBOTS_RETRY_S = 60.0
#: Crawl-delay is honoured up to this; some files ask for hours.
LONGEST_CRAWL_DELAY_S = 60.0
#: RFC 9309, section 2.5: at least 500 KiB are parsed.
ROBOTS_BYTES = 512_000
_ROBOTS_SITES = 4096


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says; `unreadable` stands in for one we could not get."""

    rules: Any = None
    unreadable: Verdict | None = None

    @classmethod
    def parse(cls, body: bytes) -> Robots:
        """Read a robots.txt; what cannot be understood in it allows."""
        text = body[:ROBOTS_BYTES].decode("utf-8-sig", "replace")
        return cls(rules=Protego.parse(text))

    def refusal(self, url: str, token: str) -> Verdict | None:
        """Why this address may not be fetched by the product `token`; None = it may."""
        if self.unreadable is not None:
            return self.unreadable
        if self.rules is None or self.rules.can_fetch(url, token):
            return None
        return ROBOTS_FORBIDS

    def crawl_delay_s(self, token: str) -> float:
        """Seconds between requests that the site asks for, within reason."""
        delay = self.rules.crawl_delay(token) if self.rules is not None else None
        if delay is None or not math.isfinite(delay):
            return 0.0
        return min(max(float(delay), 0.0), LONGEST_CRAWL_DELAY_S)


class RobotsCache:
    """robots.txt per origin (`https://host:port`)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, Robots]] = {}

    def get(self, origin: str) -> Robots | None:
        """What is known and still fresh; None = it must be fetched."""
        until, robots = self._known.get(origin, (0.0, None))
        return robots if until > self._clock() else None

    def put(self, origin: str, robots: Robots) -> None:
        """Remember; the oldest are forgotten beyond some thousands."""
        kept = ROBOTS_KEPT_S if robots.unreadable is None else ROBOTS_RETRY_S
        self._known.pop(origin, None)
        self._known[origin] = (self._clock() + kept, robots)
        if len(self._known) > _ROBOTS_SITES:
            del self._known[next(iter(self._known))]


@dataclass(slots=True)
class _Host:
    """One host's gate."""

    is_busy: bool = False
    #: On the monotonic clock.
    free_at: float = 0.0


@dataclass(slots=True)
class Manners:
    """The gates, the waits and the robots.txt files; one for the whole process."""

    clock: Callable[[], float] = time.monotonic
    robots: RobotsCache = field(init=False)
    _hosts: dict[str, _Host] = field(default_factory=dict, init=False)
    _held: dict[str, datetime] = field(default_factory=dict, init=False)
    _watchers: list[Callable[[str], None]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.robots = RobotsCache(self.clock)

    def wait_s(self, host: str) -> float:
        """Seconds until the host may be asked; 0 = now, infinite while a request is out."""
        gate = self._hosts.get(host)
        if gate is None:
            return 0.0
        return math.inf if gate.is_busy else max(0.0, gate.free_at - self.clock())

    def enter(self, host: str) -> None:
        """Take the gate; only when `wait_s` says 0, and `leave` must follow."""
        self._hosts.setdefault(host, _Host()).is_busy = True

    def leave(self, host: str, *, gap_s: float) -> None:
        """The request ended; the host rests for `gap_s` and every crawl is told."""
        self._hosts[host] = _Host(is_busy=False, free_at=self.clock() + gap_s)
        for watcher in tuple(self._watchers):
            watcher(host)

    def hold(self, host: str, until: datetime) -> None:
        """The host asked to be left alone until then."""
        self._held[host] = max(until, self._held.get(host, until))

    def held_until(self, host: str) -> datetime | None:
        """Until when the host wants no requests; None = it takes them."""
        until = self._held.get(host)
        if until is not None and until <= datetime.now(UTC):
            del self._held[host]
            return None
        return until

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call `watcher(host)` whenever a host becomes free."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[str], None]) -> None:
        """Stop calling it."""
        self._watchers.remove(watcher)
