"""Sources and their polls in the database."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import NewSource, Outcome, Scope, Source, SourceKind, SourceState
from monitor.store.polls import forget
from monitor.store.rows import Rows, clean, cleaned, inserted_id
from monitor.store.tables import sources

#: PostgreSQL bounds an indexed value to 2,704 bytes.
MOST_URL_BYTES = 2000

#: Near names offered when none fits.
OFFERED = 5


class SourceRows(Rows):
    """See `ports.Sources`."""

    def add_source(
        self, source: NewSource, *, now: datetime, revive: bool = True
    ) -> tuple[int, bool]:
        """
        Add it unless its (kind, URL) is there; a removed one returns as it is given now.

        Args:
            revive: False leaves a removed one removed.
        """
        if len(source.url.encode("utf-8", "replace")) > MOST_URL_BYTES:
            raise BadInput("is too long for an address.", subject=f"{source.url[:80]}…")
        same = sa.and_(sources.c.kind == source.kind.value, sources.c.url == clean(source.url))
        with self.writing() as connection:
            known = connection.execute(
                sa.select(sources.c.id, sources.c.removed_at).where(same)
            ).first()
            if known is None:
                return inserted_id(
                    connection, sources, **_described(source), next_poll_at=now
                ), True
            if known.removed_at is None or not revive:
                return known.id, False
            connection.execute(
                sa.update(sources)
                .where(same)
                .values(**_described(source), removed_at=None, next_poll_at=now)
            )
            return known.id, True

    def sources(self) -> list[Source]:
        """All sources that are watched or paused, by id."""
        with self.reading() as connection:
            return _read(connection, sa.true())

    def source(self, source_id: int) -> Source | None:
        """A source; None when there is none, or it was removed."""
        with self.reading() as connection:
            found = _read(connection, sources.c.id == source_id)
        return found[0] if found else None

    def source_by(self, id_or_name: str) -> Source:
        """
        The source of this id, address or name, or the only one whose name holds these words.

        Raises:
            BadInput: there is none, or several.
        """
        wanted = id_or_name.strip()
        known = self.sources()
        words = wanted.casefold()
        for fitting in (
            [s for s in known if str(s.id) == wanted],
            [s for s in known if s.url == wanted],
            [s for s in known if s.name == wanted],
            [s for s in known if s.name.casefold() == words],
            [s for s in known if words and words in s.name.casefold()],
        ):
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                names = ", ".join(f"{s.id} {s.name}" for s in fitting[:OFFERED])
                raise BadInput(
                    f"fits {len(fitting)} sources: {names}{', …' * (len(fitting) > OFFERED)}.",
                    subject=id_or_name,
                    advice="Name one by its id.",
                )
        raise _unknown(id_or_name, known)

    def due_sources(self, *, now: datetime, limit: int) -> list[Source]:
        """Active sources whose time has come, oldest first."""
        is_free = sa.and_(
            sources.c.state == SourceState.ACTIVE.value,
            sa.or_(sources.c.not_before.is_(None), sources.c.not_before <= now),
        )
        found: list[Source] = []
        with self.reading() as connection:
            # Each is a range of the index; joined by OR they would be a scan.
            for is_due in (sources.c.next_poll_at.is_(None), sources.c.next_poll_at <= now):
                condition = sa.and_(is_free, is_due)
                room = limit - len(found)
                if room > 0:
                    found += _read(connection, condition, sources.c.next_poll_at, room)
        return found

    def reschedule(self, times: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        """Set when sources are due, and before when no request may be sent, by source."""
        if not times:
            return
        statement = (
            sa.update(sources)
            .where(sources.c.id == sa.bindparam("number"))
            .values(next_poll_at=sa.bindparam("due"), not_before=sa.bindparam("held"))
        )
        rows = [{"number": n, "due": due, "held": held} for n, (due, held) in times.items()]
        with self.writing() as connection:
            connection.execute(statement, rows)

    def set_source_state(self, source_id: int, state: SourceState, reason: str) -> None:
        """Change the state; activating makes it due at once and clears its failures."""
        values: dict[str, Any] = {"state": state.value, "state_reason": clean(reason)}
        if state is SourceState.ACTIVE:
            values |= {"next_poll_at": None, "not_before": None, "failures": 0}
            values |= {"failing_since": None, "streak": 0}
        with self.writing() as connection:
            _update(connection, source_id, values)

    def edit_source(self, source_id: int, **fields: Any) -> None:
        """
        Change fields of `NewSource`; another way of reading it forgets what the server said.

        Raises:
            BadInput: there is no such source, or another one has this URL.
        """
        values = {
            name: cleaned(value.value if isinstance(value, Scope | SourceKind) else value)
            for name, value in fields.items()
        }
        # What is read otherwise must be fetched and read again, though it did not change.
        if values.keys() & {"url", "kind", "options"}:
            values |= {"etag": "", "last_modified": "", "body_hash": "", "next_poll_at": None}
        with self.writing() as connection:
            if values.keys() & {"url", "kind", "options"}:
                forget(connection, source_id)
            if "url" in values:
                taken = connection.execute(
                    sa.select(sources.c.name).where(
                        sources.c.url == values["url"], sources.c.id != source_id
                    )
                ).scalar()
                if taken is not None:
                    raise BadInput(f"is the address of {taken} already.", subject=values["url"])
            _update(connection, source_id, values)

    def remove_source(self, source_id: int) -> None:
        """Stop watching it; its row stays, so that its articles keep their source's name."""
        with self.writing() as connection:
            _update(connection, source_id, {"removed_at": datetime.now(UTC)})


def _unknown(wanted: str, known: list[Source]) -> BadInput:
    """The error that offers the nearest names."""
    by_name = {s.name.casefold(): s for s in reversed(known)}
    near = difflib.get_close_matches(wanted.strip().casefold(), by_name, n=OFFERED, cutoff=0.5)
    names = ", ".join(f"{by_name[name].id} {by_name[name].name}" for name in near)
    return BadInput(
        "there is no such source.",
        subject=wanted,
        advice=f"Did you mean {names}?" if near else "See: monitor sources list",
    )


def _described(source: NewSource) -> dict[str, Any]:
    return {
        "name": clean(source.name),
        "kind": source.kind.value,
        "url": clean(source.url),
        "homepage": clean(source.homepage),
        "language": clean(source.language),
        "region": clean(source.region),
        "scope": source.scope.value,
        "tags": cleaned(list(source.tags)),
        "state": source.state.value,
        "state_reason": clean(source.state_reason),
        "every_s": source.every_s,
        "options": cleaned(dict(source.options)),
    }


def _update(connection: sa.Connection, source_id: int, values: dict[str, Any]) -> None:
    done = connection.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))
    if done.rowcount != 1:
        raise BadInput("there is no such source.", subject=str(source_id))


def _read(
    connection: sa.Connection,
    condition: sa.ColumnElement[bool],
    order: sa.ColumnElement[Any] = sources.c.id,
    limit: int | None = None,
) -> list[Source]:
    query = (
        sa.select(sources)
        .where(condition, sources.c.removed_at.is_(None))
        .order_by(order, sources.c.id)
        .limit(limit)
    )
    return [_source(row) for row in connection.execute(query)]


def _source(row: Any) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        kind=SourceKind(row.kind),
        url=row.url,
        homepage=row.homepage,
        language=row.language,
        region=row.region,
        scope=Scope(row.scope),
        tags=tuple(row.tags),
        state=SourceState(row.state),
        state_reason=row.state_reason,
        every_s=row.every_s,
        options=row.options,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        not_before=row.not_before,
        failures=row.failures,
        last_polled_at=row.last_polled_at,
        last_outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        last_error=row.last_error,
        streak=row.streak,
        failing_since=row.failing_since,
        empty_since=row.empty_since,
        answered_at=row.answered_at,
        changed_at=row.changed_at,
        new_at=row.new_at,
        newest_at=row.newest_at,
        moved_to=row.moved_to,
        moved_times=row.moved_times,
        rhythm=row.rhythm,
    )
