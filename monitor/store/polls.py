"""Polls: what one of them learned, committed at once; what a source is remembered by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import (
    Outcome,
    PageRequest,
    PollRecord,
    PollStored,
    SourceState,
    StoredPoll,
)
from monitor.store.entries import put_entry, touch, want
from monitor.store.history import count_day
from monitor.store.rows import Rows, chunks, clean, cleaned, insert
from monitor.store.tables import memories, polls, sources

#: Polls in a row that say "removed for good" until we believe it.
GONE_TIMES = 3

#: Polls in a row that a permanent redirect leads to the same place until we ask there.
MOVED_TIMES = 3

#: Old polls that one transaction removes.
FORGOTTEN = 5000

#: The document held what it should.
_FULL = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.UNCHANGED})

#: The document was read, and differs from the one before.
_READ = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.CHANGED})


class PollRows(Rows):
    """See `ports.Writes`."""

    def commit_poll(self, record: PollRecord) -> PollStored:
        """Entries, wanted pages, validators, poll record and next due time, together."""
        with self.writing() as connection:
            new = updated = 0
            entry_ids: dict[str, int] = {}
            pages: list[PageRequest] = []
            for item in record.entries:
                entry_id, change = put_entry(connection, record, item)
                new += change == "new"
                updated += change == "changed"
                if change:
                    entry_ids[item.identity] = entry_id
                    if item.identity in record.wanted:
                        pages.append(want(connection, record, item, entry_id))
            touch(connection, [i.known_id for i in record.entries if i.known_id], record)
            connection.execute(sa.insert(polls).values(**_poll(record), new=new, updated=updated))
            count_day(
                connection,
                record.source_id,
                record.started_at,
                polls=1,
                failures=int(not record.outcome.is_success),
                new=new,
            )
            _settle_source(connection, record, is_new=new > 0)
            _remember(connection, record)
        return PollStored(new=new, updated=updated, pages=tuple(pages), entry_ids=entry_ids)

    def memory(self, source_id: int) -> Mapping[str, Any]:
        """What earlier polls of the source left for its parser."""
        query = sa.select(memories.c.value).where(memories.c.source_id == source_id)
        with self.reading() as connection:
            found = connection.execute(query).scalar()
        return found or {}

    def polls(self, source_id: int, *, limit: int) -> list[StoredPoll]:
        """Last polls of one source, newest first."""
        query = (
            sa.select(polls)
            .where(polls.c.source_id == source_id)
            .order_by(polls.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return [
                StoredPoll(
                    source_id=row.source_id,
                    started_at=row.started_at,
                    outcome=Outcome(row.outcome),
                    cause=row.cause,
                    status=row.status,
                    bytes=row.bytes,
                    seen=row.seen,
                    new=row.new,
                    updated=row.updated,
                    elapsed_s=row.elapsed_s,
                )
                for row in connection.execute(query)
            ]

    def forget_polls(self, before: datetime) -> int:
        """
        Remove some of the oldest polls that were before then; how many, 0 when none is left.

        What a source did by the day stays (`source_days`). Few at a time: others want to write.
        """
        oldest = sa.select(polls.c.id, polls.c.started_at).order_by(polls.c.id).limit(FORGOTTEN)
        with self.writing() as connection:
            old = [row.id for row in connection.execute(oldest) if row.started_at < before]
            for part in chunks(old):
                connection.execute(sa.delete(polls).where(polls.c.id.in_(part)))
        return len(old)


def _settle_source(connection: sa.Connection, record: PollRecord, *, is_new: bool) -> None:
    """What the source is known by after a poll."""
    row = connection.execute(sa.select(sources).where(sources.c.id == record.source_id)).one()
    values = _scheduled(record) | _standing(row, record, is_new=is_new) | _moved(row, record)
    if values.get("url") and _is_taken(connection, row, values["url"]):
        del values["url"], values["state_reason"]
    if record.outcome is Outcome.GONE and values["streak"] >= GONE_TIMES:
        values |= {"state": SourceState.GONE.value, "state_reason": clean(record.cause)}
    connection.execute(sa.update(sources).where(sources.c.id == record.source_id).values(**values))


def _scheduled(record: PollRecord) -> dict[str, Any]:
    """Times and validators."""
    kept = {
        "etag": record.etag,
        "last_modified": record.last_modified,
        "body_hash": record.body_hash,
        "rhythm": None if record.rhythm is None else dict(record.rhythm),
    }
    return {
        "next_poll_at": record.next_poll_at,
        "not_before": record.not_before,
        "last_polled_at": record.started_at,
        **{name: cleaned(value) for name, value in kept.items() if value is not None},
    }


def _standing(row: Any, record: PollRecord, *, is_new: bool) -> dict[str, Any]:
    """How it has been doing, since when. A 304 after a failure is no recovery yet."""
    now, outcome = record.started_at, record.outcome
    values: dict[str, Any] = {
        "last_outcome": outcome.value,
        "streak": row.streak + 1 if row.last_outcome == outcome.value else 1,
        "newest_at": max(filter(None, (row.newest_at, record.newest_at)), default=None),
    }
    if not outcome.is_success:
        values |= {"failures": row.failures + 1, "failing_since": row.failing_since or now}
    else:
        values["answered_at"] = now
    if outcome in _FULL:
        values |= {"failures": 0, "failing_since": None}
    if not _says_nothing(row, outcome):
        values["last_error"] = "" if outcome is Outcome.OK else clean(record.cause)
    if outcome is Outcome.EMPTY:
        values["empty_since"] = row.empty_since or now
    elif outcome is Outcome.OK:
        values["empty_since"] = None
    if outcome in _READ:
        values["changed_at"] = now
    if is_new:
        values["new_at"] = now
    return values


def _says_nothing(row: Any, outcome: Outcome) -> bool:
    """Whether what was wrong before is as it was: nothing changed."""
    if outcome is Outcome.NOT_MODIFIED and row.failures:
        return True
    is_same = outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED}
    return is_same and row.empty_since is not None and not row.failures


def _moved(row: Any, record: PollRecord) -> dict[str, Any]:
    """Permanent redirects are believed when several answers in a row led to the same place."""
    if not record.outcome.is_success:
        return {}
    target = clean(record.moved_to)
    if not target or target == row.url:
        return {"moved_to": "", "moved_times": 0}
    times = row.moved_times + 1 if target == row.moved_to else 1
    if times < MOVED_TIMES:
        return {"moved_to": target, "moved_times": times}
    reason = f"moved here from {row.url} on {record.started_at:%Y-%m-%d}"
    return {"url": target, "state_reason": clean(reason), "moved_to": "", "moved_times": 0}


def _is_taken(connection: sa.Connection, row: Any, url: str) -> bool:
    """Whether another source of the kind watches this address."""
    other = sa.select(sources.c.id).where(
        sources.c.kind == row.kind, sources.c.url == url, sources.c.id != row.id
    )
    return connection.execute(other).first() is not None


def _remember(connection: sa.Connection, record: PollRecord) -> None:
    """Merge what the parser wants to know next time."""
    if record.memory is None:
        return
    value = cleaned(dict(record.memory))
    connection.execute(
        insert(connection, memories)
        .values(source_id=record.source_id, value=value)
        .on_conflict_do_update(index_elements=["source_id"], set_={"value": value})
    )


def forget(connection: sa.Connection, source_id: int) -> None:
    """The source is read in another way from now on: what its parser knew is void."""
    connection.execute(sa.delete(memories).where(memories.c.source_id == source_id))


def _poll(record: PollRecord) -> dict[str, Any]:
    return {
        "source_id": record.source_id,
        "started_at": record.started_at,
        "outcome": record.outcome.value,
        "cause": clean(record.cause),
        "status": record.status,
        "bytes": record.bytes,
        "seen": record.seen,
        "elapsed_s": record.elapsed_s,
    }
