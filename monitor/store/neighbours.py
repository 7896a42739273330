"""Articles near an article: by shared band keys, by shared tokens, by copy edges."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import Enrichment, Telling
from monitor.store.reads import enrichments
from monitor.store.rows import Rows, chunks, clean, looked_up
from monitor.store.tables import articles, entries, token_counts
from monitor.store.tables import bands as band_table
from monitor.store.tables import tokens as token_table

#: Tokens that more of the articles than this carry find no candidates: they would find all.
COMMON_SHARE = 0.2

#: Below so many articles no token is common.
FEW_ARTICLES = 500

#: Articles whose enrichment is remembered.
REMEMBERED = 1000

#: Columns of an article that change without its words changing, and its words.
_PLACE = (
    articles.c.id,
    articles.c.source_id,
    articles.c.url,
    articles.c.title,
    articles.c.text,
    articles.c.language,
    articles.c.site,
    articles.c.canonical_url,
    articles.c.at,
    articles.c.development_id,
    articles.c.story_id,
    articles.c.copy_of,
    articles.c.revision,
    articles.c.read_as,
    articles.c.relevance,
)

_PLACES = sa.select(*_PLACE).where(looked_up(articles.c.id))

_WHOLE = sa.select(articles).where(looked_up(articles.c.id))

#: Articles by band keys; the database ranks them, for a common opening is shared by thousands.
_NEAR = (
    sa.select(band_table.c.article_id, sa.func.count().label("shared"))
    .where(looked_up(band_table.c.key))
    .group_by(band_table.c.article_id)
    .order_by(sa.desc("shared"), band_table.c.article_id)
    .limit(sa.bindparam("most"))
)

#: Articles of a window by tokens.
_RELATED = (
    sa.select(token_table.c.article_id, sa.func.count().label("shared"))
    .where(
        looked_up(token_table.c.token),
        token_table.c.at.between(sa.bindparam("since"), sa.bindparam("until")),
    )
    .group_by(token_table.c.article_id)
    .order_by(sa.desc("shared"), token_table.c.article_id)
    .limit(sa.bindparam("most"))
)

_COUNTS = sa.select(token_counts.c.token, token_counts.c.count.label("carriers")).where(
    looked_up(token_counts.c.token)
)

#: Article id, revision, length of the text, what it was read with, its score: what changes
#: whenever what an article says does.
Version = tuple[int, int, int, str, float]


class NeighbourRows(Rows):
    """See `ports.Neighbours`."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self._remembered: dict[Version, Enrichment | None] = {}
        self._lock = threading.Lock()

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `rows.Rows`; what was remembered of rows that are undone is forgotten."""
        try:
            with super().together():
                yield
        except BaseException:
            with self._lock:
                self._remembered.clear()
            raise

    def near_copies(self, bands: Sequence[int], *, limit: int) -> list[Telling]:
        """Articles that share a band key, those sharing most first."""
        shared: dict[int, int] = {}
        with self.reading() as connection:
            for part in chunks(dict.fromkeys(bands)):
                for number, count in connection.execute(_NEAR, {"keys": part, "most": limit}):
                    shared[number] = shared.get(number, 0) + count
            return self._tellings(connection, _most(shared, limit))

    def related(
        self, tokens: Sequence[str], *, since: datetime, until: datetime, limit: int
    ) -> list[Telling]:
        """Articles dated in the window that share tokens, most shared first."""
        with self.reading() as connection:
            counts, total = _counts(connection, tokens)
            most = max(FEW_ARTICLES, int(COMMON_SHARE * total))
            rare = [token for token in counts if counts[token] <= most]
            shared: dict[int, int] = {}
            for part in chunks(rare):
                asked = {"keys": part, "since": since, "until": until, "most": limit}
                for number, count in connection.execute(_RELATED, asked):
                    shared[number] = shared.get(number, 0) + count
            return self._tellings(connection, _most(shared, limit))

    def pointing(
        self, tokens: Sequence[str], *, since: datetime, until: datetime, limit: int
    ) -> list[Telling]:
        """See `related`; with what each article's entries point to."""
        found = self.related(tokens, since=since, until=until, limit=limit)
        if not found:
            return []
        with self.reading() as connection:
            links = _links(connection, [one.article_id for one in found])
        return [replace(one, links=tuple(links.get(one.article_id, ()))) for one in found]

    def token_counts(self, tokens: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """How many articles carry each token, and how many articles there are."""
        with self.reading() as connection:
            return _counts(connection, tokens)

    def copies_of(self, article_id: int) -> list[Telling]:
        """The article and all that copy it, oldest first."""
        group = sa.or_(articles.c.id == article_id, articles.c.copy_of == article_id)
        with self.reading() as connection:
            query = sa.select(articles.c.id).where(group)
            found = self._tellings(connection, list(connection.execute(query).scalars()))
        return sorted(found, key=lambda telling: (telling.at, telling.article_id))

    def _tellings(self, connection: sa.Connection, numbers: Sequence[int]) -> list[Telling]:
        """The articles of these ids, in this order."""
        rows: dict[int, Any] = {}
        for part in chunks(numbers):
            rows |= {row.id: row for row in connection.execute(_PLACES, {"keys": part})}
        said = self._said(connection, list(rows.values()))
        return [_telling(rows[number], said[number]) for number in numbers if number in rows]

    def _said(self, connection: sa.Connection, rows: Sequence[Any]) -> dict[int, Enrichment]:
        """What the articles say; the same neighbours are asked for again and again."""
        known = {row.id: self._remembered.get(_version(row)) for row in rows}
        missing = [number for number, enrichment in known.items() if enrichment is None]
        for part in chunks(missing):
            full = connection.execute(_WHOLE, {"keys": part}).all()
            known |= enrichments(connection, full)
        with self._lock:
            self._remembered.update((_version(row), known[row.id]) for row in rows)
            while len(self._remembered) > REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return {number: said for number, said in known.items() if said is not None}


def _links(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = sa.select(entries.c.article_id, entries.c.said).where(entries.c.article_id.in_(numbers))
    for row in connection.execute(query):
        found.setdefault(row.article_id, []).extend(row.said.get("links", ()))
    return found


def _counts(connection: sa.Connection, tokens: Iterable[str]) -> tuple[dict[str, int], int]:
    found: dict[str, int] = {}
    for part in chunks(dict.fromkeys([*map(clean, tokens), ""])):
        rows = connection.execute(_COUNTS, {"keys": part})
        found |= {row.token: row.carriers for row in rows}
    total = found.pop("", 0)
    return found, total


def _most(shared: Mapping[int, int], limit: int) -> list[int]:
    return sorted(shared, key=lambda number: (-shared[number], number))[:limit]


def _version(row: Any) -> Version:
    return row.id, row.revision, len(row.text), row.read_as, row.relevance


def _telling(row: Any, enrichment: Any) -> Telling:
    return Telling(
        article_id=row.id,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        text=row.text,
        language=row.language,
        site=row.site,
        canonical_url=row.canonical_url,
        at=row.at,
        enrichment=enrichment,
        development_id=row.development_id,
        story_id=row.story_id,
        copy_of=row.copy_of or 0,
    )
