"""A week of small publishers on a virtual clock: nothing is missed, and polls are saved."""

from __future__ import annotations

import statistics

from monitor.settings import ScheduleSettings
from tests.benchmarks import schedule
from tests.benchmarks.publishers import DAY, FAMILIES

DAYS = 7


def test_a_week_of_forty_publishers_misses_nothing_for_fewer_polls() -> None:
    """Where fixed 15-minute polling sees all entries, so do we, for half of the polls."""
    pairs = [
        schedule.compare(k, family="everyday", seed=77, days=DAYS, rules=ScheduleSettings())
        for k in range(40)
    ]

    told = schedule.summary(pairs, DAYS)
    assert told["missed_avoidable"] == 0
    assert told["entries"] > 500
    assert told["polls_ratio"] < 0.5


def test_each_poll_of_a_fast_source_comes_before_its_document_is_filled() -> None:
    """Of the fastest of twenty no entry is lost that fixed polling sees."""
    fast = sorted(range(20), key=lambda k: -FAMILIES["strange"](k, 5).rate)[:4]

    pairs = [
        schedule.compare(k, family="strange", seed=5, days=2, rules=ScheduleSettings())
        for k in fast
    ]

    assert sum(pair.ours.missed for pair in pairs if not pair.fixed.missed) == 0
    delays = [delay for pair in pairs for delay in pair.ours.delays]
    assert statistics.median(delays) <= schedule.FIXED_S / 2


def test_a_source_that_returned_is_noticed_in_time() -> None:
    """Two days of 404 end some time; no more is lost than by a poll every 15 minutes."""
    number = next(k for k in range(99) if FAMILIES["everyday"](k, 3).pattern == "dies for two days")
    publisher = FAMILIES["everyday"](number, 3)
    begins, returns = publisher.outages[0].begins, publisher.outages[0].ends

    run = schedule.ours(publisher, number, begins - DAY, returns + DAY, ScheduleSettings())

    often = schedule.fixed(publisher, begins - DAY, returns + DAY)
    assert publisher.newest(returns) > publisher.newest(begins)
    assert run.missed <= often.missed
    assert run.polls < 0.4 * often.polls
    assert max(run.delays) <= DAY
