"""
What of a story has not been told yet: the decider behind digests and alerts.

A happening is dated when we saw it, and comes into the store a moment later; of two that come
side by side the older may come last. So what was told is remembered by its moment for a while
(`LATE`), and everything that is younger than that and was not told is fresh.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.model import Happening, HappeningKind, Line, StoryQuery
from monitor.ports import Store

#: A happening comes into the store at most this long after its moment.
LATE = timedelta(hours=1)

#: What an alert tells of; each further copy of a story is no news.
TELLING = frozenset(
    {
        HappeningKind.NEW,
        HappeningKind.DEVELOPMENT,
        HappeningKind.CORRECTION,
        HappeningKind.CONTRADICTION,
    }
)

#: Stories in one question to the store.
STEP = 200

#: Before everything.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A story with what is fresh in it."""

    line: Line
    #: Oldest first; never empty.
    happenings: tuple[Happening, ...]

    @property
    def kinds(self) -> frozenset[HappeningKind]:
        """What kinds of things happened."""
        return frozenset(happening.kind for happening in self.happenings)


def moment(at: datetime) -> int:
    """A moment as it is remembered: microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def fresh(
    happenings: Iterable[Happening], *, after: datetime, told: Collection[int]
) -> tuple[Happening, ...]:
    """What happened after then, and was not told."""
    return tuple(h for h in happenings if h.at > after and moment(h.at) not in told)


def remembered(
    told: Mapping[str, Sequence[int]], news: Iterable[News], *, until: datetime
) -> dict[str, list[int]]:
    """What was told of each story, as far as it could be met again; see `LATE`."""
    found = {key: set(moments) for key, moments in told.items()}
    for one in news:
        moments = {moment(happening.at) for happening in one.happenings}
        found.setdefault(str(one.line.card.story_id), set()).update(moments)
    least = moment(until - LATE)
    kept = {key: sorted(one for one in moments if one > least) for key, moments in found.items()}
    return {key: moments for key, moments in kept.items() if moments}


def changed(
    store: Store, query: StoryQuery, *, after: datetime, now: datetime, most: int
) -> list[Line]:
    """Stories of a query that changed after then, the newest change first, at most so many."""
    narrow = narrowed(query, after=after, now=now)
    found: list[Line] = []
    cursor = ""
    while len(found) < most:
        page = store.lines(
            narrow, reader="", now=now, limit=min(STEP, most - len(found)), cursor=cursor
        )
        found += page.lines
        cursor = page.cursor
        if not cursor:
            break
    return found


def narrowed(query: StoryQuery, *, after: datetime, now: datetime) -> StoryQuery:
    """The query with a bound on when a story changed, in the order of change."""
    bounds = [after, query.since or after]
    if query.within_s:
        bounds.append(now - timedelta(seconds=query.within_s))
    return replace(query, since=max(bounds), within_s=0, order=StoryQuery().order)
