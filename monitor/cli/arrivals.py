"""What sources brought, as a terminal shows it: bars, and a share in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from monitor.cli.charts import Bar
from monitor.health.arrivals import by_day, share
from monitor.model import Arrivals

#: Weeks that the chart of one source tells of; days, while its history is shorter.
WEEKS, SHORT_DAYS = 13, 14

_WEEK = 7


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
