"""
Extraction against gold: ours, and in the same run trafilatura's and htmldate's defaults.

    python -m tests.benchmarks.extraction FOLDER [--half 0|1]

FOLDER holds `*.html.gz`, each with a `.json` of the same name: `url`, `main_content`, and
where known `title`, `author`, `publish_date`. `--half` keeps the pages whose name hashes to
that half, so that one half can be developed on and the other reported.

Shingle F1 is the mean over pages of the harmonic mean of precision and recall over the bag of
four-word shingles, as the article extraction benchmark of Zyte (2019) counts it; word F1 the
same over single words. A day is right as the page wrote it, in its own offset.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import trafilatura
from htmldate import find_date

from monitor.errors import MonitorError
from monitor.extract import extract_page
from monitor.model import Page

WORD = re.compile(r"\w+")
T = TypeVar("T")


@dataclass
class Score:
    """What one extractor reached: a number for each page."""

    shingles: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    days: list[bool] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    authors: list[bool] = field(default_factory=list)
    #: Dates given that are wrong.
    wrong_days: int = 0
    seconds: list[float] = field(default_factory=list)


def bag(text: str, size: int) -> Counter[tuple[str, ...]]:
    """Shingles of `size` words with their counts."""
    words = WORD.findall(text.lower())
    starts = range(max(1, len(words) - size + 1)) if words else ()
    return Counter(tuple(words[at : at + size]) for at in starts)


def f1(gold: str, said: str, size: int) -> float:
    """Harmonic mean of precision and recall over shingles."""
    one, other = bag(gold, size), bag(said, size)
    both = sum((one & other).values())
    return 2 * both / (one.total() + other.total()) if one or other else 1.0


def is_same(gold: str, said: str) -> bool:
    """Whether two names or titles have the same words, in order."""
    return WORD.findall(gold.lower()) == WORD.findall(said.lower())


def pages(folder: Path, half: int | None) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Name, gold and bytes of the pages that have gold."""
    for path in sorted(folder.glob("*.html.gz")):
        name = path.name.removesuffix(".html.gz")
        if half is not None and hashlib.sha256(name.encode()).digest()[0] % 2 != half:
            continue
        gold = json.loads(path.with_name(f"{name}.json").read_text())
        if gold.get("main_content"):
            yield name, gold, gzip.decompress(path.read_bytes())


def timed(score: Score, call: Callable[[], T]) -> T:
    """The value of `call`; its processor time goes to the score."""
    start = time.process_time()
    value = call()
    score.seconds.append(time.process_time() - start)
    return value


def ours(score: Score, gold: dict[str, Any], body: bytes, now: datetime) -> Page:
    """Our page; an empty one when it is refused."""
    url = gold.get("url") or ""
    try:
        return timed(
            score, lambda: extract_page(body, url=url, content_type="", now=now, selectors={})
        )
    except MonitorError as error:
        print(error)
        return Page()


def count(score: Score, gold: dict[str, Any], text: str, day: str) -> None:
    """Add one page's text and day."""
    score.shingles.append(f1(gold["main_content"], text, 4))
    score.words.append(f1(gold["main_content"], text, 1))
    if right := (gold.get("publish_date") or "")[:10]:
        score.days.append(day == right)
        score.wrong_days += bool(day) and day != right


def count_dates(score: Score, gold: dict[str, Any], body: bytes, *, original_date: bool) -> None:
    """Add the day that htmldate finds alone."""
    url = gold.get("url") or None
    found = timed(score, lambda: find_date(body, url=url, original_date=original_date))
    count(score, gold, "", found or "")


def count_names(score: Score, gold: dict[str, Any], title: str, authors: str) -> None:
    """Add one page's title and authors."""
    if gold.get("title"):
        score.titles.append(is_same(gold["title"], title))
    if gold.get("author"):
        score.authors.append(is_same(gold["author"], authors))


def lines(name: str, score: Score) -> str:
    """A score in words."""

    def mean(values: list[float] | list[bool]) -> float:
        return sum(values) / len(values) if values else 0.0

    parts = [f"{name:24}"]
    if any(score.words):
        parts.append(f"shingle F1 {mean(score.shingles):.4f}  word F1 {mean(score.words):.4f}")
    parts.append(f"days {sum(score.days)}/{len(score.days)} (wrong {score.wrong_days})")
    if score.titles:
        parts.append(f"titles {sum(score.titles)}/{len(score.titles)}")
        parts.append(f"authors {sum(score.authors)}/{len(score.authors)}")
    parts.append(f"{1000 * mean(score.seconds):.1f} ms a page")
    parts.append(f"slowest {1000 * max(score.seconds, default=0.0):.0f} ms")
    return "  ".join(parts)


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    given = parser.parse_args()
    now = datetime.now(UTC)
    we, they, newest, oldest = Score(), Score(), Score(), Score()
    for _, gold, body in pages(given.folder, given.half):
        page = ours(we, gold, body, now)
        count(
            we, gold, page.text, page.published_at.date().isoformat() if page.published_at else ""
        )
        count_names(we, gold, page.title, ", ".join(page.authors))
        text = timed(they, lambda body=body: trafilatura.extract(body)) or ""
        meta = trafilatura.extract_metadata(body)
        count(they, gold, text, meta.date or "")
        count_names(they, gold, meta.title or "", meta.author or "")
        count_dates(newest, gold, body, original_date=False)
        count_dates(oldest, gold, body, original_date=True)
    print(f"{len(we.shingles)} pages")
    print(lines("ours", we))
    print(lines("trafilatura", they))
    print(lines("htmldate", newest))
    print(lines("htmldate, original_date", oldest))


if __name__ == "__main__":
    main()
