"""When the wall clock was set, and when it was not."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.clock import Clock, JumpWatch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Times:
    """Two clocks that a test moves."""

    def __init__(self):
        self.wall, self.ticking_s = NOON, 1000.0
        self.clock = Clock(now=lambda: self.wall, ticking=lambda: self.ticking_s)
        self.watch = JumpWatch(self.clock)

    def after(self, seconds, wall_s=None):
        """Seconds pass, and the wall clock says that so many did; the jump that is noticed."""
        self.ticking_s += seconds
        self.wall += timedelta(seconds=seconds if wall_s is None else wall_s)
        return self.watch.jump()


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_is_set_is_noticed_once(hours):
    """Two hours ahead or back are told to the second, and only once."""
    times = Times()
    assert times.after(1, 1 + hours * 3600) == timedelta(hours=hours)
    assert times.after(1) == timedelta()


def test_time_that_passes_is_no_jump():
    """A slow tick, a night asleep, or NTP's daily work are none."""
    times = Times()
    assert times.after(90) == timedelta()
    assert times.after(8 * 3600) == timedelta()
    assert times.after(1, 1.5) == timedelta()


def test_the_real_clocks_agree():
    """The clocks of this machine show no jump."""
    assert JumpWatch(Clock()).jump() == timedelta()
