"""
kill -9, fifty times: nothing that was acknowledged is lost, nothing is stored twice.

    python -m tests.benchmarks.kills [KILLS] [SEED]

Every kill hits a crawl that polls all outlets; each has published something new before, so
that there is always work under way. Prints how many kills fell into which phase.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from tests.world import kills, program
from tests.world.web import fake_web

OUTLETS, ITEMS = 6, 1


def main(count: int = 50, seed: int = 7) -> int:
    """Kill, finish, count."""
    dice = random.Random(seed)
    ledger = kills.Ledger()
    with fake_web(outlets=OUTLETS, items=ITEMS) as web, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/monitor.sqlite"
        program.prepare(url, web)
        for _ in range(count):
            kills.kill_once(url, web, ledger, dice)
            print(".", end="", flush=True)
        print()
        last = program.run(url, "crawl", "--all", folder=folder)
        found = kills.faults(url, web, ledger)
        for phase, number in ledger.phases.most_common():
            print(f"{number:>4} kills: {phase}")
        print(f"{len(ledger.articles)} articles acknowledged before a kill; the next crawl:")
        print(last.stdout)
    for fault in found:
        print(f"WRONG  {fault}")
    print("nothing lost, nothing twice" if not found else f"{len(found)} faults")
    return 1 if found or last.returncode else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
