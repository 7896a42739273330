"""Self-check, backup while running, and retention that keeps identities."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from monitor.errors import Unusable
from monitor.model import ReviewState
from monitor.store import engine as engines
from monitor.store import schema, search
from monitor.store.rows import Rows, chunks
from monitor.store.tables import articles, bands, entries, metadata, revisions, stories

#: Flag of an article whose text retention removed.
PRUNED = "pruned"

#: Rows that are copied at once.
BATCH = 1000


class UpkeepRows(Rows):
    """What operators do."""

    def integrity(self) -> list[str]:
        """What is wrong with the database, in words; empty when nothing is."""
        with self.reading() as connection:
            problems = _damage(connection) if self.dialect == "sqlite" else []
            orphans = sa.select(sa.func.count()).where(
                articles.c.story_id.not_in(sa.select(stories.c.id))
            )
            if count := connection.execute(orphans).scalar_one():
                problems.append(f"{count} articles have no story")
            indexed = "rowid" if self.dialect == "sqlite" else "article_id"
            unfound = sa.text(
                f"SELECT count(*) FROM articles WHERE id NOT IN (SELECT {indexed} "  # noqa: S608 - our own names
                "FROM article_search)"
            )
            if count := connection.execute(unfound).scalar_one():
                problems.append(f"{count} articles cannot be found by search")
        return problems

    def backup(self, target: Path) -> None:
        """
        Write a consistent copy while others read and write; always a SQLite file.

        Raises:
            Unusable: the target cannot be written; what was there is untouched.
        """
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            part.unlink(missing_ok=True)
            copy = engines.create(f"sqlite:///{part}")
            try:
                schema.migrate(copy, str(part))
                copy_rows(self.engine, copy)
            finally:
                copy.dispose()
            part.replace(target)
        except OSError as error:
            raise Unusable(
                f"cannot be written: {error.strerror}.",
                subject=str(target),
                advice="Choose another place for the backup.",
            ) from error
        finally:
            for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
                left.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Let the database renew its statistics, by which it chooses indexes."""
        with self.writing() as connection:
            command = "PRAGMA optimize" if self.dialect == "sqlite" else "ANALYZE"
            connection.execute(sa.text(command))

    def prune(self, before: datetime) -> int:
        """
        Empty the texts of articles first seen before then, except in stories that were kept.

        Addresses, hashes, titles, figures with their quotes and copy edges stay, so nothing
        returns as new and every figure stays explained.

        Returns:
            The number of articles emptied.
        """
        spared = sa.select(stories.c.id).where(
            sa.or_(
                stories.c.state.in_([ReviewState.KEPT.value, ReviewState.FLAGGED.value]),
                stories.c.is_starred,
            )
        )
        old = sa.select(
            articles.c.id, articles.c.title, articles.c.language, articles.c.flags
        ).where(
            articles.c.first_seen_at < before,
            articles.c.text != "",
            articles.c.story_id.not_in(spared),
        )
        with self.writing() as connection:
            rows = connection.execute(old).all()
            for row in rows:
                connection.execute(
                    sa.update(articles)
                    .where(articles.c.id == row.id)
                    .values(text="", mentions=[], flags=[*row.flags, PRUNED])
                )
                search.put(connection, row.id, row.title, "", row.language)
            for part in chunks(row.id for row in rows):
                connection.execute(
                    sa.update(revisions).where(revisions.c.article_id.in_(part)).values(text="")
                )
                connection.execute(sa.delete(bands).where(bands.c.article_id.in_(part)))
                _empty_entries(connection, part)
        return len(rows)


def copy_rows(source: sa.Engine, target: sa.Engine) -> None:
    """All rows of one database into an empty one of the same schema, in one view."""
    with (
        engines.translated(source),
        source.connect().execution_options(**_one_view(source)) as reader,
        engines.writing(target).begin() as writer,
    ):
        for table in metadata.sorted_tables:
            result = reader.execution_options(yield_per=BATCH).execute(sa.select(table))
            with closing(result):
                for rows in result.partitions():
                    writer.execute(sa.insert(table), [row._asdict() for row in rows])
        for row in writer.execute(
            sa.select(articles.c.id, articles.c.title, articles.c.text, articles.c.language)
        ).all():
            search.put(writer, row.id, row.title, row.text, row.language)
        if target.dialect.name == "postgresql":
            _count_on(writer)


def _one_view(engine: sa.Engine) -> dict[str, str]:
    """SQLite's read transactions are one view already."""
    return {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _count_on(connection: sa.Connection) -> None:
    """Let PostgreSQL's sequences go on behind the ids that were copied."""
    for table in metadata.sorted_tables:
        column = table.c.get("id")
        if column is not None:
            connection.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                    f"coalesce((SELECT max(id) FROM {table.name}), 0) + 1, false)"
                )
            )


def _damage(connection: sa.Connection) -> list[str]:
    found = connection.exec_driver_sql("PRAGMA quick_check(5)").scalars().all()
    problems = [str(line) for line in found if line != "ok"]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [*problems, *([f"{len(broken)} rows point to nothing"] if broken else [])]


def _empty_entries(connection: sa.Connection, article_ids: Sequence[int]) -> None:
    query = sa.select(entries.c.id, entries.c.said).where(entries.c.article_id.in_(article_ids))
    for row in connection.execute(query).all():
        said = {**row.said, "summary": "", "content": ""}
        connection.execute(sa.update(entries).where(entries.c.id == row.id).values(said=said))
