"""The ledgers of all stories: kept with their cards, listed across stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from monitor.model.ledger import LedgerLine, LedgerOrder, LedgerQuery, LedgerRow
from monitor.store.reads import claim_of
from monitor.store.rows import Rows, chunks, clean
from monitor.store.tables import articles, cards, claims, ledger, ledger_names

#: A name of fewer figures is looked up whole; of more, figure after figure is asked for it.
RARE = 8000

#: Words of a search that are looked for.
WORDS = 8

_ORDERS: dict[LedgerOrder, tuple[sa.ColumnElement[Any], ...]] = {
    LedgerOrder.LATEST: (ledger.c.last_at.desc(),),
    LedgerOrder.EARLIEST: (ledger.c.first_at,),
    LedgerOrder.VALUE: (ledger.c.value.desc(),),
    LedgerOrder.OUTLETS: (ledger.c.outlets.desc(),),
}

_STATED = ("value", "basis", "stage", "category", "standard", "as_of")

_ROW = (
    "claim_id", "kind", "unit", "verdict", "note", "subject", "outlets", "origins", "first_at",
    "last_at", "words", *_STATED,
)  # fmt: skip

#: Where a name stands, and what kind of name it is there.
_NAMES = {"mineral": "mineral", "country": "country", "subject": "subject"}


class LedgerRows(Rows):
    """See `ports.Ledger`."""

    def put_ledger(self, made: Mapping[int, Sequence[LedgerRow]]) -> None:
        """By story: the figures of its ledger, in place of those that were kept."""
        with self.together(), self.writing() as connection:
            for part in chunks(made):
                for table in (ledger, ledger_names):
                    connection.execute(sa.delete(table).where(table.c.story_id.in_(part)))
            rows = [(story, n, row) for story, kept in made.items() for n, row in enumerate(kept)]
            if rows:
                connection.execute(sa.insert(ledger), [_values(*row) for row in rows])
            if named := [name for row in rows for name in _named(*row)]:
                connection.execute(sa.insert(ledger_names), named)

    def ledger_lines(self, query: LedgerQuery, *, limit: int, offset: int = 0) -> list[LedgerLine]:
        """The figures that a query chooses, in its order."""
        with self.reading() as connection:
            wanted = (
                sa.select(ledger.c.story_id, ledger.c.number)
                .where(*_conditions(connection, query))
                .order_by(*_ORDERS[query.order], ledger.c.story_id.desc(), ledger.c.number)
                .limit(limit)
                .offset(offset)
            )
            keys = [(row.story_id, row.number) for row in connection.execute(wanted)]
            found = {
                (row.story_id, row.number): row
                for part in chunks(keys)
                for row in connection.execute(_LINES.where(*_among(ledger, part)))
            }
            names = _names(connection, keys)
            said = _said(connection, [row.claim_id for row in found.values()])
        rows = [(key, found[key]) for key in keys if key in found]
        return [
            _line(row, said[row.claim_id], names[key]) for key, row in rows if row.claim_id in said
        ]

    def count_ledger(self, query: LedgerQuery, *, most: int) -> int:
        """How many figures a query chooses, counted up to `most`."""
        with self.reading() as connection:
            wanted = sa.select(ledger.c.number).where(*_conditions(connection, query)).limit(most)
            counted = sa.select(sa.func.count()).select_from(wanted.subquery())
            number: int = connection.execute(counted).scalar_one()
        return number

    def ledger_choices(self) -> Mapping[str, Mapping[str, int]]:
        """What there is to choose from: by `kind` and `unit`, each value with its figures."""
        found: dict[str, dict[str, int]] = {}
        with self.reading() as connection:
            for name in ("kind", "unit"):
                query = sa.select(ledger.c[name], sa.func.count()).group_by(ledger.c[name])
                found[name] = {value: count for value, count in connection.execute(query)}  # noqa: C416
        return found

    def stories_about(self, subject: str, *, limit: int) -> list[int]:
        """Stories with a figure that names a subject, those told last first."""
        latest = sa.func.max(ledger.c.last_at)
        wanted = (
            sa.select(ledger.c.story_id)
            .join(ledger_names, _same_figure())
            .where(ledger_names.c.kind == "subject", ledger_names.c.value == clean(subject))
            .group_by(ledger.c.story_id)
            .order_by(latest.desc(), ledger.c.story_id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def subjects_like(self, words: str, *, limit: int) -> list[str]:
        """Subjects with these letters in them; who is called just so comes first."""
        value = sa.func.lower(ledger_names.c.value)
        wanted = clean(words).strip().lower()
        query = (
            sa.select(ledger_names.c.value, sa.func.count())
            .where(ledger_names.c.kind == "subject", value.contains(wanted, autoescape=True))
            .group_by(ledger_names.c.value)
            .order_by(sa.desc(value == wanted), sa.desc(sa.func.count()), ledger_names.c.value)
            .limit(limit)
        )
        with self.reading() as connection:
            return [row.value for row in connection.execute(query)]


_LINES = sa.select(ledger, cards.c.title.label("story")).outerjoin(
    cards, cards.c.story_id == ledger.c.story_id
)


def _same_figure() -> sa.ColumnElement[bool]:
    return sa.and_(
        ledger_names.c.story_id == ledger.c.story_id, ledger_names.c.number == ledger.c.number
    )


def _among(
    table: sa.Table, keys: Sequence[tuple[int, int]]
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Rows of these keys, and a few more: SQLite looks pairs up one row after another."""
    stories, numbers = zip(*keys, strict=True)
    return table.c.story_id.in_(set(stories)), table.c.number.in_(set(numbers))


def _conditions(connection: sa.Connection, query: LedgerQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        ledger.c[name] == clean(value)
        for name in ("kind", "unit", "verdict")
        if (value := getattr(query, name))
    ]
    if query.since:
        found.append(ledger.c.last_at >= query.since)
    if query.until:
        found.append(ledger.c.first_at < query.until)
    for part, kind in _NAMES.items():
        if value := getattr(query, part):
            found.append(_having(connection, kind, value))
    at = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    folded = clean(query.words).casefold().split()[:WORDS]
    return found + [at(ledger.c.words, word) > 0 for word in folded]


def _having(connection: sa.Connection, kind: str, value: str) -> sa.ColumnElement[bool]:
    """Figures that have a name: found first where they are few, else asked one by one."""
    having = ledger_names.c.kind == kind, ledger_names.c.value == clean(value)
    few = sa.select(ledger_names.c.number).where(*having).limit(RARE).subquery()
    count: int = connection.execute(sa.select(sa.func.count()).select_from(few)).scalar_one()
    is_named = sa.select(ledger_names.c.number).where(*having, _same_figure()).exists()
    if count < RARE:
        of_story = ledger.c.story_id.in_(sa.select(ledger_names.c.story_id).where(*having))
        return sa.and_(of_story, is_named)
    return is_named


def _values(story_id: int, number: int, row: LedgerRow) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in _ROW}
    texts = {name: clean(value) for name, value in kept.items() if isinstance(value, str)}
    return {"story_id": story_id, "number": number, **kept, **texts}


def _named(story_id: int, number: int, row: LedgerRow) -> Iterator[dict[str, Any]]:
    for kind, values in (
        ("subject", row.subjects),
        ("mineral", row.minerals),
        ("country", row.countries),
    ):
        for value in dict.fromkeys(map(clean, values)):
            yield {"kind": kind, "value": value, "story_id": story_id, "number": number}


def _names(
    connection: sa.Connection, keys: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], dict[str, list[str]]]:
    found = {key: {kind: list[str]() for kind in _NAMES.values()} for key in keys}
    for part in chunks(keys):
        query = sa.select(ledger_names).where(*_among(ledger_names, part))
        for row in connection.execute(query.order_by(ledger_names.c.value)):
            if of_key := found.get((row.story_id, row.number)):
                of_key[row.kind].append(row.value)
    return found


def _said(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, Any]:
    """These claims with the outlets that state them."""
    query = sa.select(claims, articles.c.site, articles.c.url, articles.c.language).join(
        articles, articles.c.id == claims.c.article_id
    )
    return {
        row.id: row
        for part in chunks(numbers)
        for row in connection.execute(query.where(claims.c.id.in_(part)))
    }


def _line(row: Any, said: Any, names: Mapping[str, Sequence[str]]) -> LedgerLine:
    kept: dict[str, Any] = {name: getattr(row, name) for name in _ROW}
    return LedgerLine(
        row=LedgerRow(
            **kept,
            subjects=tuple(names["subject"]),
            minerals=tuple(names["mineral"]),
            countries=tuple(names["country"]),
        ),
        story_id=row.story_id,
        story=row.story or "",
        claim=replace(claim_of(said), **{name: kept[name] for name in _STATED}),
        article_id=said.article_id,
        revision=said.revision,
        site=said.site,
        url=said.url,
        language=said.language,
    )
