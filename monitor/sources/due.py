"""
When to ask a source again, and why: pure deciders, given what it said and what it did.

Success: the operator's cron expression, else their interval, else what its rhythm makes worth
a poll (`pace`); not before its publisher wishes; but never so late that its document may have
filled anew. Failure: see `backoff`. Retry-After is a floor under everything.

Jitter, the same for the same source and poll, keeps sources from marching in step; a poll that
came late, as all do after an outage, takes more of it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.model import Outcome, Source
from monitor.settings import ScheduleSettings
from monitor.sources import backoff, cron, pace
from monitor.sources.rhythm import DAY_S, Rhythm, learned

#: Share of an interval that jitter may take away or, above a floor, add.
JITTER = 0.1

#: And after a poll that came late by more than this share of its interval.
LATE, LATE_JITTER = 0.5, 0.5

#: A publisher's wish is honoured up to here, seconds.
LONGEST_WISH_S = 4 * 3600.0

#: After more failures an operator's cron expression is kept to, also for what may pass.
OFF_CRON_FAILURES = 6

#: However long a site asks us to wait, we ask again after a day.
LONGEST_HOLD = timedelta(hours=24)

#: Retry-After of many sources ends at once; they come back within so many seconds.
HOLD_SPREAD_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one poll of a source brought, as far as the next one depends on it."""

    now: datetime
    outcome: Outcome
    #: Whether the same request may succeed later.
    retryable: bool
    #: Retry-After, clamped.
    not_before: datetime | None
    #: Seconds for which the HTTP headers call it fresh.
    fresh_s: float
    #: Seconds between polls that the document wishes.
    ttl_s: float
    #: Dates of all dated entries of the document; empty when it was not read.
    published: Sequence[datetime]
    #: For each new entry its date, or None.
    new: Sequence[datetime | None]
    #: Entries of the document; 0 = not told.
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a source is asked next."""

    at: datetime
    #: To be kept in `Source.rhythm`.
    rhythm: Mapping[str, Any]
    #: One line for a person: the interval, and the values that decided.
    why: str


@dataclass(frozen=True, slots=True)
class _Wait:
    """Seconds to wait, from which jitter chooses, and why."""

    low: float
    high: float
    why: str


def plan(source: Source, answer: Answer, rules: ScheduleSettings) -> Plan:
    """
    When to ask a source again.

    Args:
        source: as it was before this poll.
    """
    rhythm = _learned(source, answer)
    if answer.outcome.is_success:
        wait = _after_success(source, rhythm, answer.now, rules)
    else:
        wait = _after_failure(source, rhythm, answer, rules)
    dice = _dice(source.id, answer.now)
    at = answer.now + timedelta(seconds=wait.low + (wait.high - wait.low) * dice)
    at, why = _by_cron(source, answer, at, wait.why)
    held = _held_until(source, answer)
    if held is not None and held > at:
        at = held + timedelta(seconds=HOLD_SPREAD_S * dice)
        why = f"not before {held:%Y-%m-%d %H:%M:%S} UTC, as the site asked"
    return Plan(at=at, rhythm=rhythm.json(), why=why)


def explained(source: Source, rules: ScheduleSettings) -> str:
    """How often a source is asked as long as it answers, and the values that decide."""
    if expression := source.options.get("cron", ""):
        return f"by your cron {expression}, {source.options.get('timezone') or 'UTC'}"
    polled = source.last_polled_at
    if polled is None:
        return "soon; it was not polled yet"
    rhythm = Rhythm.of(source.rhythm, polled.timestamp())
    return _after_success(source, rhythm, polled, rules).why


def _learned(source: Source, answer: Answer) -> Rhythm:
    now = answer.now.timestamp()
    old = Rhythm.of(source.rhythm, now)
    if not answer.outcome.is_success:
        return old
    rhythm = learned(
        old,
        now=now,
        published=[one.timestamp() for one in answer.published],
        new=[None if one is None else one.timestamp() for one in answer.new],
        size=answer.size,
    )
    is_read = answer.outcome in {Outcome.OK, Outcome.EMPTY}
    return replace(
        rhythm,
        ttl=answer.ttl_s if is_read else old.ttl,
        # A 304 that says nothing leaves what was said before.
        fresh=answer.fresh_s if is_read or answer.fresh_s else old.fresh,
    )


def _after_success(source: Source, rhythm: Rhythm, now: datetime, rules: ScheduleSettings) -> _Wait:
    least, most = rules.min_interval, rules.max_interval
    if not source.every_s:
        jitter = LATE_JITTER if _was_late(source, now) else JITTER
        return _adaptive(rhythm, rules, jitter)[1]
    every = min(max(float(source.every_s), least), most)
    return _spread(every, least, most, f"every {_told(every)}, as you set")


def _adaptive(
    rhythm: Rhythm, rules: ScheduleSettings, jitter: float = JITTER
) -> tuple[float, _Wait]:
    """The interval by what a source publishes, by its window and by its publisher's wish."""
    least, most = rules.min_interval, rules.max_interval
    default = min(max(rules.default_interval, least), most)
    # Polls of one host cost it more the denser they come: the bound is approached, not run into.
    news = min(math.hypot(pace.news_s(rhythm, default, most), least), most)
    safe = min(max(pace.safe_s(rhythm, default), least), most)
    wish = min(max(rhythm.ttl, rhythm.fresh), LONGEST_WISH_S, most)
    why = f"{_rate(rhythm.rate())}, its document is safe for {_told(safe)}"
    wait = news
    if wish > wait:
        wait, why = wish, f"{why}, its publisher asks for {_told(wish)}"
    if safe < wait:
        wait, why = safe, f"{why}; that decides"
    floor = max(least, min(wish, wait))
    return wait, _spread(wait, floor, safe, f"every {_told(wait)}: {why}", jitter)


def _after_failure(
    source: Source, rhythm: Rhythm, answer: Answer, rules: ScheduleSettings
) -> _Wait:
    usual, _ = _adaptive(rhythm, rules)
    default = min(max(rules.default_interval, rules.min_interval), rules.max_interval)
    failing = answer.now - source.failing_since if source.failing_since else timedelta(0)
    wait, least, kind = backoff.wait_s(
        answer.outcome,
        retryable=answer.retryable,
        failures=source.failures + 1,
        failing=failing,
        pace_s=max(float(source.every_s) or usual, rules.min_interval),
        safe_s=pace.safe_s(rhythm, default) if rhythm.first else math.inf,
    )
    wait, least = max(wait, rules.min_interval), max(least, rules.min_interval)
    times = f"{source.failures + 1} failures in a row" if source.failures else "1 failure"
    why = f"again in {_told(wait)}: {times}, {kind}"
    return _spread(wait, least, max(backoff.HARD_LONGEST_S, least), why)


def _by_cron(source: Source, answer: Answer, at: datetime, why: str) -> tuple[datetime, str]:
    """The operator's time in place of ours, except to try soon again what may pass."""
    expression, zone = source.options.get("cron", ""), source.options.get("timezone", "")
    if not expression:
        return at, why
    after = _held_until(source, answer) or answer.now
    try:
        found = cron.next_time(expression, zone, after=after)
    except (ValueError, KeyError, TypeError):
        return at, f"{why}; your cron expression or its time zone cannot be read"
    if found is None:
        return at, f"{why}; your cron {expression} names a day that never comes"
    is_retry = not answer.outcome.is_success and answer.retryable
    if is_retry and source.failures < OFF_CRON_FAILURES and at < found:
        return at, why
    return found, f"at {found:%Y-%m-%d %H:%M} UTC: your cron {expression}, {zone or 'UTC'}"


def _held_until(source: Source, answer: Answer) -> datetime | None:
    """The end of a Retry-After that is not over; one of a clock gone wrong is cut."""
    times = [one for one in (answer.not_before, source.not_before) if one and one > answer.now]
    return min(max(times), answer.now + LONGEST_HOLD) if times else None


def _was_late(source: Source, now: datetime) -> bool:
    if source.next_poll_at is None or source.last_polled_at is None:
        return False
    return now - source.next_poll_at > LATE * (source.next_poll_at - source.last_polled_at)


def _spread(wait: float, least: float, most: float, why: str, jitter: float = JITTER) -> _Wait:
    """Room for jitter: below the wait, or above it where a floor leaves none."""
    low = max(least, wait * (1 - jitter))
    return _Wait(low, max(low, min(max(wait, low * (1 + JITTER)), most)), why)


def _dice(source_id: int, now: datetime) -> float:
    """A number in [0, 1) that differs from source to source and poll to poll."""
    seed = f"{source_id}:{now.isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest(), "big") / 2**32


def _rate(per_day: float) -> str:
    return f"{per_day:.2g} new a day" if per_day >= 1 else f"one new in {1 / per_day:.2g} days"


def _told(seconds: float) -> str:
    """A span for a person: "45 s", "22 min", "3.5 h", "2 days"."""
    units = ((2 * DAY_S, DAY_S, "days"), (3600.0, 3600.0, "h"), (60.0, 60.0, "min"))
    for least, size, unit in units:
        if seconds >= 0.995 * least:
            return f"{round(seconds / size, 1 if seconds < 10 * size else 0):g} {unit}"
    return f"{seconds:.0f} s"
