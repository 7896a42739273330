"""
What it costs to read an article and to find where it belongs: enrich and match, by stage.

    python -m tests.benchmarks.enrich [--items 40] [--language en]…

Texts are put together here from our own sample news (`tests/corpora/*.jsonl`): a relevant item,
then sentences of any items of its language, with other digits in each, so that they share names
and words, as one day's news does, and are no copies. Samples are terse: such a text names more
than a page of its length does (the median number of mentions is shown). They go through the real journey, `drafts.read_all` and `placing.match_and_commit`, on a
store that holds enough of them for the most neighbours that are ever compared. Each stage's own
time is the processor time of its thread, without the stages inside it; the store's is not
counted. The bound holds for the median of each language, for texts of 3 kB; those of 3,000
characters (up to 9 kB) are shown beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from monitor import drafts, match
from monitor.drafts import Unread, read_all
from monitor.enrich import annotate
from monitor.enrich.claims import ClaimReader
from monitor.enrich.words import Lexicon
from monitor.model import DateEvidence
from monitor.placing import NEIGHBOURS, match_and_commit
from monitor.settings import Settings
from monitor.store import open_database
from monitor.store.database import Database
from tests.store.records import item, poll, source

CORPORA = Path(__file__).parent.parent / "corpora"

#: Milliseconds that an article may cost.
BOUND_MS = 5.0

SIZE = 3000

#: Languages with fewer characters of samples are left out: every text would be the same.
LEAST_CHARS = 2000

START = datetime(2026, 3, 2, 9, tzinfo=UTC)

#: The stages in their order, and where each is called.
STAGES: dict[str, Sequence[tuple[Any, str]]] = {
    "language": [(annotate, "language_of")],
    "words": [(Lexicon, "scan")],
    "names": [(annotate.Enricher, "_concepts")],
    "claims": [(ClaimReader, "read")],
    "score": [(annotate, "score")],
    "rest": [(annotate.Enricher, "enrich"), (drafts, "_attributed")],
    "bands": [(match, "bands")],
    "tokens": [(match, "tokens")],
    "judge": [(match, "judge"), (match, "turned"), (match, "same_telling")],
    "place": [(match, "place"), (match, "beside")],
}

#: Beside the stages: how many names were found.
MENTIONS = "mentions"

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


class Clock:
    """Own time of each stage, in milliseconds, since it was last read."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)
        self._inside: list[str] = []
        self._since = 0

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time noted."""

        def run(*args: Any, **kwargs: Any) -> Any:
            self._turn()
            self._inside.append(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn()
                self._inside.pop()

        return run

    def read(self) -> dict[str, float]:
        """What was spent, and from now on anew."""
        spent, self._spent = dict(self._spent), defaultdict(float)
        return spent

    def _turn(self) -> None:
        """What passed since the last turn belongs to the innermost stage."""
        now = time.thread_time_ns()
        if self._inside:
            self._spent[self._inside[-1]] += (now - self._since) / 1e6
        self._since = now


@contextmanager
def clocked() -> Iterator[Clock]:
    """All stages timed."""
    clock = Clock()
    with ExitStack() as stack:
        for stage, places in STAGES.items():
            for owner, name in places:
                timed = clock.timed(stage, getattr(owner, name))
                stack.enter_context(patch.object(owner, name, timed))
        yield clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Sentences and headlines of one language."""

    #: (title, text) of relevant items.
    news: Sequence[tuple[str, str]]
    sentences: Sequence[str]

    def article(self, rng: random.Random, is_enough: Callable[[str], bool]) -> tuple[str, str]:
        """Title and text: an item, and sentences, four in a paragraph; its figures changed."""
        title, told = rng.choice(self.news)
        for count in range(SIZE):
            if is_enough(told):
                break
            told += (" " if count % 4 else "\n") + rng.choice(self.sentences)
        return _other_digits(rng, title), _other_digits(rng, told)


def samples() -> dict[str, Sample]:
    """The languages that have enough sample news."""
    news: dict[str, list[tuple[str, str]]] = defaultdict(list)
    sentences: dict[str, list[str]] = defaultdict(list)
    for path in sorted(CORPORA.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            sentences[one["lang"]] += filter(None, _SENTENCE_END.split(one.get("text", "")))
            if one.get("relevant") is True:
                news[one["lang"]].append((one["title"], one["text"]))
    return {
        language: Sample(news=news[language], sentences=found)
        for language, found in sorted(sentences.items())
        if sum(map(len, found)) >= LEAST_CHARS and news[language]
    }


def _other_digits(rng: random.Random, sentence: str) -> str:
    return re.sub(r"\d", lambda _: str(rng.randint(1, 9)), sentence)


def _is_3_kb(text: str) -> bool:
    return len(text.encode()) >= SIZE


def _is_3000_chars(text: str) -> bool:
    return len(text) >= SIZE


class Desk:
    """A store that takes one article after the other."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._source, _ = database.add_source(source(), now=START)
        self._count = 0

    def take(self, title: str, text: str) -> dict[str, float]:
        """Read and place one article; milliseconds by stage, and how many mentions it has."""
        self._count += 1
        guid = f"n{self._count}"
        seen = poll(self._source, item(guid, title=title))
        kept = self._database.commit_poll(seen)
        unread = Unread(
            source_id=self._source,
            entry_id=kept.entry_ids[seen.entries[0].identity],
            url_key=f"https://sample.example/{self._count}",
            url=f"https://sample.example/{self._count}",
            canonical_url="",
            title=title,
            text=text,
            site=f"Sample {self._count % 50}",
            authors=(),
            published_at=START + timedelta(minutes=self._count),
            published_from=DateEvidence.FEED,
            flags=(),
            seen_at=START + timedelta(minutes=self._count),
            language_hint="",
            is_dedicated=False,
        )
        self._clock.read()
        (draft,) = read_all([unread], threshold=Settings().relevance.threshold)
        match_and_commit(self._database, draft, None)
        return {**self._clock.read(), MENTIONS: float(len(draft.enrichment.mentions))}


def measure(
    desk: Desk, sample: Sample, is_enough: Callable[[str], bool], count: int, seed: int
) -> list[dict[str, float]]:
    """Milliseconds by stage of so many articles."""
    rng = random.Random(seed)
    return [desk.take(*sample.article(rng, is_enough)) for _ in range(count)]


def row(name: str, spent: Sequence[dict[str, float]], long: Sequence[dict[str, float]]) -> float:
    """Print the medians of one language; the median of the whole."""
    whole = sorted(map(_whole, spent))
    stages = "".join(
        f"{statistics.median(one.get(stage, 0.0) for one in spent):>9.2f}" for stage in STAGES
    )
    total = statistics.median(whole)
    late = whole[int(0.95 * len(whole))]
    longer = statistics.median(map(_whole, long))
    named = statistics.median(one[MENTIONS] for one in spent)
    print(f"{name:<9}{stages}{total:>9.2f}{late:>9.2f}{longer:>13.2f}{named:>10.0f}")
    return total


def _whole(spent: dict[str, float]) -> float:
    return sum(spent.get(stage, 0.0) for stage in STAGES)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--items", type=int, default=40, help="articles of each language")
    parser.add_argument("--language", action="append", help="only these")
    asked = parser.parse_args()
    chosen = {k: v for k, v in samples().items() if not asked.language or k in asked.language}
    heads = "".join(f"{stage:>9}" for stage in STAGES)
    print(f"median ms of processor time for an article of {SIZE // 1000} kB")
    print(f"{'':<9}{heads}{'whole':>9}{'p95':>9}{'3,000 chars':>13}{MENTIONS:>10}")
    totals: dict[str, float] = {}
    with clocked() as clock, tempfile.TemporaryDirectory() as folder:
        for language, sample in chosen.items():
            database = open_database(f"sqlite:///{folder}/{language}.sqlite")
            try:
                desk = Desk(database, clock)
                # As many as an article is ever compared with.
                measure(desk, sample, _is_3_kb, NEIGHBOURS, seed=1)
                short = measure(desk, sample, _is_3_kb, asked.items, seed=2)
                long = measure(desk, sample, _is_3000_chars, asked.items, seed=3)
            finally:
                database.close()
            totals[language] = row(language, short, long)
    worst = max(totals, key=totals.__getitem__)
    print(f"worst language: {worst}, {totals[worst]:.2f} ms; bound {BOUND_MS:.0f} ms")
    return 0 if totals[worst] <= BOUND_MS else 1


if __name__ == "__main__":
    sys.exit(main())
