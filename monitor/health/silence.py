"""
Nothing new comes from a source: for how long that is no wonder, and what it looks like after.

* *frozen*: its answers have not differed by a byte for far longer than its history makes
  likely: a cache or a generator of pages that stands still, or a source that was given up.
  Without a history nothing is ever frozen;
* *stale*: its answers may differ, but its newest entry, by its own date, is far older than its
  history makes likely; without a history, older than a month. A feed that dates its channel
  anew each hour, or brings old entries as new, is stale and not frozen;
* *quiet*: nothing new for longer than its history makes likely, and not so long yet as to be
  one of the others. It may be a holiday: a person is needed when it lasts twice as long.

Two witnesses tell of a history. When we have watched for long enough, the days on which
something new came: then silence counts from the last of them. Before that, the dates of its
entries: then silence counts from the newest date, for what we found on the first day is not new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.health import habits, remedies
from monitor.health.conditions import Condition, Finding
from monitor.health.habits import Habit
from monitor.model import Outcome, Source, SourceKind
from monitor.sources.rhythm import Rhythm

#: A source without a history whose newest entry is older than this is stale.
STALE = timedelta(days=30)

#: Identical answers in a row from which a document may be frozen.
IDENTICAL = 3

#: "Far longer" is so many times as long as history allows, and at least so many days.
FAR, FAR_FROZEN, FAR_STALE = 2, 3, 7

_IS_IDENTICAL = frozenset({Outcome.NOT_MODIFIED, Outcome.UNCHANGED})


def silent(source: Source, days: Sequence[int], now: datetime) -> Finding | None:
    """Nothing new has come from it for long: frozen, stale or quiet."""
    newest = source.newest_at or source.new_at
    if newest is None or not may_be_silent(source, now):
        return None
    habit, last = _habit(source, days, newest, now)
    if habit is None:
        if now - newest > STALE and source.kind is not SourceKind.PAGE:
            return _stale(newest, None, now)
        return None
    allowed = habit.allowed(last.date().toordinal())
    far = FAR * allowed
    same = _same_since(source)
    if same and _days(same, now) > max(far, FAR_FROZEN):
        return Finding(
            condition=Condition.FROZEN,
            needs_a_person=True,
            since=same,
            cause=f"the same answer for {_days(same, now)} days, {_pace(habit)}",
            remedy=remedies.FROZEN,
        )
    if source.newest_at and _days(source.newest_at, now) > max(far, FAR_STALE):
        return _stale(source.newest_at, habit, now)
    if _days(last, now) <= allowed:
        return None
    return Finding(
        condition=Condition.QUIET,
        needs_a_person=_days(last, now) > max(far, FAR_STALE),
        since=last,
        cause=f"nothing new for {_days(last, now)} days, {_pace(habit)}",
        remedy=remedies.QUIET,
    )


def may_be_silent(source: Source, now: datetime) -> bool:
    """Whether it is worth while to look at its history."""
    last = min(filter(None, (source.newest_at, source.new_at)), default=now)
    return _days(last, now) > habits.LEAST_SILENCE


def _habit(
    source: Source, days: Sequence[int], newest: datetime, now: datetime
) -> tuple[Habit | None, datetime]:
    """Its habit, and when something new came last by the same witness."""
    habit = habits.of_days(days)
    if habit and source.new_at:
        return habit, source.new_at
    if not source.newest_at or not source.rhythm:
        return None, newest
    rhythm = Rhythm.of(source.rhythm, now.timestamp())
    return habits.of_rhythm(rhythm, source.newest_at.timestamp()), source.newest_at


def _same_since(source: Source) -> datetime | None:
    """
    Since when its answers have not differed by a byte; None when they do.

    The site's own Last-Modified is believed as far as it does not contradict the entries.
    """
    if source.last_outcome not in _IS_IDENTICAL or source.streak < IDENTICAL:
        return None
    if source.changed_at is None:
        return None
    said = _http_date(source.last_modified)
    if said and source.newest_at and source.newest_at <= said < source.changed_at:
        return said
    return source.changed_at


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _stale(newest: datetime, habit: Habit | None, now: datetime) -> Finding:
    pace = f", {_pace(habit)}" if habit else ""
    return Finding(
        condition=Condition.STALE,
        needs_a_person=True,
        since=newest,
        cause=f"its newest entry is {_days(newest, now)} days old{pace}",
        remedy=remedies.STALE,
    )


def _pace(habit: Habit) -> str:
    often = "every day" if habit.every < 1.5 else f"about every {habit.every:.0f} days"
    return f"where something new came {often}"


def _days(since: datetime, now: datetime) -> int:
    """Days that have begun since then."""
    return (now.date() - since.date()).days
