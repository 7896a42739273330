"""Taking decisions back: only one's own, and never over what another decided since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Decision
from monitor.store.articles import story_now
from monitor.store.grouping import UNGROUP
from monitor.store.reads import Reads, decision
from monitor.store.reviews import ACTIONS, apply, log_entry, settle_open
from monitor.store.tables import decisions, stories

#: What can be taken back.
UNDOABLE = (*ACTIONS, *UNGROUP)

#: Later decisions of these kinds by anyone stand in the way of taking back the same kind.
_EXCLUSIVE = ("state", "star", "assign")


class UndoRows(Reads):
    """See `ports.Reviews`."""

    def undo_review(self, *, who: str, now: datetime, batch: int = 0) -> list[Decision]:
        """
        Take back what this user decided last, or this batch of his; the log keeps both.

        Returns:
            The decisions taken back, newest first; empty when there is none.

        Raises:
            BadInput: another user decided on the same since, or news stands on it.
        """
        with self.writing() as connection:
            rows = _newest(connection, who, batch)
            for row in rows:
                _refuse_if_built_upon(connection, row, [one.id for one in rows])
            for row in rows:
                _take_back(connection, row, who=who, now=now)
            again = sa.select(decisions).where(decisions.c.id.in_([row.id for row in rows]))
            found = connection.execute(again.order_by(decisions.c.id.desc()))
            return [decision(row) for row in found]


def _newest(connection: sa.Connection, who: str, batch: int) -> Sequence[Any]:
    """The open decisions of one batch, newest first."""
    mine = sa.and_(~decisions.c.undone, decisions.c.action.in_(UNDOABLE), decisions.c.who == who)
    last = sa.select(decisions).where(mine).order_by(decisions.c.id.desc()).limit(1)
    if batch:
        last = last.where(decisions.c.batch == batch)
    row = connection.execute(last).first()
    if row is None:
        return []
    if not row.batch:  # made before there were batches
        return [row]
    whole = sa.select(decisions).where(mine, decisions.c.batch == row.batch)
    return connection.execute(whole.order_by(decisions.c.id.desc())).all()


def _refuse_if_built_upon(connection: sa.Connection, row: Any, together: Sequence[int]) -> None:
    story_id = story_now(connection, row.story_id)
    kinds = [row.action] if row.action in _EXCLUSIVE else []
    if row.action in UNGROUP:
        kinds = list(UNGROUP)
    later = connection.execute(
        sa.select(decisions)
        .where(
            decisions.c.story_id.in_([story_id, row.story_id]),
            decisions.c.id > row.id,
            decisions.c.id.not_in(together),
            decisions.c.action.in_(kinds),
            ~decisions.c.undone,
        )
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).first()
    if later is not None:
        raise BadInput(
            f"{later.who} decided on it since ({later.action}: {later.after}), so {row.action} "
            "cannot be taken back.",
            subject=f"s{story_id}",
            advice="Look again and decide anew.",
        )


def _take_back(connection: sa.Connection, row: Any, *, who: str, now: datetime) -> None:
    connection.execute(sa.update(decisions).where(decisions.c.id == row.id).values(undone=True))
    story_id = story_now(connection, row.story_id)
    if row.action in UNGROUP:
        UNGROUP[row.action](connection, row.story_id, row.details, now)
    elif row.action in {"tag", "untag"}:
        if row.details.get("had", False) != (row.action == "tag"):
            apply(connection, story_id, "untag" if row.action == "tag" else "tag", row.after)
    else:
        apply(connection, story_id, row.action, row.before)
    if row.details.get("attention"):
        connection.execute(
            sa.update(stories).where(stories.c.id == story_id).values(needs_attention=True)
        )
        settle_open(connection, story_id)
    log_entry(
        connection, story_id, action="undo", before=row.after, after=row.before, who=who, now=now
    )
