"""The inbox: each story's card with how it stands, and what a reader has seen of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import (
    FACETS,
    Card,
    Happening,
    HappeningKind,
    Line,
    Lines,
    Order,
    ReviewState,
    StoryQuery,
)
from monitor.model.instruments import Instrument
from monitor.store.instruments import put_instruments
from monitor.store.narrowing import conditions, rare_parts
from monitor.store.rows import Rows, chunks, clean, cleaned, insert
from monitor.store.tables import EPOCH, cards, decisions, readers, seen, stories, story_facets

#: What a card is asked for by, beside its data.
_COLUMNS = ("changed_at", "first_seen_at", "relevance", "title")

#: Row ids are below it, in both databases.
MOST_ID = 2**63

#: Facets that follow from the card; tags are an analyst's.
_OF_CARD = {part: kind for part, kind in FACETS.items() if part != "tags"}

_ORDERS: dict[Order, sa.Column[Any]] = {
    Order.CHANGED: stories.c.updated_at,
    Order.FIRST_SEEN: stories.c.first_seen_at,
    Order.RELEVANCE: stories.c.relevance,
}

_LINES = sa.select(
    *(
        stories.c[n]
        for n in ("id", "state", "version", "needs_attention", "is_starred", "assignee")
    ),
    *(cards.c[name] for name in _COLUMNS),
    cards.c.data,
)


_NEXT_EDITION = sa.select(sa.func.coalesce(sa.func.max(stories.c.card_edition), 0) + 1)

#: A card of an older version than the story's is shown, and made anew.
_FRESH = (
    sa.update(stories)
    .where(stories.c.id == sa.bindparam("story"))
    .values(
        card_edition=sa.bindparam("edition"),
        card_stale=stories.c.version != sa.bindparam("as_read"),
        relevance=sa.bindparam("card_relevance"),
        is_disputed=sa.bindparam("card_is_disputed"),
    )
)


class CardRows(Rows):
    """See `ports.Desk`."""

    def stale_stories(self, *, limit: int) -> list[int]:
        """Stories in which something happened since their card was made; newest first."""
        query = (
            sa.select(stories.c.id)
            .where(stories.c.card_stale, stories.c.merged_into.is_(None))
            .order_by(stories.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.execute(query).scalars())

    def put_cards(
        self,
        made: Mapping[int, tuple[Card | None, int]],
        *,
        outlets: Mapping[int, Sequence[str]],
        instruments: Mapping[int, Sequence[Instrument]] | None = None,
    ) -> None:
        """
        Keep cards, or none where a story has nothing relevant.

        Args:
            made: by story: its card, and the version of the story that it was made of; a card
                of an older version than the present one is kept, and stays stale.
            outlets: by story: all its outlets, for the facets.
            instruments: by story: the rules that it tells.
        """
        with self.together(), self.writing() as connection:
            edition = connection.execute(_NEXT_EDITION).scalar_one()
            for part in chunks(made):
                connection.execute(sa.delete(cards).where(cards.c.story_id.in_(part)))
                connection.execute(
                    sa.delete(story_facets).where(
                        story_facets.c.story_id.in_(part), story_facets.c.kind != "tag"
                    )
                )
            put_instruments(connection, instruments or {}, list(made))
            kept = [card for card, _ in made.values() if card is not None]
            if kept:
                connection.execute(sa.insert(cards), [_row(card) for card in kept])
            named = [row for c in kept for row in _facets(c, outlets.get(c.story_id, c.outlets))]
            if named:
                connection.execute(sa.insert(story_facets), named)
            if made:
                done = [
                    {"story": story_id, "as_read": version, "edition": edition, **_of(card)}
                    for story_id, (card, version) in made.items()
                ]
                connection.execute(_FRESH, done)

    def edition(self) -> int:
        """Number of the cards that were kept last; what is kept later has a higher one."""
        with self.reading() as connection:
            number: int = connection.execute(_NEXT_EDITION).scalar_one() - 1
        return number

    def lines(
        self, query: StoryQuery, *, reader: str, now: datetime, limit: int, cursor: str = ""
    ) -> Lines:
        """
        One page of what a query chooses, in its order, the latest or highest first.

        Raises:
            BadInput: the cursor is none of ours.
        """
        column = _ORDERS[query.order]
        wanted = (
            sa.select(stories.c.id, column.label("place"))
            .order_by(column.desc(), stories.c.id.desc())
            .limit(limit + 1)
        )
        if cursor:
            place, number = _read_cursor(cursor, query.order)
            # The first part alone lets an index be entered at the place.
            wanted = wanted.where(column <= place, sa.or_(column < place, stories.c.id < number))
        with self.reading() as connection:
            rare = rare_parts(connection, query)
            chosen = conditions(self.dialect, query, now=now, rare=rare)
            rows = connection.execute(wanted.where(*chosen)).all()
            found = _lines(connection, [row.id for row in rows[:limit]], reader)
        last = rows[limit - 1] if len(rows) > limit else None
        return Lines(lines=tuple(found), cursor=_cursor(last.place, last.id) if last else "")

    def lines_of(self, story_ids: Sequence[int], *, reader: str) -> list[Line]:
        """The lines of these stories, in this order; those without a card are left out."""
        with self.reading() as connection:
            return _lines(connection, story_ids, reader)

    def count_lines(
        self, query: StoryQuery, *, now: datetime, most: int, after_edition: int = 0
    ) -> int:
        """How many stories a query chooses, whose cards are newer; counted up to `most`."""
        wanted = sa.select(stories.c.id).limit(most)
        if after_edition:
            wanted = wanted.where(stories.c.card_edition > after_edition)
        with self.reading() as connection:
            rare = rare_parts(connection, query)
            wanted = wanted.where(*conditions(self.dialect, query, now=now, rare=rare))
            count: int = connection.execute(
                sa.select(sa.func.count()).select_from(wanted.subquery())
            ).scalar_one()
        return count

    def mark_seen(self, reader: str, story_ids: Sequence[int], *, now: datetime) -> None:
        """Remember that a reader has seen all that happened in these stories until now."""
        rows = [
            {"reader": clean(reader), "story_id": number, "at": now}
            for number in dict.fromkeys(story_ids)
        ]
        if not rows:
            return
        with self.writing() as connection:
            adding = insert(connection, seen)
            # Who saw more meanwhile, on another page, has not unseen it.
            later = adding.excluded.at
            connection.execute(
                adding.on_conflict_do_update(
                    index_elements=["reader", "story_id"],
                    set_={"at": later},
                    where=seen.c.at < later,
                ),
                rows,
            )

    def mark_all_seen(self, reader: str, *, now: datetime) -> None:
        """Remember that a reader has seen everything until now."""
        with self.writing() as connection:
            adding = insert(connection, readers)
            later = adding.excluded.seen_before
            connection.execute(
                adding.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"seen_before": later},
                    where=sa.or_(readers.c.seen_before.is_(None), readers.c.seen_before < later),
                ),
                [{"name": clean(reader), "seen_before": now}],
            )
            connection.execute(
                sa.delete(seen).where(seen.c.reader == clean(reader), seen.c.at <= now)
            )


def _row(card: Card) -> dict[str, Any]:
    whole = asdict(card)
    data = {key: value for key, value in whole.items() if key not in {*_COLUMNS, "story_id"}}
    data["happenings"] = [[_us(h.at), h.kind.value, h.text] for h in card.happenings]
    return {
        "story_id": card.story_id,
        "changed_at": card.changed_at,
        "first_seen_at": card.first_seen_at,
        "relevance": card.relevance,
        "title": clean(card.title),
        "data": cleaned(data),
    }


def _of(card: Card | None) -> dict[str, Any]:
    """What lists choose stories by, of their cards."""
    is_disputed = card is not None and bool(card.contradictions or card.corrections)
    return {
        "card_relevance": card.relevance if card else None,
        "card_is_disputed": is_disputed,
    }


def _facets(card: Card, outlets: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "value": clean(value), "story_id": card.story_id}
        for part, kind in _OF_CARD.items()
        for value in dict.fromkeys(outlets if part == "outlets" else getattr(card, part))
    ]


def _lines(connection: sa.Connection, numbers: Sequence[int], reader: str) -> list[Line]:
    """The lines of these stories, in this order, without a query per story."""
    before = connection.execute(
        sa.select(readers.c.seen_before).where(readers.c.name == clean(reader))
    ).scalar()
    rows: dict[int, Any] = {}
    tags: dict[int, list[str]] = {number: [] for number in numbers}
    last: dict[int, Any] = {}
    notes: dict[int, int] = {}
    looked: dict[int, datetime] = {}
    for part in chunks(numbers):
        whole = _LINES.join(cards, cards.c.story_id == stories.c.id)
        rows |= {r.id: r for r in connection.execute(whole.where(stories.c.id.in_(part)))}
        tagged = sa.select(story_facets.c.story_id, story_facets.c.value).where(
            story_facets.c.kind == "tag", story_facets.c.story_id.in_(part)
        )
        for story_id, tag in connection.execute(tagged.order_by(story_facets.c.value)):
            tags[story_id].append(tag)
        log = sa.select(
            decisions.c.story_id, decisions.c.at, decisions.c.who, decisions.c.action
        ).where(
            decisions.c.story_id.in_(part),
            ~decisions.c.undone,
            decisions.c.action.in_(["state", "note"]),
        )
        for entry in connection.execute(log.order_by(decisions.c.id)):
            if entry.action == "state":
                last[entry.story_id] = entry
            else:
                notes[entry.story_id] = notes.get(entry.story_id, 0) + 1
        marks = sa.select(seen.c.story_id, seen.c.at).where(
            seen.c.reader == clean(reader), seen.c.story_id.in_(part)
        )
        looked |= {mark.story_id: mark.at for mark in connection.execute(marks)}
    return [
        Line(
            card=_card(row),
            state=ReviewState(row.state),
            version=row.version,
            needs_attention=row.needs_attention,
            is_starred=row.is_starred,
            assignee=row.assignee,
            tags=tuple(tags[number]),
            notes=notes.get(number, 0),
            decided_by=last[number].who if number in last else "",
            decided_at=last[number].at if number in last else None,
            seen_at=max(filter(None, (before, looked.get(number))), default=None),
        )
        for number in numbers
        if (row := rows.get(number)) is not None
    ]


def _card(row: Any) -> Card:
    data: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in row.data.items()
    }
    data["happenings"] = tuple(
        Happening(at=_time(us), kind=HappeningKind(kind), text=text)
        for us, kind, text in row.data["happenings"]
    )
    columns: dict[str, Any] = {name: getattr(row, name) for name in _COLUMNS}
    return Card(story_id=row.id, **columns, **data)


def _us(when: datetime) -> int:
    return (when - EPOCH) // timedelta(microseconds=1)


def _time(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _cursor(place: datetime | float, number: int) -> str:
    where = _us(place) if isinstance(place, datetime) else place
    return base64.urlsafe_b64encode(json.dumps([where, number]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: Order) -> tuple[datetime | float, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        when = float(place) if order is Order.RELEVANCE else _time(int(place))
        is_place = isinstance(when, datetime) or 0 <= when <= 1
        is_ours = is_place and type(number) is int and 0 <= number < MOST_ID
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _no_place() from error
    if not is_ours:
        raise _no_place()
    return when, number


def _no_place() -> BadInput:
    return BadInput("is no place in the list.", subject="cursor", advice="Start from the top.")
