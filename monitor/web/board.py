"""
The board of sources: all of them with how they are doing, chosen and put in order.

Looking at ten thousand sources takes longer than a page may: what was seen is remembered for a
while, and shown once more while the next look is under way. What an analyst changes is looked
at at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.health.arrivals import by_day
from monitor.health.conditions import Condition
from monitor.health.look import Health, look
from monitor.health.troubles import ORDER, Trouble, troubles
from monitor.model import Arrivals, Source, SourceKind
from monitor.ports import Store

#: Sources on one page.
PAGE = 50

#: Seconds that a look is good for, and that it is shown once more while the next is made.
KEPT_S, STALE_S = 60.0, 3600.0

#: Characters of a filter that are looked at.
_LONGEST = 200

#: Which condition comes first.
_PLACES = {condition: place for place, condition in enumerate(ORDER)}


class Sorting(StrEnum):
    """Which sources come first."""

    #: Those that need a person, the gravest condition first.
    CONDITION = "condition"
    NAME = "name"
    #: What was polled last; what is asked next; what has brought something new last.
    POLLED = "polled"
    NEXT = "next"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which sources a reader wants to see; empty parts choose all."""

    condition: str = ""
    kind: str = ""
    language: str = ""
    tag: str = ""
    words: str = ""
    order: Sorting = Sorting.CONDITION
    page: int = 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, without the page."""
        order = "" if self.order is Sorting.CONDITION else self.order.value
        named = {
            "condition": self.condition,
            "kind": self.kind,
            "language": self.language,
            "tag": self.tag,
            "q": self.words,
            "order": order,
        }
        return [(name, value) for name, value in named.items() if value]

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anything out."""
        return any((self.condition, self.kind, self.language, self.tag, self.words))


def wish_of(given: Mapping[str, str]) -> Wish:
    """The wish that the parameters of an address describe; what is odd chooses nothing."""
    words = {name: given.get(name, "").strip()[:_LONGEST] for name in ("language", "tag", "q")}
    order, page = given.get("order", ""), given.get("page", "1")
    conditions = {"person", *(condition.value for condition in Condition)}
    return Wish(
        condition=_one_of(given.get("condition", ""), conditions),
        kind=_one_of(given.get("kind", ""), {kind.value for kind in SourceKind}),
        language=words["language"],
        tag=words["tag"],
        words=words["q"],
        order=Sorting(_one_of(order, set(Sorting)) or Sorting.CONDITION),
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,
    )


def _one_of(given: str, known: Iterable[str]) -> str:
    return given if given in known else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All sources at one moment."""

    seen_at: datetime
    #: Those that need a person first.
    found: tuple[Health, ...]
    #: How many are in each condition, the most first; and how many need a person.
    conditions: tuple[tuple[Condition, int], ...]
    troubled: int
    #: Those that need a person, by cause, the gravest first.
    troubles: tuple[Trouble, ...]
    languages: tuple[str, ...]
    tags: tuple[str, ...]

    def chosen(self, wish: Wish) -> list[Health]:
        """What a wish chooses, in its order."""
        words = wish.words.casefold().split()
        fitting = [one for one in self.found if _fits(one, wish, words)]
        order = _ORDERS.get(wish.order)
        return sorted(fitting, key=order) if order else fitting


def board_of(store: Store, *, now: datetime) -> Board:
    """Look at all sources."""
    return _board(look(store, now=now), now)


def renewed(board: Board, store: Store, ids: Iterable[int], *, now: datetime) -> Board:
    """The board with another look at these sources, which were changed, or are gone or new."""
    changed = set(ids)
    there = (store.source(number) for number in changed)
    fresh = [health for one in there if one for health in look(store, one, now=now)]
    kept = [one for one in board.found if one.source.id not in changed]
    return _board([*kept, *fresh], board.seen_at)


def _board(found: Sequence[Health], seen_at: datetime) -> Board:
    """All that pages ask of it, worked out once."""
    return Board(
        seen_at=seen_at,
        found=tuple(sorted(found, key=_condition_first)),
        conditions=tuple(Counter(one.condition for one in found).most_common()),
        troubled=sum(one.needs_a_person for one in found),
        troubles=tuple(troubles(found)),
        languages=tuple(sorted({one.source.language for one in found} - {""})),
        tags=tuple(sorted({tag for one in found for tag in one.source.tags})),
    )


def _fits(one: Health, wish: Wish, words: Sequence[str]) -> bool:
    source = one.source
    if wish.condition == "person":
        is_in = one.needs_a_person
    else:
        is_in = not wish.condition or one.condition == wish.condition
    return (
        is_in
        and (not wish.kind or source.kind == wish.kind)
        and (not wish.language or source.language == wish.language)
        and (not wish.tag or wish.tag in source.tags)
        and (not words or _holds(source, words))
    )


def _holds(source: Source, words: Sequence[str]) -> bool:
    """Whether all words stand in its name, its address, or the number is its own."""
    text = f"{source.id} {source.name} {source.url}".casefold()
    return all(word in text for word in words)


def _condition_first(one: Health) -> tuple[bool, int, int]:
    return not one.needs_a_person, _PLACES[one.condition], one.source.id


def _latest(moment: datetime | None) -> float:
    """A place in the order in which the latest comes first, and what never was last."""
    return -moment.timestamp() if moment else 0.0


#: All but the one that a board is in.
_ORDERS: dict[Sorting, Callable[[Health], tuple[float | str, ...]]] = {
    Sorting.NAME: lambda one: (one.source.name.casefold(), one.source.id),
    Sorting.POLLED: lambda one: (_latest(one.source.last_polled_at), one.source.id),
    Sorting.NEXT: lambda one: (
        one.source.next_poll_at.timestamp() if one.source.next_poll_at else 0.0,
        one.source.id,
    ),
    Sorting.NEWEST: lambda one: (_latest(one.newest_at), one.source.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source on the board, with what it brought on each of the last days."""

    health: Health
    news: Sequence[int]
    new: int
    kept: int


def rows(chosen: Sequence[Health], brought: Mapping[int, Arrivals], *, now: datetime) -> list[Row]:
    """The lines of a page."""
    made = []
    for health in chosen:
        news, keeps = by_day(brought.get(health.source.id), until=now.date())
        made.append(Row(health=health, news=news, new=sum(news), kept=sum(keeps)))
    return made
