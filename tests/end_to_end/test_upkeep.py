"""doctor, backup, restore, prune and health, as an operator meets them; both databases."""

import json
import subprocess
from datetime import UTC, datetime

import pytest

from monitor.store import open_database
from tests.world import program
from tests.world.outlets import Reply


@pytest.fixture
def crawled(database_url, web, tmp_path):
    """A database of either kind after one crawl."""
    program.prepare(database_url, web)
    done = program.run(database_url, "crawl", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    return database_url


def counts(url):
    """Rows by noun."""
    database = open_database(url)
    found = dict(database.counts())
    database.close()
    return found


def test_the_life_of_a_backup(crawled, web, tmp_path):
    """A backup comes back with all that it held; what it replaces is kept and named."""
    before = counts(crawled)
    copy = tmp_path / "copy.sqlite"
    done = program.run(crawled, "backup", str(copy), folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    web.outlets[0].publish()
    program.run(crawled, "crawl", "--all", folder=tmp_path)
    assert counts(crawled)["articles"] == before["articles"] + 1
    done = program.run(crawled, "restore", str(copy), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert counts(crawled) == before
    kept = tmp_path / done.stderr.rpartition("kept as ")[2].strip()
    assert counts(f"sqlite:///{kept}")["articles"] == before["articles"] + 1
    assert program.run(crawled, "restore", __file__, folder=tmp_path).returncode == 2
    assert counts(crawled) == before


def test_nothing_forgotten_returns_as_new(crawled, web, tmp_path):
    """After `prune` a crawl of the same feeds stores nothing new, though bodies are read again."""
    database = open_database(crawled)
    for source in database.sources():
        database.edit_source(source.id, url=source.url, options={"x": "y"})
    database.close()
    before = counts(crawled)
    _forget_everything(crawled)
    done = program.run(crawled, "crawl", "--all", "--json", folder=tmp_path)
    record = json.loads(done.stdout)
    assert record["sources"]["ok"] == 3
    assert (record["entries"]["new"], record["articles"]["new"]) == (0, 0)
    assert counts(crawled)["articles"] == before["articles"]


def _forget_everything(url):
    """What `prune` does, for articles of today."""
    database = open_database(url)
    assert database.prune(datetime.now(UTC)) == 9
    database.close()


def test_backup_during_a_crawl(url, web, tmp_path):
    """A backup taken while a crawl stores is whole, and the crawl is not disturbed."""
    child = subprocess.Popen(
        program.command(url, "-vv", "crawl", "--json"),
        cwd=tmp_path,
        env=program.environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in child.stderr:
        if "stored a" in line:
            break
    copy = tmp_path / "copy.sqlite"
    open_database(url).backup(copy)
    stdout, _ = child.communicate(timeout=60)
    assert json.loads(stdout)["articles"]["new"] == 9
    held = open_database(f"sqlite:///{copy}")
    assert held.integrity() == []
    assert 1 <= held.counts()["articles"] <= 9
    held.close()


def test_doctor(url, tmp_path):
    """It checks what can be wrong, names what is, and says what to do."""
    done = program.run(url, "doctor", "--json", folder=tmp_path)
    checks = {check["check"]: check for check in map(json.loads, done.stdout.splitlines())}
    assert set(checks) == {
        "configuration",
        "database",
        "sources",
        "disk",
        "clock",
        "network",
        "deliveries",
    }
    assert "fetch.contact" in checks["configuration"]["trouble"]
    assert checks["database"]["ok"]
    assert done.returncode == 1
    empty = program.run(f"sqlite:///{tmp_path}/empty.sqlite", "doctor", folder=tmp_path)
    assert "monitor init" in empty.stdout


def test_health(crawled, web, tmp_path):
    """Healthy sources need nobody; a source that fails three times needs a person: status 1."""
    done = program.run(crawled, "health", "--json", folder=tmp_path)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["condition"] for record in records] == ["healthy"] * 3
    assert done.returncode == 0
    web.outlets[0].instead["/feed.xml"] = Reply(status=410)
    program.run(crawled, "crawl", "--all", folder=tmp_path)
    done = program.run(crawled, "health", folder=tmp_path)
    assert done.returncode == 1
    assert "gone" in done.stdout
    assert "3 sources: 2 healthy, 1 gone. 1 needs a person." in done.stderr
