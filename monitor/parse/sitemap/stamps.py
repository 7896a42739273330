"""The dates of a sitemap: W3C forms in the main, what else sites write, and what to believe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.dates import EARLIEST, TOLERANCE, parse_date
from monitor.parse.sitemap.items import Item

#: As many equal times to the second are no changes of pages, but one of the program.
_ALIKE = 50
#: And as many equal days.
_ALIKE_DAYS = 1000
_DAY_CHARS = 10


def parse_stamp(raw: str, now: datetime) -> tuple[datetime, bool] | None:
    """
    The time that `raw` means, in UTC, and whether only its day (or month, or year) is known.

    None when there is none, or one that cannot be.
    """
    text = raw.strip()
    if not text:
        return None
    is_day = ":" not in text and len(text) <= _DAY_CHARS
    try:
        at = datetime.fromisoformat(text) if len(text) >= _DAY_CHARS else None
    except ValueError:
        at = None
    if at is None:
        found = parse_date(text, now=now)
        return (found, is_day) if found else None
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    if not timedelta(hours=-14) <= (aware.utcoffset() or timedelta()) <= timedelta(hours=14):
        return None
    utc = _in_utc(aware)
    return (utc, is_day) if utc and EARLIEST <= utc <= now + TOLERANCE else None


def _in_utc(aware: datetime) -> datetime | None:
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None


def hollow(items: Sequence[Item]) -> frozenset[str]:
    """Values of `lastmod` that most items share: a program wrote them all at one moment."""
    counts = Counter(item.lastmod for item in items if item.lastmod)
    limit = len(items) / 2
    return frozenset(
        raw
        for raw, count in counts.most_common(2)
        if count > limit and count > (_ALIKE if len(raw) > _DAY_CHARS else _ALIKE_DAYS)
    )
