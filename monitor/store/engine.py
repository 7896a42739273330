"""
Connections: how each database is opened, and its errors in words.

SQLite runs in WAL mode with `synchronous=FULL`, so that what was acknowledged survives a
power loss; writers say `BEGIN IMMEDIATE` and wait for each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from monitor.errors import BadInput, MonitorError, Unusable
from monitor.settings import redacted

#: Seconds that a writer waits for another one.
BUSY_S = 30.0

#: Execution option of connections that write.
WRITES = "monitor_writes"

_ADVICE = (
    ("locked", "is locked by another program.", "Close it, or wait, and try again."),
    (
        "readonly",
        "cannot be written.",
        "Give this user the right to write the file and its folder.",
    ),
    ("read-only", "cannot be written.", "Give this user the right to write."),
    ("malformed", "is damaged.", "Restore a backup: monitor restore FILE"),
    ("not a database", "is no database.", "Check database.url, or restore a backup."),
    ("unable to open", "cannot be opened.", "Check that the folder exists and may be written."),
    ("disk is full", "cannot grow: the disk is full.", "Free some space and try again."),
    ("disk i/o", "cannot be read or written.", "Check the disk; then: monitor doctor"),
    ("no space", "cannot grow: the disk is full.", "Free some space and try again."),
    ("authentication failed", "refuses the user or password.", "Check database.url."),
    ("does not exist", "does not exist.", "Create it, or check database.url."),
    ("connection", "does not answer.", "Check that the server runs and database.url is right."),
)


def create(url: str, *, busy_s: float = BUSY_S) -> sa.Engine:
    """
    An engine for `sqlite:///path` or `postgresql://…`; opens nothing yet.

    Raises:
        BadInput: it is another kind of address.
    """
    if path := sqlite_path(url):
        engine = sa.create_engine(
            f"sqlite:///{path}",
            connect_args={"timeout": busy_s, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.startswith(("postgresql://", "postgres://")):
        rest = url.partition("://")[2]
        try:
            return sa.create_engine(
                f"postgresql+psycopg://{rest}",
                pool_pre_ping=True,
                connect_args={"connect_timeout": 10},
            )
        except exc.ArgumentError as error:
            raise BadInput("is no database address.", subject=redacted(url)) from error
    raise BadInput(
        "is no database address.",
        subject=redacted(url),
        advice="Write sqlite:///path or postgresql://user@host/name.",
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address, or None."""
    if not url.startswith("sqlite:///") or len(url) == len("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///"))


def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine for transactions that write."""
    return engine.execution_options(**{WRITES: True})


@contextmanager
def translated(engine: sa.Engine) -> Iterator[None]:
    """Turn the database's errors into `Unusable` with what to do."""
    try:
        yield
    except exc.DBAPIError as error:
        raise unusable(engine.url.render_as_string(), error.orig or error) from error
    except sqlite3.Error as error:
        raise unusable(engine.url.render_as_string(), error) from error


def unusable(url: str, error: BaseException) -> MonitorError:
    """The error that says what is wrong with the database, and what to do."""
    words = " ".join(str(error).split())
    for sign, message, advice in _ADVICE:
        if sign in words.lower():
            return Unusable(message, subject=_shown(url), advice=advice)
    return Unusable(f"failed: {words[:300]}.", subject=_shown(url), advice="Run: monitor doctor")


def _shown(url: str) -> str:
    return redacted(url.replace("postgresql+psycopg://", "postgresql://"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy's "begin" event opens transactions; the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    is_writing = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
