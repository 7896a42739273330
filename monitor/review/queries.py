"""
A `StoryQuery` as the parameters of an address, and as JSON in a saved view.

Both forms are the same pairs. What cannot be read is left out, so that any address is a query:
`unread` tells a person what that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

from monitor.model import FACETS, Order, ReviewState, StoryQuery

#: Parts of a query, to their parameter; those of `FACETS` may be given several times.
PARAMETERS = {
    "minerals": "mineral",
    "countries": "country",
    "companies": "company",
    "events": "event",
    "languages": "language",
    "outlets": "outlet",
    "tags": "tag",
    "states": "state",
    "is_open": "open",
    "needs_attention": "attention",
    "is_starred": "starred",
    "is_disputed": "disputed",
    "assignee": "assignee",
    "since": "since",
    "until": "until",
    "within_s": "within",
    "min_relevance": "relevance",
    "search": "q",
    "order": "order",
}

#: Longest value, and most values of one part.
LONGEST, MOST = 500, 50

#: Longest `within`: a hundred years.
_MOST_S = 100 * 366 * 86_400

_UNITS = {"h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A query, and what of it could not be read."""

    query: StoryQuery
    #: Like `since=yesterday`.
    unread: tuple[str, ...] = ()


def read_query(pairs: Iterable[tuple[str, str]], *, base: StoryQuery | None = None) -> Read:
    """
    The query that parameters describe; names that are none of ours are not looked at.

    Args:
        base: what holds where a part is not given.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(name, []).append(value.strip()[:LONGEST])
    query, unread = base or StoryQuery(), []
    for part, name in PARAMETERS.items():
        values = given.get(name, [])[:MOST]
        if not values:
            continue
        try:
            query = replace(query, **{part: _READERS[part](values)})
        except (ValueError, OverflowError):
            unread += [f"{name}={value}" for value in values]
    return Read(query=query, unread=tuple(unread))


def query_pairs(query: StoryQuery) -> list[tuple[str, str]]:
    """The parameters that describe a query; what is as by default is left out."""
    found = []
    for part in fields(query):
        value = getattr(query, part.name)
        if value != part.default:
            texts = [_span(value)] if part.name == "within_s" else _texts(value)
            found += [(PARAMETERS[part.name], text) for text in texts]
    return found


def query_record(query: StoryQuery) -> dict[str, list[str]]:
    """The same as JSON, for a saved view."""
    found: dict[str, list[str]] = {}
    for name, text in query_pairs(query):
        found.setdefault(name, []).append(text)
    return found


def query_of_record(record: Mapping[str, Sequence[str]]) -> StoryQuery:
    """The query of a saved view."""
    return read_query((name, text) for name, texts in record.items() for text in texts).query


def _texts(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["1"]
    if isinstance(value, datetime):
        return [value.astimezone(UTC).isoformat()]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def _span(seconds: int) -> str:
    """As a person writes it: `30d`, `36h`."""
    unit = next((one for one in ("d", "h") if seconds % _UNITS[one] == 0), "")
    return f"{seconds // _UNITS.get(unit, 1)}{unit}"


def _several(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _states(values: Sequence[str]) -> tuple[ReviewState, ...]:
    return tuple(dict.fromkeys(ReviewState(value) for value in values))


def _flag(values: Sequence[str]) -> bool:
    return values[-1].lower() in {"1", "true", "yes", "on"}


def _last(values: Sequence[str]) -> str:
    return values[-1]


def _moment(values: Sequence[str]) -> datetime:
    text = values[-1]
    if len(text) == len("2026-01-01"):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _seconds(values: Sequence[str]) -> int:
    """`36h`, `7d`, `2w` or a number of seconds."""
    text = values[-1].lower()
    number = text[:-1] if text[-1] in _UNITS else text
    if not (number.isascii() and number.isdigit()):
        raise ValueError(text)
    seconds = int(number) * _UNITS.get(text[-1], 1)
    if seconds > _MOST_S:
        raise ValueError(text)
    return seconds


def _share(values: Sequence[str]) -> float:
    value = float(values[-1])
    if not 0 <= value <= 1:
        raise ValueError(values[-1])
    return value


def _order(values: Sequence[str]) -> Order:
    return Order(values[-1])


_READERS: dict[str, Callable[[Sequence[str]], Any]] = {
    **dict.fromkeys(FACETS, _several),
    "states": _states,
    **dict.fromkeys(("is_open", "needs_attention", "is_starred", "is_disputed"), _flag),
    "assignee": _last,
    "since": _moment,
    "until": _moment,
    "within_s": _seconds,
    "min_relevance": _share,
    "search": _last,
    "order": _order,
}
