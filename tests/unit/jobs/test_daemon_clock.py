"""The daemon's ticks over hours of a virtual clock that somebody sets."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.jobs.clock import Clock
from monitor.jobs.daemon import Daemon
from monitor.jobs.metrics import Metrics
from monitor.jobs.vitals import Pulse
from monitor.model import NewSource, Outcome, PollRecord, SourceKind
from monitor.settings import ScheduleSettings, Settings
from monitor.store.runner import Runner

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
SOURCES, EVERY_S, TICK_S = 60, 1800, 20


class Times:
    """Two clocks; only one of them can be set."""

    def __init__(self):
        self.ticking_s, self.wall = 0.0, NOON
        self.clock = Clock(now=lambda: self.wall, ticking=lambda: self.ticking_s)

    def pass_by(self, seconds):
        """Both go on."""
        self.ticking_s += seconds
        self.wall += timedelta(seconds=seconds)


class Crawler:
    """Answers at once: each poll is committed, dated by the wall clock, due half an hour later."""

    def __init__(self, runner, times):
        self.runner, self.times = runner, times
        #: Source -> when it was polled, on the clock that nobody sets.
        self.polls = {}

    async def crawl(self, sources, *, tally):
        """Commit a poll of each source."""
        now = self.times.wall
        for source in sources:
            record = PollRecord(
                source_id=source.id,
                started_at=now,
                outcome=Outcome.NOT_MODIFIED,
                next_poll_at=now + timedelta(seconds=EVERY_S),
            )
            await self.runner.write(lambda store, record=record: store.commit_poll(record))
            self.polls.setdefault(source.id, []).append(self.times.ticking_s)
        return tally, 0.0


def run(database, jumps, hours, naps=()):
    """Let the daemon tick; the polls of each source, on the clock that nobody sets."""
    times, runner = Times(), Runner(database)
    crawler = Crawler(runner, times)
    settings = Settings(schedule=ScheduleSettings(tick=TICK_S))

    async def ticking():
        metrics = Metrics()
        pulse = Pulse(settings, runner, metrics, times.clock)
        daemon = Daemon(settings, runner, crawler, metrics=metrics, pulse=pulse, clock=times.clock)
        while times.ticking_s < hours * 3600:
            times.pass_by(TICK_S)
            if times.ticking_s in naps:
                times.pass_by(8 * 3600)
            times.wall += jumps.get(times.ticking_s, timedelta())
            await daemon.tick()
            await daemon.drain()

    asyncio.run(ticking())
    runner.close()
    return crawler.polls


@pytest.fixture
def watching(database):
    """Sources that are due one after another over half an hour."""
    for number in range(SOURCES):
        source = NewSource(
            name=f"s{number}", kind=SourceKind.FEED, url=f"https://h{number}.example/"
        )
        due = NOON + timedelta(seconds=number * EVERY_S / SOURCES)
        database.add_source(source, now=due)
    return database


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_is_set_makes_no_burst_and_no_silence(watching, hours, caplog):
    """Two hours forward or back, and later the other way: each source goes on as before."""
    jumps = {3600: timedelta(hours=hours), 7200: timedelta(hours=-hours)}
    with caplog.at_level(logging.WARNING):
        polls = run(watching, jumps, hours=3)
    assert caplog.text.count("the clock was set") == 2
    assert len(polls) == SOURCES
    gaps = [b - a for times in polls.values() for a, b in pairwise(times)]
    assert len(gaps) >= SOURCES * 4
    assert min(gaps) >= EVERY_S - 3 * TICK_S
    assert max(gaps) <= EVERY_S + 3 * TICK_S
    each_minute = [int(at // 60) for times in polls.values() for at in times]
    assert max(map(each_minute.count, set(each_minute))) <= 3 * SOURCES * 60 / EVERY_S


def test_a_machine_that_slept_polls_what_is_due(watching, caplog):
    """Both clocks went on while it slept: nothing was set, and what became due is polled."""
    with caplog.at_level(logging.WARNING):
        polls = run(watching, {}, hours=9.1, naps={3600})
    assert "the clock was set" not in caplog.text
    awake = 9 * 3600
    assert all(any(awake <= at <= awake + 2 * TICK_S for at in times) for times in polls.values())
