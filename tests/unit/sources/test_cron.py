"""When cron expressions come: fields as crontab reads them, and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import cron


def _times(expression: str, zone: str, after: str, number: int) -> list[str]:
    """The next times in UTC, each found after the one before."""
    at = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = []
    for _ in range(number):
        found_at = cron.next_time(expression, zone, after=at)
        assert found_at is not None
        at = found_at
        found.append(f"{at:%m-%d %H:%M}")
    return found


def test_an_hour_is_read_by_the_clock_of_its_place() -> None:
    """Seven in the morning in Almaty is another hour of UTC before and after 1 March 2024."""
    found = _times("0 7 * * *", "Asia/Almaty", "2024-02-28 12:00", 3)

    assert found == ["02-29 01:00", "03-01 02:00", "03-02 02:00"]


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("Europe/Berlin", "2025-03-29 12:00", ["03-30 01:30", "03-31 00:30"]),
        ("America/New_York", "2025-03-08 12:00", ["03-09 07:30", "03-10 06:30"]),
    ],
)
def test_a_time_that_a_night_skips_comes_an_hour_later(
    zone: str, after: str, expected: list[str]
) -> None:
    """Half past two is not on the clock of that night; the poll comes at half past three."""
    assert _times("30 2 * * *", zone, after, 2) == expected


@pytest.mark.parametrize(
    ("zone", "time", "after", "expected"),
    [
        ("Europe/Berlin", "30 2", "2025-10-25 12:00", ["10-26 00:30", "10-27 01:30"]),
        ("America/New_York", "30 1", "2025-11-01 12:00", ["11-02 05:30", "11-03 06:30"]),
        ("Asia/Almaty", "30 23", "2024-02-29 12:00", ["02-29 17:30", "03-01 18:30"]),
    ],
)
def test_a_time_that_a_night_has_twice_comes_once(
    zone: str, time: str, after: str, expected: list[str]
) -> None:
    """The first of the two is taken, and the next one is of the next day."""
    assert _times(f"{time} * * *", zone, after, 2) == expected


@pytest.mark.parametrize(
    ("zone", "after"),
    [
        ("Europe/Berlin", "2025-10-25 22:00"),
        ("Europe/Berlin", "2025-03-29 22:00"),
        ("America/New_York", "2025-11-02 04:00"),
        ("Asia/Almaty", "2024-02-29 16:00"),
    ],
)
def test_every_hour_is_every_hour_also_while_clocks_change(zone: str, after: str) -> None:
    """Neither an hour that comes twice nor one that is skipped makes a poll too many or few."""
    begin = datetime.fromisoformat(after)

    found = _times("0 * * * *", zone, after, 6)

    assert found == [f"{begin + timedelta(hours=k):%m-%d %H:%M}" for k in range(1, 7)]


@given(
    st.sampled_from(["30 2 * * *", "*/20 * * * *", "0 3 * * sun", "15 0,1 * * *", "5 4 29 2 *"]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Almaty", "Australia/Lord_Howe"]),
    st.integers(0, 4 * 365 * 86_400),
)
def test_the_next_time_is_later_and_none_lies_between(
    expression: str, zone: str, after_s: int
) -> None:
    """It never names the past again (which would poll without end), nor leaves one out."""
    aware = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=after_s)

    found = cron.next_time(expression, zone, after=aware)

    assert found is not None
    assert found > aware
    earlier = cron.next_time(expression, zone, after=found - timedelta(seconds=1))
    assert earlier == found
    middle = cron.next_time(expression, zone, after=aware + (found - aware) / 2)
    assert middle == found


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("0", ["01-05", "01-12"]),
        ("7", ["01-05", "01-12"]),
        ("sun", ["01-05", "01-12"]),
        ("1-5", ["01-01", "01-02", "01-03", "01-06"]),
        ("mon-fri", ["01-01", "01-02", "01-03", "01-06"]),
        ("fri-sun", ["01-03", "01-04", "01-05", "01-10"]),
        ("SAT,3", ["01-01", "01-04", "01-08"]),
        ("*/2", ["01-02", "01-04", "01-05", "01-07"]),
    ],
)
def test_days_of_the_week_count_from_sunday(field: str, expected: list[str]) -> None:
    """0 and 7 are Sunday, as in crontab(5); 1 January 2025 was a Wednesday."""
    found = _times(f"0 7 * * {field}", "", "2025-01-01 00:00", len(expected))

    assert found == [f"{day} 07:00" for day in expected]


def test_either_day_is_enough_when_both_are_given() -> None:
    """The first of the month, and every Monday."""
    found = _times("0 0 1 * 1", "", "2025-01-25 00:00", 4)

    assert found == ["01-27 00:00", "02-01 00:00", "02-03 00:00", "02-10 00:00"]


def test_a_leap_day_comes_every_four_years() -> None:
    """The next 29 February after that of 2024 is in 2028."""
    found = cron.next_time("0 6 29 2 *", "UTC", after=datetime(2024, 3, 1, tzinfo=UTC))

    assert found == datetime(2028, 2, 29, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 7 * *", "4 fields"),
        ("@daily", "1 fields"),
        ("61 7 * * *", "higher than the maximum"),
        ("0 7 * * fnord", "no day of the week"),
        ("0 7 * * abc", "no day of the week"),
        ("0 7 * * fri-mon", "ends before it begins"),
        ("0 7 * * 8", "no day of the week"),
        ("0 7 30 2 *", "never comes"),
    ],
)
def test_a_fault_says_what_is_wrong(expression: str, words: str) -> None:
    """An expression that cannot be read, or never comes, is refused in words."""
    assert words in cron.fault(expression)


def test_a_right_expression_has_no_fault() -> None:
    """What crontab takes is taken."""
    assert not cron.fault("*/15 7-19 * jan-jun mon-fri")
    assert not cron.zone_fault("Asia/Almaty")
    assert "time zone" in cron.zone_fault("Asia/Alma-Ata-2")


def test_what_never_comes_has_no_time() -> None:
    """It is told as None, not as an error."""
    assert cron.next_time("0 7 30 2 *", "", after=datetime(2025, 1, 1, tzinfo=UTC)) is None


def test_times_of_a_place_read_as_written() -> None:
    """Over a whole year of New York every daily poll shows the same time on the wall."""
    at = datetime(2025, 1, 1, tzinfo=UTC)
    zone = ZoneInfo("America/New_York")
    readings = set()
    for _ in range(365):
        found = cron.next_time("45 6 * * *", "America/New_York", after=at)
        assert found is not None
        assert found - at <= timedelta(hours=25)
        at = found
        readings.add(f"{at.astimezone(zone):%H:%M}")

    assert readings == {"06:45"}
