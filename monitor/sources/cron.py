"""
Cron expressions: when a source is asked by the clock of a place.

APScheduler's trigger computes the times, over daylight saving changes too.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

#: The zone of an expression that names none.
DEFAULT_ZONE = "UTC"


def fault(expression: str) -> str:
    """What is wrong with an expression of five fields; empty when nothing is."""
    try:
        _trigger(expression, DEFAULT_ZONE)
    except (ValueError, TypeError) as error:
        return f"is no cron expression like '0 7 * * mon-fri': {error}"
    return ""


def zone_fault(name: str) -> str:
    """What is wrong with the name of a time zone; empty when nothing is."""
    return "" if name in zoneinfo.available_timezones() else "is no time zone like Asia/Almaty"


def next_time(expression: str, zone: str, *, after: datetime) -> datetime | None:
    """
    The next time that an expression names, in UTC; None when it never comes.

    Args:
        zone: IANA name, or '' for UTC.
        after: aware; the answer is later.
    """
    found = _trigger(expression, zone or DEFAULT_ZONE).get_next_fire_time(after, after)
    return found.astimezone(UTC) if found else None


@lru_cache(1024)
def _trigger(expression: str, zone: str) -> CronTrigger:
    return CronTrigger.from_crontab(expression, timezone=zoneinfo.ZoneInfo(zone))
