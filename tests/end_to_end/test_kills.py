"""Durability: a crawl that is killed loses nothing that it acknowledged."""

import random

from tests.world import kills, program


def test_killed_crawls_lose_nothing(url, web, tmp_path):
    """Six kills at random moments; the next crawl completes with every item exactly once."""
    ledger, dice = kills.Ledger(), random.Random(11)
    for _ in range(6):
        kills.kill_once(url, web, ledger, dice)
    last = program.run(url, "crawl", "--all", folder=tmp_path)
    assert last.returncode == 0, last.stderr
    assert kills.faults(url, web, ledger) == []
    assert len(ledger.phases) > 1
