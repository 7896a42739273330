"""
Copies: how many edits of real texts are found, and which other texts are taken for copies.

    python -m tests.benchmarks.copies FOLDER [--half 0|1] [--seed N] [--new-titles]

FOLDER holds `*.json` with `main_content` (else `text`) and, where known, `title` and `url`; beside
one a page `*.html.gz` of the same name, whose text as we extract it is one more edit; or `*.jsonl`
of items with `title`, `text`, `copy_of`. `--half` keeps what hashes to that half, so that one half
can be developed on and the other reported; `--new-titles` gives every edit the title of another.

Each text is edited as outlets do (a fixed seed), and sent through the real path: the store is
asked for candidates by bands, `match.judge` decides. `found` is the share of edits whose edge
leads to their original; `both ways` counts those too where the edit came first, and the original
after it; `by bands` is the share whose original is among the candidates. Then every pair of
distinct texts is judged, candidates or not: none is a copy.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from monitor import match
from monitor.drafts import enricher
from monitor.errors import MonitorError
from monitor.extract import extract_page
from monitor.model import Draft, Telling
from monitor.placing import NEIGHBOURS, match_and_commit
from monitor.store import open_database
from monitor.store.database import Database
from tests.store.records import draft, entry_of, item, poll, source

START = datetime(2026, 3, 2, 9, tzinfo=UTC)

#: Shorter texts are not edited: a summary of them is the whole.
LEAST_CHARS = 400

_SENTENCE = re.compile(r".+?(?:[.!?][”’\"')]*(?=\s)|[。！？]|\n|$)\s*", re.DOTALL)
_PLAIN_WORD = re.compile(r"[^\W\d_]+")

BOILERPLATE = (
    "Sign up for our daily letter and never miss a story. You can end it at any time.\n\n"
    "© 2026 Sample Outlet. All rights reserved. No part of this text may be published again "
    "without written consent of the editors. Reporting by A. Sample; editing by B. Sample."
)
FURNITURE = (
    "Home\nMarkets\nCompanies\nOpinion\nGold 2,314.10 +0.4%\nCopper 9,871 -1.2%\n"
    "12 comments\nShare on all networks\n5 min read"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text of the folder."""

    name: str
    title: str
    body: str
    url: str
    #: Name of the text that it is known to copy.
    copy_of: str = ""
    #: Its text as our extractor takes it from its page.
    page: str = ""


Edit = Callable[[random.Random, Text, Sequence[str]], str]


def framed(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """A dateline before, boilerplate behind."""
    return f"SPRINGFIELD, March 3 (Sample Wire) - {one.body}\n\n{BOILERPLATE}"


def furnished(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """Menus, tickers and links around."""
    return f"{FURNITURE}\n{one.body}\n{FURNITURE}\n{BOILERPLATE}"


def thinned(rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """A fifth of the sentences left out."""
    found = _SENTENCE.findall(one.body)
    gone = set(rng.sample(range(len(found)), round(0.2 * len(found))))
    return "".join(sentence for at, sentence in enumerate(found) if at not in gone)


def paragraphs(rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """A third of the paragraphs left out."""
    found = [line for line in one.body.split("\n") if line.strip()]
    gone = set(rng.sample(range(len(found)), len(found) // 3))
    return "\n".join(line for at, line in enumerate(found) if at not in gone)


def opening(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """The first two fifths."""
    return one.body[: round(0.4 * len(one.body))].rpartition(" ")[0] or one.body


def summary(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """The first 300 characters, as feeds cut them."""
    return f"{' '.join(one.body[:300].split()).rpartition(' ')[0]}…"


def spun(share: float) -> Edit:
    """So many of the words exchanged."""

    def edit(rng: random.Random, one: Text, words: Sequence[str]) -> str:
        found = list(_PLAIN_WORD.finditer(one.body))
        chosen = set(rng.sample(range(len(found)), round(share * len(found))))
        parts, end = [], 0
        for at, match_ in enumerate(found):
            if at in chosen:
                parts += [one.body[end : match_.start()], rng.choice(words)]
                end = match_.end()
        return "".join(parts) + one.body[end:]

    return edit


def garbled(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """UTF-8 that was read as Windows-1252, where that changes anything."""
    body = one.body.replace("'", "\u2019").replace('"', "\u201d").replace("-", "\u2013")
    return "".join(
        bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte))
        for byte in body.encode()
    )


def paged(_rng: random.Random, one: Text, _words: Sequence[str]) -> str:
    """What we take from the page itself."""
    return one.page


EDITS: dict[str, Edit] = {
    "dateline, boilerplate": framed,
    "page furniture": furnished,
    "20 % of sentences gone": thinned,
    "a third of paragraphs gone": paragraphs,
    "first 40 %": opening,
    "300-character summary": summary,
    "10 % of words spun": spun(0.1),
    "25 % of words spun": spun(0.25),
    "mojibake": garbled,
    "our reading of the page": paged,
}


def texts(folder: Path, half: int | None) -> list[Text]:
    """The texts of a folder."""
    found = [*_of_json(folder), *_of_lines(folder)]
    return [
        one
        for one in found
        if one.body.strip()
        and (half is None or hashlib.sha256(one.name.encode()).digest()[0] % 2 == half)
    ]


def _of_json(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        body = gold.get("main_content") or gold.get("text") or ""
        page = path.with_suffix(".html.gz")
        yield Text(
            name=path.stem,
            title=gold.get("title") or "",
            body=body,
            url=gold.get("url") or f"https://{path.stem}.example/",
            page=_page(page, gold.get("url") or "") if page.exists() else "",
        )


def _of_lines(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                gold = json.loads(line)
                yield Text(
                    name=str(gold["id"]),
                    title=gold["title"],
                    body=gold["text"],
                    url=gold.get("url") or f"https://{gold['id']}.example/",
                    copy_of=gold.get("copy_of") or "",
                )


def _page(path: Path, url: str) -> str:
    body = gzip.decompress(path.read_bytes())
    try:
        return extract_page(body, url=url, content_type="", now=START, selectors={}).text
    except MonitorError:
        return ""


def telling(one: Text, *, at: datetime = START, number: int = 0) -> Telling:
    """A text as the matcher sees it, its words read."""
    said = enricher(0.5).enrich(title=one.title, text=one.body)
    return Telling(
        article_id=number,
        source_id=1,
        url=one.url,
        title=one.title,
        text=one.body,
        language=said.language,
        at=at,
        enrichment=said,
    )


def drafted(store: Database, number: int, told: Telling) -> Draft:
    """A telling as a draft of a stored entry."""
    source_id, _ = store.add_source(source(), now=START)
    key = f"t{number}"
    store.commit_poll(poll(source_id, item(key)))
    return replace(
        draft(source_id, entry_of(store, source_id, key), f"https://t{number}.example/"),
        url=told.url,
        title=told.title,
        text=told.text,
        published_at=told.at,
        enrichment=told.enrichment,
    )


def edited(
    kind: str, found: Sequence[Text], seed: int, *, new_titles: bool, words: Sequence[str] = ()
) -> list[Text]:
    """
    Each text after one kind of edit, at another outlet; '' where it leaves nothing.

    Args:
        words: what takes the place of exchanged ones; by default any of the texts' own.
    """
    rng = random.Random(f"{seed} {kind}")
    words = words or sorted({word for one in found for word in _PLAIN_WORD.findall(one.body)})
    titles = [one.title for one in found]
    made = []
    for at, one in enumerate(found):
        title = titles[(at + 1) % len(titles)] if new_titles else one.title
        body = EDITS[kind](rng, one, words)
        made.append(replace(one, title=title, body=body, url=f"https://copy{at}.example/{at}"))
    return made


def ways(store: Database, late: Sequence[Telling], wanted: Sequence[int]) -> tuple[int, int]:
    """How many of the late texts are found by bands, and how many are judged copies."""
    by_bands = right = 0
    for told, number in zip(late, wanted, strict=True):
        if number:
            near = store.near_copies(match.bands(told.text or told.title), limit=NEIGHBOURS)
            by_bands += any(other.article_id == number for other in near)
            edge = match.judge(told, near)
            right += edge is not None and edge.original_id == number
    return by_bands, right


def stored(found: Sequence[Telling], folder: Path) -> tuple[Database, list[int]]:
    """A store of these texts, and their articles; 0 = nothing to store, or itself a copy."""
    store = open_database(f"sqlite:///{folder}/{len(list(folder.iterdir()))}.sqlite")
    numbers = []
    with store.together():
        for at, told in enumerate(found):
            made = match_and_commit(store, drafted(store, at, told), None) if told.text else None
            numbers.append(made.article_id if made and not made.is_copy else 0)
    return store, numbers


def report_edits(found: Sequence[Text], seed: int, folder: Path, *, new_titles: bool) -> None:
    """Print recall for each kind of edit."""
    originals = [telling(one) for one in found]
    store, numbers = stored(originals, folder)
    for kind in EDITS:
        made = edited(kind, found, seed, new_titles=new_titles)
        late = [telling(one, at=START + timedelta(hours=5)) for one in made]
        wanted = [n if told.text else 0 for n, told in zip(numbers, late, strict=True)]
        if not any(wanted):
            continue
        by_bands, right = ways(store, late, wanted)
        early, first = stored([replace(told, at=START) for told in late], folder)
        again = [replace(told, at=START + timedelta(hours=5)) for told in originals]
        _, back = ways(early, again, first)
        total, total_back = sum(map(bool, wanted)), sum(map(bool, first))
        early.close()
        print(
            f"{kind:28} found {right / total:.4f} ({right}/{total})  "
            f"both ways {(right + back) / (total + total_back):.4f}  by bands {by_bands / total:.4f}"
        )
    store.close()


def root(one: Text) -> str:
    """The text that the labels say it goes back to: itself, if none."""
    return one.copy_of or one.name


def report_pairs(found: Sequence[Text]) -> None:
    """Print which pairs of distinct texts are taken for copies, and which labelled copies are."""
    tellings = [telling(one, number=at + 1) for at, one in enumerate(found)]
    wrong: list[str] = []
    pairs = labelled = right = 0
    begin = time.process_time()
    for (one, first), (other, second) in combinations(zip(found, tellings, strict=True), 2):
        edge = match.judge(replace(second, article_id=0), [first])
        if root(one) == root(other):
            labelled += 1
            right += edge is not None
            continue
        pairs += 1
        if edge:
            wrong.append(
                f"{one.name} ~ {other.name}: {edge.why}\n    {one.title}\n    {other.title}"
            )
    took = 1e6 * (time.process_time() - begin) / max(1, pairs)
    print(f"false pairs: {len(wrong)} of {pairs}; labelled copies found: {right} of {labelled}")
    print(f"{took:.0f} µs a pair")
    for line in wrong:
        print(f"  {line}")


def main() -> None:
    """Print recall for each kind of edit, and the false pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--new-titles", action="store_true")
    given = parser.parse_args()
    found = texts(given.folder, given.half)
    long = [one for one in found if len(one.body) >= LEAST_CHARS]
    print(f"{len(found)} texts, {len(long)} of them edited")
    with tempfile.TemporaryDirectory() as folder:
        report_edits(long, given.seed, Path(folder), new_titles=given.new_titles)
    report_pairs(found)


if __name__ == "__main__":
    main()
