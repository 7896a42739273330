"""
Ten thousand polls by one daemon: what it holds at the end against what it held at the start.

    python -m tests.benchmarks.soak [POLLS]

A hundred outlets on loopback, each polled every second or two: most answers are 304, now and
then one publishes an item with a page, fails, or changes its whole feed. Memory, descriptors
and threads are those of the daemon's process, read from /proc; its workers are replaced after
some hundred tasks and are told apart.
"""

from __future__ import annotations

import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.daemons import free_port, metrics
from tests.world import program
from tests.world.outlets import Reply
from tests.world.web import FakeWeb, fake_web

OUTLETS, ITEMS, POLLS = 100, 5, 10_000

#: Polls after which the caches are full and the first measure is taken.
WARM = 1000

#: The memory at the end may be this much of that after the first polls.
BOUND = 1.05

#: Looks that make one measure, and seconds between two of them.
LOOKS, STEP_S = 10, 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds."""

    rss_mb: float
    files: float
    threads: float
    workers_mb: float

    def __str__(self) -> str:
        return (
            f"{self.rss_mb:.1f} MB, {self.files:.0f} descriptors, {self.threads:.0f} threads "
            f"(workers {self.workers_mb:.0f} MB)"
        )


def _status(pid: int, key: str) -> int:
    found = re.search(rf"^{key}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _workers_mb(pid: int) -> float:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0.0
    for child in map(int, listed):
        if Path(f"/proc/{child}/status").exists():
            total += _status(child, "VmRSS") / 1024
    return total


def held(pid: int) -> Held:
    """
    Over some seconds, the median of the memory, the least of descriptors and threads.

    A crawl under way has connections open that are no leak.
    """
    looks = []
    for _ in range(LOOKS):
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        rss, threads = _status(pid, "VmRSS") / 1024, _status(pid, "Threads")
        looks.append((rss, files, threads, _workers_mb(pid)))
        time.sleep(STEP_S)
    memory, files, threads, workers = zip(*looks, strict=True)
    return Held(statistics.median(memory), min(files), min(threads), statistics.median(workers))


def _live(web: FakeWeb, dice: random.Random) -> None:
    """A second in the life of the outlets."""
    outlet = dice.choice(web.outlets)
    chance = dice.random()
    if chance < 0.3:
        outlet.publish()
    elif chance < 0.4:
        outlet.edit(dice.randrange(outlet.items))
    elif chance < 0.5:
        outlet.instead["/feed.xml"] = Reply(status=503)
    else:
        outlet.instead.clear()


def _polls(port: int) -> float:
    return sum(metrics(port, "monitor_polls_total").values())


def soak(web: FakeWeb, folder: Path, polls: int) -> tuple[Held, Held, int]:
    """What it held after the first polls and at the end, and its exit status."""
    url, port = f"sqlite:///{folder}/monitor.sqlite", free_port()
    program.prepare(url, web)
    environ = program.environment(
        folder,
        MONITOR_WEB__PORT=str(port),
        MONITOR_SCHEDULE__MIN_INTERVAL="1",
        MONITOR_SCHEDULE__DEFAULT_INTERVAL="1",
        MONITOR_SCHEDULE__MAX_INTERVAL="2",
        MONITOR_SCHEDULE__TICK="0.5",
    )
    with Path(folder, "log").open("w") as log:
        daemon = subprocess.Popen(program.command(url, "run"), cwd=folder, env=environ, stderr=log)
    dice, first, told = random.Random(7), None, 0
    began = time.monotonic()
    try:
        while (done := _polls(port) if time.monotonic() - began > 5 else 0) < polls:
            time.sleep(1)
            _live(web, dice)
            if first is None and done >= WARM:
                first = held(daemon.pid)
            if done // WARM > told:
                told = int(done // WARM)
                print(
                    f"{done:.0f} polls, {time.monotonic() - began:.0f} s: {held(daemon.pid)}",
                    flush=True,
                )
        last = held(daemon.pid)
        daemon.send_signal(signal.SIGTERM)
        status = daemon.wait(60)
    finally:
        daemon.kill()
    assert first is not None
    return first, last, status


def main() -> int:
    """Measure, print, judge."""
    polls = int(sys.argv[1]) if len(sys.argv) > 1 else POLLS
    with fake_web(outlets=OUTLETS, items=ITEMS) as web, tempfile.TemporaryDirectory() as folder:
        first, last, status = soak(web, Path(folder), polls)
        log = Path(folder, "log").read_text(encoding="utf-8")
    ratio = last.rss_mb / first.rss_mb
    print(f"after {WARM}: {first}\nafter {polls}: {last}\nmemory × {ratio:.3f}, bound × {BOUND}")
    print(f"exit status {status}; {log.count('Traceback')} tracebacks in the log")
    is_flat = last.files <= first.files + 5 and last.threads <= first.threads
    return 0 if ratio <= BOUND and is_flat and not status and "Traceback" not in log else 1


if __name__ == "__main__":
    sys.exit(main())
