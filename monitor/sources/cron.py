"""
Cron expressions: when a source is asked by the clock of a place.

Five fields as crontab(5) reads them: Sunday is 0 and 7, and a day matches when the day of
the month or the day of the week does, if both are given. APScheduler's trigger finds the
readings of the clock on the wall; it is not asked about zones, because in the hour that an
autumn night has twice it names the same past time for ever. Which moment a reading is, is
decided here, as Vixie cron does it: a time that a spring night skips comes as much later as
was skipped; one that an autumn night has twice comes once, unless every hour is meant.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

#: The zone of an expression that names none.
DEFAULT_ZONE = "UTC"

#: No change of the clocks is longer.
LONGEST_CHANGE = timedelta(hours=3)

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?:\*|([0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?)(?:/([1-7]))?", re.ASCII)
#: What does not come after this day, a leap year's first, never comes.
_PROBE = datetime(2024, 1, 1, tzinfo=UTC)


def fault(expression: str) -> str:
    """What is wrong with an expression of five fields; empty when nothing is."""
    try:
        triggers = _triggers(expression)
    except (ValueError, TypeError) as error:
        return f"is no cron expression like '0 7 * * mon-fri': {error}"
    comes = any(trigger.get_next_fire_time(None, _PROBE) for trigger in triggers)
    return "" if comes else "names a day that never comes"


def zone_fault(name: str) -> str:
    """What is wrong with the name of a time zone; empty when nothing is."""
    return "" if name in zoneinfo.available_timezones() else "is no time zone like Asia/Almaty"


def next_time(expression: str, zone: str, *, after: datetime) -> datetime | None:
    """
    The next time that an expression names, in UTC; None when it never comes.

    Args:
        zone: IANA name, or '' for UTC.
        after: aware; the answer is later.

    Raises:
        ValueError: the expression is none, see `fault`.
        ZoneInfoNotFoundError: there is no such zone, see `zone_fault`.
    """
    triggers = _triggers(expression)
    place = zoneinfo.ZoneInfo(zone or DEFAULT_ZONE)
    is_every_hour = expression.split()[1].startswith("*")
    here = after.astimezone(place).replace(tzinfo=None)
    is_near_change = _offset(place, after - LONGEST_CHANGE) != _offset(
        place, after + LONGEST_CHANGE
    )
    margin = LONGEST_CHANGE if is_near_change else timedelta(0)
    found: datetime | None = None
    for reading in _readings(triggers, here - margin):
        if found is not None and reading > here + margin:
            break
        for moment in _moments(reading, place, is_every_hour=is_every_hour):
            if moment > after and (found is None or moment < found):
                found = moment
    return found


def _readings(triggers: tuple[CronTrigger, ...], after: datetime) -> Iterator[datetime]:
    """What the clock on the wall shows when it is time, ascending, each later than `after`."""
    at = after.replace(tzinfo=UTC) + timedelta(microseconds=1)
    while True:
        times = [trigger.get_next_fire_time(None, at) for trigger in triggers]
        comes = [time for time in times if time is not None]
        if not comes:
            return
        at = min(comes)
        yield at.replace(tzinfo=None)
        at += timedelta(microseconds=1)


def _moments(
    reading: datetime, place: zoneinfo.ZoneInfo, *, is_every_hour: bool
) -> tuple[datetime, ...]:
    """The moments at which the clocks of a place show a reading, in UTC."""
    first = reading.replace(tzinfo=place).astimezone(UTC)
    second = reading.replace(tzinfo=place, fold=1).astimezone(UTC)
    if first < second:
        return (first, second) if is_every_hour else (first,)
    if first > second and is_every_hour:
        # Skipped by the clocks; the hour after it comes anyway.
        return ()
    return (first,)


def _offset(place: zoneinfo.ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(place).utcoffset()


@lru_cache(1024)
def _triggers(expression: str) -> tuple[CronTrigger, ...]:
    """Triggers one of which must fire."""
    fields = expression.lower().split()
    if len(fields) != 5:
        raise ValueError(f"it has {len(fields)} fields, not 5")
    minute, hour, day, month, weekday = fields
    days = _weekdays(weekday)
    both = not day.startswith("*") and not weekday.startswith("*")
    choices = [(day, "*"), ("*", days)] if both else [(day, days)]
    return tuple(
        CronTrigger(minute=minute, hour=hour, day=one, month=month, day_of_week=other, timezone=UTC)
        for one, other in choices
    )


def _weekdays(field: str) -> str:
    """Days of the week by their names, which APScheduler counts from Monday."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part} is no day of the week")
        first = _weekday(match[1]) if match[1] else 0
        last = _weekday(match[2]) if match[2] else 6 if match[3] or not match[1] else first
        if last < first and last == 0:
            last = 7
        if last < first:
            raise ValueError(f"{part} ends before it begins")
        found.update(day % 7 for day in range(first, last + 1, int(match[3] or 1)))
    return "*" if len(found) == 7 else ",".join(_DAYS[day] for day in sorted(found))


def _weekday(text: str) -> int:
    if text in _DAYS:
        return _DAYS.index(text)
    if text.isdigit():
        return int(text)
    raise ValueError(f"{text} is no day of the week")
