"""What goes out into files and comes back: ids of what was chosen, parts of it, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.model import (
    Outcome,
    ReviewState,
    StoredPoll,
    StoryQuery,
)
from monitor.model.exchange import Standing
from monitor.store.articles import story_now
from monitor.store.narrowing import conditions
from monitor.store.reads import Reads
from monitor.store.reviews import conflict_of
from monitor.store.rows import chunks
from monitor.store.tables import cards, decisions, polls, stories, story_facets

#: A poll that began so long before something was seen did not bring it.
_POLL_LASTS = timedelta(hours=1)


class ExchangeRows(Reads):
    """See `ports.Exchange`."""

    def chosen_ids(self, query: StoryQuery, *, now: datetime, limit: int) -> list[int]:
        """Stories that a query chooses, those that changed last first."""
        wanted = (
            sa.select(stories.c.id)
            .join(cards, cards.c.story_id == stories.c.id)
            .where(*conditions(self.dialect, query, now=now))
            .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def standings(self, story_ids: Sequence[int]) -> dict[int, Standing]:
        """How stories stand, by the id that was asked for; unknown ones are missing."""
        with self.reading() as connection:
            known: set[int] = set()
            for part in chunks(story_ids):
                query = sa.select(stories.c.id).where(stories.c.id.in_(part))
                known |= set(connection.execute(query).scalars())
            now = {n: story_now(connection, n) for n in dict.fromkeys(story_ids) if n in known}
            found = _standings(connection, sorted(set(now.values())))
        return {asked: found[number] for asked, number in now.items()}

    def poll_before(self, source_id: int, at: datetime) -> StoredPoll | None:
        """The poll that brought what was seen then, as long as it is kept."""
        query = (
            sa.select(polls)
            .where(
                polls.c.source_id == source_id,
                polls.c.started_at <= at,
                polls.c.started_at >= at - _POLL_LASTS,
            )
            .order_by(polls.c.id.desc())
            .limit(1)
        )
        with self.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        values = {key: value for key, value in row.items() if key != "id"}
        return StoredPoll(**{**values, "outcome": Outcome(row["outcome"])})


def _standings(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, Standing]:
    rows: dict[int, Any] = {}
    tags: dict[int, list[str]] = {number: [] for number in numbers}
    notes: dict[int, list[str]] = {number: [] for number in numbers}
    for part in chunks(numbers):
        whole = sa.select(stories, cards.c.title).join(
            cards, cards.c.story_id == stories.c.id, isouter=True
        )
        rows |= {r.id: r for r in connection.execute(whole.where(stories.c.id.in_(part)))}
        tagged = sa.select(story_facets.c.story_id, story_facets.c.value).where(
            story_facets.c.kind == "tag", story_facets.c.story_id.in_(part)
        )
        for number, tag in connection.execute(tagged.order_by(story_facets.c.value)):
            tags[number].append(tag)
        said = sa.select(decisions.c.story_id, decisions.c.after).where(
            decisions.c.story_id.in_(part), decisions.c.action == "note", ~decisions.c.undone
        )
        for number, note in connection.execute(said.order_by(decisions.c.id)):
            notes[number].append(note)
    return {
        number: _standing(connection, row, tags[number], notes[number])
        for number, row in rows.items()
    }


def _standing(
    connection: sa.Connection, row: Any, tags: Sequence[str], notes: Sequence[str]
) -> Standing:
    last = conflict_of(connection, row)
    return Standing(
        story_id=row.id,
        title=row.title or "",
        version=row.version,
        state=ReviewState(row.state),
        assignee=row.assignee,
        tags=tuple(tags),
        notes=tuple(notes),
        changed_by=last.who,
        changed_what=last.what,
        changed_at=last.at,
    )
