"""
The times of the daemon: intervals by a clock that nobody sets, and when the other one is set.

The clock of the boot goes on while the machine sleeps, so that waking up is no jump: what
was due meanwhile is due.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

#: A difference below this is the daily work of NTP.
LEAST_JUMP = timedelta(seconds=30)


def _since_boot() -> float:
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Clock:
    """Where times come from; a test has its own."""

    #: Wall clock.
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Seconds that only ever grow, asleep or not.
    ticking: Callable[[], float] = field(default=_since_boot)


class JumpWatch:
    """Notices that the wall clock was set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._ticking = clock.now(), clock.ticking()

    def jump(self) -> timedelta:
        """How far the clock was set since the last look; zero when it was not."""
        wall, ticking = self._clock.now(), self._clock.ticking()
        far = (wall - self._wall) - timedelta(seconds=ticking - self._ticking)
        self._wall, self._ticking = wall, ticking
        return far if abs(far) >= LEAST_JUMP else timedelta()
