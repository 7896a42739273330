"""
What a listing usually shows, and whether this time it is another.

A listing that changes its layout seldom ends with an error: it shows three stories where thirty
stood, or loses its dates. So every poll leaves its figures, and the next is held against them.
Figures that are odd are not learnt from, else the alarm would end after one poll; only when they
have stayed for many polls are they the new usual.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Polls that are remembered; odd polls in a row after which they are the usual ones.
POLLS, PATIENCE = 50, 30
#: Fewer items than this part of the usual number are odd, when that is large enough to tell.
FEW, LEAST_USUAL = 0.3, 5
#: A listing with dates has them for this share of its items; one without, for less than that.
DATED, UNDATED = 0.5, 0.1
ADVICE = "The layout may have changed: see `monitor sources preview ID`."


class Figures(NamedTuple):
    """What one poll found."""

    items: int
    dated: int


@dataclass(frozen=True, slots=True)
class Usual:
    """The figures of earlier polls, the latest last, and the odd ones since."""

    seen: tuple[Figures, ...] = ()
    odd: tuple[Figures, ...] = ()

    @property
    def items(self) -> int:
        """Usual number of items; 0 before the first poll."""
        return round(statistics.median(one.items for one in self.seen)) if self.seen else 0

    def oddness(self, now: Figures) -> str:
        """How `now` differs from what is usual, in words with figures; '' when it does not."""
        usual = self.items
        is_few = usual >= LEAST_USUAL and now.items < FEW * usual
        if is_few and now.items < min(one.items for one in self.seen):
            return f"{_counted(now.items)} where usually {usual} are. {ADVICE}"
        had = sum(one.dated for one in self.seen)
        is_usually_dated = bool(had) and had >= DATED * sum(one.items for one in self.seen)
        if is_usually_dated and now.items > 1 and now.dated < UNDATED * now.items:
            last = self.seen[-1]
            return (
                f"{now.dated} of {_counted(now.items)} have a date; before, "
                f"{last.dated} of {last.items} had. {ADVICE}"
            )
        return ""

    def after(self, now: Figures) -> Usual:
        """What is known after this poll."""
        if not self.oddness(now):
            return Usual((*self.seen, now)[-POLLS:])
        odd = (*self.odd, now)
        return Usual(odd) if len(odd) >= PATIENCE else Usual(self.seen, odd)

    def as_memory(self) -> dict[str, Any]:
        """As JSON values."""
        return {"seen": [list(one) for one in self.seen], "odd": [list(one) for one in self.odd]}


def usual_of(memory: Mapping[str, Any]) -> Usual:
    """What `as_memory` left; nothing when that is not what it was."""
    return Usual(_figures(memory.get("seen")), _figures(memory.get("odd")))


def _figures(found: Any) -> tuple[Figures, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(
        Figures(*pair)
        for pair in found[-POLLS:]
        if isinstance(pair, Sequence) and len(pair) == 2 and all(type(n) is int for n in pair)
    )


def _counted(items: int) -> str:
    return f"{items} {'item' if items == 1 else 'items'}"
