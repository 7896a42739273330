"""
Which due sources the next crawl takes, so that a slow host holds up nobody but itself.

A crawl ends when its slowest host has answered; the sources that are done by then have been
polled, committed and may be due again. So a source is in hand until its poll is committed,
which shows as a new due time, and not until its crawl ends. The sources of one host are in
the hands of one crawl at a time. What counts against the bound are the polls that are young:
the old ones wait for a slow host, and waiting costs little.

Pure bookkeeping: it is told what the store says, and what time it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from monitor.model import Source

#: Crawls under way at once. An open one that waits costs 0.3 MB and no time (measured).
CRAWLS = 64

#: From so many crawls on a new one is started only for a full batch, or after `PATIENCE_S`.
MANY_CRAWLS = 32
PATIENCE_S = 5.0

#: Polls under way that are young, and all of them.
YOUNG_POLLS, POLLS = 256, 1024

#: A poll is young for so many seconds.
YOUNG_S = 10.0

#: Sources of one host in one crawl: they are polled one after another.
SAME_HOST = 8

#: Due sources that the store is asked for, at most.
MOST_ASKED = 4096

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Poll:
    """A poll under way."""

    host: str
    due_at: datetime | None
    since: float
    #: Its crawl has ended, or its outcome is committed.
    is_over: bool = False


class Dispatch:
    """What the crawls have in hand, and what is next."""

    def __init__(self) -> None:
        self._polls: dict[int, _Poll] = {}
        #: Due sources that waited for their host at the last look.
        self._waiting = 0
        #: When a crawl was started last.
        self._started = -PATIENCE_S

    @property
    def polls(self) -> int:
        """Polls under way."""
        return sum(not poll.is_over for poll in self._polls.values())

    def has(self, source: Source) -> bool:
        """Whether a crawl has this source in hand."""
        poll = self._polls.get(source.id)
        return poll is not None and not poll.is_over

    def in_hand(self) -> set[int]:
        """All sources that crawls have in hand."""
        return {number for number, poll in self._polls.items() if not poll.is_over}

    def look(self, batch: int) -> int:
        """
        Begin a look at the store; how many due sources to ask it for.

        What ended before this moment is seen as ended in what the store answers now.
        """
        self._polls = {number: poll for number, poll in self._polls.items() if not poll.is_over}
        return min(len(self._polls) + self._waiting + 2 * batch, MOST_ASKED)

    def choose(
        self, due: Sequence[Source], *, asked: int, batch: int, crawls: int, now: float
    ) -> list[list[Source]]:
        """
        The sources of each crawl to start now.

        Args:
            due: what the store answered, oldest first.
            asked: how many it was asked for.
            batch: most sources of one crawl.
            crawls: how many are under way.
            now: on the clock that nobody sets.
        """
        self._settle(due, is_all=len(due) < asked)
        free = self._free(due)
        started: list[list[Source]] = []
        while free and self._is_time(free, batch, crawls + len(started), now):
            sources = _filled(free, min(batch, self._room(now)))
            if not sources:
                break
            self._take(sources, now)
            started.append(sources)
        return started

    def release(self, sources: Iterable[Source]) -> None:
        """The crawl with these sources ended."""
        for source in sources:
            poll = self._polls.get(source.id)
            if poll is not None and poll.due_at == source.next_poll_at:
                poll.is_over = True

    def _settle(self, due: Sequence[Source], *, is_all: bool) -> None:
        """A source in hand that is due at another time, or no longer, has been polled."""
        found = {source.id: source.next_poll_at for source in due}
        last = (due[-1].next_poll_at or _NEVER) if due else _NEVER
        for number, poll in self._polls.items():
            if number in found:
                poll.is_over = poll.is_over or found[number] != poll.due_at
            elif is_all or (poll.due_at or _NEVER) < last:
                poll.is_over = True

    def _free(self, due: Sequence[Source]) -> deque[list[Source]]:
        """Due sources by host, oldest first; without hosts that a crawl has in hand."""
        busy = {poll.host for poll in self._polls.values() if not poll.is_over}
        groups: dict[str, list[Source]] = {}
        self._waiting = 0
        for source in due:
            host = host_of(source)
            if host in busy or len(groups.get(host, ())) >= SAME_HOST:
                self._waiting += 1
            elif not self._is_in_hand(source):
                groups.setdefault(host, []).append(source)
        return deque(groups.values())

    def _is_in_hand(self, source: Source) -> bool:
        """True too when its crawl ended after the store was asked: the answer may be older."""
        poll = self._polls.get(source.id)
        return poll is not None and poll.due_at == source.next_poll_at

    def _is_time(
        self, free: Sequence[Sequence[Source]], batch: int, crawls: int, now: float
    ) -> bool:
        if crawls < MANY_CRAWLS:
            return True
        is_full = sum(map(len, free)) >= batch
        return crawls < CRAWLS and (is_full or now - self._started >= PATIENCE_S)

    def _room(self, now: float) -> int:
        ages = [now - poll.since for poll in self._polls.values() if not poll.is_over]
        young = sum(age < YOUNG_S for age in ages)
        return min(YOUNG_POLLS - young, POLLS - len(ages))

    def _take(self, sources: Sequence[Source], now: float) -> None:
        self._started = now
        for source in sources:
            self._polls[source.id] = _Poll(host_of(source), source.next_poll_at, now)


def _filled(groups: deque[list[Source]], room: int) -> list[Source]:
    """Whole groups as long as there is room; a group that is too large alone is cut."""
    taken: list[Source] = []
    while groups and len(taken) + len(groups[0]) <= room:
        taken += groups.popleft()
    return taken or (groups.popleft()[:room] if groups and room > 0 else [])


def host_of(source: Source) -> str:
    """The host that a source's address names, in lower case."""
    try:
        return (urlsplit(source.url).hostname or "").lower()
    except ValueError:
        return ""
