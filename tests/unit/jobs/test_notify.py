"""What systemd hears of the daemon, on a real socket."""

import logging
import socket

import pytest

from monitor.jobs.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    """A socket as systemd makes it, and the name by which it is handed down."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        is_path = request.param == "path"
        name = f"{tmp_path}/notify" if is_path else f"@monitor-test-{tmp_path.name}-{id(listening)}"
        listening.bind(name if is_path else f"\0{name[1:]}")
        yield listening, {"NOTIFY_SOCKET": name}


def heard(listening):
    """The next message, line by line."""
    return listening.recv(4096).decode().split("\n")


def test_what_is_told(manager):
    """Ready, reloading with its moment, stopping with why: each a message of its own."""
    listening, environ = manager
    notifier = Notifier(environ)
    notifier.ready()
    assert heard(listening) == ["READY=1"]
    notifier.reloading()
    state, moment = heard(listening)
    assert state == "RELOADING=1"
    assert moment.removeprefix("MONOTONIC_USEC=").isdigit()
    notifier.stopping("2 crawls")
    assert heard(listening) == ["STOPPING=1", "STATUS=2 crawls"]


def test_the_status_is_told_when_it_changes(manager):
    """The watchdog hears of every tick, the status only when it is another one."""
    listening, environ = manager
    notifier = Notifier(environ)
    for status in ("1 crawl", "1 crawl", "2 crawls"):
        notifier.alive(status)
    assert [heard(listening) for _ in range(3)] == [
        ["WATCHDOG=1", "STATUS=1 crawl"],
        ["WATCHDOG=1"],
        ["WATCHDOG=1", "STATUS=2 crawls"],
    ]


def test_without_systemd_nothing_is_told():
    """Where nobody asked to be told, it is silent."""
    Notifier({}).ready()


def test_a_manager_that_is_gone_does_no_harm(tmp_path, caplog):
    """A socket that nobody listens at is a warning, not an end."""
    with caplog.at_level(logging.WARNING):
        Notifier({"NOTIFY_SOCKET": f"{tmp_path}/gone"}).ready()
    assert "systemd cannot be told READY=1" in caplog.text
