"""
How long the page of figures takes over 100,000 claims, and a ledger of a large story.

    python -m tests.benchmarks.claims [claims]

Prints milliseconds, of the clock and of the processor, which a busy machine does not change: the
best of five of each address (one process, loopback, SQLite in a temporary folder), and the
ledger of one story of 500 articles with ten figures each.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from monitor.deliver.ledger import Verdict, ledger_of
from monitor.model.ledger import LedgerRow
from monitor.store import Database, open_database, tables
from tests.store.records import NOW, source
from tests.unit.ledger.telling import claim, telling
from tests.web.visitor import Visitor
from tests.web.world import served

#: Figures of a story; stories that are written at once.
EACH, PART = 5, 500

_KINDS = {
    "stake": "%", "capex": "USD", "loan": "USD", "resource": "t", "reserve": "t", "grade": "g/t",
    "production": "t/y", "capacity": "t/y", "price": "USD/t", "share": "%",
}  # fmt: skip

ADDRESSES = (
    "/claims", "/claims?order=value", "/claims?order=outlets&mineral=copper",
    "/claims?kind=stake&unit=%25&order=value", "/claims?mineral=m7",
    "/claims?country=KZ&verdict=contradiction", "/claims?subject=Sample+77",
    "/claims?q=sample", "/claims?q=nothing+has+this", "/claims?page=200",
    "/claims?since=2026-02-25&until=2026-02-27",
)  # fmt: skip


def main(count: int) -> None:
    """Fill a database, and ask for each address."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.sqlite"
        database = open_database(url)
        fill(database, count // EACH)
        database.close()
        print(f"{count} claims of {count // EACH} stories")
        with served(url) as here:
            visitor = Visitor(here.url)
            for address in ADDRESSES:
                print(f"{_best(lambda path=address: visitor.get(path))}  {address}")
    story = [
        telling(n, *(claim(float(n * k % 997), "W", about=["tungsten"]) for k in range(10)))
        for n in range(1, 501)
    ]
    print(f"{_best(lambda: ledger_of(story))}  the ledger of 500 articles, 5000 figures")


def _best(work) -> str:
    clock, processor = [], []
    for _ in range(5):
        began = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    return f"{1000 * min(clock):8.1f} {1000 * min(processor):8.1f}"


def fill(database: Database, stories: int) -> None:
    """Stories of one article with five claims each, and their ledgers."""
    chance = random.Random(1)
    source_id, _ = database.add_source(source(), now=NOW)
    for first in range(1, stories + 1, PART):
        numbers = range(first, min(first + PART, stories + 1))
        made = {n: list(_figures(n, chance)) for n in numbers}
        with database.writing() as connection:
            for table, rows in _rows(made, source_id):
                connection.execute(sa.insert(table), rows)
        database.put_ledger(made)


def _figures(story: int, chance: random.Random) -> Iterator[LedgerRow]:
    at = NOW - timedelta(minutes=story)
    for place in range(EACH):
        kind = chance.choice(list(_KINDS))
        mineral = chance.choice(["copper"] * 3 + ["lithium"] * 2 + [f"m{n}" for n in range(15)])
        subject = f"Sample {story % 4000}"
        yield LedgerRow(
            claim_id=story * EACH + place, kind=kind, unit=_KINDS[kind],
            value=chance.random() * 1e6, verdict=chance.choice(list(Verdict)).value,
            note="1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7", subject=subject,
            outlets=chance.randint(1, 20), origins=1, first_at=at, last_at=at,
            words=f"{kind} {subject} {mineral} outlet {story % 300} {'said that it will ' * 8}".casefold(),
            subjects=(subject, mineral), minerals=(mineral,),
            countries=(chance.choice(["KZ", "CN", "US", "AU", "CD"]),),
        )  # fmt: skip


def _rows(made, source_id):
    """What stands behind these ledgers."""
    at = {n: NOW - timedelta(minutes=n) for n in made}
    yield tables.stories, [
        {"id": n, "state": "new", "version": 1, "needs_attention": False, "is_starred": False,
         "first_seen_at": at[n], "updated_at": at[n], "card_stale": False, "relevance": 0.9}
        for n in made
    ]  # fmt: skip
    yield tables.cards, [
        {"story_id": n, "changed_at": at[n], "first_seen_at": at[n], "relevance": 0.9,
         "title": f"Story {n}", "data": {}}
        for n in made
    ]  # fmt: skip
    yield tables.articles, [
        {"id": n, "url_key": f"https://o{n % 300}.example/{n}", "url": f"https://o.example/{n}",
         "site": f"Outlet {n % 300}", "authors": [], "first_seen_at": at[n], "at": at[n],
         "updated_at": at[n], "source_id": source_id, "flags": [], "relevance": 0.9,
         "relevant": True, "reasons": [], "mentions": [], "development_id": n, "story_id": n,
         "placement_reasons": [], "revision": 1, "language": "en"}
        for n in made
    ]  # fmt: skip
    yield tables.claims, [
        {"id": row.claim_id, "article_id": n, "revision": 1, "kind": row.kind, "value": row.value,
         "unit": row.unit, "subjects": [], "doubts": [], "quote": row.words[:200], "start": 0,
         "end": 1}
        for n, rows in made.items() for row in rows
    ]  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
