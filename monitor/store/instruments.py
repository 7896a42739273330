"""Rules of states and their days; one row for each term, so that days are found by an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from monitor.model import ReviewState
from monitor.model.instruments import Dated, Instrument, Side, Term, Witness, day_of
from monitor.store.rows import Rows, chunks, cleaned
from monitor.store.tables import cards, instruments, stories

#: Fields of a rule that hold several texts.
_LISTS = (
    "bodies", "scope", "excluded", "minerals", "documents", "names", "codes", "notes", "articles",
)  # fmt: skip


class InstrumentRows(Rows):
    """See `ports.Instruments`."""

    def instruments_of(self, story_id: int) -> list[Instrument]:
        """The rules that a story tells, by their numbers."""
        query = (
            sa.select(instruments.c.story_id, instruments.c.data)
            .where(instruments.c.story_id == story_id)
            .order_by(instruments.c.number)
        )
        with self.reading() as connection:
            found = [_instrument(row) for row in connection.execute(query)]
        return list({one.number: one for one in found}.values())

    def calendar(self, *, since: date, until: date, limit: int) -> list[Dated]:
        """What takes effect and what lapses on these days, the earliest first."""
        first, last = since.isoformat(), until.isoformat()
        columns = {"effect": instruments.c.in_force_from, "lapse": instruments.c.until}
        found: list[Dated] = []
        with self.reading() as connection:
            for event, column in columns.items():
                query = self._rows().where(column >= first, column <= last)
                rows = connection.execute(query.order_by(column).limit(limit)).all()
                found += [_dated(row, event) for row in rows]
        found.sort(key=_order)
        return found[:limit]

    def undated_rules(self, *, limit: int) -> list[Dated]:
        """Terms of which no day is told, of stories that changed last."""
        query = (
            self._rows()
            .where(instruments.c.until == "", instruments.c.in_force_from == "")
            .order_by(stories.c.updated_at.desc(), stories.c.id, instruments.c.number)
            .limit(limit)
        )
        with self.reading() as connection:
            return [_dated(row, "") for row in connection.execute(query)]

    def _rows(self) -> sa.Select[Any]:
        return (
            sa.select(
                instruments.c.story_id,
                instruments.c.in_force_from,
                instruments.c.until,
                instruments.c.data,
                cards.c.title,
                _language(self.dialect).label("language"),
            )
            .join(stories, stories.c.id == instruments.c.story_id)
            .join(cards, cards.c.story_id == instruments.c.story_id)
            .where(
                stories.c.merged_into.is_(None),
                stories.c.state != ReviewState.DISMISSED.value,
            )
        )


def put_instruments(
    connection: sa.Connection, made: Mapping[int, Sequence[Instrument]], story_ids: Sequence[int]
) -> None:
    """Keep the rules of these stories in the place of those that were kept."""
    for part in chunks(story_ids):
        connection.execute(sa.delete(instruments).where(instruments.c.story_id.in_(part)))
    rows = [row for number in story_ids for row in _new_rows(number, made.get(number, ()))]
    if rows:
        connection.execute(sa.insert(instruments), rows)


def _new_rows(story_id: int, made: Sequence[Instrument]) -> Iterator[dict[str, Any]]:
    terms = [(one, at) for one in made for at in range(len(one.terms))]
    for number, (one, at) in enumerate(terms, 1):
        term = one.terms[at]
        start, end = day_of(term.in_force_from), day_of(term.until, is_last=True)
        yield {
            "story_id": story_id,
            "number": number,
            "in_force_from": start.isoformat() if start else "",
            "until": end.isoformat() if end else "",
            "stage": term.stage,
            "data": cleaned(asdict(one) | {"term": at}),
        }


def _language(dialect: str) -> sa.ColumnElement[str]:
    """The language of a card's title, without reading the rest of the card."""
    whole = sa.type_coerce(cards.c.data, sa.Text)
    if dialect == "postgresql":
        return sa.func.json_extract_path_text(sa.cast(whole, sa.JSON), "language")
    return sa.func.json_extract(whole, "$.language")


def _order(one: Dated) -> tuple[date, int, int, bool]:
    """Of one rule and day what ends comes before what begins."""
    return one.day, one.instrument.story_id, one.instrument.number, one.event != "lapse"


def _dated(row: Any, event: str) -> Dated:
    found = _instrument(row)
    day = row.until if event == "lapse" else row.in_force_from
    return Dated(
        instrument=found,
        term=found.terms[row.data["term"]],
        event=event,
        day=date.fromisoformat(day) if day else date.max,
        title=row.title,
        language=row.language or "",
    )


def _instrument(row: Any) -> Instrument:
    data = {key: value for key, value in row.data.items() if key not in {"term", "story_id"}}
    return Instrument(
        story_id=row.story_id,
        **data
        | {name: tuple(data[name]) for name in _LISTS}
        | {
            "terms": tuple(_term(one) for one in data["terms"]),
            "evidence": _evidence(data["evidence"]),
            "disputes": _disputes(data["disputes"]),
        },
    )


def _term(data: dict[str, Any]) -> Term:
    return Term(
        **data
        | {
            "documents": tuple(data["documents"]),
            "evidence": _evidence(data["evidence"]),
            "disputes": _disputes(data["disputes"]),
        }
    )


def _evidence(data: dict[str, Any]) -> dict[str, tuple[Witness, ...]]:
    return {name: tuple(Witness(**one) for one in found) for name, found in data.items()}


def _disputes(data: dict[str, Any]) -> dict[str, tuple[Side, ...]]:
    return {
        name: tuple(
            Side(value=side["value"], witnesses=tuple(Witness(**w) for w in side["witnesses"]))
            for side in found
        )
        for name, found in data.items()
    }
