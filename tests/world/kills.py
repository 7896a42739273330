"""
Killing a crawl at random moments, and counting outside the database what it acknowledged.

The child logs a line for each commit (`-vv`); the pipe that its parent reads survives it.
A moment is chosen by counting the child's lines, not by the clock: how fast the machine is
does not matter. Only within start-up, where there are no lines, the clock decides.
"""

from __future__ import annotations

import random
import re
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from monitor.model import Filter
from monitor.store import open_database
from tests.world import program
from tests.world.web import FakeWeb

STORED = re.compile(r"stored a\d+ (\S+)")
POLLED = re.compile(r"polled (.+?): ok ")

#: Seconds of start-up within which a kill may fall.
START_UP_S = 1.5


@dataclass
class Ledger:
    """What the killed children acknowledged."""

    articles: set[str] = field(default_factory=set)
    polls: set[str] = field(default_factory=set)
    phases: Counter[str] = field(default_factory=Counter)
    #: Lines of the last child, for who wants to know.
    lines: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take one line of a child's log."""
        self.lines.append(line)
        self.articles.update(STORED.findall(line))
        self.polls.update(POLLED.findall(line))


def kill_once(url: str, web: FakeWeb, ledger: Ledger, dice: random.Random) -> None:
    """
    Every outlet publishes an item; a crawl starts, and is killed at a random one of its lines.

    A poll says one line and an article two; a moment before the first is in the start-up.
    """
    for outlet in web.outlets:
        outlet.publish()
    open_items = sum(outlet.items for outlet in web.outlets) - len(ledger.articles)
    lines = len(web.outlets) + 2 * open_items
    ledger.lines.clear()
    moment = dice.randrange(-lines // 8, lines + 2)
    folder = Path(url.removeprefix("sqlite:///")).parent
    child = subprocess.Popen(
        program.command(url, "-vv", "crawl", "--all"),
        cwd=folder,
        env=program.environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    pause = dice.random()
    timer = threading.Timer(pause * START_UP_S if moment <= 0 else pause * 0.02, child.kill)
    if moment <= 0:
        timer.start()
    for number, line in enumerate(child.stderr, 1):
        ledger.read(line)
        if number == moment:
            timer.start()
    is_killed = child.wait() == -9
    timer.cancel()
    child.stderr.close()
    ledger.phases[_phase(ledger.lines) if is_killed else "the crawl had ended"] += 1


def _phase(lines: list[str]) -> str:
    """What the child was at, by the last that it said."""
    said = [line for line in lines if " DEBUG monitor." in line]
    if not said:
        return "start-up"
    last = said[-1]
    for sign, phase in (
        ("polled ", "polling"),
        ("read ", "matching and storing"),
        ("stored ", "pages"),
        ("crawled ", "the end"),
    ):
        if f": {sign}" in last:
            return phase
    return "start-up"


def faults(url: str, web: FakeWeb, ledger: Ledger) -> list[str]:
    """What is wrong with the database after all; empty when nothing is."""
    database = open_database(url)
    try:
        found = [f"integrity: {problem}" for problem in database.integrity()]
        shown = database.articles(Filter(limit=1_000_000, include_irrelevant=True))
        with database.engine.connect() as connection:
            doubled = connection.execute(
                sa.text("SELECT source_id, guid FROM entries GROUP BY 1, 2 HAVING count(*) > 1")
            ).all()
            left = connection.execute(
                sa.text("SELECT count(*) FROM entries WHERE article_id IS NULL")
            ).scalar_one()
    finally:
        database.close()
    keys = Counter(article.url_key for article in shown)
    expected = {
        outlet.url(item).replace("http://", "https://")
        for outlet in web.outlets
        for item in range(outlet.items)
    }
    found += [f"acknowledged and lost: {key}" for key in ledger.articles - keys.keys()]
    found += [f"stored twice: {key}" for key, count in keys.items() if count > 1]
    found += [f"entry twice: {row}" for row in doubled]
    found += [f"never stored: {key}" for key in expected - keys.keys()]
    found += [f"stored and never shown: {key}" for key in keys.keys() - expected]
    found += [f"{left} entries without an article"] * bool(left)
    return found
