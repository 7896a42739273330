"""Small words that every screen and message shares: counts, names, times, safe lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

#: Control characters, and those that turn the reading direction (Trojan Source).
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_line(text: str) -> str:
    """Text from strangers made safe for a terminal: controls become U+FFFD."""
    return UNSAFE.sub("\ufffd", text)


def one_line(text: str, width: int) -> str:
    """At most `width` characters on one safe line."""
    flat = plain_line(" ".join(text.split()))
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def counted(number: int, noun: str) -> str:
    """Like `1 story`, `2 stories`, `1 copy`, `3 copies`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"


def named(names: Sequence[str], most: int) -> str:
    """Like `A, B and 3 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def stamp(when: datetime | None) -> str:
    """RFC 3339 in UTC, seconds; empty for None."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""


def short(when: datetime | None) -> str:
    """For a table: day and minute in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if when else "never"
