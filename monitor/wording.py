"""
Small words that every screen, message and file shares: counts, names, times, safe texts.

What a spreadsheet would run gets an apostrophe in front (OWASP, "CSV injection"), also after
what some spreadsheets split cells at; where such apostrophes stand already, one more, so that
`unguarded` gives back what `guarded` was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

#: Control characters, and those that turn the reading direction (Trojan Source).
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

#: Harmless in a file, not on a terminal; JSON may write any character by its code.
_ESCAPED = re.compile(f"{UNSAFE.pattern}|[\ud800-\udfff\u2028\u2029]")

#: First characters that a spreadsheet takes for a formula, with their full-width forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

#: Where a cell begins, for some spreadsheet or other.
_BEGIN = "((?:^|[;\n\t\r]) *)"

_FORMULA = f"(?='*[{re.escape(''.join(FORMULA_STARTS))}])"
_TO_GUARD = re.compile(f"{_BEGIN}{_FORMULA}")
_GUARDED = re.compile(f"{_BEGIN}'{_FORMULA}")


def plain_line(text: str) -> str:
    """Text from strangers made safe for a terminal: controls become U+FFFD."""
    return UNSAFE.sub("\ufffd", text)


def one_line(text: str, width: int) -> str:
    """At most `width` characters on one safe line."""
    flat = plain_line(" ".join(text.split()))
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def json_line(record: Any) -> str:
    """One object on one line, without characters that a terminal obeys."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return json_escaped(text) + "\n"


def json_escaped(text: str) -> str:
    """The same JSON without characters that a terminal obeys."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return _TO_GUARD.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(r"\1", text)


def counted(number: int, noun: str) -> str:
    """Like `1 story`, `2 stories`, `1 copy`, `3 copies`, `4 days`."""
    if number == 1:
        return f"1 {noun}"
    is_ies = noun.endswith("y") and not noun.endswith(("ay", "ey", "oy"))
    return f"{number} {noun[:-1]}ies" if is_ies else f"{number} {noun}s"


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
