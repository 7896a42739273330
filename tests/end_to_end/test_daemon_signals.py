"""How the daemon ends: by a signal in the middle of fifty crawls, and by none at all."""

import signal
import time
from datetime import UTC, datetime

import pytest

from monitor.jobs.daemon import CANCEL_S, GRACE_S
from monitor.store import open_database
from tests.end_to_end.daemons import free_port, metric, starting
from tests.world import program
from tests.world.web import fake_web

CRAWLS = 50


@pytest.fixture
def crowd(tmp_path):
    """Fifty outlets that take a request and never answer, and a database that watches them."""
    with fake_web(outlets=CRAWLS, items=1) as web:
        web.hold("/feed.xml")
        url = f"sqlite:///{tmp_path}/monitor.sqlite"
        program.prepare(url, web)
        yield web, url


def start_fifty(begin, web, url):
    """A daemon with fifty crawls under way, each waiting for a host."""
    port = free_port()
    daemon = begin(
        url,
        MONITOR_WEB__PORT=str(port),
        MONITOR_FETCH__TIMEOUT="600",
        MONITOR_SCHEDULE__BATCH="1",
        MONITOR_SCHEDULE__TICK="0.1",
    )
    daemon.wait_for("watching")
    deadline = time.monotonic() + 60
    asked = 0
    while asked < CRAWLS or metric(port, "monitor_crawls_under_way") < CRAWLS:
        assert time.monotonic() < deadline, "the crawls do not start"
        asked = sum(path == "/feed.xml" for _, path in tuple(web.hits))
    return daemon


def test_sigterm_during_fifty_crawls(crowd, tmp_path):
    """It ends within the grace and what it takes to cancel, with status 0; nothing is lost."""
    web, url = crowd
    with starting(tmp_path) as begin:
        daemon = start_fifty(begin, web, url)
        began = time.monotonic()
        status, said = daemon.end()
        took = time.monotonic() - began
    assert (status, "Traceback" in said) == (0, False)
    assert GRACE_S <= took < GRACE_S + CANCEL_S
    assert f"ending: {CRAWLS} crawls have" in said
    assert f"{CRAWLS} crawls are cut off" in said
    database = open_database(url)
    assert len(database.due_sources(now=datetime.now(UTC), limit=99)) == CRAWLS
    assert {source.last_polled_at for source in database.sources()} == {None}
    database.close()


def test_a_second_sigterm_ends_it_at_once(crowd, tmp_path):
    """Who asks twice does not wait for the grace; the status is 0 all the same."""
    web, url = crowd
    with starting(tmp_path) as begin:
        daemon = start_fifty(begin, web, url)
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait_for("ending: ")
        began = time.monotonic()
        status, said = daemon.end()
        took = time.monotonic() - began
    assert (status, "Traceback" in said) == (0, False)
    assert took < GRACE_S / 2


def test_sigkill_and_restart(url, web, tmp_path):
    """However often it is killed: each source is polled to the end once, and none is left out."""
    feeds = len(web.outlets)
    kills = 0
    with starting(tmp_path) as begin:
        for moment in ("polled ", "stored a", "stored a"):
            daemon = begin(url, "-vv")
            daemon.wait_for(moment)
            daemon.kill()
            kills += 1
        last = begin(url, "-vv")
        database = open_database(url)
        while database.counts()["articles"] < feeds * 3:
            last.wait_for("stored a|polled |crawl: ")
        assert last.end()[0] == 0
    polls = {source.name: len(database.polls(source.id, limit=9)) for source in database.sources()}
    database.close()
    # A poll that was committed is not repeated: its next one is not due for minutes.
    assert set(polls.values()) == {1}
    asked = [count for (_, path), count in web.hits.items() if path == "/feed.xml"]
    assert len(asked) == feeds
    assert max(asked) <= 1 + kills
