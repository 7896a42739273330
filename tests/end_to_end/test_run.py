"""The daemon as a real process, driven by real signals."""

import signal
import sqlite3
from contextlib import closing

import pytest

from monitor.model import Filter
from monitor.store import open_database
from tests.end_to_end.daemons import Daemon, starting
from tests.world import program
from tests.world.outlets import Reply


@pytest.fixture
def start(url, tmp_path):
    """Starts daemons on the database that watches the web."""
    with starting(tmp_path) as begin:
        yield lambda *words, **environ: begin(url, *words, **environ)


def count(url):
    """How many articles are stored."""
    database = open_database(url)
    found = database.counts()["articles"]
    database.close()
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_crawls_and_ends_cleanly(start, url, number):
    """It says what it watches, crawls what is due, and ends at a signal with status 0."""
    daemon = start()
    assert "watching 3 sources; next poll at" in daemon.wait_for("watching")
    line = daemon.wait_for("crawl: ")
    assert "3 polled, 0 failed; 9 new entries, 9 new articles" in line
    status, said = daemon.end(number)
    assert (status, said.count("Traceback")) == (0, 0)
    assert f"database {url}" in said
    assert "Ended cleanly." in said
    assert count(url) == 9


def test_a_second_one_is_refused(start, url, tmp_path):
    """While one runs, another `run` or `crawl` ends with 3 and one line that names it."""
    daemon = start()
    daemon.wait_for("watching")
    for word in ("run", "crawl"):
        second = program.run(url, word, folder=tmp_path)
        assert second.returncode == 3
        assert f"is in use by process {daemon.process.pid}" in second.stderr
        assert second.stderr.count("\n") == 1
    assert daemon.end()[0] == 0


def test_a_restart_goes_on(start, url, web):
    """Killed in the middle of a crawl, the next one does the rest and nothing twice."""
    first = start("-vv")
    first.wait_for("stored a")
    first.kill()
    second = start("-vv")
    seen = len([line for line in first.said if "stored a" in line])
    while seen < 9:
        second.wait_for("stored a")
        seen = count(url)
    assert second.end()[0] == 0
    database = open_database(url)
    keys = [a.url_key for a in database.articles(Filter(limit=99, include_irrelevant=True))]
    database.close()
    assert len(keys) == len(set(keys)) == 9


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_database_that_is_taken_away(start, url, tmp_path, is_replaced):
    """When its file is replaced or removed, it ends with 3: what it wrote would be lost."""
    daemon = start()
    daemon.wait_for("crawl: ")
    file = tmp_path / "monitor.sqlite"
    file.rename(tmp_path / "away.sqlite")
    if is_replaced:
        file.write_bytes((tmp_path / "away.sqlite").read_bytes())
    assert "was replaced, moved or removed" in daemon.wait_for("monitor: ")
    assert daemon.process.wait(60) == 3


def test_a_clock_that_was_set_back(start, tmp_path):
    """Sources that were polled in the future are polled within their usual wait, not in a year."""
    often = {f"MONITOR_SCHEDULE__{name}_INTERVAL": "1" for name in ("MIN", "DEFAULT", "MAX")}
    first = start(**often)
    first.wait_for("crawl: ")
    first.end()
    year = 365 * 86_400 * 1_000_000
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite")) as database, database:
        database.execute(
            "UPDATE sources SET last_polled_at = last_polled_at + ?, next_poll_at = next_poll_at + ?",
            (year, year),
        )
    second = start("-vv", **often)
    second.wait_for("3 sources were polled in the future: was the clock set back")
    polled = set()
    while len(polled) < 3:
        polled.add(second.wait_for("polled outlet").partition("polled outlet")[2][:2])
    assert second.end()[0] == 0


def test_without_sources(tmp_path):
    """With nothing to watch it says what to do, and waits."""
    daemon = Daemon(f"sqlite:///{tmp_path}/empty.sqlite", tmp_path)
    assert "monitor init" in daemon.wait_for("no source is active")
    assert daemon.end()[0] == 0
    daemon.process.stderr.close()


def test_a_failing_source_is_logged(start, web):
    """A failing source is logged with its cause, and the others are done."""
    web.outlets[0].instead["/feed.xml"] = Reply(status=503)
    daemon = start()
    assert "3 polled, 1 failed; 6 new entries" in daemon.wait_for("crawl: ")
    assert "failed: outlet 0: HTTP 503" in daemon.wait_for("failed: ")
    assert daemon.end()[0] == 0
