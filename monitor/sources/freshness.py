"""
How long an answer stays fresh by its own HTTP headers (RFC 9111, sections 4.2 and 5).

A publisher who says "fresh for an hour" would show a reader who comes earlier the same
answer: from us, or from a cache in front of it. So this is a wish about how often to ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Longer lifetimes are not believed, seconds.
LONGEST_S = 86_400.0

_DIRECTIVE = re.compile(r'([a-z][a-z0-9-]*)(?:\s*=\s*("[^"]*"|[^\s,;]*))?', re.ASCII)
_STALE = frozenset({"no-cache", "no-store"})


def lifetime_s(headers: Mapping[str, str], *, now: datetime) -> float:
    """
    Seconds for which an answer stays fresh; 0 when it says nothing, or nothing to rely on.

    A shared cache on the way keeps it for `s-maxage`, which therefore goes before `max-age`;
    the time that the answer has already spent in one (`Age`) is over.

    Args:
        headers: lower-case names.
        now: aware; stands in for a missing `Date`.

    Returns:
        In [0, `LONGEST_S`].
    """
    said = _directives(headers.get("cache-control", ""))
    if said.keys() & _STALE:
        return 0.0
    age = _seconds(headers.get("age", "")) or 0.0
    for name in ("s-maxage", "max-age"):
        if name in said:
            return _clamped((_seconds(said[name]) or 0.0) - age)
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return 0.0
    date = _date(headers.get("date", "")) or now
    return _clamped((expires - date).total_seconds() - age)


def _directives(header: str) -> dict[str, str]:
    """Directives of Cache-Control; of one that stands twice, the first."""
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(header[:1000].lower()):
        found.setdefault(match[1], (match[2] or "").strip('"'))
    return found


def _seconds(text: str) -> float | None:
    digits = text.strip()
    return float(digits[:12]) if digits.isascii() and digits.isdigit() else None


def _date(text: str) -> datetime | None:
    """An HTTP date; None for what is none, like the usual `0` and `-1`."""
    try:
        found = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _clamped(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_S)
