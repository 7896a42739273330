"""
robots.txt of each origin (`https://host:port`): asked for once a day, also over restarts.

The files are kept packed and read anew when they are needed, the latest some thousands
stay read. A file that cannot be had for a fault of the site forbids everything for now
(RFC 9309, section 2.3.1.4), unless an earlier copy is known: that one holds for a week
more. We never do what the RFC lets a crawler do after a month of faults, namely take it
that everything is allowed.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.model import SiteNote
from spiders.robots import MOST_BYTES, Robots
from spiders.verdict import Verdict

#: RFC 9309, section 2.4: a robots.txt is not used for longer than a day.
KEPT = timedelta(hours=24)
#: The same section: unless the file cannot be reached.
KEPT_WITHOUT_ANOTHER = timedelta(days=7)
#: How long a robots.txt that could not be read forbids its site before the next try.
RETRY_S = 60.0
#: The same where an earlier copy serves meanwhile.
RETRY_WITH_COPY_S = 3600.0
#: Bytes of all files together, as they are kept; the oldest are forgotten beyond them.
_MOST_BYTES = 64_000_000
#: What an origin takes besides its file.
_SITE_BYTES = 500
#: Rules that stay read, and what a file without any counts for.
_MOST_RULES = 200_000
_FILE_COST = 50
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Site:
    """What is known of one origin's file."""

    #: None = there was never one that could be read.
    packed: bytes | None = None
    #: When it was asked for, on both clocks: the wall's may jump, the other ends with us.
    asked_at: datetime = _NEVER
    asked_s: float = 0.0
    #: The last try failed; on the monotonic clock.
    retry_s: float = 0.0
    fault: Verdict | None = None


@dataclass(slots=True)
class RobotsCache:
    """See the module."""

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Origins whose file is on its way or being read, and who sees to that.
    asking: dict[str, object] = field(default_factory=dict, init=False)
    _sites: dict[str, _Site] = field(default_factory=dict, init=False)
    _packed: int = field(default=0, init=False)
    _bytes: int = field(default=0, init=False)
    #: By origin, with the product token that it was read for; the last used at the end.
    _read: dict[str, tuple[str, Robots]] = field(default_factory=dict, init=False)
    _rules: int = field(default=0, init=False)

    def knows(self, origin: str) -> bool:
        """Whether nothing needs to be asked: a file, or the reason why there is none, is here."""
        site = self._sites.get(origin)
        if site is None:
            return False
        return self._is_younger(site, KEPT) or (
            site.fault is not None and self.clock() < site.retry_s
        )

    def fault(self, origin: str) -> Verdict | None:
        """Why an origin that we know forbids everything for now; None = it does not."""
        site = self._sites[origin]
        return None if self._is_younger(site, KEPT_WITHOUT_ANOTHER) else site.fault

    def get(self, origin: str, token: str) -> Robots | None:
        """What an origin's file says to the product `token`; None = `read` it first."""
        site = self._sites.get(origin)
        if site is None or not site.packed:
            return Robots()
        kept = self._read.pop(origin, None)
        if kept is None:
            return None
        self._read[origin] = kept
        return kept[1] if kept[0] == token else None

    def reader(self, origin: str, token: str) -> Callable[[], Robots]:
        """What reads an origin's file, in any thread; the result is for `keep`."""
        site = self._sites.get(origin)
        packed = site.packed if site is not None else None
        return lambda: Robots.read(zlib.decompress(packed) if packed else b"", token)

    def keep(self, origin: str, token: str, robots: Robots) -> None:
        """Keep what was read; what was not used for longest is forgotten."""
        self._forget_read(origin)
        self._read[origin] = (token, robots)
        self._rules += robots.size + _FILE_COST
        while self._rules > _MOST_RULES and len(self._read) > 1:
            self._forget_read(next(iter(self._read)))

    def put(self, origin: str, packed: bytes) -> None:
        """
        An origin's file came; it must be read anew.

        Args:
            packed: what `pack` made of it; empty when there is none.
        """
        self._put(origin, _Site(packed, self.now(), self.clock()))

    def failed(self, origin: str, fault: Verdict) -> None:
        """An origin's file could not be had; the copy that we have, if any, is kept."""
        site = self._sites.get(origin) or _Site()
        has_copy = self._is_younger(site, KEPT_WITHOUT_ANOTHER)
        site.fault = fault
        site.retry_s = self.clock() + (RETRY_WITH_COPY_S if has_copy else RETRY_S)
        self._put(origin, site)

    def note(self, origin: str) -> SiteNote:
        """What is worth remembering of an origin."""
        site = self._sites.get(origin)
        if site is None or site.packed is None:
            return SiteNote(origin=origin)
        robots = zlib.decompress(site.packed) if site.packed else b""
        return SiteNote(origin=origin, robots_at=site.asked_at, robots=robots)

    def remember(self, origin: str, note: SiteNote) -> None:
        """Take up a note, unless it is too old, or from the future: then a clock was wrong."""
        if note.robots_at is None or origin in self._sites:
            return
        age = self.now() - note.robots_at
        if timedelta(0) <= age < KEPT_WITHOUT_ANOTHER:
            asked_s = self.clock() - age.total_seconds()
            self._put(origin, _Site(pack(note.robots), note.robots_at, asked_s))

    def _put(self, origin: str, site: _Site) -> None:
        self._forget_read(origin)
        self._forget(origin)
        self._sites[origin] = site
        self._bytes += _size(site)
        while self._bytes > _MOST_BYTES:
            self._forget(next(iter(self._sites)))

    def _forget(self, origin: str) -> None:
        site = self._sites.pop(origin, None)
        self._bytes -= _size(site) if site is not None else 0

    def _forget_read(self, origin: str) -> None:
        _, robots = self._read.pop(origin, ("", None))
        self._rules -= robots.size + _FILE_COST if robots is not None else 0

    def _is_younger(self, site: _Site, age: timedelta) -> bool:
        """Whether the file is younger by both clocks: setting one back keeps nothing alive."""
        if site.packed is None:
            return False
        is_young = self.clock() - site.asked_s < age.total_seconds()
        return is_young and self.now() - site.asked_at < age


def pack(body: bytes) -> bytes:
    """A file as the cache keeps it: as much of it as counts, compressed."""
    return zlib.compress(body[: MOST_BYTES + 1], 1) if body else b""


def _size(site: _Site) -> int:
    return len(site.packed or b"") + _SITE_BYTES
