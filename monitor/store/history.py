"""What is remembered over months: the days of each source, and what sites asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from monitor.model import Arrivals, SiteNote, SourceDay
from monitor.store.rows import Rows, chunks, clean, insert
from monitor.store.tables import EPOCH, sites, source_days

#: A site of which nothing newer is known is forgotten.
SITE_KEPT = timedelta(days=30)

#: Ordinal of the day 0.
_FIRST = EPOCH.date().toordinal()


def _listed(column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """The values of a group in one text: a tenth of the time of as many rows."""
    return sa.func.aggregate_strings(sa.cast(column, sa.Text), ",")


_DAY = source_days.c.day + _FIRST
_NEWS = (
    sa.select(source_days.c.source_id, _listed(_DAY))
    .where(source_days.c.new > 0)
    .group_by(source_days.c.source_id)
)
_BROUGHT = (
    sa.select(
        source_days.c.source_id,
        _listed(_DAY),
        _listed(source_days.c.new),
        _listed(source_days.c.kept),
    )
    .where(sa.or_(source_days.c.new > 0, source_days.c.kept > 0))
    .group_by(source_days.c.source_id)
)


class HistoryRows(Rows):
    """See `ports.History`."""

    def source_days(self, since: date, *, source_id: int | None = None) -> list[SourceDay]:
        """What each source, or this one, did on each day since then; by source and day."""
        query = (
            sa.select(source_days)
            .where(source_days.c.day >= _number_of(since))
            .order_by(source_days.c.source_id, source_days.c.day)
        )
        if source_id is not None:
            query = query.where(source_days.c.source_id == source_id)
        with self.reading() as connection:
            return [
                SourceDay(
                    source_id=row.source_id,
                    day=EPOCH.date() + timedelta(days=row.day),
                    polls=row.polls,
                    failures=row.failures,
                    new=row.new,
                    kept=row.kept,
                )
                for row in connection.execute(query)
            ]

    def days_with_news(
        self, since: date, *, source_ids: Iterable[int] | None = None
    ) -> dict[int, list[int]]:
        """Days since then (`date.toordinal()`) on which a source brought something new."""
        query = _NEWS.where(source_days.c.day >= _number_of(since))
        queries = [query]
        if source_ids is not None:
            queries = [query.where(source_days.c.source_id.in_(ids)) for ids in chunks(source_ids)]
        with self.reading() as connection:
            return {
                source_id: sorted(map(int, days.split(",")))
                for one in queries
                for source_id, days in connection.execute(one)
            }

    def arrivals(self, since: date, *, source_id: int | None = None) -> dict[int, Arrivals]:
        """What each source, or this one, brought since then; who brought nothing is missing."""
        query = _BROUGHT.where(source_days.c.day >= _number_of(since))
        if source_id is not None:
            query = query.where(source_days.c.source_id == source_id)
        with self.reading() as connection:
            return {number: _arrivals(*lists) for number, *lists in connection.execute(query)}

    def site_notes(self) -> list[SiteNote]:
        """All that is remembered of sites."""
        with self.reading() as connection:
            return [
                SiteNote(
                    origin=row.origin,
                    not_before=row.not_before,
                    robots_at=row.robots_at,
                    robots=zlib.decompress(row.robots) if row.robots else b"",
                )
                for row in connection.execute(sa.select(sites))
            ]

    def remember_sites(self, notes: Iterable[SiteNote], *, now: datetime) -> None:
        """Keep what was learned of sites; what is too old to matter goes."""
        with self.writing() as connection:
            for note in notes:
                values = {
                    "not_before": note.not_before,
                    "robots_at": note.robots_at,
                    "robots": zlib.compress(note.robots) if note.robots else b"",
                }
                connection.execute(
                    insert(connection, sites)
                    .values(origin=clean(note.origin), **values)
                    .on_conflict_do_update(index_elements=["origin"], set_=values)
                )
            too_old = now - SITE_KEPT
            connection.execute(
                sa.delete(sites).where(
                    sa.or_(sites.c.robots_at.is_(None), sites.c.robots_at < too_old),
                    sa.or_(sites.c.not_before.is_(None), sites.c.not_before < too_old),
                )
            )


def count_day(connection: sa.Connection, source_id: int, at: datetime, **counts: int) -> None:
    """Add to what a source did on the day of `at`."""
    key = {"source_id": source_id, "day": _number_of(at.date())}
    more = {name: source_days.c[name] + count for name, count in counts.items()}
    connection.execute(
        insert(connection, source_days)
        .values(**key, **counts)
        .on_conflict_do_update(index_elements=["source_id", "day"], set_=more)
    )


def _arrivals(days: str, new: str, kept: str) -> Arrivals:
    """The lists of one source; their order is the database's, and the same in all three."""
    numbers, news, keeps = (list(map(int, text.split(","))) for text in (days, new, kept))
    if numbers != sorted(numbers):
        rows = sorted(zip(numbers, news, keeps, strict=True))
        numbers, news, keeps = (list(column) for column in zip(*rows, strict=True))
    return Arrivals(days=numbers, new=news, kept=keeps)


def _number_of(day: date) -> int:
    return (day - EPOCH.date()).days
