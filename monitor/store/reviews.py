"""Decisions of analysts: an append-only log, undo, versions, merges, digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Decision, Filter, ReviewState, StoredStory
from monitor.store.articles import story_now, touch_story
from monitor.store.reads import Reads, decision
from monitor.store.rows import clean, inserted_id
from monitor.store.tables import articles, decisions, developments, digests, stories

#: What a decision may be about, to the column that it changes.
ACTIONS = {"state": "state", "note": "", "tag": "", "star": "is_starred", "assign": "assignee"}


class ReviewRows(Reads):
    """See `ports.Reviews`."""

    def review(
        self,
        story_id: int,
        *,
        action: str,
        value: str,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Log and apply one decision.

        Raises:
            BadInput: no such story, unknown action or state, or `version` is outdated.
        """
        if action not in ACTIONS:
            raise BadInput("is no kind of decision.", subject=action)
        if action == "state" and value not in set(ReviewState):
            raise BadInput(
                "is no state.", subject=value, advice=f"One of {', '.join(ReviewState)}."
            )
        with self.writing() as connection:
            number = story_now(connection, story_id)
            row = connection.execute(sa.select(stories).where(stories.c.id == number)).first()
            if row is None:
                raise BadInput("there is no such story.", subject=f"s{story_id}")
            if version is not None and version != row.version:
                raise BadInput(
                    f"changed since you looked (version {row.version}, yours {version}).",
                    subject=f"s{number}",
                    advice="Look again and decide anew.",
                )
            before = str(getattr(row, ACTIONS[action])) if ACTIONS[action] else ""
            _apply(connection, number, action, value)
            entry = inserted_id(
                connection,
                decisions,
                story_id=number,
                at=now,
                who=clean(who),
                action=action,
                before=before,
                after=clean(value),
                undone=False,
            )
            return _one(connection, entry)

    def undo_review(self, *, who: str, now: datetime) -> Decision | None:
        """Take back the newest decision that is not undone; None when there is none."""
        open_ones = sa.and_(~decisions.c.undone, decisions.c.action.in_(list(ACTIONS)))
        with self.writing() as connection:
            row = connection.execute(
                sa.select(decisions).where(open_ones).order_by(decisions.c.id.desc()).limit(1)
            ).first()
            if row is None:
                return None
            connection.execute(
                sa.update(decisions).where(decisions.c.id == row.id).values(undone=True)
            )
            _apply(connection, story_now(connection, row.story_id), row.action, row.before)
            inserted_id(
                connection,
                decisions,
                story_id=row.story_id,
                at=now,
                who=clean(who),
                action="undo",
                before=row.after,
                after=row.before,
                undone=False,
            )
            return _one(connection, row.id)

    def decisions(self, story_id: int) -> list[Decision]:
        """The log of one story, oldest first."""
        query = sa.select(decisions).where(decisions.c.story_id == story_id)
        with self.reading() as connection:
            return [decision(row) for row in connection.execute(query.order_by(decisions.c.id))]

    def stories_changed_since(self, since: datetime, *, limit: int) -> list[StoredStory]:
        """Stories updated after `since`, without those dismissed for good."""
        found = self.stories(Filter(limit=limit))
        return [
            story
            for story in found
            if story.updated_at > since
            and (story.state is not ReviewState.DISMISSED or story.needs_attention)
        ]

    def last_digest_at(self) -> datetime | None:
        """When the last digest was recorded."""
        with self.reading() as connection:
            found: datetime | None = connection.execute(
                sa.select(sa.func.max(digests.c.at))
            ).scalar()
        return found

    def record_digest(self, *, now: datetime) -> None:
        """Remember that a digest was made now."""
        with self.writing() as connection:
            connection.execute(sa.insert(digests).values(at=now))

    def merge_stories(self, kept_id: int, merged_id: int, *, who: str, now: datetime) -> None:
        """
        Make two stories one; the old id redirects, both logs stay.

        States that differ become `needs-check`.

        Raises:
            BadInput: one of them does not exist, or they are one already.
        """
        with self.writing() as connection:
            kept, merged = story_now(connection, kept_id), story_now(connection, merged_id)
            if kept == merged:
                raise BadInput("is that story already.", subject=f"s{merged_id}")
            query = sa.select(stories.c.id, stories.c.state).where(stories.c.id.in_([kept, merged]))
            states = {row.id: row.state for row in connection.execute(query)}
            for number in (kept, merged):
                if number not in states:
                    raise BadInput("there is no such story.", subject=f"s{number}")
            for table in (articles, developments, decisions):
                connection.execute(
                    sa.update(table).where(table.c.story_id == merged).values(story_id=kept)
                )
            differ = states[kept] != states[merged]
            state = ReviewState.NEEDS_CHECK.value if differ else states[kept]
            connection.execute(sa.update(stories).where(stories.c.id == kept).values(state=state))
            connection.execute(
                sa.update(stories).where(stories.c.id == merged).values(merged_into=kept)
            )
            connection.execute(
                sa.insert(decisions).values(
                    story_id=kept,
                    at=now,
                    who=clean(who),
                    action="merge",
                    before=f"s{merged}",
                    after=f"s{kept}",
                    undone=False,
                )
            )
            touch_story(connection, kept, now)


def _apply(connection: sa.Connection, story_id: int, action: str, value: str) -> None:
    changes: dict[str, Any] = {"version": stories.c.version + 1}
    if action == "star":
        changes["is_starred"] = value in {"1", "True", "true", "yes"}
    elif column := ACTIONS[action]:
        changes[column] = clean(value)
    if action == "state":
        changes["needs_attention"] = False
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**changes))


def _one(connection: sa.Connection, number: int) -> Decision:
    return decision(connection.execute(sa.select(decisions).where(decisions.c.id == number)).one())
