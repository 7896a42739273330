"""What a line of a list shows: what is new in it for this reader, why it came back, its group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model import HappeningKind, Line, Order, ReviewState

#: States of which an analyst is done with a story, unless something happens in it.
DONE = (ReviewState.KEPT, ReviewState.DISMISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened in a story since its reader looked last, by what it means to him."""

    #: He has not seen the story at all.
    is_new: bool = False
    #: Further tellings.
    articles: int = 0
    #: Further developments, each in words; oldest first.
    steps: tuple[str, ...] = ()
    #: Texts that changed without other figures.
    edits: int = 0
    contradictions: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()

    @property
    def is_update(self) -> bool:
        """Something was added to a story that he has seen."""
        return not self.is_new and bool(self.articles or self.steps or self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Why a story that somebody was done with is open again."""

    #: `development`, `correction` or `news`.
    kind: str
    #: In words; may be empty.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines that stand together."""

    #: A concept or a country; empty for those that have none.
    name: str
    #: A moment of the day; None unless grouped by day.
    day: datetime | None
    lines: tuple[Line, ...]


def news_of(line: Line) -> News:
    """What is new in a line for its reader."""
    found = line.news
    texts = {
        kind: tuple(dict.fromkeys(h.text for h in found if h.kind is kind))
        for kind in HappeningKind
    }
    is_new = any(h.kind is HappeningKind.NEW for h in found)
    return News(
        is_new=is_new or (line.seen_at is None and bool(found)),
        articles=sum(h.kind is HappeningKind.ARTICLE for h in found),
        steps=texts[HappeningKind.DEVELOPMENT],
        edits=sum(h.kind is HappeningKind.EDIT for h in found),
        contradictions=texts[HappeningKind.CONTRADICTION],
        corrections=texts[HappeningKind.CORRECTION],
    )


def return_of(line: Line) -> Return | None:
    """Why it came back after it was kept or dismissed; None when it did not."""
    if not line.needs_attention or line.state not in DONE:
        return None
    since = line.decided_at
    later = [h for h in line.card.happenings if since is None or h.at > since]
    for kind in (HappeningKind.DEVELOPMENT, HappeningKind.CORRECTION):
        texts = [h.text for h in later if h.kind is kind]
        if texts:
            return Return(kind=kind.value, text=texts[-1])
    return Return(kind="news", text="")


def grouped(lines: Sequence[Line], by: str, *, order: Order, zone: str) -> list[Group]:
    """
    Lines in groups, each in one only: the first mineral or country that its story names.

    Groups stand in the order of their first lines; those without a name come last.
    """
    if by == "none":
        return [Group(name="", day=None, lines=tuple(lines))] if lines else []
    if by == "day":
        return _by_day(lines, order, ZoneInfo(zone))
    found: dict[str, list[Line]] = {}
    for line in lines:
        names = line.card.minerals if by == "mineral" else line.card.countries
        found.setdefault(names[0] if names else "", []).append(line)
    named = sorted(found.items(), key=lambda group: not group[0])
    return [Group(name=name, day=None, lines=tuple(group)) for name, group in named]


def moment_of(line: Line, order: Order) -> datetime:
    """When it stands in a list of that order."""
    is_first = order is Order.FIRST_SEEN
    return line.card.first_seen_at if is_first else line.card.changed_at


def _by_day(lines: Iterable[Line], order: Order, zone: ZoneInfo) -> list[Group]:
    found: dict[object, list[Line]] = {}
    for line in lines:
        day = moment_of(line, order).astimezone(zone).date()
        found.setdefault(day, []).append(line)
    days = [
        Group(name="", day=moment_of(group[0], order), lines=tuple(group))
        for group in found.values()
    ]
    return sorted(days, key=attrgetter("day"), reverse=True)


#: What the templates of lines need, beside the filters.
LINE_WORDS: Mapping[str, Any] = {"news_of": news_of, "return_of": return_of}
