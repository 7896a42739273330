"""What an analyst says about groups: two stories are one, one is two, an article is no copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Decision, ReviewState
from monitor.store.articles import story_now, touch_story
from monitor.store.reads import Reads
from monitor.store.reviews import add_tags, log_entry, settle_open
from monitor.store.rows import clean, insert, inserted_id
from monitor.store.tables import (
    articles,
    decisions,
    developments,
    retracted_copies,
    stories,
    story_facets,
)

_NO_EDGE: dict[str, Any] = {"copy_of": None, "copy_containment": None, "copy_why": ""}


class GroupingRows(Reads):
    """See `ports.Reviews`."""

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

        States that differ become `needs-check`.

        Args:
            version: of the story that stays, as it was looked at; None = whatever it is.

        Raises:
            BadInput: one of them does not exist, they are one already, or `version` is outdated.
        """
        with self.writing() as connection:
            kept, merged = story_now(connection, kept_id), story_now(connection, merged_id)
            if kept == merged:
                raise BadInput("is that story already.", subject=f"s{merged_id}")
            rows = {number: _row(connection, number) for number in (kept, merged)}
            _refuse_if_changed(rows[kept], version)
            details = _moved(connection, merged) | {
                "merged": merged,
                "state": rows[kept].state,
                "attention": rows[kept].needs_attention,
                "tags": sorted(_tags(connection, merged) - _tags(connection, kept)),
            }
            for table in (articles, developments, decisions):
                connection.execute(
                    sa.update(table).where(table.c.story_id == merged).values(story_id=kept)
                )
            state = rows[kept].state
            if rows[merged].state != state:
                state = ReviewState.NEEDS_CHECK.value
            attention = rows[kept].needs_attention or rows[merged].needs_attention
            _set(connection, kept, state=state, needs_attention=attention)
            _set(connection, merged, merged_into=kept)
            add_tags(connection, kept, details["tags"])
            for number in (kept, merged):
                touch_story(connection, number, now)
            settle_open(connection, kept)
            return log_entry(
                connection,
                kept,
                action="merge",
                before=f"s{merged}",
                after=f"s{kept}",
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
            BadInput: no such story, an article is not in it, nothing would be left in it, or
                `version` is outdated.
        """
        with self.writing() as connection:
            old = story_now(connection, story_id)
            row = _row(connection, old)
            _refuse_if_changed(row, version)
            members = connection.execute(
                sa.select(articles.c.id, articles.c.development_id, articles.c.copy_of).where(
                    articles.c.story_id == old
                )
            ).all()
            moving = _with_copies(members, article_ids, old)
            new = _new_story(connection, row, now)
            add_tags(connection, new, _tags(connection, old))
            edges = _cut_edges(connection, moving)
            was = _move(connection, members, moving, new, now)
            for number in (old, new):
                touch_story(connection, number, now)
            made = log_entry(
                connection,
                old,
                action="split",
                before=f"s{old}",
                after=f"s{new}",
                who=who,
                now=now,
                details={"new": new, "was": was, "edges": edges},
            )
            log_entry(
                connection, new, action="split-off", before=f"s{old}", after=f"s{new}", who=who,
                now=now, batch=made.batch,
            )  # fmt: skip
            return made

    def retract_copy(self, article_id: int, *, who: str, now: datetime) -> Decision | None:
        """
        An analyst says that the article is no copy; it becomes a development of its own.

        Returns:
            None when it is none already.
        """
        with self.writing() as connection:
            row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).first()
            if row is None or row.copy_of is None:
                return None
            connection.execute(
                insert(connection, retracted_copies)
                .values(article_id=article_id, original_id=row.copy_of)
                .on_conflict_do_nothing()
            )
            development = inserted_id(
                connection, developments, story_id=row.story_id, first_seen_at=now
            )
            _set_article(
                connection,
                article_id,
                **_NO_EDGE,
                development_id=development,
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
                    "article": article_id,
                    "original": row.copy_of,
                    "containment": row.copy_containment,
                    "why": row.copy_why,
                    "development": row.development_id,
                    "own": development,
                    "reasons": row.placement_reasons,
                },
            )


def _unmerge(
    connection: sa.Connection, kept: int, details: Mapping[str, Any], now: datetime
) -> None:
    """Two stories again; what came in meanwhile goes with its development."""
    merged = details["merged"]
    moved = details["developments"]
    for table, column in ((developments, developments.c.id), (articles, articles.c.development_id)):
        connection.execute(sa.update(table).where(column.in_(moved)).values(story_id=merged))
    connection.execute(
        sa.update(decisions).where(decisions.c.id.in_(details["decisions"])).values(story_id=merged)
    )
    connection.execute(
        sa.delete(story_facets).where(
            story_facets.c.kind == "tag",
            story_facets.c.value.in_(details["tags"]),
            story_facets.c.story_id == kept,
        )
    )
    _set(connection, merged, merged_into=None)
    _set(connection, kept, state=details["state"], needs_attention=details["attention"])
    for number in (kept, merged):
        touch_story(connection, number, now)
        settle_open(connection, number)


def _unsplit(
    connection: sa.Connection, old: int, details: Mapping[str, Any], now: datetime
) -> None:
    """One story again: also what came into the new one meanwhile."""
    new = details["new"]
    for table in (articles, developments):
        connection.execute(sa.update(table).where(table.c.story_id == new).values(story_id=old))
    for development, numbers in details["was"].items():
        connection.execute(
            sa.update(articles)
            .where(articles.c.id.in_(numbers))
            .values(development_id=int(development))
        )
    for number, original, containment, why in details["edges"]:
        _set_article(
            connection, number, copy_of=original, copy_containment=containment, copy_why=why
        )
    _set(connection, new, merged_into=old)
    for number in (old, new):
        touch_story(connection, number, now)


def _copy_again(
    connection: sa.Connection, story_id: int, details: Mapping[str, Any], now: datetime
) -> None:
    """A copy after all, unless it has become one of another article meanwhile."""
    number, original = details["article"], details["original"]
    connection.execute(
        sa.delete(retracted_copies).where(
            retracted_copies.c.article_id == number, retracted_copies.c.original_id == original
        )
    )
    row = connection.execute(
        sa.select(articles.c.copy_of, articles.c.development_id).where(articles.c.id == number)
    ).one()
    if row.copy_of is None and row.development_id == details["own"]:
        _set_article(
            connection,
            number,
            copy_of=original,
            copy_containment=details["containment"],
            copy_why=details["why"],
            development_id=details["development"],
            placement_reasons=details["reasons"],
        )
    touch_story(connection, story_id, now)


#: How a decision about groups is taken back: story of its log entry, its details, now.
UNGROUP = {"merge": _unmerge, "split": _unsplit, "not-a-copy": _copy_again}


def _row(connection: sa.Connection, story_id: int) -> Any:
    row = connection.execute(sa.select(stories).where(stories.c.id == story_id)).first()
    if row is None:
        raise BadInput("there is no such story.", subject=f"s{story_id}")
    return row


def _refuse_if_changed(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise BadInput(
            f"changed since you looked (version {row.version}, yours {version}).",
            subject=f"s{row.id}",
            advice="Look again and decide anew.",
        )


def _moved(connection: sa.Connection, story_id: int) -> dict[str, Any]:
    """What a merge moves, so that it can be moved back."""
    return {
        name: list(
            connection.execute(
                sa.select(table.c.id).where(table.c.story_id == story_id).order_by(table.c.id)
            ).scalars()
        )
        for name, table in (("developments", developments), ("decisions", decisions))
    }


def _tags(connection: sa.Connection, story_id: int) -> set[str]:
    query = sa.select(story_facets.c.value).where(
        story_facets.c.kind == "tag", story_facets.c.story_id == story_id
    )
    return set(connection.execute(query).scalars())


def _set(connection: sa.Connection, story_id: int, **values: Any) -> None:
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**values))


def _set_article(connection: sa.Connection, article_id: int, **values: Any) -> None:
    connection.execute(sa.update(articles).where(articles.c.id == article_id).values(**values))


def _with_copies(members: Sequence[Any], wanted: Sequence[int], story_id: int) -> set[int]:
    """The wanted members, with all that copy them."""
    known = {row.id for row in members}
    for number in wanted:
        if number not in known:
            raise BadInput(f"is not in s{story_id}.", subject=f"a{number}")
    moving = set(wanted)
    moving |= {row.id for row in members if row.copy_of in moving}
    if not moving:
        raise BadInput("no article was chosen.", subject=f"s{story_id}")
    if moving == known:
        raise BadInput(
            "would be left empty.",
            subject=f"s{story_id}",
            advice="Leave at least one article that is no copy of those.",
        )
    return moving


def _new_story(connection: sa.Connection, like: Any, now: datetime) -> int:
    return inserted_id(
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


def _move(
    connection: sa.Connection,
    members: Sequence[Any],
    moving: set[int],
    new: int,
    now: datetime,
) -> dict[str, list[int]]:
    """Whole developments go as they are; parts become developments. Where the articles were."""
    was: dict[str, list[int]] = {}
    for number in dict.fromkeys(row.development_id for row in members if row.id in moving):
        group = [row.id for row in members if row.development_id == number]
        part = [one for one in group if one in moving]
        was[str(number)] = part
        target = number
        if len(part) < len(group):
            target = inserted_id(connection, developments, story_id=new, first_seen_at=now)
        else:
            connection.execute(
                sa.update(developments).where(developments.c.id == number).values(story_id=new)
            )
        connection.execute(
            sa.update(articles)
            .where(articles.c.id.in_(part))
            .values(story_id=new, development_id=target)
        )
    return was


def _cut_edges(connection: sa.Connection, moving: set[int]) -> list[list[Any]]:
    """A copy that goes without its original stands by itself there; the edges that were."""
    cut = sa.and_(articles.c.id.in_(moving), articles.c.copy_of.not_in(moving))
    edge = (articles.c.id, articles.c.copy_of, articles.c.copy_containment, articles.c.copy_why)
    edges = [list(row) for row in connection.execute(sa.select(*edge).where(cut))]
    connection.execute(sa.update(articles).where(cut).values(**_NO_EDGE))
    return edges
