"""Opening, migrating, backup, restore, retention, locks: what operators rely on."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from monitor.errors import BadInput, Unusable
from monitor.store import open_database, schema
from monitor.store.lock import InstanceLock
from monitor.store.maintenance import restore
from monitor.store.runner import Runner
from monitor.store.tables import metadata
from tests.store.records import NOW, hours, item, poll, source, stored


def test_migrations_make_the_tables(database):
    """What the migrations build is what the code believes, column by column."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not str(name).startswith("article_search")},
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_known():
    """The constant that spares a start Alembic's import is the newest file's number."""
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    assert max(path.name[:4] for path in folder.glob("0*.py")) == schema.HEAD


def test_opening_twice(database, database_url):
    """A second open finds the tables and changes nothing."""
    stored(database)
    other = open_database(database_url)
    assert other.counts() == database.counts()
    other.close()


def test_a_newer_database(database, database_url):
    """A database of a newer version is refused, with what to do."""
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unusable, match=r"newer version .* Upgrade the monitor"):
        open_database(database_url)


def test_a_database_of_another_program(tmp_path):
    """Another program's tables are not touched."""
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(Unusable, match="another program"):
        open_database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "content", [b"not a database at all, but words" * 40, b"SQLite format 3\x00" * 99]
)
def test_a_file_that_is_no_database(tmp_path, content):
    """Rubbish is called rubbish."""
    path = tmp_path / "monitor.sqlite"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=r"no database|damaged|cannot be opened"):
        open_database(f"sqlite:///{path}")


def test_a_damaged_page(tmp_path):
    """A database whose pages were overwritten says that it is damaged."""
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    database = open_database(url)
    for number in range(40):
        stored(database, f"g{number}", text=f"Ore {number} " * 200)
    database.close()
    path = tmp_path / "monitor.sqlite"
    data = bytearray(path.read_bytes())
    data[8192:-4096] = os.urandom(len(data) - 8192 - 4096)
    path.write_bytes(data)
    with pytest.raises(Unusable, match=r"damaged|no database"):
        _all_of(url)


def _all_of(url):
    """Read all that a database holds."""
    opened = open_database(url)
    for number in range(1, 41):
        opened.article(number)


def test_a_locked_database(tmp_path):
    """A writer that waits too long says that the database is locked."""
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    open_database(url).close()
    holder = sqlite3.connect(tmp_path / "monitor.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = open_database(url, busy_s=0.1)
    with pytest.raises(Unusable, match="locked by another program"):
        database.add_source(source(), now=NOW)
    holder.close()
    database.close()


def test_a_folder_and_a_missing_file(tmp_path):
    """A folder is no database; a missing file is made only when asked."""
    with pytest.raises(Unusable, match="is a folder"):
        open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(Unusable, match="does not exist"):
        open_database(f"sqlite:///{tmp_path}/none.sqlite", create=False)


def test_a_read_only_database(tmp_path):
    """A database that may not be written says so when it is written."""
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    open_database(url).close()
    database = open_database(url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.rollback()
    with pytest.raises(Unusable, match="cannot be written"):
        database.add_source(source(), now=NOW)
    database.close()


def test_an_address_that_is_none():
    """Only SQLite and PostgreSQL are spoken."""
    with pytest.raises(BadInput, match="no database address"):
        open_database("mysql://root@localhost/x")


def test_a_server_that_does_not_answer():
    """A server that is not there is named, and no traceback shown."""
    with pytest.raises(Unusable, match="does not answer"):
        open_database("postgresql://nobody@127.0.0.1:1/none")


def test_backup_while_writing(database, tmp_path):
    """A backup taken while another thread writes is whole, and holds what was acknowledged."""
    stored(database)
    begun, enough = threading.Event(), threading.Event()

    def write():
        for number in range(2, 400):
            if enough.is_set():
                return
            stored(database, f"g{number}")
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(30)
    acknowledged = database.counts()["articles"]
    database.backup(tmp_path / "copy.sqlite")
    enough.set()
    writer.join()
    copy = open_database(f"sqlite:///{tmp_path}/copy.sqlite")
    assert copy.integrity() == []
    assert copy.counts()["articles"] >= acknowledged
    assert copy.counts()["articles"] == copy.counts()["entries"] or copy.entries_without_article(
        limit=9
    )
    assert copy.search("song", limit=1)
    copy.close()
    assert list(tmp_path.glob(".copy*")) == []


def test_restore_keeps_what_it_replaces(database, database_url, tmp_path, monkeypatch):
    """A backup takes the database's place; what was there can be opened, and ids go on."""
    monkeypatch.chdir(tmp_path)
    stored(database)
    database.backup(tmp_path / "copy.sqlite")
    stored(database, "g2")
    database.close()
    kept = restore(tmp_path / "copy.sqlite", database_url)
    again = open_database(database_url)
    assert again.counts()["articles"] == 1
    assert stored(again, "g3").article_id == 2
    assert len(again.search("song", limit=9)) == 2
    again.close()
    old = open_database(f"sqlite:///{kept.resolve()}")
    assert old.counts()["articles"] == 2
    old.close()


def test_restore_refuses_rubbish(database, database_url, tmp_path):
    """A file that is no backup touches nothing."""
    stored(database)
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"words")
    with pytest.raises(BadInput, match="no backup"):
        restore(bad, database_url)
    assert database.counts()["articles"] == 1


def test_restore_waits_for_nobody(database, database_url, tmp_path):
    """While the monitor runs on a database, nothing is restored into it."""
    database.backup(tmp_path / "copy.sqlite")
    with InstanceLock(database_url), pytest.raises(Unusable, match="in use"):
        restore(tmp_path / "copy.sqlite", database_url)


def test_retention_keeps_identities(database):
    """Emptied articles are known for ever; those that were kept keep their texts."""
    stored(database)
    stored(database, "g2")
    database.review(2, action="state", value="kept", who="ann", now=NOW)
    assert database.prune(hours(1)) == 1
    assert database.prune(hours(1)) == 0
    first, second = database.article(1), database.article(2)
    assert (first.text, "pruned" in first.flags, first.revisions[0].text) == ("", True, "")
    assert first.claims[0].claim.quote == "Ore"
    assert second.text
    again = database.commit_poll(poll(1, item("g1")))
    assert again.new == 0
    assert database.search("song", limit=9)[0].article_id == 2


def test_one_instance(database_url):
    """A second holder is refused and told who holds; the end of the first frees it."""
    with InstanceLock(database_url), pytest.raises(Unusable, match="in use by"):
        InstanceLock(database_url).__enter__()
    with InstanceLock(database_url):
        pass


def test_a_killed_holder_frees_the_lock(database_url):
    """A lock does not outlive its process, however that ends."""
    code = (
        "import sys; from monitor.store.lock import InstanceLock\n"
        "with InstanceLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(Unusable, match="in use"):
        InstanceLock(database_url).__enter__()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdin.close()
    child.stdout.close()
    with InstanceLock(database_url):
        pass


def test_two_programs_write(database, database_url):
    """Two writers at once lose nothing and share no id."""
    other = open_database(database_url)
    database.add_source(source(), now=NOW)
    errors = []

    def write(store, name):
        try:
            for number in range(25):
                stored(store, f"{name}{number}", tokens=("x", "y", name))
        except Exception as error:
            errors.append(error)

    threads = [
        threading.Thread(target=write, args=(store, name))
        for store, name in ((database, "a"), (other, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert database.counts()["articles"] == 50
    assert database.token_counts(["x", "a"]) == ({"x": 50, "a": 25}, 50)
    other.close()


def test_the_runner(database):
    """Async callers read and write; a write that was begun is finished though its caller is not."""

    async def use():
        runner = Runner(database)
        number, _ = await runner.write(lambda store: store.add_source(source(), now=NOW))
        begun, go = threading.Event(), threading.Event()

        def slow(store):
            begun.set()
            go.wait(10)
            return store.commit_poll(poll(number, item("a")))

        task = asyncio.create_task(runner.write(slow))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        go.set()
        await asyncio.gather(task, return_exceptions=True)
        runner.close()
        return task.cancelled()

    assert asyncio.run(use())
    assert database.counts()["entries"] == 1
