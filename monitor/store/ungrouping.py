"""How a merge, a split or a "not a copy" is taken back, though news came in meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import ReviewState
from monitor.store.articles import touch_story
from monitor.store.grouping import STANDING, retire, set_article, set_story, settle, standing
from monitor.store.reviews import add_tags, drop_tag, is_tagged_by_log, tags_of
from monitor.store.rows import chunks
from monitor.store.tables import articles, decisions, developments, retracted_copies, stories

#: Takes the decision of a log's row back at this moment; gives the stories that it changed.
Ungroup = Callable[[sa.Connection, Any, datetime], list[int]]


def conflicts_with(row: Any, later: Any) -> bool:
    """Whether a later decision about groups stands on one: it must be taken back first."""
    if row.action == later.action == "not-a-copy":
        ours = row.details["article"]
        return ours in {later.details["article"], later.details["original"]}
    return bool(set(row.details["stories"]) & set(later.details.get("stories", ())))


def _unmerge(connection: sa.Connection, row: Any, now: datetime) -> list[int]:
    """Two stories again; what came in meanwhile goes with its development."""
    kept, merged = row.details["stories"]
    for table, column, name in (
        (developments, developments.c.id, "developments"),
        (articles, articles.c.development_id, "developments"),
        (decisions, decisions.c.id, "decisions"),
    ):
        for some in chunks(row.details[name]):
            connection.execute(sa.update(table).where(column.in_(some)).values(story_id=merged))
    for tag in row.details["tags"]:
        if not is_tagged_by_log(connection, kept, tag):
            drop_tag(connection, kept, tag)
    _stand_apart(connection, row, kept, merged)
    for number in (kept, merged):
        settle(connection, number, now)
    return [kept, merged]


def _stand_apart(connection: sa.Connection, row: Any, kept: int, merged: int) -> None:
    """
    Each stands as it did; what was decided on both since holds for the one that stayed.

    Whoever must look again because of news still must, at the story that has the news.
    """
    was = row.details["was"]
    present = standing(_story(connection, kept))
    decided = {action: _is_decided_since(connection, kept, action, row.id) for action in STANDING}
    after = {
        column: present[column] if decided[action] else was[column]
        for action, column in STANDING.items()
    }
    news = {number: _has_news(connection, number, row.at) for number in (kept, merged)}
    if not any(news.values()) and not row.details["became"]["needs_attention"]:
        news = dict.fromkeys(news, True)
    is_alarmed = present["needs_attention"]
    after["needs_attention"] = (is_alarmed and news[kept]) or (
        was["needs_attention"] and not decided["state"]
    )
    other = _story(connection, merged)
    set_story(connection, kept, **after)
    set_story(
        connection,
        merged,
        merged_into=None,
        needs_attention=other.needs_attention or (is_alarmed and news[merged]),
    )


def _unsplit(connection: sa.Connection, row: Any, now: datetime) -> list[int]:
    """One story again: also what came into the new one, and what was decided on it, meanwhile."""
    old, new = row.details["stories"]
    tags = [t for t in tags_of(connection, new) if is_tagged_by_log(connection, new, t)]
    decided = {action: _is_decided_since(connection, new, action, row.id) for action in STANDING}
    for table in (articles, developments, decisions):
        connection.execute(sa.update(table).where(table.c.story_id == new).values(story_id=old))
    for part, whole in row.details["parts"].items():
        connection.execute(
            sa.update(articles)
            .where(articles.c.development_id == int(part))
            .values(development_id=whole)
        )
    for number, original, containment, why in row.details["edges"]:
        _fold(connection, number, original, containment, why)
    one, other = standing(_story(connection, old)), standing(_story(connection, new))
    if decided["state"] and other["state"] != one["state"]:
        one["state"] = ReviewState.NEEDS_CHECK.value
    one["is_starred"] |= other["is_starred"]
    if decided["assign"]:
        one["assignee"] = one["assignee"] or other["assignee"]
    one["needs_attention"] |= other["needs_attention"]
    set_story(connection, old, **one)
    add_tags(connection, old, tags)
    retire(connection, new, into=old)
    settle(connection, old, now)
    connection.execute(
        sa.update(decisions)
        .where(decisions.c.batch == row.batch, decisions.c.action == "split-off")
        .values(undone=True)
    )
    return [old]


def _copy_again(connection: sa.Connection, row: Any, now: datetime) -> list[int]:
    """A copy after all, with what joined its development meanwhile."""
    details: Mapping[str, Any] = row.details
    number, original = details["article"], details["original"]
    connection.execute(
        sa.delete(retracted_copies).where(
            retracted_copies.c.article_id == number, retracted_copies.c.original_id == original
        )
    )
    connection.execute(
        sa.update(articles)
        .where(articles.c.development_id == details["own"])
        .values(development_id=details["development"])
    )
    _fold(connection, number, original, details["containment"], details["why"])
    set_article(connection, number, placement_reasons=details["reasons"])
    touch_story(connection, row.story_id, now)
    return [row.story_id]


#: How a decision about groups is taken back.
UNGROUP: Mapping[str, Ungroup] = {
    "merge": _unmerge,
    "split": _unsplit,
    "not-a-copy": _copy_again,
}


def _story(connection: sa.Connection, story_id: int) -> Any:
    return connection.execute(sa.select(stories).where(stories.c.id == story_id)).one()


def _is_decided_since(connection: sa.Connection, story_id: int, action: str, since: int) -> bool:
    """Whether a decision of that kind stands on a story that was made after that one."""
    query = sa.select(decisions.c.id).where(
        decisions.c.story_id == story_id,
        decisions.c.id > since,
        decisions.c.action == action,
        ~decisions.c.undone,
    )
    return connection.execute(query.limit(1)).first() is not None


def _has_news(connection: sa.Connection, story_id: int, since: datetime) -> bool:
    """Whether an article came in, or changed, since then."""
    query = sa.select(articles.c.id).where(
        articles.c.story_id == story_id,
        sa.or_(articles.c.first_seen_at > since, articles.c.updated_at > since),
    )
    return connection.execute(query.limit(1)).first() is not None


def _fold(
    connection: sa.Connection, number: int, original: int, containment: float | None, why: str
) -> None:
    """Make an article a copy again, unless it has become one of another article meanwhile."""
    columns = articles.c.id, articles.c.copy_of
    found = sa.select(*columns).where(articles.c.id.in_([number, original]))
    copies = {row.id: row.copy_of for row in connection.execute(found)}
    root = copies[original] or original
    if copies[number] is not None or root == number:
        return
    # What has become a copy of this one meanwhile is a copy of the same original.
    connection.execute(sa.update(articles).where(articles.c.copy_of == number).values(copy_of=root))
    set_article(connection, number, copy_of=root, copy_containment=containment, copy_why=why)
