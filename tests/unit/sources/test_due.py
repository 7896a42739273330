"""When a source is asked again: bounds, wishes, windows, failures, cron, and hostile memory."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Outcome, Source, SourceKind
from monitor.settings import ScheduleSettings
from monitor.sources import due

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
RULES = ScheduleSettings()
SOURCE = Source(id=7, name="Ore Daily", kind=SourceKind.FEED, url="https://ore.example/feed")

moments = st.datetimes(timezones=st.just(UTC))
near = st.timedeltas(timedelta(days=-40), timedelta(days=2)).map(lambda ago: NOW + ago)
dates = st.lists(moments | near, max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=9),
    max_leaves=8,
)


def _answer(**changes: Any) -> due.Answer:
    told: dict[str, Any] = {
        "now": NOW, "outcome": Outcome.OK, "retryable": False, "not_before": None,
        "fresh_s": 0.0, "ttl_s": 0.0, "published": (), "new": (),
    }  # fmt: skip
    return due.Answer(**{**told, **changes})


def _ago(*hours: float) -> list[datetime]:
    return [NOW - timedelta(hours=one) for one in hours]


def _wait(source: Source, answer: due.Answer, rules: ScheduleSettings = RULES) -> float:
    return (due.plan(source, answer, rules).at - answer.now).total_seconds()


def _read(published: Sequence[datetime], **changes: Any) -> due.Answer:
    return _answer(published=published, new=published, **changes)


def _fail(failures: int, outcome: Outcome = Outcome.FAILED, **changes: Any) -> float:
    """Seconds until the next poll after so many failures in a row."""
    source = replace(SOURCE, failures=failures - 1, **changes)
    return _wait(source, _answer(outcome=outcome, retryable=False))


def _after(source: Source, answer: due.Answer, plan: due.Plan) -> Source:
    return replace(
        source, rhythm=plan.rhythm, last_polled_at=answer.now, next_poll_at=plan.at,
        last_outcome=answer.outcome,
    )  # fmt: skip


def test_an_unknown_source_is_asked_at_the_default_interval() -> None:
    """A first document without dates tells nothing; half an hour it is, give or take."""
    wait = _wait(SOURCE, _answer(new=[None] * 10, size=10))

    assert 0.9 * RULES.default_interval <= wait <= 1.1 * RULES.default_interval


@given(dates, dates, st.floats(0, 1e9), st.floats(0, 1e9), st.integers(0, 60_000))
def test_no_success_breaks_the_bounds(
    published: list[datetime], new: list[datetime], ttl_s: float, fresh_s: float, size: int
) -> None:
    """Whatever the dates are (year 1, the future) and whatever it wishes, at once or next time."""
    answer = _answer(published=published, new=new, ttl_s=ttl_s, fresh_s=fresh_s, size=size)
    plan = due.plan(SOURCE, answer, RULES)
    later = replace(answer, now=plan.at)
    again = due.plan(_after(SOURCE, answer, plan), later, RULES)

    for wait in (plan.at - NOW, again.at - plan.at):
        assert RULES.min_interval <= wait.total_seconds() <= RULES.max_interval


@given(
    st.dictionaries(
        st.sampled_from(list(due.plan(SOURCE, _read([NOW]), RULES).rhythm)), json_values
    )
)
def test_a_damaged_memory_does_no_harm(rhythm: dict[str, Any]) -> None:
    """Any JSON in the place of what was remembered still gives a plan within bounds."""
    source = replace(SOURCE, rhythm=rhythm)

    assert RULES.min_interval <= _wait(source, _answer()) <= RULES.max_interval
    assert _wait(source, _answer(outcome=Outcome.FAILED, retryable=True)) >= RULES.min_interval


@given(
    st.dictionaries(
        st.sampled_from(["at", "first", "since", "days", "items", "burst", "expected", "size"]),
        st.floats() | st.integers(-(10**30), 10**30) | st.just(NOW.timestamp()),
    )
)
def test_a_memory_of_any_numbers_does_no_harm(changes: dict[str, float]) -> None:
    """Numbers that were never written, in a memory that is otherwise whole."""
    rhythm = {**due.plan(SOURCE, _read(_ago(1, 2, 3)), RULES).rhythm, **changes}

    wait = _wait(replace(SOURCE, rhythm=rhythm), _answer(now=NOW + timedelta(hours=1)))

    assert RULES.min_interval <= wait <= RULES.max_interval


@given(dates, st.lists(st.floats(60, 90_000), max_size=6))
def test_the_memory_is_small_json_that_says_the_same_when_read_back(
    published: list[datetime], gaps: list[float]
) -> None:
    """What the store writes and reads plans the same, and is less than a kilobyte."""
    source, now = SOURCE, NOW
    for gap in [0.0, *gaps]:
        now += timedelta(seconds=gap)
        answer = _read(published, now=now)
        plan = due.plan(source, answer, RULES)
        text = json.dumps(plan.rhythm, allow_nan=False)
        assert len(text) < 1000
        source = _after(source, answer, plan)
        kept = replace(source, rhythm=json.loads(text))
        assert due.plan(kept, answer, RULES) == due.plan(source, answer, RULES)


def test_the_same_poll_is_always_planned_alike() -> None:
    """No dice but those of the source and the time."""
    answer = _read(_ago(1, 2, 3))

    assert due.plan(SOURCE, answer, RULES) == due.plan(SOURCE, answer, RULES)


def test_sources_that_are_polled_together_part() -> None:
    """Jitter spreads sources with the same habits; much more so after an outage."""
    answer = _read(_ago(*range(1, 11)))
    waits = {_wait(replace(SOURCE, id=k), answer) for k in range(100)}
    late = replace(
        SOURCE, last_polled_at=NOW - timedelta(hours=5), next_poll_at=NOW - timedelta(hours=4)
    )
    spread = {_wait(replace(late, id=k), answer) for k in range(100)}

    assert len(waits) == 100
    assert max(waits) - min(waits) > 0.05 * max(waits)
    assert max(spread) - min(spread) > 0.3 * max(spread)


def test_ten_items_that_cover_eleven_hours_are_asked_for_every_few_hours() -> None:
    """Also when its publisher wishes for a day, and the operator's bounds are wide."""
    hours = [1.1 * k for k in range(1, 11)]

    wait = _wait(SOURCE, _read(_ago(*hours), ttl_s=86_400.0, size=10))

    assert wait <= 4 * 3600


@given(st.integers(5, 100), st.floats(0.3, 300), st.floats(0, 1e7))
def test_a_document_is_asked_for_well_within_its_span(
    size: int, hours: float, wish_s: float
) -> None:
    """
    Entries that come evenly: never less often than 0.7 of what it covers, for no wish.

    A handful within a quarter of an hour looks like one batch, which has no pace to follow.
    """
    published = _ago(*(hours * k / size for k in range(1, size + 1)))

    wait = _wait(SOURCE, _read(published, ttl_s=wish_s, size=size))

    assert wait <= max(RULES.min_interval, 0.7 * 3600 * hours)


def test_a_burst_shortens_the_wait_and_is_remembered() -> None:
    """Thirty items in an hour, seen once, keep a document of thirty from being left for long."""
    slow = _ago(*(8.0 * k for k in range(1, 31)))
    answer = _read(slow, size=30)
    plan = due.plan(SOURCE, answer, RULES)
    source = _after(SOURCE, answer, plan)
    before = plan.at - NOW
    now = NOW + timedelta(hours=1)
    burst = [now - timedelta(minutes=2 * k) for k in range(25)]
    answer = _answer(now=now, published=burst, new=burst, size=30)
    plan = due.plan(source, answer, RULES)
    source = _after(source, answer, plan)

    assert plan.at - now < before / 2
    quiet = _answer(now=now + timedelta(days=1), outcome=Outcome.NOT_MODIFIED)
    assert due.plan(source, quiet, RULES).at - quiet.now < timedelta(hours=2)
    assert "that decides" in due.plan(source, quiet, RULES).why


def test_more_news_means_shorter_waits() -> None:
    """The square-root rule: a hundred times the rate, about a tenth of the wait."""
    rules = replace(RULES, min_interval=1, default_interval=1800)
    unchanged = _answer(outcome=Outcome.NOT_MODIFIED)
    waits = [_wait(_watched(rate), unchanged, rules) for rate in (0.5, 5.0, 50.0)]

    assert waits[0] > 2 * waits[1] > 4 * waits[2]


def _watched(rate: float) -> Source:
    """A source of evenly spread items that was watched for ten days."""
    first = NOW - timedelta(days=10)
    answer = _answer(now=first, published=[first], new=[first], size=100)
    source = _after(SOURCE, answer, due.plan(SOURCE, answer, RULES))
    new = [first + timedelta(days=k / rate) for k in range(1, int(10 * rate))]
    answer = _answer(now=NOW - timedelta(minutes=1), published=new, new=new, size=100)
    return _after(source, answer, due.plan(source, answer, RULES))


def test_undated_entries_teach_by_how_many_are_new() -> None:
    """A source that always has something new is asked more often than one that never has."""
    waits = []
    for new in ([None] * 3, []):
        source, now = SOURCE, NOW
        for _ in range(60):
            answer = _answer(now=now, new=new if source.rhythm else [None] * 20, size=20)
            plan = due.plan(source, answer, RULES)
            source, now = _after(source, answer, plan), now + timedelta(minutes=30)
        waits.append((plan.at - answer.now).total_seconds())

    assert waits[0] < RULES.default_interval
    assert waits[1] > 3 * RULES.default_interval


def test_dates_of_the_document_are_no_dates_of_its_entries() -> None:
    """Where all entries carry one date, it says nothing of how often they come."""
    wait = _wait(SOURCE, _read([NOW] * 10, size=10))

    assert 0.9 * RULES.default_interval <= wait <= 1.1 * RULES.default_interval


@pytest.mark.parametrize("field", ["ttl_s", "fresh_s"])
def test_the_publishers_wish_is_a_floor(field: str) -> None:
    """An hour is kept to, though as much is published as to ask sooner; 304s remember it."""
    busy = _ago(*(0.3 * k for k in range(1, 101)))
    answer = _read(busy, size=100, **{field: 3600.0})
    plan = due.plan(SOURCE, answer, RULES)
    unchanged = _answer(now=plan.at, outcome=Outcome.NOT_MODIFIED)

    assert _wait(SOURCE, _read(busy, size=100)) < 3000
    assert 3600 <= (plan.at - NOW).total_seconds() <= 1.1 * 3600
    assert _wait(_after(SOURCE, answer, plan), unchanged) >= 3600
    assert "asks for 1 h" in plan.why


def test_a_wish_of_a_year_does_not_silence_a_source() -> None:
    """Some hours are granted."""
    assert _wait(SOURCE, _read([], size=100, ttl_s=3e7)) <= 5 * 3600


def test_the_operators_interval_beats_ours_and_the_publishers() -> None:
    """Two hours are two hours, give or take jitter, within the bounds of the settings."""
    busy = _ago(*(0.1 * k for k in range(1, 11)))
    source = replace(SOURCE, every_s=7200)

    assert 0.9 * 7200 <= _wait(source, _read(busy, ttl_s=86_400.0)) <= 7200
    assert _wait(replace(SOURCE, every_s=1), _read(busy)) >= RULES.min_interval
    assert _wait(replace(SOURCE, every_s=10**7), _read(busy)) <= RULES.max_interval


CRON = replace(SOURCE, options={"cron": "0 7 * * *", "timezone": "Asia/Almaty"}, every_s=600)


def test_a_cron_expression_beats_all_intervals() -> None:
    """Seven in Almaty, to the minute."""
    plan = due.plan(CRON, _read(_ago(1, 2), ttl_s=1e6), RULES)

    assert plan.at == datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    assert "0 7 * * *" in plan.why


def test_what_may_pass_is_tried_again_before_the_cron_expression_comes() -> None:
    """A time-out at seven must not cost the day; after some more, the expression holds."""
    soft = _answer(outcome=Outcome.FAILED, retryable=True)
    hard = _answer(outcome=Outcome.FAILED)
    tomorrow = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)

    assert due.plan(CRON, soft, RULES).at < NOW + timedelta(hours=1)
    assert due.plan(replace(CRON, failures=20), soft, RULES).at == tomorrow
    assert due.plan(CRON, hard, RULES).at == tomorrow


@pytest.mark.parametrize("options", [{"cron": "nonsense"}, {"cron": "0 7 30 2 *"},
                                     {"cron": "0 7 * * *", "timezone": "Mars/Olympus"}])  # fmt: skip
def test_a_cron_expression_that_cannot_be_kept_is_told(options: dict[str, str]) -> None:
    """The source goes on at our interval, and the reason is shown."""
    plan = due.plan(replace(SOURCE, options=options), _answer(), RULES)

    assert plan.at <= NOW + timedelta(days=1)
    assert "your cron" in plan.why


@given(
    st.sampled_from(list(Outcome)),
    st.booleans(),
    st.integers(0, 200),
    st.timedeltas(timedelta(minutes=1), timedelta(hours=24)),
    st.sampled_from([SOURCE, CRON, replace(SOURCE, every_s=300)]),
    st.booleans(),
)
def test_retry_after_is_a_floor_under_everything(
    outcome: Outcome, retryable: bool, failures: int, held: timedelta, source: Source, known: bool
) -> None:
    """Under success, failure, the operator's interval and their cron expression."""
    until = NOW + held
    if known:
        source, told = replace(source, not_before=until), None
    else:
        told = until
    answer = _answer(outcome=outcome, retryable=retryable, not_before=told)

    assert due.plan(replace(source, failures=failures), answer, RULES).at >= until


def test_a_hold_of_a_clock_gone_wrong_is_cut() -> None:
    """A Retry-After that a clock a year ahead has stored does not silence a source."""
    source = replace(SOURCE, not_before=NOW + timedelta(days=365))

    assert _wait(source, _answer()) <= timedelta(hours=25).total_seconds()


@pytest.mark.parametrize("retryable", [True, False])
@pytest.mark.parametrize(
    "outcome", [Outcome.FAILED, Outcome.GONE, Outcome.CHANGED, Outcome.BLOCKED]
)
@pytest.mark.parametrize("days", [0, 30])
def test_waits_never_shrink_while_failures_go_on(
    outcome: Outcome, retryable: bool, days: int
) -> None:
    """Apart from jitter, up to a day and never more, however long it lasts."""
    since = NOW - timedelta(days=days)
    answer = _answer(outcome=outcome, retryable=retryable)
    waits = [
        _wait(replace(SOURCE, failures=k, failing_since=since), answer) for k in range(0, 400, 3)
    ]

    assert all(after >= (1 - due.JITTER) * before for before, after in itertools.pairwise(waits))
    assert RULES.min_interval <= min(waits)
    assert max(waits) <= 86_400


def test_what_may_pass_is_tried_within_minutes_then_hours() -> None:
    """A time-out first costs minutes, and never more than four hours in the first week."""
    soft = _answer(outcome=Outcome.FAILED, retryable=True)
    waits = [_wait(replace(SOURCE, failures=k), soft) for k in range(20)]

    assert waits[0] <= 900
    assert 3600 <= waits[-1] <= 4 * 3600


def test_what_looks_lasting_is_tried_within_hours_then_daily() -> None:
    """An hour at first, a day after a week, and so for ever: feeds do come back."""
    assert 3600 <= _fail(1) <= 1.2 * 3600
    assert _fail(100, failing_since=NOW - timedelta(days=60)) > 0.85 * 86_400


def test_a_source_that_is_awaited_is_asked_as_its_window_needs() -> None:
    """Two days of 404 do not cost a busy feed the entries of its first hours back."""
    busy = _read(_ago(*(0.2 * k for k in range(1, 21))), size=20)
    source = _after(SOURCE, busy, due.plan(SOURCE, busy, RULES))
    dead = replace(source, failures=30, failing_since=NOW - timedelta(days=2))

    assert _wait(dead, _answer(outcome=Outcome.FAILED)) <= 1.2 * 3600


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_feed_removed_for_good_is_confirmed_within_hours(failures: int) -> None:
    """Between two answers of 410 lie an hour at least and a day at most."""
    assert 3600 <= _fail(failures, Outcome.GONE) <= 86_400


def test_what_refuses_us_is_asked_once_a_day() -> None:
    """The first time once more the same day."""
    assert 0.2 * 86_400 <= _fail(1, Outcome.BLOCKED) <= 0.3 * 86_400
    assert 0.85 * 86_400 <= _fail(2, Outcome.BLOCKED) <= 86_400
    assert 0.85 * 86_400 <= _fail(50, Outcome.REFUSED) <= 86_400


def test_a_failure_teaches_nothing_of_the_rhythm() -> None:
    """What was known stays as it was."""
    answer = _read(_ago(1, 2, 3))
    known = due.plan(SOURCE, answer, RULES).rhythm
    failed = _answer(now=NOW + timedelta(hours=1), outcome=Outcome.FAILED, retryable=True)

    assert due.plan(replace(SOURCE, rhythm=known), failed, RULES).rhythm == known


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_was_set_neither_hurries_nor_silences(hours: int) -> None:
    """The poll after a jump of two hours plans about what the one before it did."""
    answer = _read(_ago(*(2.0 * k for k in range(1, 21))), size=20)
    plan = due.plan(SOURCE, answer, RULES)
    usual = (plan.at - NOW).total_seconds()
    source = _after(SOURCE, answer, plan)

    wait = _wait(source, _answer(now=NOW + timedelta(hours=hours), outcome=Outcome.NOT_MODIFIED))

    assert usual / 2 <= wait <= 2 * usual


def test_the_reason_names_the_values_that_decided() -> None:
    """One line for a person, without jargon."""
    plan = due.plan(SOURCE, _read(_ago(*(1.1 * k for k in range(1, 11))), size=10), RULES)

    assert plan.why.startswith("every ")
    assert "new a day" in plan.why
    assert "document is safe for" in plan.why
    assert math.isclose((plan.at - NOW).total_seconds(), 1800, rel_tol=0.5)


def test_a_source_can_be_explained_from_what_is_stored() -> None:
    """The same interval and values, without a poll."""
    answer = _read(_ago(*(1.1 * k for k in range(1, 11))), size=10)
    plan = due.plan(SOURCE, answer, RULES)

    assert due.explained(_after(SOURCE, answer, plan), RULES) == plan.why
    assert due.explained(SOURCE, RULES) == "soon; it was not polled yet"
    assert "0 7 * * *, Asia/Almaty" in due.explained(CRON, RULES)
