"""
Labelled items, read from JSON Lines and checked line by line.

`{id, url, title, text, lang, date?, story_id?, umbrella?, copy_of?, relevant?,
commodities?, countries?, companies?, quantities?}`: `story_id` means the development,
`umbrella` the story above it, `copy_of` the id of an item before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import BadInput

Item = Mapping[str, Any]

_NEEDED = ("id", "title", "text")
_TEXTS = ("title", "text", "url", "lang")
_LISTS = ("commodities", "countries", "companies", "quantities")


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
        items.append(item)
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
    wrong += [n for n in _LISTS if not isinstance(item.get(n) or [], list)]
    if wrong:
        return f"has a value of the wrong type in {', '.join(wrong)}"
    return _bad_date(item) or _bad_quantity(item)


def _bad_date(item: Item) -> str:
    try:
        date_of(item)
    except (ValueError, OverflowError):
        return f"has a date that is not ISO 8601: {item['date']!r}"
    return ""


def _bad_quantity(item: Item) -> str:
    for one in item.get("quantities") or ():
        is_whole = isinstance(one, dict) and {"kind", "value", "unit"} <= set(one)
        if not is_whole or not isinstance(one["value"], int | float):
            return "has a quantity without kind, value (a number) and unit"
    return ""
