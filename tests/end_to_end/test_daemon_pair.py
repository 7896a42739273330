"""Two daemons on one database, on SQLite and PostgreSQL: the second refuses at once."""

import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from monitor.model import NewSource, SourceKind
from monitor.store import open_database
from tests import databases
from tests.end_to_end.daemons import starting
from tests.world import program


@pytest.fixture
def watching(database_url):
    """A database that watches something far away in time."""
    database = open_database(database_url)
    source = NewSource(name="Ores", kind=SourceKind.FEED, url="http://127.0.0.1:9/feed.xml")
    database.add_source(source, now=datetime.now(UTC) + timedelta(days=1))
    database.close()
    return database_url


def test_the_second_names_the_first(watching, tmp_path):
    """It ends with 3 and one line that names the process of the first, which goes on."""
    with starting(tmp_path) as begin:
        first = begin(watching)
        first.wait_for("watching")
        for word in ("run", "crawl"):
            began = time.monotonic()
            second = program.run(watching, word, folder=tmp_path)
            assert second.returncode == 3, second.stderr
            assert f"is in use by process {first.process.pid}" in second.stderr
            assert second.stderr.count("\n") == 1
            assert time.monotonic() - began < 30
        assert first.end()[0] == 0
        third = begin(watching)
        third.wait_for("watching")
        assert third.end()[0] == 0


def test_after_a_kill_the_next_one_starts(watching, tmp_path):
    """A lock does not outlive its holder."""
    with starting(tmp_path) as begin:
        first = begin(watching)
        first.wait_for("watching")
        first.kill()
        second = begin(watching)
        second.wait_for("watching")
        assert second.end()[0] == 0


def test_a_lock_that_is_lost_ends_the_daemon(postgres_server, tmp_path):
    """When the server drops the session that holds the lock, it ends with 3: another may hold it."""
    with databases.fresh_database(postgres_server) as url, starting(tmp_path) as begin:
        open_database(url).close()
        daemon = begin(url)
        daemon.wait_for("no source is active")
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE %s",
                [f"process {daemon.process.pid} on %"],
            )
        status, said = daemon.ended()
    assert status == 3
    assert "the session that held it for this process is gone" in said
    assert "Traceback" not in said
