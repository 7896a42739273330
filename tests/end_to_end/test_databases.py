"""Databases that cannot be used: exit 3, one line, what to do, and never a password."""

import os
import sqlite3
import subprocess
import sys

import pytest

from monitor.store import open_database
from tests.world import program


def refused(url, folder, words, *command, **environ):
    """The program ends with 3 and one line that holds these words."""
    done = program.run(url, *(command or ("crawl",)), folder=folder, environ=environ)
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("monitor: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr
    return done.stderr


@pytest.fixture
def path(tmp_path):
    """A database file."""
    file = tmp_path / "monitor.sqlite"
    open_database(f"sqlite:///{file}").close()
    return file


def test_no_database(path, tmp_path):
    """A file of words is no database."""
    path.write_text("words, not rows " * 500)
    refused(f"sqlite:///{path}", tmp_path, "is no database. Check database.url")


def test_damaged(path, tmp_path):
    """A database whose pages are garbage is damaged: restore a backup."""
    data = bytearray(path.read_bytes())
    data[100:] = b"\xab" * (len(data) - 100)
    path.write_bytes(data)
    refused(f"sqlite:///{path}", tmp_path, "is damaged. Restore a backup: monitor restore FILE")


def test_newer(path, tmp_path):
    """A newer schema is not touched."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused(f"sqlite:///{path}", tmp_path, "newer version of the monitor")


def test_locked(path, tmp_path):
    """A database that another program keeps locked is named after the wait."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    script = (
        "import sys, monitor.store.engine as e; e.BUSY_S = 0.2\n"
        "import monitor.store.database as d; d.open_database.__kwdefaults__['busy_s'] = 0.2\n"
        "from monitor.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--database", f"sqlite:///{path}", "crawl"],
        env=program.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    holder.close()
    assert done.returncode == 3
    assert "is locked by another program. Close it, or wait, and try again." in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder(tmp_path):
    """A folder is no database file."""
    refused(f"sqlite:///{tmp_path}", tmp_path, "is a folder. Name a file in it.")


def test_a_folder_that_can_not_be_made(tmp_path):
    """Below a file there can be no folder."""
    (tmp_path / "file").write_text("")
    refused(
        f"sqlite:///{tmp_path}/file/below/m.sqlite", tmp_path, "cannot be written: Not a directory"
    )


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_read_only(path, tmp_path, folder_mode):
    """A file that may not be written, alone or with its folder; root sheds its right to."""
    shed = ["setpriv", "--bounding-set=-dac_override"] * (os.geteuid() == 0)
    path.with_name(f"{path.name}.lock").touch()
    path.chmod(0o444)
    tmp_path.chmod(folder_mode)
    try:
        done = subprocess.run(
            [*shed, *program.command(f"sqlite:///{path}", "crawl")],
            env=program.environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        tmp_path.chmod(0o755)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert "cannot be written. Give this user the right to write" in done.stderr


def test_full_disk(tmp_path):
    """A write that finds no room ends with 3 and says so."""
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from monitor.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--database", f"sqlite:///{tmp_path}/m.sqlite", "crawl"],
        env=program.environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr


def test_a_server_that_is_not_there(tmp_path):
    """PostgreSQL that does not answer; the password is not shown."""
    said = refused(
        "postgresql://ann:s3cret@127.0.0.1:1/news", tmp_path, "does not answer. Check that"
    )
    assert "s3cret" not in said


def test_a_database_that_is_not_on_the_server(postgres_server, tmp_path):
    """A name that the server does not know."""
    url = f"{postgres_server.rpartition('/')[0]}/no_such_database"
    refused(url, tmp_path, "does not exist. Create it")


def test_a_wrong_address(tmp_path):
    """An address of no known kind is wrong usage: 2, and one line."""
    done = program.run("mysql://root:s3cret@host/x", "crawl", folder=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "s3cret" not in done.stderr
