"""
What one look at what is due costs with 10,000 sources, and one scrape of the metrics.

    python -m tests.benchmarks.tick [DATABASE_URL]

The daemon's own tick on a database of its own, with a crawler that takes no time: none due,
then a hundred due, fifty times each; the median and the worst are told.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from monitor.jobs.clock import Clock
from monitor.jobs.daemon import Daemon
from monitor.jobs.metrics import Metrics
from monitor.jobs.vitals import Pulse
from monitor.model import NewSource, SourceKind
from monitor.pipeline import Tally
from monitor.settings import load_settings
from monitor.store import Database, open_database
from monitor.store.runner import Runner
from monitor.store.tables import sources
from tests.world import program

SOURCES, DUE, ROUNDS = 10_000, 100, 50

#: Seconds that the median tick may take.
BOUND_S = 0.010


class _Idle:
    """A crawler that does nothing, for ever: what it takes stays in hand."""

    async def crawl(self, _sources: object, *, tally: Tally) -> tuple[Tally, float]:
        await asyncio.Event().wait()
        return tally, 0.0


def _filled(url: str) -> Database:
    database = open_database(url)
    soon = datetime.now(UTC) + timedelta(hours=1)
    with database.together():
        for number in range(SOURCES):
            source = NewSource(
                name=f"source {number}",
                kind=SourceKind.FEED,
                url=f"https://host{number // 3}.example/feed/{number}.xml",
                tags=("mining", "europe"),
            )
            database.add_source(source, now=soon + timedelta(seconds=number / 100))
    return database


def _make_due(database: Database, count: int) -> None:
    with database.engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(minutes=1)
        chosen = sources.c.id <= count
        connection.execute(sa.update(sources).where(chosen).values(next_poll_at=past))


async def _timed(work: Callable[[], Awaitable[Any]], rounds: int) -> list[float]:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return took


async def measure(url: str) -> dict[str, list[float]]:
    """Seconds of each look, by what it looked at."""
    settings = load_settings(None, environ=program.OPEN, database=url)
    database, metrics, clock = _filled(url), Metrics(), Clock()
    runner = Runner(database)
    pulse = Pulse(settings, runner, metrics, clock)
    one = cast("Any", _Idle())
    daemon = Daemon(settings, runner, one, metrics=metrics, pulse=pulse, clock=clock)
    found = {"tick, none due": await _timed(daemon.tick, ROUNDS)}
    _make_due(database, DUE)
    found["first tick, 100 due"] = await _timed(daemon.tick, 1)
    found["tick, 100 in hand"] = await _timed(daemon.tick, ROUNDS)
    found["scrape of /metrics"] = await _timed(pulse.metrics, 1)
    for task in asyncio.all_tasks() - {cast("Any", asyncio.current_task())}:
        task.cancel()
    runner.close()
    database.close()
    return found


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/monitor.sqlite"
        found = asyncio.run(measure(url))
    for name, took in found.items():
        middle, worst = statistics.median(took) * 1e3, max(took) * 1e3
        print(f"{name}: {middle:.1f} ms (median), {worst:.1f} ms (worst of {len(took)})")
    ticks = [statistics.median(took) for name, took in found.items() if name.startswith("tick")]
    print(f"bound: {BOUND_S * 1e3:.0f} ms")
    return 0 if max(ticks) <= BOUND_S else 1


if __name__ == "__main__":
    sys.exit(main())
