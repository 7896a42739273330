"""The daemon's status pages, its log in JSON, and what systemd hears, from a real process."""

import json
import signal
import socket
import sqlite3
from contextlib import closing

import pytest

from monitor.model import Outcome
from tests.end_to_end.daemons import asked, asked_json, free_port, metric, starting


@pytest.fixture
def start(url, tmp_path):
    """Starts daemons on the database that watches the web."""
    with starting(tmp_path) as begin:
        yield lambda *words, **environ: begin(url, *words, **environ)


def test_the_pages_of_a_running_daemon(start):
    """Alive, ready, and every poll, entry and article counted, by outcome and by condition."""
    port = free_port()
    daemon = start(MONITOR_WEB__PORT=str(port))
    daemon.wait_for("crawl: 3 polled")
    assert asked_json(port, "/healthz")[0] == 200
    status, ready = asked_json(port, "/readyz")
    assert (status, {c["name"]: c["ok"] for c in ready["checks"]}) == (
        200,
        {"database": True, "clock": True, "running": True},
    )
    assert metric(port, 'monitor_polls_total{outcome="ok"}') == 3
    assert metric(port, "monitor_entries_new_total") == 9
    assert metric(port, "monitor_articles_new_total") == 9
    assert metric(port, 'monitor_sources{state="active"}') == 3
    assert metric(port, 'monitor_sources_condition{condition="healthy"}') == 3
    assert metric(port, "monitor_database_bytes") > 100_000
    assert metric(port, "process_open_fds") > 5
    assert metric(port, "monitor_last_success_timestamp_seconds") > 1e9
    _, _, text = asked(port, "/metrics")
    assert "outlet" not in text
    assert all(f'outcome="{outcome.value}"' in text for outcome in Outcome)
    assert daemon.end()[0] == 0


def test_a_port_that_is_taken(start):
    """It ends with 2 and one line that says which setting helps, before it watches anything."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        daemon = start(MONITOR_WEB__PORT=str(other.getsockname()[1]))
        status, said = daemon.ended()
    assert status == 2
    assert "Set web.port to a free one, or to 0 to serve nothing." in said
    assert "Traceback" not in said
    assert "watching" not in said


def test_while_it_ends_it_is_not_ready(start, web):
    """From the signal on it is alive and not ready, until its crawls have finished."""
    web.hold("/feed.xml")
    port = free_port()
    daemon = start(MONITOR_WEB__PORT=str(port), MONITOR_FETCH__TIMEOUT="600")
    web.wait_until_held()
    assert metric(port, "monitor_crawls_under_way") >= 0
    daemon.process.send_signal(signal.SIGTERM)
    daemon.wait_for("ending: ")
    status, ready = asked_json(port, "/readyz")
    assert (status, [c["name"] for c in ready["checks"] if not c["ok"]]) == (503, ["running"])
    assert asked_json(port, "/healthz")[0] == 200
    assert daemon.end()[0] == 0


def test_a_database_that_fails(start, tmp_path):
    """A database that cannot be read any more is named by /readyz."""
    port = free_port()
    daemon = start(MONITOR_WEB__PORT=str(port), MONITOR_SCHEDULE__TICK="60")
    daemon.wait_for("crawl: ")
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite")) as database:
        database.execute("ALTER TABLE sources RENAME TO elsewhere")
    status, ready = asked_json(port, "/readyz")
    (check,) = [c for c in ready["checks"] if not c["ok"]]
    assert (status, check["name"]) == (503, "database")
    daemon.kill()


def test_every_line_in_a_pipe_is_json(start, web):
    """Into a pipe each event is one object, with what it counted, to the last line."""
    daemon = start(MONITOR_LOG__FORMAT="auto")
    daemon.wait_for("crawl: 3 polled")
    status, said = daemon.end()
    lines = [json.loads(line) for line in said.splitlines()]
    assert status == 0
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    (crawl,) = [line for line in lines if line.get("event") == "crawl" and line["polled"]]
    assert (crawl["polled"], crawl["outcomes"], crawl["entries_new"]) == (3, {"ok": 3}, 9)
    assert lines[-1]["message"] == "Ended cleanly."


def test_an_error_that_ends_it_is_json_too(start, tmp_path):
    """What ends the daemon is told in the form of the log, with its exit status."""
    daemon = start(MONITOR_LOG__FORMAT="json")
    daemon.wait_for("crawl: ")
    (tmp_path / "monitor.sqlite").rename(tmp_path / "away.sqlite")
    status, said = daemon.ended()
    last = json.loads(said.splitlines()[-1])
    assert (status, last["level"]) == (3, "critical")
    assert "was replaced, moved or removed" in last["message"]


def test_systemd_hears_of_it(start, tmp_path):
    """Ready, alive with every tick, reloading and ready again, and at last that it stops."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(30)
        manager.bind(f"{tmp_path}/notify")
        daemon = start(NOTIFY_SOCKET=f"{tmp_path}/notify", MONITOR_SCHEDULE__TICK="0.2")

        def until(word):
            heard = []
            while not heard or not heard[-1].startswith(word):
                heard.append(manager.recv(4096).decode())
            return heard

        assert until("READY=1") == ["READY=1"]
        assert "STATUS=" in until("WATCHDOG=1")[0]
        until("WATCHDOG=1")
        daemon.process.send_signal(signal.SIGHUP)
        assert "MONOTONIC_USEC=" in until("RELOADING=1")[-1]
        assert manager.recv(4096) == b"READY=1"
        daemon.process.send_signal(signal.SIGTERM)
        until("STOPPING=1")
        assert daemon.ended()[0] == 0
