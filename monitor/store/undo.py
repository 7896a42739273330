"""Taking decisions back: only one's own, and never over what another decided since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Decision
from monitor.store.articles import story_now
from monitor.store.grouping import STANDING
from monitor.store.reads import Reads, decision
from monitor.store.reviews import (
    ACTIONS,
    apply,
    is_tagged_by_log,
    log_entry,
    settle_open,
    was_tagged_first,
)
from monitor.store.rows import clean
from monitor.store.tables import decisions, stories
from monitor.store.ungrouping import UNGROUP, conflicts_with
from monitor.wording import one_line

#: A tag that was put on stands against one that is taken off, and the other way round.
_OPPOSITE = {"tag": "untag", "untag": "tag"}


class UndoRows(Reads):
    """See `ports.Reviews`."""

    def undo_review(self, *, who: str, now: datetime, batch: int = 0) -> list[Decision]:
        """
        Take back what this user decided last, or this batch of his; the log keeps both.

        Returns:
            The decisions taken back, newest first; empty when there is none.

        Raises:
            BadInput: somebody decided on the same since, or a story has gone into another.
        """
        with self.together(), self.writing() as connection:
            rows = _newest(connection, who, batch)
            together = [row.id for row in rows]
            for row in rows:
                _refuse_if_built_upon(connection, row, together)
            entry = 0
            for row in rows:
                entry = _take_back(connection, row, who=who, now=now, batch=entry)
            again = sa.select(decisions).where(decisions.c.id.in_(together))
            found = connection.execute(again.order_by(decisions.c.id.desc()))
            return [decision(row) for row in found]


def _newest(connection: sa.Connection, who: str, batch: int) -> Sequence[Any]:
    """The standing decisions of one batch, newest first."""
    is_undoable = sa.or_(
        decisions.c.action.in_(ACTIONS),
        # Those without a batch are of an older version, which did not note what undoing needs.
        sa.and_(decisions.c.action.in_(UNGROUP), decisions.c.batch != 0),
    )
    mine = sa.and_(~decisions.c.undone, is_undoable, decisions.c.who == clean(who))
    last = sa.select(decisions).where(mine).order_by(decisions.c.id.desc()).limit(1)
    if batch:
        last = last.where(decisions.c.batch == batch)
    row = connection.execute(last).first()
    if row is None:
        return []
    if not row.batch:
        return [row]
    whole = sa.select(decisions).where(mine, decisions.c.batch == row.batch)
    return connection.execute(whole.order_by(decisions.c.id.desc())).all()


def _refuse_if_built_upon(connection: sa.Connection, row: Any, together: Sequence[int]) -> None:
    """
    Raises:
        BadInput: taking this back would take back what was decided after it.
    """
    if row.action == "note":
        return
    if row.action in ACTIONS:
        _refuse_if_gone(connection, row)
    # What stands on decisions of the same batch is taken back with them.
    later = sa.select(decisions).where(
        decisions.c.id > row.id, decisions.c.id.not_in(together), ~decisions.c.undone
    )
    if row.action in UNGROUP:
        later = later.where(decisions.c.action.in_(UNGROUP))
        found = [one for one in connection.execute(later) if conflicts_with(row, one)]
    else:
        later = later.where(decisions.c.story_id == row.story_id)
        found = [one for one in connection.execute(later) if _stands_on(one, row)]
    if found:
        last = max(found, key=lambda one: one.id)
        raise BadInput(
            f"{last.who} decided on it since ({last.action}: {one_line(last.after, 80)}), so "
            f"{row.action} cannot be taken back.",
            subject=f"s{story_now(connection, row.story_id)}",
            advice="Take that back first, or look again and decide anew.",
        )


def _refuse_if_gone(connection: sa.Connection, row: Any) -> None:
    """A decision on a story that went into another was none on that one."""
    home = row.details.get("story", row.story_id)
    present = story_now(connection, home)
    if present != home:
        raise BadInput(
            f"has gone into s{present} since, so {row.action} cannot be taken back.",
            subject=f"s{home}",
            advice=f"Take that back first, or decide on s{present}.",
        )


def _stands_on(later: Any, row: Any) -> bool:
    """Whether a later decision on the same story would be lost with this one."""
    if row.action in _OPPOSITE:
        return bool(later.action == _OPPOSITE[row.action] and later.after == row.after)
    if later.action == "merge" and later.details:
        column = STANDING[row.action]
        return bool(later.details["was"][column] != later.details["became"][column])
    return bool(later.action == row.action)


def _take_back(connection: sa.Connection, row: Any, *, who: str, now: datetime, batch: int) -> int:
    """Undo one decision and log that; the batch of what was logged."""
    connection.execute(sa.update(decisions).where(decisions.c.id == row.id).values(undone=True))
    changed = [row.story_id]
    if row.action in UNGROUP:
        changed = UNGROUP[row.action](connection, row, now)
    elif row.action in _OPPOSITE:
        stands = is_tagged_by_log(connection, row.story_id, row.after)
        if stands is None:
            stands = was_tagged_first(connection, row.story_id, row.after)
        apply(connection, row.story_id, "tag" if stands else "untag", row.after)
    elif row.action == "state":
        _restore_state(connection, row)
    else:
        apply(connection, row.story_id, row.action, row.before)
    for story_id in changed:
        made = log_entry(
            connection,
            story_id,
            action="undo",
            before=row.after,
            after=row.before,
            who=who,
            now=now,
            batch=batch,
            details={"of": row.id, "action": row.action},
        )
        batch = batch or made.batch
    return batch


def _restore_state(connection: sa.Connection, row: Any) -> None:
    """The state before; who must look again because of news, then or since, still must."""
    of_story = stories.c.id == row.story_id
    has_news = connection.execute(sa.select(stories.c.needs_attention).where(of_story)).scalar_one()
    apply(connection, row.story_id, "state", row.before)
    if has_news or row.details.get("attention"):
        connection.execute(sa.update(stories).where(of_story).values(needs_attention=True))
        settle_open(connection, row.story_id)
