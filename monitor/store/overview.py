"""
Stories counted by day, mineral and country; outlets by who told first; decisions by day.

A story counts on the day on which something last happened in it, as the queries of the inbox
and of the search take it, so that what is counted here is what a link there shows. Days are
those of a fixed distance to UTC: who wants a zone with summer time asks once for each part of
the year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

import sqlalchemy as sa

from monitor.model import Arrivals
from monitor.model.overview import DayCount, SourceArticle, Tellings
from monitor.store.rows import Rows
from monitor.store.tables import (
    EPOCH,
    articles,
    cards,
    decisions,
    source_days,
    stories,
    story_facets,
)

_DAY_S = 86_400
_FIRST = EPOCH.date().toordinal()

#: A copy is never the first, whatever its date says.
_COPIES = articles.c.copy_of.is_not(None)


class OverviewRows(Rows):
    """See `ports.Overview`."""

    def story_days(
        self, kind: str, *, since: datetime, until: datetime, ahead_s: int
    ) -> list[DayCount]:
        """
        Stories by the day on which something last happened in them.

        Args:
            kind: of facet: `mineral`, `country`; empty counts all stories under the value ''.
            ahead_s: seconds that the days are ahead of UTC.
        """
        if not kind:
            # Of cards alone: their index knows it, and a story without one is not shown.
            return self._counts(
                _by_day(self._day(cards.c.changed_at, ahead_s), sa.literal("")).where(
                    cards.c.changed_at >= since, cards.c.changed_at < until
                )
            )
        query = (
            _by_day(self._day(stories.c.updated_at, ahead_s), story_facets.c.value)
            .select_from(stories.join(story_facets, story_facets.c.story_id == stories.c.id))
            .where(
                story_facets.c.kind == kind,
                stories.c.updated_at >= since,
                stories.c.updated_at < until,
                stories.c.merged_into.is_(None),
            )
        )
        return self._counts(query)

    def decision_days(self, *, since: datetime, until: datetime, ahead_s: int) -> list[DayCount]:
        """Stories by the day on which a state was given to them, and by that state."""
        query = _by_day(self._day(decisions.c.at, ahead_s), decisions.c.after).where(
            decisions.c.action == "state",
            ~decisions.c.undone,
            decisions.c.at >= since,
            decisions.c.at < until,
        )
        return self._counts(query)

    def median_wait(self, *, since: datetime, most: int) -> timedelta | None:
        """From a story's beginning until its first decision, by the last `most` decisions."""
        firsts = (
            sa.select(sa.func.min(decisions.c.id).label("id"))
            .where(decisions.c.action == "state", ~decisions.c.undone)
            .group_by(decisions.c.story_id)
            .subquery()
        )
        query = (
            sa.select(decisions.c.at, stories.c.first_seen_at)
            .join(firsts, firsts.c.id == decisions.c.id)
            .join(stories, stories.c.id == decisions.c.story_id)
            .where(decisions.c.at >= since)
            .order_by(decisions.c.id.desc())
            .limit(most)
        )
        with self.reading() as connection:
            waits = [max(at - began, timedelta()) for at, began in connection.execute(query)]
        return timedelta(seconds=median(w.total_seconds() for w in waits)) if waits else None

    def outlets_told(self, *, since: datetime, most: int) -> list[Tellings]:
        """By outlet and language what was told since then, of the last `most` articles."""
        latest = (
            sa.select(articles.c.id)
            .where(articles.c.relevant, articles.c.at >= since)
            .order_by(articles.c.at.desc())
            .limit(most)
        )
        query = _tellings(articles.c.site, articles.c.language).where(articles.c.id.in_(latest))
        query = query.group_by(articles.c.site, articles.c.language)
        with self.reading() as connection:
            return [_told(row, row.site, row.language) for row in connection.execute(query)]

    def source_told(self, source_id: int, *, since: datetime, most: int) -> Tellings:
        """The same of what one source brought."""
        latest = (
            sa.select(articles.c.id)
            .where(articles.c.source_id == source_id, articles.c.at >= since, articles.c.relevant)
            .order_by(articles.c.at.desc())
            .limit(most)
        )
        query = _tellings().where(articles.c.id.in_(latest))
        with self.reading() as connection:
            return _told(connection.execute(query).one())

    def source_articles(self, source_id: int, *, limit: int) -> list[SourceArticle]:
        """The newest articles that a source brought."""
        names = ("id", "story_id", "title", "url", "at", "relevant", "copy_of")
        query = (
            sa.select(*(articles.c[name] for name in names))
            .where(articles.c.source_id == source_id)
            .order_by(articles.c.at.desc(), articles.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return [
                SourceArticle(
                    id=row.id,
                    story_id=row.story_id,
                    title=row.title,
                    url=row.url,
                    at=row.at,
                    relevant=row.relevant,
                    is_copy=row.copy_of is not None,
                )
                for row in connection.execute(query)
            ]

    def arrivals_of(self, source_ids: Iterable[int], *, since: date) -> dict[int, Arrivals]:
        """What these sources brought since then; who brought nothing is missing."""
        numbers = list(source_ids)
        query = (
            sa.select(source_days)
            .where(
                source_days.c.source_id.in_(numbers),
                source_days.c.day >= since.toordinal() - _FIRST,
            )
            .order_by(source_days.c.source_id, source_days.c.day)
        )
        with self.reading() as connection:
            found = connection.execute(query).all()
        return {number: _arrived(rows) for number, rows in groupby(found, lambda r: r.source_id)}

    def _day(self, column: sa.Column[Any], ahead_s: int) -> sa.ColumnElement[int]:
        """The number of the day of a moment, from 1970."""
        if self.dialect == "sqlite":
            us = sa.type_coerce(column, sa.BigInteger) + sa.literal(ahead_s * 1_000_000)
            return us // sa.literal(_DAY_S * 1_000_000)
        seconds = sa.func.extract("epoch", column) + sa.literal(ahead_s)
        return sa.cast(sa.func.floor(seconds / sa.literal(_DAY_S)), sa.BigInteger)

    def _counts(self, query: sa.Select[Any]) -> list[DayCount]:
        with self.reading() as connection:
            return [
                DayCount(
                    day=date.fromordinal(int(row.day) + _FIRST), value=row.value, count=row.times
                )
                for row in connection.execute(query)
            ]


def _by_day(day: sa.ColumnElement[int], value: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(
        day.label("day"), value.label("value"), sa.func.count().label("times")
    ).group_by(sa.text("1"), sa.text("2"))


def _tellings(*columns: sa.Column[Any]) -> sa.Select[Any]:
    """Counts of articles by whether others of their story were earlier, or are there at all."""
    other = articles.alias("other")
    of_story = (other.c.story_id == articles.c.story_id, other.c.id != articles.c.id)
    has_others = sa.exists(sa.select(other.c.id).where(*of_story, other.c.relevant))
    is_before = sa.or_(
        other.c.at < articles.c.at, sa.and_(other.c.at == articles.c.at, other.c.id < articles.c.id)
    )
    has_earlier = sa.exists(sa.select(other.c.id).where(*of_story, other.c.relevant, is_before))
    is_first = sa.and_(~_COPIES, has_others, ~has_earlier)
    return sa.select(
        *columns,
        sa.func.count().label("told"),
        _number_of(is_first).label("first"),
        _number_of(sa.and_(~_COPIES, ~has_others)).label("alone"),
        _number_of(_COPIES).label("copies"),
    )


def _arrived(rows: Iterable[Any]) -> Arrivals:
    days, new, kept = zip(*((row.day + _FIRST, row.new, row.kept) for row in rows), strict=True)
    return Arrivals(days=days, new=new, kept=kept)


def _number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _told(row: Any, outlet: str = "", language: str = "") -> Tellings:
    return Tellings(
        outlet=outlet,
        language=language,
        told=row.told,
        first=row.first,
        alone=row.alone,
        copies=row.copies,
    )
