"""
What search, facets and lists cost with 100,000 stories, and what indexing costs.

    python -m tests.benchmarks.search [DATABASE_URL] [STORIES]

Texts are drawn from the words of six languages as often as words are used (Zipf). A database
that is filled already is measured again. Indexing is held against the plain index that does
not stem: words as they stand, by the database's own tokenizer.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from monitor.model import StoryQuery
from monitor.store import Database, open_database, search
from monitor.store.tables import articles, cards, stories, story_facets
from monitor.text import normalised

STORIES, ROUNDS = 100_000, 15

#: Milliseconds that the slowest of twenty searches may take.
BOUND_MS = 500

_START = datetime(2026, 1, 1, tzinfo=UTC)
_ENDINGS = {
    "en": ["", "", "s", "ed", "ing", "ation"],
    "de": ["", "", "en", "e", "ung"],
    "es": ["", "s", "es", "cion"],
    "ru": ["", "а", "у", "ом", "ами", "ов", "ый", "ого"],
    "kk": ["", "ның", "ды", "лар", "лары", "нан"],
    "zh": [""],
}
_LETTERS = {"en": "aeioulnrstdmcpbg", "ru": "аеиоулнрстдмкпбг", "kk": "аәеіоөлнрстдмкпбғ"}
_NAMED = {
    "en": ["tungsten", "Kazakhstan", "export", "mine", "deposit"],
    "de": ["Wolfram", "Kasachstan", "Export", "Bergwerk", "Lagerstätte"],
    "es": ["tungsteno", "Kazajistán", "exportación", "mina", "yacimiento"],
    "ru": ["вольфрам", "Казахстан", "экспорт", "рудник", "месторождение"],
    "kk": ["вольфрам", "Қазақстан", "экспорт", "кеніш", "кен"],
    "zh": ["钨矿", "哈萨克斯坦", "出口", "矿山", "矿床"],
}
_FACETS = {
    "mineral": [f"mineral_{n}" for n in range(60)],
    "country": [f"C{n}" for n in range(120)],
    "company": [f"Company {n}" for n in range(800)],
    "event": [f"event_{n}" for n in range(12)],
    "outlet": [f"outlet{n}.example" for n in range(400)],
}
QUERIES = {
    "a word of every tenth text": "tungsten",
    "its inflection": "вольфрамом",
    "Chinese": "哈萨克斯坦",
    "two words": "tungsten Kazakhstan",
    "a phrase": '"tungsten deposit"',
    "with an exclusion": "tungsten -deposit",
    "a common word": "{common}",
    "a rare word": "{rare}",
    "no such word": "qqqqqq",
}


class Prose:
    """Texts of invented words, some of them of the trade."""

    def __init__(self, seed: int = 5) -> None:
        self._random = random.Random(seed)
        self.words = {language: self._vocabulary(language) for language in _ENDINGS}
        self._weights = [1 / (n + 2) for n in range(8000)]

    def _vocabulary(self, language: str) -> list[str]:
        if language == "zh":
            return [
                "".join(chr(self._random.randrange(0x4E00, 0x5500)) for _ in "ab")
                for _ in range(8000)
            ]
        letters = _LETTERS.get(language, _LETTERS["en"])
        return [
            "".join(self._random.choices(letters, k=self._random.randint(3, 9)))
            for _ in range(8000)
        ]

    def article(self, size: int = 250) -> tuple[str, str, str]:
        """Language, title, text."""
        language = self._random.choices(list(_ENDINGS), (40, 8, 8, 24, 8, 12))[0]
        chosen = self._random.choices(self.words[language], self._weights, k=size)
        told = [f"{w}{self._random.choice(_ENDINGS[language])}" for w in chosen]
        for name in _NAMED[language]:
            if self._random.random() < 0.25:
                told[self._random.randrange(size)] = name
        text = "".join(told) if language == "zh" else " ".join(told)
        return language, text[:60], text


def fill(database: Database, count: int) -> None:
    """Stories of one article each, with cards and facets, by the bulk."""
    prose, chance = Prose(), random.Random(7)
    with database.writing() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO sources (id, name, kind, url, tags, options) "
                "VALUES (1, 'n', 'feed', 'https://n.example/f', '[]', '{}')"
            )
        )
    for start in range(1, count + 1, 2000):
        numbers = range(start, min(start + 2000, count + 1))
        with database.writing() as connection:
            _fill(connection, numbers, prose, chance)
        print(f"\r{numbers[-1]} stories", end="", flush=True)
    database.tidy()
    print()


def _fill(connection: sa.Connection, numbers: range, prose: Prose, chance: random.Random) -> None:
    rows: dict[sa.Table, list[dict[str, object]]] = {
        table: [] for table in (stories, articles, cards, story_facets)
    }
    for number in numbers:
        at = _START + timedelta(minutes=5 * number)
        language, title, text = prose.article()
        rows[stories].append(_story(number, at))
        rows[articles].append(_article(number, at, language, title, text))
        rows[cards].append(_card(number, at, title, language))
        facets = {("language", language)} | {
            (kind, chance.choice(values)) for kind, values in _FACETS.items() for _ in range(2)
        }
        rows[story_facets] += [
            {"kind": kind, "value": value, "story_id": number} for kind, value in facets
        ]
    for table, values in rows.items():
        connection.execute(sa.insert(table), values)
    for row in rows[articles]:
        search.put(
            connection,
            row["id"],
            row["title"],
            row["text"],
            row["language"],
            is_new=True,  # type: ignore[arg-type]
        )


def _story(number: int, at: datetime) -> dict[str, object]:
    return {
        "id": number, "state": "kept" if number % 3 else "new", "version": 1,
        "needs_attention": False, "is_starred": False, "first_seen_at": at, "updated_at": at,
        "is_open": not number % 3, "card_stale": False, "relevance": 0.8,
    }  # fmt: skip


def _article(number: int, at: datetime, language: str, title: str, text: str) -> dict[str, object]:
    return {
        "id": number, "url_key": f"https://n.example/{number}", "url": f"https://n.example/{number}",
        "title": title, "text": text, "site": "n.example", "authors": [], "first_seen_at": at,
        "at": at, "updated_at": at, "source_id": 1, "flags": [], "language": language,
        "relevance": 0.8, "relevant": True, "reasons": [], "mentions": [], "development_id": number,
        "story_id": number, "placement_reasons": [], "published_from": "feed",
    }  # fmt: skip


def _card(number: int, at: datetime, title: str, language: str) -> dict[str, object]:
    data = {
        "language": language, "site": "n.example", "url": f"https://n.example/{number}",
        "articles": 1, "copies": 0, "origins": 1, "developments": 1, "outlets": ["n.example"],
        "outlet_count": 1, "languages": [language], "minerals": ["mineral_1"], "countries": ["C1"],
        "companies": [], "events": [], "figures": ["stake 70 %"], "contradictions": [],
        "corrections": [], "reasons": ["+0.80 because"], "happenings": [],
    }  # fmt: skip
    return {
        "story_id": number, "changed_at": at, "first_seen_at": at, "relevance": 0.8,
        "title": title, "data": data,
    }  # fmt: skip


def timed(work: Callable[[], object]) -> tuple[float, float, object]:
    """Median and twentieth slowest of its rounds in milliseconds, and what it gave."""
    spans, given = [], None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        given = work()
        spans.append((time.perf_counter() - start) * 1000)
    return statistics.median(spans), sorted(spans)[int(0.95 * (ROUNDS - 1))], given


def measured(database: Database) -> Iterator[tuple[str, float, float, str]]:
    """Each question: its words, median, p95, how much came back."""
    common, rare = Prose().words["en"][0], Prose().words["en"][7000]
    now = _START + timedelta(days=400)
    for name, text in QUERIES.items():
        asked = text.format(common=common, rare=rare)
        hits = timed(lambda asked=asked: len(database.search(asked, limit=20)))
        yield f"search: {name}", *hits[:2], f"{hits[2]} hits"
        query = StoryQuery(search=asked)
        page = timed(
            lambda query=query: len(database.lines(query, reader="ann", now=now, limit=30).lines)
        )
        yield f"  a page of stories: {name}", *page[:2], f"{page[2]} lines"
        if hasattr(database, "facets"):
            made = timed(lambda query=query: database.facets(query, now=now, limit=10))
            yield f"  facets: {name}", *made[:2], ""
    for name, query in {
        "all": StoryQuery(),
        "a mineral": StoryQuery(minerals=("mineral_3",)),
    }.items():
        if hasattr(database, "facets"):
            made = timed(lambda query=query: database.facets(query, now=now, limit=10))
            yield f"facets: {name}", *made[:2], ""


def indexing(count: int = 3000) -> tuple[float, float]:
    """Seconds to index so many articles plainly, and as we do; each in a fresh SQLite file."""
    prose = Prose(11)
    told = [prose.article() for _ in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/i.sqlite")
        with database.writing() as connection:
            connection.execute(
                sa.text(
                    "CREATE VIRTUAL TABLE plain USING fts5"
                    "(title, text, tokenize = 'unicode61 remove_diacritics 2')"
                )
            )
            start = time.perf_counter()
            put = sa.text("INSERT INTO plain (rowid, title, text) VALUES (:id, :title, :text)")
            for number, (_, title, text) in enumerate(told, 1):
                words = {"title": _plain(title), "text": _plain(text)}
                connection.execute(put, {"id": number, **words})
            middle = time.perf_counter()
            for number, (language, title, text) in enumerate(told, 1):
                search.put(connection, number, title, text, language, is_new=True)
            end = time.perf_counter()
        database.close()
    return middle - start, end - middle


def _plain(text: str) -> str:
    return " ".join(" ".join(w) if ord(w[0]) > 0x3000 else w for w in normalised(text).split())


def main() -> int:
    """Fill, measure, tell; 1 when a search takes longer than it may."""
    url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{tempfile.mkdtemp()}/search.sqlite"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else STORIES
    plain, ours = indexing()
    print(
        f"indexing 3000 articles: plain {plain:.2f} s, ours {ours:.2f} s, {ours / plain:.2f} times"
    )
    database = open_database(url)
    if not database.counts()["articles"]:
        fill(database, count)
    worst = 0.0
    for name, median, slow, what in measured(database):
        worst = max(worst, slow)
        print(f"{name:58} {median:8.1f} ms {slow:8.1f} ms  {what}")
    database.close()
    return int(worst > BOUND_MS)


if __name__ == "__main__":
    sys.exit(main())
