"""Which stories a query chooses, as conditions on their cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model import FACETS, StoryQuery
from monitor.store import search
from monitor.store.rows import clean
from monitor.store.tables import articles, stories, story_facets

#: A facet of fewer stories is looked up whole; of more, story after story is asked for it.
RARE = 2000

#: The same of articles that hold the words of a query.
RARE_HITS = 8000


def conditions(
    dialect: str,
    query: StoryQuery,
    *,
    now: datetime,
    without: str = "",
    rare: Collection[str] = (),
) -> list[sa.ColumnElement[bool]]:
    """
    All that must hold of `stories`; of those without a card none does.

    Args:
        now: what `StoryQuery.within_s` counts from.
        without: a part that is left out (`model.FACETS`), to count what else it could be.
        rare: parts that few stories pass (`rare_parts`), to find these first.
    """
    found = [
        stories.c.merged_into.is_(None),
        stories.c.relevance.is_not(None),
        *_of_review(query),
        *_of_card(query, now),
    ]
    for part in FACETS:
        if getattr(query, part) and part != without:
            of_part = _having(query, part)
            if part in rare:
                found.append(stories.c.id.in_(of_part))
            else:
                found.append(of_part.where(story_facets.c.story_id == stories.c.id).exists())
    if query.search:
        found.append(_saying(dialect, query.search, is_rare="search" in rare))
    return found


def rare_parts(connection: sa.Connection, query: StoryQuery) -> list[str]:
    """Parts of a query that few stories pass, whatever else it asks for."""
    asked = {part: (_having(query, part), RARE) for part in FACETS if getattr(query, part)}
    if words := search.query_words(query.search):
        asked["search"] = search.found_ids(connection.dialect.name, words), RARE_HITS
    return [
        part for part, (wanted, most) in asked.items() if _count(connection, wanted, most) < most
    ]


def _count(connection: sa.Connection, wanted: sa.Select[tuple[int]], most: int) -> int:
    bounded = wanted.limit(most).subquery()
    counted = sa.select(sa.func.count()).select_from(bounded)
    number: int = connection.execute(counted).scalar_one()
    return number


def _saying(dialect: str, asked: str, *, is_rare: bool) -> sa.ColumnElement[bool]:
    """Stories of which an article holds the words."""
    words = search.query_words(asked)
    if not words:
        return sa.false()
    holding = search.found_ids(dialect, words)
    if is_rare:
        return stories.c.id.in_(sa.select(articles.c.story_id).where(articles.c.id.in_(holding)))
    # The sum keeps SQLite from looking at all that was found for every story.
    number = articles.c.id + 0
    return sa.exists().where(articles.c.story_id == stories.c.id, number.in_(holding))


def _having(query: StoryQuery, part: str) -> sa.Select[tuple[int]]:
    """Stories that have one of the values of a part."""
    return sa.select(story_facets.c.story_id).where(
        story_facets.c.kind == FACETS[part],
        story_facets.c.value.in_([clean(value) for value in getattr(query, part)]),
    )


def _of_review(query: StoryQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if query.states:
        found.append(stories.c.state.in_([state.value for state in query.states]))
    if query.is_open:
        found.append(stories.c.is_open)
    if query.needs_attention:
        found.append(stories.c.needs_attention)
    if query.is_starred:
        found.append(stories.c.is_starred)
    if query.assignee:
        found.append(stories.c.assignee == clean(query.assignee))
    return found


def _of_card(query: StoryQuery, now: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    since = query.since
    if query.within_s:
        since = max(filter(None, (since, now - timedelta(seconds=query.within_s))))
    if since:
        found.append(stories.c.updated_at >= since)
    if query.until:
        found.append(stories.c.updated_at < query.until)
    if query.min_relevance:
        found.append(stories.c.relevance >= query.min_relevance)
    if query.is_disputed:
        found.append(stories.c.is_disputed)
    return found
