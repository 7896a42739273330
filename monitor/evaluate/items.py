"""
Labelled items, read from JSON Lines and checked line by line.

`{id, title, text?, url?, lang?, date?, story_id?, umbrella?, copy_of?, edit?, relevant?, trait?,
commodities?, countries?, companies?, bodies?, places?, quantities?}`: `story_id` means the
development, `umbrella` the story above it, `copy_of` the id of an item before, `edit` how it was
changed; `trait` is `hard:…` of what only looks relevant and `tricky:…` of what hardly looks so.
An item is scored on the labels that it carries, and on no others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import BadInput

Item = Mapping[str, Any]

#: An item and what the program says of it.
Pair = tuple[Item, Mapping[str, Any]]

#: Date of items in a file without any date.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

_NEEDED = ("id", "title")
_TEXTS = ("title", "text", "url", "lang", "date", "trait", "edit")
_NAMES = ("commodities", "countries", "companies", "bodies", "places")
_LABELS = ("story_id", "umbrella", "copy_of")


def read_items(path: Path) -> list[dict[str, Any]]:
    """
    The items of a file, in its order.

    Raises:
        BadInput: the file cannot be read or holds none, or a line is no item; the message
            names the line.
    """
    items: list[dict[str, Any]] = []
    seen: dict[object, int] = {}
    # Not splitlines: U+2028 and the like stand unescaped inside JSON strings.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            words = getattr(error, "msg", "nested too deeply")
            raise BadInput(f"line {number} is no JSON: {words}.", subject=str(path)) from error
        if problem := _problem(item, seen):
            raise BadInput(f"line {number} {problem}.", subject=str(path))
        seen[item["id"]] = number
        items.append({**item, "text": item.get("text") or ""})
    if not items:
        raise BadInput("holds no items.", subject=str(path))
    return items


def date_of(item: Item) -> datetime | None:
    """
    When it was published, in UTC; None when it does not say.

    Raises:
        ValueError: the date is not ISO 8601.
    """
    raw = item.get("date")
    if not raw:
        return None
    when = datetime.fromisoformat(str(raw))
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def dates(items: Sequence[Item]) -> list[datetime]:
    """The items' dates; where one is missing, the neighbours' (the one before, else after)."""
    own = [date_of(item) for item in items]
    first = next((date for date in own if date), EPOCH)
    found: list[datetime] = []
    for date in own:
        found.append(date or (found[-1] if found else first))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}.", subject=str(path)) from error


def _problem(item: object, seen: Mapping[object, int]) -> str:
    """What is wrong with one line's value, in words; '' = nothing."""
    if not isinstance(item, dict):
        return "is no JSON object"
    missing = [name for name in _NEEDED if item.get(name) is None]
    if missing:
        return f"lacks {', '.join(missing)}"
    if not isinstance(item["id"], str | int):
        return "has an id that is neither text nor a number"
    if item["id"] in seen:
        return f"repeats the id {item['id']!r} of line {seen[item['id']]}"
    wrong = [n for n in _TEXTS if not isinstance(item.get(n) or "", str)]
    wrong += [n for n in _NAMES if not _is_names(item.get(n) or [])]
    wrong += [n for n in _LABELS if not isinstance(item.get(n) or "", str | int)]
    wrong += [] if isinstance(item.get("quantities") or [], list) else ["quantities"]
    if wrong:
        return f"has a value of the wrong type in {', '.join(wrong)}"
    return _bad_date(item) or _bad_quantity(item)


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _bad_date(item: Item) -> str:
    try:
        date_of(item)
    except (ValueError, OverflowError):
        return f"has a date that is not ISO 8601: {item['date']!r}"
    return ""


def _bad_quantity(item: Item) -> str:
    for one in item.get("quantities") or ():
        is_whole = isinstance(one, dict) and {"kind", "value", "unit"} <= set(one)
        if not is_whole or not _is_number(one["value"]):
            return "has a quantity without kind, value (a number) and unit"
    return ""


def _is_number(value: object) -> bool:
    try:
        return isinstance(value, int | float) and math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False
