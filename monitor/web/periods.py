"""Periods of an overview in the reader's days: how they are cut, and how far days are from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

#: Periods to choose from, days; and the one that is shown first.
PERIODS, USUAL = (7, 30, 90, 365), 30

#: Days of one bar, by the length of a period; 0 = calendar months.
_STEPS = {7: 1, 30: 1, 90: 7, 365: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What one bar stands for: some of the reader's days."""

    first: date
    #: The first day after it.
    end: date
    #: The same as moments, UTC.
    since: datetime
    until: datetime

    def days(self) -> range:
        """Its days (`date.toordinal()`)."""
        return range(self.first.toordinal(), self.end.toordinal())


def buckets(period: int, *, now: datetime, zone: ZoneInfo) -> list[Bucket]:
    """The bars of a period that ends with the reader's present day, the oldest first."""
    today = now.astimezone(zone).date()
    cuts = list(_cuts(today, period, _STEPS[period]))
    return [
        Bucket(first=first, end=end, since=midnight(first, zone), until=midnight(end, zone))
        for first, end in pairwise(cuts)
    ]


def _cuts(today: date, period: int, step: int) -> Iterator[date]:
    """Where one bar ends and the next begins; weeks end today, months with their last day."""
    end = today + timedelta(days=1)
    if step:
        count = -(-period // step)
        yield from (end - timedelta(days=step * n) for n in range(count, -1, -1))
        return
    first = today.year * 12 + today.month - 1 - 11
    for month in range(first, first + 12):
        yield date(month // 12, month % 12 + 1, 1)
    yield end


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def stretches(
    since: datetime, until: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime, int]]:
    """
    A time in parts, within each of which the zone keeps its distance to UTC.

    Returns:
        From when, until when, and how many seconds the zone is ahead.
    """
    found: list[tuple[datetime, datetime, int]] = []
    at = since
    while at < until:
        ahead = _ahead(at, zone)
        end = _turn(at, until, zone, ahead)
        found.append((at, end, ahead))
        at = end
    return found


def _turn(at: datetime, until: datetime, zone: ZoneInfo, ahead: int) -> datetime:
    """When the clocks are set next, to the minute; `until` when they are not."""
    day = timedelta(days=1)
    low = at
    while low < until and _ahead(low, zone) == ahead:
        low += day
    if low >= until and _ahead(until, zone) == ahead:
        return until
    high, low = min(low, until), low - day
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _ahead(middle, zone) == ahead else (low, middle)
    return high.replace(second=0, microsecond=0)


def _ahead(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0
