"""One monitor per database: a lock that the system frees when its holder ends, however."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from monitor.errors import Unusable
from monitor.settings import redacted
from monitor.store import engine as engines

#: Key of PostgreSQL's advisory lock.
KEY = 7278

#: Characters that PostgreSQL keeps of a session's name.
LONGEST_NAME = 63

#: The name of the session that holds it.
_HOLDER = sa.text("""
    SELECT activity.application_name
    FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = :key AND granted
        AND activity.datname = current_database()
""").bindparams(key=KEY)


class InstanceLock:
    """
    Hold the database for one crawl, daemon or restore; a context manager.

    SQLite: `flock` on a file beside the database, which names the holder. PostgreSQL: a
    session's advisory lock; the session's name says who holds it.

    Raises:
        Unusable: another one holds it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._file: int | None = None
        self._connection: sa.Connection | None = None

    def __enter__(self) -> Self:
        path = engines.sqlite_path(self._url)
        if path is None:
            self._lock_server()
        else:
            self._lock_file(path.with_name(f"{path.name}.lock"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            engine = self._connection.engine
            self._connection.invalidate()
            self._connection.close()
            engine.dispose()
            self._connection = None

    def check(self) -> None:
        """
        Make sure that it is held still: a server's restart frees the locks of all sessions.

        Raises:
            Unusable: it may be another's by now.
        """
        if self._connection is None:
            return
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError as error:
            raise Unusable(
                "the session that held it for this process is gone.",
                subject=redacted(self._url),
                advice="Start again, when the server answers.",
            ) from error

    def _lock_file(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Unusable(
                f"cannot be written: {error.strerror}.",
                subject=str(path),
                advice="Give this user the right to write the database's folder.",
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 32).decode("ascii", "replace").strip()
            os.close(file)
            raise _held(self._url, f"process {holder}" if holder else "another process") from error
        os.truncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        self._file = file

    def _lock_server(self) -> None:
        engine = engines.create(self._url)
        with engines.translated(engine):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            name = f"process {os.getpid()} on {socket.gethostname()}"[:LONGEST_NAME]
            connection.execute(sa.func.set_config("application_name", name, False).select())
            got = connection.execute(sa.text(f"SELECT pg_try_advisory_lock({KEY})")).scalar()
            if not got:
                holder = connection.execute(_HOLDER).scalar()
                connection.close()
                engine.dispose()
                raise _held(self._url, holder or "another process")
        self._connection = connection


def _held(url: str, holder: str) -> Unusable:
    return Unusable(
        f"is in use by {holder} of the monitor.",
        subject=redacted(url),
        advice="Wait until it ends, or end it; a daemon crawls by itself.",
    )
