"""How long a source may be silent, by its own history."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.health.habits import of_days, of_rhythm
from monitor.sources.rhythm import Rhythm, learned

MONDAY = date(2026, 3, 2).toordinal()
FRIDAY = MONDAY + 4


def every(days, number=60, start=MONDAY - 60):
    """Days with news, each so many days after the last."""
    return list(range(start, start + number, days))


WORKDAYS = [day for day in every(1) if day % 7 in range(1, 6)]


def silence(days, last):
    """Silent days after `last` that are no wonder."""
    return of_days(days).allowed(last)


def test_two_silent_days_of_a_daily_source_are_one_too_many():
    """What came every day for two months is missed after the second day."""
    assert silence(every(1), MONDAY) == 2


def test_a_weekend_is_no_silence():
    """Who rests on Saturdays and Sundays is missed later after a Friday than after a Monday."""
    assert (silence(WORKDAYS, MONDAY), silence(WORKDAYS, FRIDAY)) == (3, 5)


def test_a_weekly_source_is_missed_after_three_weeks():
    """What comes every Monday need not be awaited for longer than thrice a week."""
    assert silence(every(7), MONDAY) == 21


def test_a_monthly_source_is_given_months():
    """The rarer the news, the longer the silence that says nothing."""
    assert silence(every(30, 400, MONDAY - 400), MONDAY) == 90


def test_holidays_of_its_past_are_not_held_against_it():
    """A daily source that once rested for nine days may rest for as long, and half as long again."""
    days = every(1, 20, MONDAY - 70) + every(1, 41, MONDAY - 41)
    assert silence(days, MONDAY) in range(13, 17)


def test_what_had_gathered_before_us_is_no_history():
    """The first day, and a few days after it, say nothing."""
    assert of_days([]) is None
    assert of_days([MONDAY]) is None
    assert of_days(every(1, 10)) is None
    assert of_days([MONDAY - 60, MONDAY - 30, MONDAY]) is None


@pytest.mark.parametrize("silent_days", [0, 5, 20])
def test_dates_of_entries_are_a_history_too(silent_days):
    """A first document tells the pace, however long ago its newest entry is."""
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    last = now - timedelta(days=silent_days)
    dates = [(last - timedelta(hours=12 * n)).timestamp() for n in range(60)]
    rhythm = learned(Rhythm(), now=now.timestamp(), published=dates, new=dates, size=60)
    habit = of_rhythm(rhythm, last.timestamp())
    assert habit.every == 1
    assert 3 <= habit.allowed(last.date().toordinal()) <= 5


def test_a_few_hours_of_dates_are_no_history():
    """A document that covers a morning does not tell of weekends."""
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    dates = [(now - timedelta(minutes=10 * n)).timestamp() for n in range(60)]
    rhythm = learned(Rhythm(), now=now.timestamp(), published=dates, new=dates, size=60)
    assert of_rhythm(rhythm, now.timestamp()) is None
    assert of_rhythm(Rhythm(), now.timestamp()) is None
