"""What sources brought: day by day, and how much of it was kept, for tables and charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import add

from monitor.cli.charts import Bar
from monitor.model import Arrivals

#: Days that a table or an overview tells of.
DAYS = 30

#: Weeks that the chart of one source tells of; days, while its history is shorter.
WEEKS, SHORT_DAYS = 13, 14

_WEEK = 7


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


def share_text(new: int, kept: int) -> str:
    """Like `12 %`, or `-` without any."""
    part = share(new, kept)
    return "-" if part is None else f"{100 * part:.0f} %"


def day_bars(news: Sequence[int], keeps: Sequence[int], *, until: date) -> list[Bar]:
    """A bar for each of the days that end with `until`."""
    first = until - timedelta(days=len(news) - 1)
    return [
        Bar(f"{first + timedelta(days=number):%m-%d %a}", new, kept)
        for number, (new, kept) in enumerate(zip(news, keeps, strict=True))
    ]


def source_bars(found: Arrivals, *, until: date) -> list[Bar]:
    """A bar for each week from Monday of one source; for each day while it is young."""
    if until.toordinal() - min(found.days, default=until.toordinal()) < SHORT_DAYS:
        return day_bars(*by_day(found, until=until, days=SHORT_DAYS), until=until)
    monday, days = until - timedelta(days=until.weekday()), WEEKS * _WEEK
    news, keeps = by_day(found, until=monday + timedelta(days=_WEEK - 1), days=days)
    return [
        Bar(
            f"{monday + timedelta(days=start + _WEEK - days):%Y-%m-%d}",
            sum(news[start : start + _WEEK]),
            sum(keeps[start : start + _WEEK]),
        )
        for start in range(0, days, _WEEK)
    ]
