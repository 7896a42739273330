"""Due times after the wall clock was set: no burst, no silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.jump import LONGEST_WAIT, moved, stranded
from monitor.model import Source, SourceKind, SourceState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATELY = timedelta(seconds=7)


def source(number=1, *, polled=NOON - HOUR / 2, due=NOON + HOUR / 2, **more):
    """A source that was polled half an hour ago and is due in half an hour."""
    return Source(
        id=number,
        name=f"s{number}",
        kind=SourceKind.FEED,
        url=f"https://h{number}.example/",
        last_polled_at=polled,
        next_poll_at=due,
        **more,
    )


@pytest.mark.parametrize("jump", [2 * HOUR, -2 * HOUR])
def test_waits_stay_as_long_as_they_were(jump):
    """Half an hour to go is half an hour to go, and a site's wish for rest is kept as long."""
    held = source(not_before=NOON + MINUTE)
    times = moved([held], jump, now=NOON + jump, lately=LATELY)
    assert times == {1: (NOON + jump + HOUR / 2, NOON + jump + MINUTE)}


@pytest.mark.parametrize("jump", [2 * HOUR, -2 * HOUR])
def test_a_thousand_sources_neither_burst_nor_fall_silent(jump):
    """As many are due in each minute after the jump as would have been without it."""
    crowd = [source(n, due=NOON + timedelta(seconds=3.6 * n)) for n in range(1000)]
    times = moved(crowd, jump, now=NOON + jump, lately=LATELY)
    due = [at - (NOON + jump) for at, _ in times.values()]
    assert [sum(m * MINUTE <= t < (m + 1) * MINUTE for t in due) for m in range(60)] == [
        sum(m * MINUTE <= s.next_poll_at - NOON < (m + 1) * MINUTE for s in crowd)
        for m in range(60)
    ]


def test_what_was_polled_since_is_right_already():
    """A poll after the jump was dated by the clock as it is now."""
    now = NOON + 2 * HOUR
    fresh = source(polled=now - timedelta(seconds=2), due=now + HOUR)
    assert moved([fresh], 2 * HOUR, now=now, lately=LATELY) == {}


def test_what_is_in_hand_or_not_watched_stays():
    """A crawl commits its own time; a paused source has none."""
    paused = source(2, state=SourceState.PAUSED)
    assert moved([source(1), paused], HOUR, now=NOON + HOUR, lately=LATELY, in_hand={1}) == {}


def test_a_cron_expression_names_times_of_the_clock():
    """Set back, a source is asked at the next time that its expression names, not a day later."""
    daily = source(due=NOON + 22 * HOUR, options={"cron": "0 11 * * *"})
    times = moved([daily], -2 * HOUR, now=NOON - 2 * HOUR, lately=LATELY)
    assert times[1][0] == NOON - HOUR
    # Set forward over its time, it is overdue and stays so.
    missed = source(due=NOON + HOUR, options={"cron": "0 13 * * *"})
    times = moved([missed], 2 * HOUR, now=NOON + 2 * HOUR, lately=LATELY)
    assert times[1][0] == NOON + HOUR


def test_summer_time_is_no_jump_and_cron_follows_the_place():
    """In the night that has no half past two, a source is asked once, not twice or never."""
    options = {"cron": "30 3 * * *", "timezone": "Europe/Berlin"}
    eve = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    times = moved([source(due=eve + 9 * HOUR, options=options)], -HOUR, now=eve, lately=LATELY)
    assert times[1][0] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_sources_polled_in_the_future_are_spread():
    """Found at the start: each is due within the wait that it had, not all at once."""
    year = timedelta(days=365)
    crowd = [source(n, polled=NOON + year, due=NOON + year + HOUR) for n in range(1000)]
    due = [at - NOON for at, _ in stranded(crowd, now=NOON).values()]
    assert len(due) == 1000
    assert all(timedelta() <= wait < HOUR for wait in due)
    assert max(sum(m * MINUTE <= t < (m + 1) * MINUTE for t in due) for m in range(60)) < 50


def test_unreasonable_times_do_not_strand_a_source():
    """A wait that is negative or of years becomes a usual one, and a hold ends with it."""
    for due in (NOON, NOON + timedelta(days=4000), None):
        lost = source(polled=NOON + HOUR, due=due, not_before=NOON + timedelta(days=900))
        ((at, held),) = stranded([lost], now=NOON).values()
        assert NOON <= at <= NOON + LONGEST_WAIT
        assert held <= NOON + LONGEST_WAIT


def test_others_are_left_alone():
    """What was polled in the past is not touched."""
    known = source()
    assert stranded([known, replace(known, id=2, last_polled_at=None)], now=NOON) == {}
