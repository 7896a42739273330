"""Sources that need a person: since when, why, and what to do; those of one cause together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.health.conditions import Condition
from monitor.health.look import Health
from monitor.wording import counted, named, one_line, plain_line, short

#: Sources of one cause that are named one by one.
NAMED = 6

#: The gravest first.
ORDER = (
    Condition.OVERDUE,
    Condition.FAILING,
    Condition.GONE,
    Condition.BLOCKED,
    Condition.REFUSED,
    Condition.FROZEN,
    Condition.STALE,
    Condition.EMPTY,
    Condition.QUIET,
    Condition.NEW,
    Condition.PAUSED,
    Condition.HEALTHY,
)

#: Their causes tell of each source's own days: those are no reason to stand apart.
_COUNTING = frozenset({Condition.FROZEN, Condition.STALE, Condition.EMPTY, Condition.QUIET})

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Sources in one condition from one cause."""

    condition: Condition
    #: Empty where each of them has its own.
    cause: str
    advice: str
    sources: tuple[Health, ...]
    #: When the first of them fell into it.
    since: datetime | None


def troubles(found: Sequence[Health]) -> list[Trouble]:
    """Those that need a person, gathered by condition and cause, the gravest first."""
    groups: dict[tuple[Condition, str, str], list[Health]] = {}
    for one in found:
        if one.needs_a_person:
            cause = "" if one.condition in _COUNTING else _TIME.sub("", one.finding.cause)
            groups.setdefault((one.condition, cause, one.finding.remedy), []).append(one)
    made = [_trouble(group) for group in groups.values()]
    return sorted(made, key=lambda trouble: (ORDER.index(trouble.condition), trouble.cause))


def _trouble(group: Sequence[Health]) -> Trouble:
    first = group[0]
    return Trouble(
        condition=first.condition,
        cause=first.cause if len({one.cause for one in group}) == 1 else "",
        advice=first.advice if len(group) == 1 else first.finding.remedy,
        sources=tuple(group),
        since=min(filter(None, (one.since for one in group)), default=None),
    )


def quiet_text(found: Sequence[Health]) -> str:
    """Those that are quiet, and need nobody yet, on one line; empty when none is."""
    quiet = [o for o in found if o.condition is Condition.QUIET and not o.needs_a_person]
    return f"{_names(quiet)}: nothing new for longer than is usual there" if quiet else ""


def trouble_lines(trouble: Trouble) -> Iterator[str]:
    """For a terminal: which, since when; why; what to do."""
    indent = " " * 11
    yield f"{trouble.condition.value:<10} {_names(trouble.sources)}{_since(trouble)}"
    if trouble.cause:
        yield f"{indent}{plain_line(trouble.cause)}"
    if trouble.advice:
        yield f"{indent}→ {trouble.advice}"


def trouble_text(trouble: Trouble) -> str:
    """For a digest: all of it on one line."""
    cause = f": {trouble.cause.rstrip('.')}" if trouble.cause else ""
    names = _names(trouble.sources)
    return f"{trouble.condition.value}: {names}{_since(trouble)}{cause}. {trouble.advice}"


def _names(group: Sequence[Health]) -> str:
    names = [f"{one_line(one.source.name, 50)} ({one.source.id})" for one in group]
    count = f"{counted(len(names), 'source')}: " if len(names) > 1 else ""
    return f"{count}{named(names, NAMED)}"


def _since(trouble: Trouble) -> str:
    return f", since {short(trouble.since)} UTC" if trouble.since else ""
