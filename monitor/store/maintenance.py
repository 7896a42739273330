"""Put a backup in the database's place, and keep what it replaces."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.store import engine as engines
from monitor.store import schema
from monitor.store.database import Database, open_database
from monitor.store.lock import InstanceLock
from monitor.store.tables import metadata
from monitor.store.upkeep import copy_rows


def restore(backup: Path, target_url: str) -> Path:
    """
    Replace the database by a backup.

    Returns:
        Where what was there before is kept: a file beside the database (SQLite) or in the
        current folder (PostgreSQL), itself a backup.

    Raises:
        BadInput: the file is no backup, or a damaged one; nothing was touched.
        Unusable: the monitor runs on this database.
    """
    _check(backup)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    with InstanceLock(target_url):
        path = engines.sqlite_path(target_url)
        if path is None:
            return _into_server(backup, target_url, Path(f"replaced-{stamp}.sqlite"))
        kept = path.with_name(f"{path.name}.replaced-{stamp}")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.restored")
        shutil.copyfile(backup, fresh)
        for suffix in ("", "-wal", "-shm"):
            old = Path(f"{path}{suffix}")
            if old.exists():
                old.rename(f"{kept}{suffix}")
        fresh.rename(path)
    open_database(target_url).close()
    return kept


def _check(backup: Path) -> None:
    advice = "Give a file that monitor backup wrote."
    try:
        with closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BadInput(f"is no backup: {error}.", subject=str(backup), advice=advice) from error
    if not sound or version is None:
        raise BadInput("is damaged.", subject=str(backup), advice="Give another backup.")


def _into_server(backup: Path, url: str, kept: Path) -> Path:
    open_database(url).close()
    source = engines.create(f"sqlite:///{backup}")
    target = engines.create(url)
    try:
        with engines.translated(target):
            Database(target).backup(kept)
            schema.migrate(source, str(backup))
            with target.begin() as connection:
                names = ", ".join(table.name for table in metadata.sorted_tables)
                connection.execute(sa.text(f"TRUNCATE article_search, {names}"))
            copy_rows(source, target)
    finally:
        source.dispose()
        target.dispose()
    return kept
