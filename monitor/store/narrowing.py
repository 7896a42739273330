"""Which stories a query chooses, as conditions on their cards."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model import FACETS, StoryQuery
from monitor.store import search
from monitor.store.rows import clean
from monitor.store.tables import articles, cards, stories, story_facets


def conditions(
    dialect: str, query: StoryQuery, *, now: datetime, without: str = ""
) -> list[sa.ColumnElement[bool]]:
    """
    All that must hold of `stories` joined with `cards`.

    Args:
        now: what `StoryQuery.within_s` counts from.
        without: a part that is left out (`model.FACETS`), to count what else it could be.
    """
    found = [stories.c.merged_into.is_(None), *_of_review(query), *_of_card(query, now)]
    for part, kind in FACETS.items():
        values = [clean(value) for value in getattr(query, part)]
        if values and part != without:
            found.append(
                stories.c.id.in_(
                    sa.select(story_facets.c.story_id).where(
                        story_facets.c.kind == kind, story_facets.c.value.in_(values)
                    )
                )
            )
    if query.search:
        words = search.query_words(query.search)
        found.append(
            stories.c.id.in_(
                sa.select(articles.c.story_id).where(
                    articles.c.id.in_(search.found_ids(dialect, words))
                )
            )
            if words
            else sa.false()
        )
    return found


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
        found.append(cards.c.relevance >= query.min_relevance)
    if query.is_disputed:
        found.append(cards.c.is_disputed)
    return found
