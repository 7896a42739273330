"""
Killing the daemon while it delivers: every change told once, counted by the receivers.

    python -m tests.benchmarks.deliveries [KILLS [SEED]]

Three outlets publish without end; an alert on all stories and a digest every minute go to two
webhooks on loopback. The daemon is killed by SIGKILL, 40 % of the times when a message has
come and is not answered yet. A message that comes again must have its old id.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter

from tests.world import told
from tests.world.receivers import webhook
from tests.world.web import fake_web

KILLS, SEED = 50, 7

OUTLETS = 3


def _told(number: int, moment: str) -> str:
    """Say how it goes."""
    print(f"kill {number + 1}: {moment}", file=sys.stderr, flush=True)
    return moment


def main() -> int:
    """Kill, count, judge."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else SEED)
    began = time.monotonic()
    with (
        fake_web(outlets=OUTLETS, items=1) as web,
        webhook() as alerts,
        webhook() as digests,
        tempfile.TemporaryDirectory() as folder,
    ):
        url = f"sqlite:///{folder}/monitor.sqlite"
        told.prepare(url, web, alerts, digests)
        moments = [
            _told(number, told.kill_once(url, web, [alerts, digests], dice))
            for number in range(kills)
        ]
        told.finish(url, web)
        found = told.judge(url, alerts, digests)
    print(f"{kills} kills in {time.monotonic() - began:.0f} s:")
    print(f"  {', '.join(f'{count} {moment}' for moment, count in Counter(moments).items())}")
    print(f"  {found.changes} changes; {found.messages} messages, {found.repeats} came again")
    print(f"  alerts: {len(alerts.ids)} ids, {len(alerts.posts)} posts")
    print(f"  digests: {len(digests.ids)} ids, {len(digests.posts)} posts")
    for fault in found.faults[:20]:
        print(f"  FAULT: {fault}")
    print(
        "every change was told once to each" if not found.faults else f"{len(found.faults)} faults"
    )
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
