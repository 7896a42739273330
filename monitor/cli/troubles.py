"""Sources that need a person: since when, why, and what to do; those of one cause together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.cli.shapes import one_line, plain_line, short
from monitor.deliver.chapters import counted, named
from monitor.jobs.health import Condition, Health

if TYPE_CHECKING:  # loaded when it is used: start-up time
    from monitor.store import Database

#: Polls of a source that are looked back upon.
LOOK_BACK = 100

#: Sources of one cause that are named one by one.
NAMED = 6

#: The gravest first.
ORDER = (
    Condition.OVERDUE,
    Condition.FAILING,
    Condition.GONE,
    Condition.BLOCKED,
    Condition.REFUSED,
    Condition.EMPTY,
    Condition.STALE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Sources in one condition from one cause."""

    condition: Condition
    cause: str
    advice: str
    sources: tuple[Health, ...]
    #: When the first of them fell into it.
    since: datetime | None


def since(database: Database, one: Health) -> datetime | None:
    """When the source fell into its condition, as far as its polls tell; None when healthy."""
    if not one.condition.needs_a_person:
        return None
    if one.condition is Condition.STALE:
        return one.newest_at
    if one.condition is Condition.OVERDUE:
        return one.source.next_poll_at
    start = None
    for poll in database.polls(one.source.id, limit=LOOK_BACK):
        if poll.outcome.is_success and one.condition is not Condition.EMPTY:
            break
        if one.condition is Condition.EMPTY and poll.seen:
            break
        start = poll.started_at
    return start


def troubles(found: Sequence[Health], began: dict[int, datetime | None]) -> list[Trouble]:
    """
    Those that need a person, gathered by condition and cause, the gravest first.

    Args:
        began: source id to the moment it fell into its condition.
    """
    groups: dict[tuple[Condition, str], list[Health]] = {}
    for one in found:
        if one.condition.needs_a_person:
            cause = "" if one.condition is Condition.STALE else one.source.last_error
            groups.setdefault((one.condition, cause), []).append(one)
    made = [
        Trouble(
            condition=condition,
            cause=cause,
            advice=group[0].advice,
            sources=tuple(group),
            since=min(filter(None, (began.get(one.source.id) for one in group)), default=None),
        )
        for (condition, cause), group in groups.items()
    ]
    return sorted(made, key=lambda trouble: (ORDER.index(trouble.condition), trouble.cause))


def trouble_lines(trouble: Trouble) -> Iterator[str]:
    """For a terminal: which, since when; why; what to do."""
    indent = " " * 11
    yield f"{trouble.condition.value:<10} {_names(trouble)}{_since(trouble)}"
    if trouble.cause:
        yield f"{indent}{plain_line(trouble.cause)}"
    if trouble.advice:
        yield f"{indent}→ {trouble.advice}"


def trouble_text(trouble: Trouble) -> str:
    """For a digest: all of it on one line."""
    cause = f": {trouble.cause.rstrip('.')}" if trouble.cause else ""
    return f"{trouble.condition.value}: {_names(trouble)}{_since(trouble)}{cause}. {trouble.advice}"


def _names(trouble: Trouble) -> str:
    names = [f"{one_line(one.source.name, 50)} ({one.source.id})" for one in trouble.sources]
    count = f"{counted(len(names), 'source')}: " if len(names) > 1 else ""
    return f"{count}{named(names, NAMED)}"


def _since(trouble: Trouble) -> str:
    return f", since {short(trouble.since)} UTC" if trouble.since else ""
