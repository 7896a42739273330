"""
How each source is doing, in one word, since when, and what to do about it.

A pure decider over what the store knows. First version: without a source's own history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model import Outcome, Source, SourceState

#: An active source whose newest entry is older than this is stale.
STALE = timedelta(days=30)

#: A poll later than this after it was due means that nothing polls.
OVERDUE = timedelta(hours=6)

#: A poll later than this from now means that the clock was set back.
AHEAD = timedelta(minutes=5)

#: Failures in a row from which a person is needed.
FAILURES = 3


class Condition(StrEnum):
    """How a source is doing."""

    HEALTHY = "healthy"
    NEW = "new"
    PAUSED = "paused"
    EMPTY = "empty"
    STALE = "stale"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    REFUSED = "refused"
    FAILING = "failing"
    GONE = "gone"

    @property
    def needs_a_person(self) -> bool:
        """True when it will not mend by itself."""
        return self not in {Condition.HEALTHY, Condition.NEW, Condition.PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source's condition."""

    source: Source
    condition: Condition
    #: Time of the newest entry, or None.
    newest_at: datetime | None
    #: What to do, as a sentence; empty when nothing.
    advice: str


def examine(sources: Sequence[Source], *, now: datetime) -> list[Health]:
    """Every source's condition."""
    return [_examine(source, source.new_at, now) for source in sources]


def _examine(source: Source, newest_at: datetime | None, now: datetime) -> Health:
    condition, advice = _judge(source, newest_at, now)
    return Health(source=source, condition=condition, newest_at=newest_at, advice=advice)


def _judge(source: Source, newest_at: datetime | None, now: datetime) -> tuple[Condition, str]:
    number = source.id
    if source.state is SourceState.PAUSED:
        return Condition.PAUSED, ""
    if source.state is SourceState.GONE or source.last_outcome is Outcome.GONE:
        return Condition.GONE, f"Find its new address: monitor sources edit {number} --url URL"
    if source.last_polled_at is None:
        return Condition.NEW, ""
    if source.state is SourceState.BLOCKED or source.last_outcome is Outcome.BLOCKED:
        return Condition.BLOCKED, "Ask the publisher for access, or watch another source."
    if source.last_outcome is Outcome.REFUSED:
        return Condition.REFUSED, "Its robots.txt or the address guard forbids it; see the cause."
    if source.failures >= FAILURES:
        return Condition.FAILING, f"{source.failures} polls failed; monitor sources show {number}"
    if source.last_polled_at - now > AHEAD:
        return Condition.OVERDUE, "Its last poll lies in the future: was the clock set back?"
    if source.next_poll_at and now - source.next_poll_at > OVERDUE:
        return Condition.OVERDUE, "Nothing polls: is the daemon running? monitor run"
    if source.last_outcome is Outcome.EMPTY or newest_at is None:
        return Condition.EMPTY, "It answers, but holds no entries."
    if now - newest_at > STALE:
        return Condition.STALE, f"Newest entry is {(now - newest_at).days} days old."
    return Condition.HEALTHY, ""
