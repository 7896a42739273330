"""
How long `monitor health` takes, its start included: 10,000 sources, sixty days of each.

    python -m tests.benchmarks.health

Nine of ten sources bring something nearly every day; the others were silent for ten days, fail
or are blocked. The bound holds for the fastest run of the plain command: what makes the others
slower is the machine, which serves other programs too. Beside it stands the processor's time.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.model import Outcome, SourceKind, SourceState
from monitor.store import open_database
from monitor.store.tables import EPOCH, source_days, sources
from tests.world import program

SOURCES, DAYS = 10_000, 60

#: Seconds that the plain command may take.
BOUND_S = 2.0

RUNS = 5

#: Rows that are written at once.
ROWS = 20_000


def prepare(url: str) -> None:
    """A database of so many sources, each with its days."""
    dice, now = random.Random(1), datetime.now(UTC)
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(sa.insert(sources), [_source(n, now) for n in range(1, SOURCES + 1)])
        rows: list[dict[str, int]] = []
        for number in range(1, SOURCES + 1):
            rows += _days(number, now, dice)
            if len(rows) > ROWS or number == SOURCES:
                connection.execute(sa.insert(source_days), rows)
                rows = []
    database.close()


def _silent_days(number: int) -> int:
    return 10 if number % 10 == 0 else 0


def _source(number: int, now: datetime) -> dict[str, Any]:
    """A row; one in ten is silent, and of those one in three fails and one is blocked."""
    last = now - timedelta(days=_silent_days(number), hours=1)
    outcome = {0: Outcome.OK, 1: Outcome.FAILED, 2: Outcome.BLOCKED}[
        number // 10 % 3 if _silent_days(number) else 0
    ]
    is_success = outcome.is_success
    return {
        "name": f"Sample source {number}",
        "kind": SourceKind.FEED.value,
        "url": f"https://s{number}.example/feed",
        "scope": "general",
        "tags": ["sample"],
        "state": SourceState.ACTIVE.value,
        "options": {},
        "next_poll_at": now + timedelta(hours=1),
        "last_polled_at": now - timedelta(minutes=30),
        "last_outcome": outcome.value,
        "last_error": "" if is_success else "HTTP 503: the site is not available for now",
        "failures": 0 if is_success else 5,
        "streak": 5,
        "failing_since": None if is_success else last,
        "answered_at": last,
        "changed_at": last,
        "new_at": last,
        "newest_at": last,
        "rhythm": {"at": now.timestamp(), "hours": [0.5] * 24, "week": [1.5] * 7},
    }


def _days(number: int, now: datetime, dice: random.Random) -> list[dict[str, int]]:
    today, silent = (now.date() - EPOCH.date()).days, _silent_days(number)
    return [
        {
            "source_id": number,
            "day": today - ago,
            "polls": 24,
            "failures": 0,
            "new": 0 if ago < silent else dice.randrange(8),
            "kept": 0 if ago < silent else dice.randrange(2),
        }
        for ago in range(DAYS)
    ]


def measure(url: str, folder: Path, *words: str) -> tuple[float, float]:
    """Seconds on the clock, of the fastest run; and of the processor, the median."""
    passed, used = [], []
    for _ in range(RUNS):
        before, began = _processor_s(), time.perf_counter()
        subprocess.run(
            program.command(url, "health", *words),
            cwd=folder,
            env=program.environment(folder),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        passed.append(time.perf_counter() - began)
        used.append(_processor_s() - before)
    return min(passed), statistics.median(used)


def _processor_s() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/monitor.sqlite"
        prepare(url)
        plain = 0.0
        for words in ((), ("--all",), ("--arrivals",), ("--json",)):
            passed, used = measure(url, folder, *words)
            plain = plain or passed
            told = " ".join(("monitor health", *words))
            print(f"{told:<26} {passed:5.2f} s, of the processor {used:5.2f} s")
    print(f"{SOURCES} sources, {DAYS} days of each, {RUNS} runs; bound {BOUND_S:g} s")
    return 0 if plain <= BOUND_S else 1


if __name__ == "__main__":
    sys.exit(main())
