"""Entries and wanted pages: what the pipeline asks and commits before articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import (
    Entry,
    IdentifiedEntry,
    KnownEntry,
    PageRequest,
    PollRecord,
)
from monitor.store.rows import Rows, chunks, clean, cleaned, insert, insert_new, looked_up
from monitor.store.tables import aliases, articles, entries, sources, wanted_pages

#: A page that was handed out and not settled is handed out again after this.
LEASE = timedelta(minutes=10)

#: Characters of a guid that are kept; the matcher compares as many.
GUID_CHARS = 512

#: Flag of an article that was made of an entry's summary, without its page.
SUMMARY_ONLY = "summary_only"

#: What identity asks of an entry.
_IDENTITY = (
    entries.c.id,
    entries.c.guid,
    entries.c.url_key,
    entries.c.title,
    entries.c.content_hash,
    entries.c.part,
    entries.c.article_id,
    entries.c.said,
)

#: Articles by address key; a row's own key comes after an alias, and so wins.
_BY_ADDRESS = sa.union_all(
    sa.select(
        aliases.c.url_key, aliases.c.article_id.label("number"), sa.literal(1).label("rank")
    ).where(looked_up(aliases.c.url_key)),
    sa.select(articles.c.url_key, articles.c.id, sa.literal(2)).where(
        looked_up(articles.c.url_key)
    ),
)

#: Entries of these ids.
_BY_ID = sa.select(entries).where(looked_up(entries.c.id))


class EntryRows(Rows):
    """See `ports.Identities` and `ports.Writes`."""

    def known_entries(
        self,
        source_id: int,
        *,
        guids: Iterable[str],
        url_keys: Iterable[str],
        content_hashes: Iterable[str],
    ) -> list[KnownEntry]:
        """Entries of one source that share any of these, by id."""
        wanted = (
            (entries.c.guid, {clean(guid)[:GUID_CHARS] for guid in guids}),
            (entries.c.url_key, {clean(key) for key in url_keys}),
            (entries.c.content_hash, set(content_hashes)),
        )
        found: dict[int, KnownEntry] = {}
        with self.reading() as connection:
            for column, values in wanted:
                for part in chunks(values):
                    query = sa.select(*_IDENTITY).where(
                        entries.c.source_id == source_id, column.in_(part)
                    )
                    for row in connection.execute(query):
                        found[row.id] = _known(row)
        return [found[number] for number in sorted(found)]

    def known_articles(self, url_keys: Iterable[str]) -> dict[str, int]:
        """`url_key` or a proved alias of it to article id."""
        found: dict[str, int] = {}
        with self.reading() as connection:
            for part in chunks({clean(key): None for key in url_keys}):
                found |= articles_of(connection, part)
        return found

    def articles_with_text(self, url_keys: Iterable[str]) -> set[str]:
        """Those of the keys whose article is stored with more than a summary."""
        with self.reading() as connection:
            found: dict[str, int] = {}
            for part in chunks({clean(key): None for key in url_keys}):
                found |= articles_of(connection, part)
            poor: set[int] = set()
            for numbers in chunks(set(found.values())):
                query = sa.select(articles.c.id, articles.c.flags).where(articles.c.id.in_(numbers))
                rows = connection.execute(query)
                poor |= {row.id for row in rows if SUMMARY_ONLY in row.flags}
        return {key for key, number in found.items() if number not in poor}

    def wanted_pages(
        self, *, now: datetime, limit: int, source_ids: Sequence[int] | None = None
    ) -> list[PageRequest]:
        """Wanted pages that are due, leased for ten minutes; oldest first."""
        found: list[Any] = []
        with self.writing() as connection:
            for part in chunks(source_ids) if source_ids is not None else [None]:
                mine = [] if part is None else [wanted_pages.c.source_id.in_(part)]
                query = sa.select(wanted_pages.c.id).where(*_is_due(now), *mine)
                query = query.order_by(wanted_pages.c.id).limit(limit - len(found))
                if self.dialect == "postgresql":
                    query = query.with_for_update(skip_locked=True)
                leased = (
                    sa.update(wanted_pages)
                    .where(wanted_pages.c.id.in_(query))
                    .values(leased_until=now + LEASE)
                    .returning(wanted_pages)
                )
                found += connection.execute(leased).all()
        return [_request(row) for row in sorted(found, key=lambda row: row.id)]

    def due_pages(self, *, now: datetime) -> int:
        """How many wanted pages of sources that are not removed could be fetched now."""
        query = (
            sa.select(sa.func.count())
            .select_from(wanted_pages.join(sources, sources.c.id == wanted_pages.c.source_id))
            .where(*_is_due(now), sources.c.removed_at.is_(None))
        )
        with self.reading() as connection:
            return connection.execute(query).scalar_one()

    def release_pages(self) -> None:
        """Forget all leases; for who holds the instance lock, after a crash of another."""
        with self.writing() as connection:
            connection.execute(
                sa.update(wanted_pages)
                .where(wanted_pages.c.leased_until.is_not(None))
                .values(leased_until=None)
            )

    def settle_page(self, page_id: int, *, cause: str, retry_at: datetime | None) -> None:
        """A page failed: try again at `retry_at`, or never when that is None."""
        with self.writing() as connection:
            connection.execute(
                sa.update(wanted_pages)
                .where(wanted_pages.c.id == page_id)
                .values(
                    state="wanted" if retry_at else "failed",
                    cause=clean(cause),
                    attempts=wanted_pages.c.attempts + 1,
                    not_before=retry_at,
                    leased_until=None,
                )
            )

    def link_entry(self, entry_id: int, article_id: int) -> None:
        """An entry turned out to be a sighting of a known article."""
        with self.writing() as connection:
            connection.execute(
                sa.update(entries).where(entries.c.id == entry_id).values(article_id=article_id)
            )

    def entry(self, entry_id: int) -> tuple[int, Entry]:
        """
        (source id, the entry as it was shown last).

        Raises:
            BadInput: there is no such entry.
        """
        with self.reading() as connection:
            row = connection.execute(sa.select(entries).where(entries.c.id == entry_id)).first()
        if row is None:
            raise BadInput("there is no such entry.", subject=str(entry_id))
        return row.source_id, _entry(row)

    def entries(self, entry_ids: Sequence[int]) -> list[Entry]:
        """These entries as they were shown last, in this order."""
        rows: dict[int, Any] = {}
        with self.reading() as connection:
            for part in chunks(entry_ids):
                rows |= {row.id: row for row in connection.execute(_BY_ID, {"keys": part})}
        return [_entry(rows[number]) for number in entry_ids]

    def entries_without_article(self, *, limit: int) -> list[tuple[int, int]]:
        """(source id, entry id) of entries that have neither an article nor an open page."""
        has_page = (
            sa.exists()
            .where(wanted_pages.c.entry_id == entries.c.id)
            .where(wanted_pages.c.state == "wanted")
        )
        query = (
            sa.select(entries.c.source_id, entries.c.id)
            .where(entries.c.article_id.is_(None), ~has_page)
            .order_by(entries.c.id)
            .limit(limit)
        )
        with self.reading() as connection:
            return [(row.source_id, row.id) for row in connection.execute(query)]


def _is_due(now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        wanted_pages.c.state == "wanted",
        sa.or_(wanted_pages.c.not_before.is_(None), wanted_pages.c.not_before <= now),
        sa.or_(wanted_pages.c.leased_until.is_(None), wanted_pages.c.leased_until <= now),
    ]


def articles_of(connection: sa.Connection, url_keys: Sequence[str]) -> dict[str, int]:
    """Article ids by key or alias."""
    rows = connection.execute(_BY_ADDRESS, {"keys": url_keys})
    return {row.url_key: row.number for row in sorted(rows, key=lambda row: row.rank)}


def put_entry(
    connection: sa.Connection, record: PollRecord, item: IdentifiedEntry
) -> tuple[int, str]:
    """(id, `new`, `changed` or ''). A known entry is the row of its id, whatever its identity."""
    values = _said(item)
    if item.known_id:
        if item.is_changed:
            connection.execute(
                sa.update(entries).where(entries.c.id == item.known_id).values(**values)
            )
        return item.known_id, "changed" if item.is_changed else ""
    row = connection.execute(
        _new_entry(connection.dialect.name),
        {
            **values,
            "source_id": record.source_id,
            "identity": clean(item.identity),
            "first_seen_at": record.started_at,
            "last_seen_at": record.started_at,
        },
    ).scalar()
    if row is not None:
        return row, "new"
    # Another program stored it between our look and now, or the record is committed again.
    known = connection.execute(
        sa.select(entries.c.id, entries.c.content_hash).where(
            entries.c.source_id == record.source_id, entries.c.identity == clean(item.identity)
        )
    ).one()
    if known.content_hash == item.content_hash:
        return known.id, ""
    connection.execute(sa.update(entries).where(entries.c.id == known.id).values(**values))
    return known.id, "changed"


@cache
def _new_entry(dialect: str) -> Any:
    """An INSERT of an entry, made once, that says the id of a new one."""
    return insert_new(dialect, entries).returning(entries.c.id)


def touch(connection: sa.Connection, known_ids: Sequence[int], record: PollRecord) -> None:
    """These entries were seen again."""
    for part in chunks(known_ids):
        connection.execute(
            sa.update(entries).where(entries.c.id.in_(part)).values(last_seen_at=record.started_at)
        )


def want(
    connection: sa.Connection, record: PollRecord, item: IdentifiedEntry, entry_id: int
) -> PageRequest:
    """The page of an entry becomes work to do."""
    values = {
        "url": clean(item.entry.url),
        "state": "wanted",
        "attempts": 0,
        "not_before": None,
        "leased_until": record.started_at + LEASE,
        "cause": "",
    }
    row = connection.execute(
        insert(connection, wanted_pages)
        .values(**values, source_id=record.source_id, entry_id=entry_id)
        .on_conflict_do_update(index_elements=["entry_id"], set_=values)
        .returning(wanted_pages)
    ).one()
    return _request(row)


def _said(item: IdentifiedEntry) -> dict[str, Any]:
    entry = item.entry
    return {
        "guid": clean(entry.guid)[:GUID_CHARS],
        "url_key": clean(item.url_key),
        "content_hash": item.content_hash,
        "part": entry.part,
        "url": clean(entry.url),
        "title": clean(entry.title),
        "said": cleaned(
            {
                "summary": entry.summary,
                "content": entry.content,
                "authors": list(entry.authors),
                "published_at": entry.published_at.isoformat() if entry.published_at else "",
                "published_raw": entry.published_raw,
                "language": entry.language,
                "forwarded_from": entry.forwarded_from,
                "links": list(entry.links),
            }
        ),
    }


def _entry(row: Any) -> Entry:
    said = row.said
    when = said["published_at"]
    return Entry(
        guid=row.guid,
        url=row.url,
        title=row.title,
        summary=said["summary"],
        content=said["content"],
        authors=tuple(said["authors"]),
        published_at=datetime.fromisoformat(when).astimezone(UTC) if when else None,
        published_raw=said["published_raw"],
        language=said["language"],
        forwarded_from=said["forwarded_from"],
        part=row.part,
        links=tuple(said["links"]),
    )


def _known(row: Any) -> KnownEntry:
    when = row.said["published_at"]
    return KnownEntry(
        id=row.id,
        guid=row.guid,
        url_key=row.url_key,
        title=row.title,
        content_hash=row.content_hash,
        part=row.part,
        article_id=row.article_id or 0,
        published_at=datetime.fromisoformat(when).astimezone(UTC) if when else None,
    )


def _request(row: Any) -> PageRequest:
    return PageRequest(
        id=row.id,
        source_id=row.source_id,
        entry_id=row.entry_id,
        url=row.url,
        attempts=row.attempts,
    )
