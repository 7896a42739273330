"""What sources brought: day by day, and how much of it was kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import add

from monitor.model import Arrivals

#: Days that a table or an overview tells of.
DAYS = 30


def by_day(found: Arrivals | None, *, until: date, days: int = DAYS) -> tuple[list[int], list[int]]:
    """New entries, and what was kept, of each of the days that end with `until`, oldest first."""
    news, keeps = [0] * days, [0] * days
    if found:
        first = until.toordinal() - days + 1
        for day, new, kept in zip(found.days, found.new, found.kept, strict=True):
            if 0 <= day - first < days:
                news[day - first], keeps[day - first] = new, kept
    return news, keeps


def summed(each: Iterable[Sequence[int]], *, days: int = DAYS) -> list[int]:
    """Counts by day of all sources together."""
    total = [0] * days
    for counts in each:
        total = list(map(add, total, counts))
    return total


def share(new: int, kept: int) -> float | None:
    """
    The yield: which part of the new entries became relevant articles; None without any.

    An article may be read on the day after its entry, so a short time can keep more than it saw.
    """
    return min(1.0, kept / new) if new else None
