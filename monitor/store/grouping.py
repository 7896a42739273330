"""What an analyst says about groups: two stories are one, one is two, an article is no copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Decision, ReviewState
from monitor.review.groups import with_copies
from monitor.store.articles import touch_story
from monitor.store.reads import Reads
from monitor.store.reviews import (
    add_tags,
    conflict_of,
    log_entry,
    outdated,
    settle_open,
    story_row,
    tags_of,
)
from monitor.store.rows import chunks, clean, insert, inserted_id
from monitor.store.tables import (
    articles,
    cards,
    decisions,
    developments,
    ledger,
    ledger_names,
    retracted_copies,
    seen,
    stories,
    story_facets,
)

#: What an article is that copies nothing.
NO_EDGE: dict[str, Any] = {"copy_of": None, "copy_containment": None, "copy_why": ""}

#: What is decided about a story as a whole, to its column.
STANDING = {"state": "state", "star": "is_starred", "assign": "assignee"}


class GroupingRows(Reads):
    """See `ports.Reviews`; no article is stored meanwhile, lest it came into a story that went."""

    def merge_stories(
        self,
        kept_id: int,
        merged_id: int,
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Make two stories one; the old id redirects, both logs stay.

        States that differ become `needs-check`; tags and stars of both hold, and who was
        assigned to either.

        Args:
            version: of the story that stays, as it was looked at; None = whatever it is.

        Raises:
            BadInput: one of them does not exist, or they are one already.
            Outdated: the story that stays is not in this version any more.
        """
        with self.together(), self.writing() as connection:
            kept, merged = story_row(connection, kept_id), story_row(connection, merged_id)
            if kept.id == merged.id:
                raise BadInput("is that story already.", subject=f"s{merged_id}")
            _refuse_if_changed(connection, kept, kept_id, version)
            became = joined(kept, merged)
            tags = sorted(tags_of(connection, merged.id) - tags_of(connection, kept.id))
            details = {
                **move_whole(connection, merged.id, kept.id),
                "stories": [kept.id, merged.id],
                "was": standing(kept),
                "became": became,
                "tags": tags,
            }
            set_story(connection, kept.id, **became)
            add_tags(connection, kept.id, tags)
            retire(connection, merged.id, into=kept.id)
            settle(connection, kept.id, now)
            return log_entry(
                connection,
                kept.id,
                action="merge",
                before=f"s{merged.id}",
                after=f"s{kept.id}",
                who=who,
                now=now,
                details=details,
            )

    def split_story(
        self,
        story_id: int,
        article_ids: Sequence[int],
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Make these articles, with their copies, a story of its own; its id is in `after`.

        The new story has the state, the tags and the assignee of the old one.

        Raises:
            BadInput: no such story, an article is not in it, or nothing would be left in it.
            Outdated: the story is not in this version any more.
        """
        with self.together(), self.writing() as connection:
            old = story_row(connection, story_id)
            _refuse_if_changed(connection, old, story_id, version)
            members = _members(connection, old.id)
            moving = with_copies({row.id: row.copy_of for row in members}, article_ids, old.id)
            new = _new_story(connection, old, now)
            details = {
                "stories": [old.id, new],
                "new": new,
                "edges": _cut_edges(connection, moving),
                "parts": _move(connection, members, moving, new),
            }
            for number in (old.id, new):
                settle(connection, number, now)
            made = log_entry(
                connection,
                old.id,
                action="split",
                before=f"s{old.id}",
                after=f"s{new}",
                who=who,
                now=now,
                details=details,
            )
            log_entry(
                connection,
                new,
                action="split-off",
                before=f"s{old.id}",
                after=f"s{new}",
                who=who,
                now=now,
                batch=made.batch,
            )
            return made

    def retract_copy(self, article_id: int, *, who: str, now: datetime) -> Decision | None:
        """
        An analyst says that the article is no copy; it becomes a development of its own.

        Returns:
            None when it is none already.
        """
        with self.together(), self.writing() as connection:
            row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).first()
            if row is None or row.copy_of is None:
                return None
            connection.execute(
                insert(connection, retracted_copies)
                .values(article_id=article_id, original_id=row.copy_of)
                .on_conflict_do_nothing()
            )
            own = inserted_id(
                connection, developments, story_id=row.story_id, first_seen_at=row.first_seen_at
            )
            set_article(
                connection,
                article_id,
                **NO_EDGE,
                development_id=own,
                placement_reasons=[f"{clean(who)} says that it is no copy of a{row.copy_of}"],
            )
            touch_story(connection, row.story_id, now)
            return log_entry(
                connection,
                row.story_id,
                action="not-a-copy",
                before=f"a{row.copy_of}",
                after=f"a{article_id}",
                who=who,
                now=now,
                details={
                    "stories": [row.story_id],
                    "article": article_id,
                    "original": row.copy_of,
                    "containment": row.copy_containment,
                    "why": row.copy_why,
                    "development": row.development_id,
                    "own": own,
                    "reasons": row.placement_reasons,
                },
            )


def standing(row: Any) -> dict[str, Any]:
    """What is decided about a story as a whole, and whether it must be looked at again."""
    return {name: getattr(row, name) for name in (*STANDING.values(), "needs_attention")}


def set_story(connection: sa.Connection, story_id: int, **values: Any) -> None:
    """Change columns of a story."""
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**values))


def set_article(connection: sa.Connection, article_id: int, **values: Any) -> None:
    """Change columns of an article."""
    connection.execute(sa.update(articles).where(articles.c.id == article_id).values(**values))


def settle(connection: sa.Connection, story_id: int, now: datetime) -> None:
    """After articles came or went: a new version, what it begins with, whether it is open."""
    first = sa.select(sa.func.min(articles.c.first_seen_at)).where(articles.c.story_id == story_id)
    began = connection.execute(first).scalar()
    if began is not None:
        set_story(connection, story_id, first_seen_at=began)
    touch_story(connection, story_id, now)
    settle_open(connection, story_id)


def retire(connection: sa.Connection, story_id: int, *, into: int) -> None:
    """A story has gone into another: it has no card, and stands in no list."""
    for table in (cards, ledger, ledger_names):
        connection.execute(sa.delete(table).where(table.c.story_id == story_id))
    connection.execute(
        sa.delete(story_facets).where(
            story_facets.c.story_id == story_id, story_facets.c.kind != "tag"
        )
    )
    set_story(
        connection,
        story_id,
        merged_into=into,
        version=stories.c.version + 1,
        card_stale=False,
        relevance=None,
        is_disputed=False,
    )


def _refuse_if_changed(
    connection: sa.Connection, row: Any, looked_at: int, version: int | None
) -> None:
    if version is not None and (looked_at, version) != (row.id, row.version):
        raise outdated(conflict_of(connection, row), version)


def joined(kept: Any, merged: Any) -> dict[str, Any]:
    """What a story is that two have become."""
    return {
        "state": kept.state if kept.state == merged.state else ReviewState.NEEDS_CHECK.value,
        "is_starred": kept.is_starred or merged.is_starred,
        "assignee": kept.assignee or merged.assignee,
        "needs_attention": kept.needs_attention or merged.needs_attention,
    }


def move_whole(connection: sa.Connection, merged: int, kept: int) -> dict[str, list[int]]:
    """Move all that a story has into another; what was moved, so that it can be moved back."""
    moved = {
        name: list(
            connection.execute(
                sa.select(table.c.id).where(table.c.story_id == merged).order_by(table.c.id)
            ).scalars()
        )
        for name, table in (("developments", developments), ("decisions", decisions))
    }
    for table in (articles, developments, decisions):
        connection.execute(sa.update(table).where(table.c.story_id == merged).values(story_id=kept))
    return moved


def _members(connection: sa.Connection, story_id: int) -> Sequence[Any]:
    wanted = (
        articles.c.id,
        articles.c.development_id,
        articles.c.copy_of,
        articles.c.first_seen_at,
    )
    query = sa.select(*wanted).where(articles.c.story_id == story_id)
    return connection.execute(query.order_by(articles.c.id)).all()


def _new_story(connection: sa.Connection, like: Any, now: datetime) -> int:
    """A story as that one stands, with its tags; who has seen that one has seen this one."""
    new = inserted_id(
        connection,
        stories,
        state=like.state,
        version=1,
        needs_attention=like.needs_attention,
        is_starred=False,
        assignee=like.assignee,
        first_seen_at=like.first_seen_at,
        updated_at=now,
        is_open=like.is_open,
    )
    add_tags(connection, new, tags_of(connection, like.id))
    marks = sa.select(seen.c.reader, sa.literal(new), seen.c.at).where(seen.c.story_id == like.id)
    connection.execute(sa.insert(seen).from_select(["reader", "story_id", "at"], marks))
    return new


def _move(
    connection: sa.Connection, members: Sequence[Any], moving: set[int], new: int
) -> dict[str, int]:
    """
    Whole developments go as they are; of others a part becomes a development.

    Returns:
        By development that was made: the one that it was a part of.
    """
    parts: dict[str, int] = {}
    for number in dict.fromkeys(row.development_id for row in members if row.id in moving):
        group = [row for row in members if row.development_id == number]
        going = [row for row in group if row.id in moving]
        target = number
        if len(going) < len(group):
            began = min(row.first_seen_at for row in going)
            target = inserted_id(connection, developments, story_id=new, first_seen_at=began)
            parts[str(target)] = number
        else:
            connection.execute(
                sa.update(developments).where(developments.c.id == number).values(story_id=new)
            )
        for some in chunks(row.id for row in going):
            connection.execute(
                sa.update(articles)
                .where(articles.c.id.in_(some))
                .values(story_id=new, development_id=target)
            )
    return parts


def _cut_edges(connection: sa.Connection, moving: set[int]) -> list[list[Any]]:
    """A copy that goes without its original stands by itself there; the edges that were."""
    edge = (articles.c.id, articles.c.copy_of, articles.c.copy_containment, articles.c.copy_why)
    edges: list[list[Any]] = []
    for some in chunks(sorted(moving)):
        going = sa.select(*edge).where(articles.c.id.in_(some), articles.c.copy_of.is_not(None))
        edges += [list(row) for row in connection.execute(going) if row.copy_of not in moving]
    for number, *_ in edges:
        set_article(connection, number, **NO_EDGE)
    return edges
