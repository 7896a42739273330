"""
How much slow hosts delay the others: 200 fast hosts beside 0, 1 and 30 that answer after 30 s.

    python -m tests.benchmarks.slow_hosts

A real daemon polls every source each ten seconds or so; the times are the servers' own. What
counts is how far apart the polls of a fast host are: the mean beside slow hosts, as a ratio to
the mean without them. The jitter of the intervals is in both.
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from tests.world import program
from tests.world.web import FakeWeb, fake_web

FAST, SLOW_S = 200, 30.0

#: Seconds between two polls of a source, and how long each run is watched after its first.
EVERY_S, WARM_S, RUN_S = 10, 25.0, 80.0

#: The fast ones may be polled this much more rarely.
BOUND = 1.05


def _gaps(web: FakeWeb, since: float) -> list[float]:
    """Seconds between the polls of each fast host."""
    times: dict[str, list[float]] = {}
    for moment, host, path in web.asked:
        if path == "/feed.xml" and host not in web.delays and moment >= since:
            times.setdefault(host, []).append(moment)
    return [later - earlier for seen in times.values() for earlier, later in pairwise(seen)]


def measure(slow: int) -> list[float]:
    """The gaps of the fast hosts beside so many slow ones."""
    with fake_web(outlets=FAST + slow, items=1) as web, tempfile.TemporaryDirectory() as folder:
        hosts = [outlet.base.removeprefix("http://").partition(":")[0] for outlet in web.outlets]
        web.delays.update(dict.fromkeys(hosts[:slow], SLOW_S))
        url = f"sqlite:///{folder}/monitor.sqlite"
        program.prepare(url, web)
        environ = program.environment(
            Path(folder),
            MONITOR_FETCH__TIMEOUT="60",
            MONITOR_SCHEDULE__MIN_INTERVAL=str(EVERY_S),
            MONITOR_SCHEDULE__DEFAULT_INTERVAL=str(EVERY_S),
            MONITOR_SCHEDULE__MAX_INTERVAL=str(EVERY_S),
        )
        daemon = subprocess.Popen(
            program.command(url, "-q", "run"), cwd=folder, env=environ, stderr=subprocess.DEVNULL
        )
        began = time.monotonic()
        time.sleep(WARM_S + RUN_S)
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        return _gaps(web, began + WARM_S)


def main() -> int:
    """Measure, print, judge."""
    means = []
    for slow in (0, 1, 30):
        gaps = sorted(measure(slow))
        means.append(statistics.mean(gaps))
        print(
            f"{FAST} fast hosts beside {slow} slow ones: {len(gaps)} gaps, mean {means[-1]:.2f} s, "
            f"median {gaps[len(gaps) // 2]:.2f} s, 99 % {gaps[int(len(gaps) * 0.99)]:.2f} s, "
            f"ratio {means[-1] / means[0]:.3f}",
            flush=True,
        )
    print(f"bound: {BOUND}")
    return 0 if max(means) <= means[0] * BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
