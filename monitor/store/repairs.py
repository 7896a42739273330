"""Groups as the nightly repair finds and changes them, and its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import Placement
from monitor.model.repairs import Regrouping
from monitor.store.articles import call_attention, story_now
from monitor.store.grouping import (
    joined,
    move_whole,
    retire,
    set_story,
    settle,
    standing,
)
from monitor.store.reviews import add_tags, settle_open, story_row, tags_of
from monitor.store.rows import Rows, cleaned, inserted_id
from monitor.store.tables import articles, decisions, developments, regroupings

#: What an analyst says about groups.
BY_HAND = ("merge", "split", "not-a-copy")


class RepairRows(Rows):
    """See `ports.Repairs`."""

    def lonely(self, *, since: datetime, limit: int) -> list[int]:
        """See `ports.Repairs`."""
        wanted = (
            sa.select(articles.c.id)
            .where(
                articles.c.relevant,
                articles.c.copy_of.is_(None),
                articles.c.at >= since,
                ~_others("development_id").exists(),
                ~_by_hand(articles.c.story_id).exists(),
            )
            .order_by(articles.c.at.desc(), articles.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.execute(wanted).scalars())[::-1]

    def regroup(
        self, article_id: int, placement: Placement, *, now: datetime, is_kept: bool = True
    ) -> Regrouping | None:
        """See `ports.Repairs`; no article is stored meanwhile."""
        with self.together(), self.writing() as connection:
            row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).first()
            target = story_now(connection, placement.story_id)
            if row is None or not target or _is_settled(connection, row, target):
                return None
            if target == row.story_id:
                made = _moved(connection, row, placement.development_id, now, is_kept=is_kept)
            else:
                made = _merged(connection, row, target, placement, now, is_kept=is_kept)
            if made is None:
                return None
            values = {
                "at": now,
                "article_id": article_id,
                "why": "; ".join(cleaned(list(placement.reasons))),
                **made,
            }
            number = inserted_id(connection, regroupings, **values) if is_kept else 0
            return Regrouping(id=number, **values)

    def regroupings(
        self, *, story_id: int = 0, since: datetime | None = None, limit: int = 100
    ) -> Sequence[Regrouping]:
        """See `ports.Repairs`."""
        wanted = sa.select(regroupings).order_by(regroupings.c.id.desc()).limit(limit)
        if since:
            wanted = wanted.where(regroupings.c.at >= since)
        with self.reading() as connection:
            if story_id:
                inside = sa.select(articles.c.id).where(articles.c.story_id == story_id)
                wanted = wanted.where(regroupings.c.article_id.in_(inside))
            return [Regrouping(**row) for row in connection.execute(wanted).mappings()]


def _others(column: str) -> sa.Select[Any]:
    """Articles in the same group that are neither the article nor its copies."""
    other = articles.alias()
    return sa.select(other.c.id).where(
        other.c[column] == articles.c[column],
        other.c.id != articles.c.id,
        other.c.copy_of.is_distinct_from(articles.c.id),
    )


def _by_hand(story_id: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Standing decisions of an analyst about which articles are in the story."""
    split = decisions.alias()
    is_split_off = sa.and_(
        decisions.c.action == "split-off",
        sa.select(split.c.id)
        .where(split.c.action == "split", split.c.batch == decisions.c.batch, ~split.c.undone)
        .exists(),
    )
    is_standing = sa.and_(decisions.c.action.in_(BY_HAND), ~decisions.c.undone)
    return sa.select(decisions.c.id).where(
        decisions.c.story_id == story_id, sa.or_(is_standing, is_split_off)
    )


def _is_settled(connection: sa.Connection, row: Any, target: int) -> bool:
    """Whether others share its place, or an analyst said where it, or they, stand."""
    column = "development_id" if target == row.story_id else "story_id"
    is_shared = sa.select(articles.c.id).where(articles.c.id == row.id, _others(column).exists())
    return (
        row.copy_of is not None
        or connection.execute(is_shared).first() is not None
        or any(
            connection.execute(_by_hand(sa.literal(number))).first() is not None
            for number in {row.story_id, target}
        )
    )


def _moved(
    connection: sa.Connection, row: Any, home: int, now: datetime, *, is_kept: bool
) -> dict[str, Any] | None:
    """It joins another development of its story."""
    if home == row.development_id or not _is_in(connection, home, row.story_id):
        return None
    if is_kept:
        _join(connection, row.development_id, home)
        settle(connection, row.story_id, now)
    return {
        "action": "move",
        "story_id": row.story_id,
        "other_id": row.development_id,
        "details": {"development": home},
    }


def _merged(
    connection: sa.Connection,
    row: Any,
    target: int,
    placement: Placement,
    now: datetime,
    *,
    is_kept: bool,
) -> dict[str, Any]:
    """Its story goes into that one, as when an analyst merges them."""
    kept, gone = story_row(connection, target), story_row(connection, row.story_id)
    home = placement.development_id
    is_told_there = _is_in(connection, home, target)
    became = joined(kept, gone)
    tags = sorted(tags_of(connection, gone.id) - tags_of(connection, kept.id))
    details: dict[str, Any] = {"was": standing(kept), "became": became, "tags": tags}
    if is_kept:
        details |= move_whole(connection, gone.id, kept.id)
        set_story(connection, kept.id, **became)
        add_tags(connection, kept.id, tags)
        if is_told_there:
            _join(connection, row.development_id, home)
        else:
            call_attention(connection, kept.id)
        retire(connection, gone.id, into=kept.id)
        settle(connection, kept.id, now)
        settle_open(connection, kept.id)
    details["development"] = home if is_told_there else row.development_id
    return {"action": "merge", "story_id": kept.id, "other_id": gone.id, "details": details}


def _is_in(connection: sa.Connection, development_id: int, story_id: int) -> bool:
    """Whether a development that has articles is one of the story."""
    found = sa.select(articles.c.id).where(
        articles.c.development_id == development_id, articles.c.story_id == story_id
    )
    return bool(development_id) and connection.execute(found.limit(1)).first() is not None


def _join(connection: sa.Connection, development_id: int, home: int) -> None:
    """All articles of a development go into another, which began when the earlier one did."""
    began = sa.select(sa.func.min(developments.c.first_seen_at)).where(
        developments.c.id.in_((development_id, home))
    )
    earliest = connection.execute(began).scalar_one()
    connection.execute(
        sa.update(articles)
        .where(articles.c.development_id == development_id)
        .values(development_id=home)
    )
    connection.execute(
        sa.update(developments).where(developments.c.id == home).values(first_seen_at=earliest)
    )
