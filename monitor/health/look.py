"""
How each source is doing, in one word, since when, why, and what to do about it.

A pure decider over what the store knows. The gravest that holds is told:

* *paused, gone, new*: it is not polled, by our will or the publisher's, or not polled yet;
* *blocked, refused, failing*: its last polls brought no document. A single failure is
  none: it is asked again by itself. A 304 after failures is no recovery yet, a whole answer is;
* *overdue*: nothing polls;
* *empty*: it answers, and its document holds no entries, which is not broken;
* *frozen, stale, quiet*: nothing new comes from it (`silence`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.health import remedies
from monitor.health.conditions import Condition, Finding
from monitor.health.silence import STALE, may_be_silent, silent
from monitor.model import Outcome, Source, SourceKind, SourceState
from monitor.ports import Store
from monitor.store.polls import GONE_TIMES, MOVED_TIMES

#: An empty source needs a person after this time; one that never had an entry, at once.
EMPTY = timedelta(days=7)

#: A poll later than this after it was due means that nothing polls.
OVERDUE = timedelta(hours=6)

#: A poll later than this from now means that the clock was set back.
AHEAD = timedelta(minutes=5)

#: Failures in a row from which a person is needed.
FAILURES = 3

#: Histories are so long; those of sources that were silent for longer than `STALE`, so long.
HISTORY, LONG_HISTORY = timedelta(days=90), timedelta(days=400)

__all__ = ["Condition", "Finding", "Health", "examine", "look"]

_ID = re.compile(r"\bID\b")
_COMMAND = re.compile(r"(monitor sources [a-z]+) ID\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source's condition."""

    source: Source
    finding: Finding
    #: Date of the newest entry; when it came, where entries have no dates.
    newest_at: datetime | None
    #: What else is under way, in words: a move to another address.
    note: str

    @property
    def condition(self) -> Condition:
        """In one word."""
        return self.finding.condition

    @property
    def needs_a_person(self) -> bool:
        """True when it will not mend by itself."""
        return self.finding.needs_a_person

    @property
    def since(self) -> datetime | None:
        """When it fell into its condition; None when that is not known, or all is well."""
        return self.finding.since

    @property
    def cause(self) -> str:
        """Why, in words; commands that it names are for this source."""
        return _COMMAND.sub(rf"\g<1> {self.source.id}", self.finding.cause)

    @property
    def advice(self) -> str:
        """What to do, as a sentence; empty when nothing."""
        return _ID.sub(str(self.source.id), self.finding.remedy)


def look(store: Store, one: Source | None = None, *, now: datetime) -> list[Health]:
    """Every source's condition, or this one's, by what the store knows."""
    sources = [one] if one else store.sources()
    silent_ones = [source for source in sources if may_be_silent(source, now)]
    short = [s.id for s in silent_ones if s.new_at is None or now - s.new_at <= STALE]
    long = [s.id for s in silent_ones if s.new_at and now - s.new_at > STALE]
    days = store.days_with_news((now - HISTORY).date(), source_ids=short)
    days |= store.days_with_news((now - LONG_HISTORY).date(), source_ids=long)
    return examine(sources, days, now=now)


def examine(
    sources: Sequence[Source], days: Mapping[int, Sequence[int]] | None = None, *, now: datetime
) -> list[Health]:
    """
    Every source's condition.

    Args:
        days: by source: the days (`date.toordinal()`, ascending) that brought something new.
        now: in UTC.
    """
    known = days or {}
    return [
        Health(
            source=source,
            finding=_find(source, known.get(source.id, ()), now),
            newest_at=source.newest_at or source.new_at,
            note=moving(source),
        )
        for source in sources
    ]


def moving(source: Source) -> str:
    """The move that a source has announced and we do not believe yet; empty when none."""
    if not source.moved_times:
        return ""
    return f"moved permanently to {source.moved_to} ({source.moved_times} of {MOVED_TIMES})"


def _find(source: Source, days: Sequence[int], now: datetime) -> Finding:
    return (
        _unpolled(source)
        or _refusing(source)
        or _failing(source)
        or _overdue(source, now)
        or _empty(source, now)
        or silent(source, days, now)
        or Finding(condition=Condition.HEALTHY, cause=source.last_error)
    )


def _unpolled(source: Source) -> Finding | None:
    """Not polled, by our will or the publisher's; or not polled yet."""
    if source.state is SourceState.PAUSED:
        return Finding(condition=Condition.PAUSED, cause=source.state_reason)
    if source.state is SourceState.GONE:
        return _gone(source, source.state_reason or source.last_error)
    if source.state is SourceState.BLOCKED:
        return _blocked(source, source.last_error or source.state_reason)
    is_resumed = not source.failures and source.answered_at is None
    if source.last_polled_at is None or (is_resumed and not _is_success(source)):
        return Finding(condition=Condition.NEW)
    return None


def _is_success(source: Source) -> bool:
    return source.last_outcome is not None and source.last_outcome.is_success


def _refusing(source: Source) -> Finding | None:
    """Its last poll was answered with a no, or never sent."""
    if not source.failures:
        return None
    if source.last_outcome is Outcome.GONE:
        told = f"not confirmed yet ({source.streak} of {GONE_TIMES})"
        return _gone(source, f"{source.last_error}; {told}")
    if source.last_outcome is Outcome.BLOCKED:
        return _blocked(source, source.last_error)
    if source.last_outcome is Outcome.REFUSED:
        return Finding(
            condition=Condition.REFUSED,
            needs_a_person=True,
            since=source.failing_since,
            cause=source.last_error,
            remedy=remedies.for_refused(source.last_error),
        )
    return None


def _gone(source: Source, cause: str) -> Finding:
    return Finding(
        condition=Condition.GONE,
        needs_a_person=True,
        since=source.failing_since,
        cause=cause,
        remedy=remedies.GONE,
    )


def _blocked(source: Source, cause: str) -> Finding:
    return Finding(
        condition=Condition.BLOCKED,
        needs_a_person=True,
        since=source.failing_since,
        cause=cause,
        remedy=remedies.BLOCKED,
    )


def _failing(source: Source) -> Finding | None:
    """Its last polls failed; or it looks otherwise than before, which is told at once."""
    is_changed = source.last_outcome is Outcome.CHANGED
    is_enough = source.failures >= FAILURES or is_changed
    if not source.failures or (source.answered_at and not is_enough):
        return None
    cause = source.last_error
    if source.last_outcome is Outcome.NOT_MODIFIED:
        cause = f"{cause}; since then it only said that nothing changed: no recovery yet"
    return Finding(
        condition=Condition.FAILING,
        needs_a_person=is_enough,
        since=source.failing_since,
        cause=cause,
        remedy=remedies.CHANGED if is_changed else remedies.for_failing(source.last_error),
    )


def _overdue(source: Source, now: datetime) -> Finding | None:
    """Nothing polls."""
    polled = source.last_polled_at
    if polled and polled - now > AHEAD:
        cause, remedy = "its last poll lies in the future", remedies.CLOCK
        return Finding(condition=Condition.OVERDUE, needs_a_person=True, cause=cause, remedy=remedy)
    due = max(filter(None, (source.next_poll_at, source.not_before)), default=now)
    if now - due <= OVERDUE:
        return None
    return Finding(
        condition=Condition.OVERDUE,
        needs_a_person=True,
        since=due,
        cause="it was due, and was not polled",
        remedy=remedies.OVERDUE,
    )


def _empty(source: Source, now: datetime) -> Finding | None:
    """It answers, but its document holds no entries."""
    never = source.new_at is None and source.newest_at is None
    if source.kind is SourceKind.PAGE or not (never or source.empty_since):
        return None
    since = source.empty_since or source.answered_at
    cause = "it answers, but never had an entry" if never else "it answers, but has no entries"
    return Finding(
        condition=Condition.EMPTY,
        needs_a_person=never or (since is not None and now - since > EMPTY),
        since=since,
        cause=": ".join(filter(None, (cause, source.last_error))),
        remedy=remedies.EMPTY,
    )
