"""Periods in the reader's days, and the parts in which a zone keeps its distance to UTC."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.web.periods import PERIODS, buckets, stretches

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])
@pytest.mark.parametrize("period", PERIODS)
def test_bars_follow_one_another_until_today(period, zone):
    """No gap, no overlap; the last day is the reader's present one, and the period is covered."""
    there = ZoneInfo(zone)
    bars = buckets(period, now=NOW, zone=there)
    assert all(one.until == after.since for one, after in itertools.pairwise(bars))
    assert bars[-1].end == NOW.astimezone(there).date() + timedelta(days=1)
    days = (bars[-1].end - bars[0].first).days
    assert days >= min(period, 330)
    assert sum(len(one.days()) for one in bars) == days


def test_a_year_is_cut_by_months():
    """Twelve bars from the first of a month, the last one as far as it has come."""
    bars = buckets(365, now=NOW, zone=ZoneInfo("UTC"))
    assert [one.first for one in bars][:2] == [date(2025, 12, 1), date(2026, 1, 1)]
    assert len(bars) == 12


def test_a_year_in_berlin_has_three_parts():
    """Winter, summer, winter: cut when the clocks are set."""
    parts = stretches(NOW - timedelta(days=365), NOW, ZoneInfo("Europe/Berlin"))
    assert [ahead for _, _, ahead in parts] == [3600, 7200, 3600]
    assert parts[0][1] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert parts[1][1] == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert (parts[0][0], parts[-1][1]) == (NOW - timedelta(days=365), NOW)


def test_a_zone_that_sets_no_clock_is_one_part():
    """Almaty keeps its distance."""
    parts = stretches(NOW - timedelta(days=365), NOW, ZoneInfo("Asia/Almaty"))
    assert parts == [(NOW - timedelta(days=365), NOW, 5 * 3600)]
