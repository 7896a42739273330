"""The status pages over real HTTP, in a loop of their own."""

import asyncio
import json
import os
import signal
import socket
import urllib.error
import urllib.request

import pytest
from starlette.applications import Starlette

from monitor.errors import BadInput
from monitor.web.peer import is_loopback
from monitor.web.server import serving
from monitor.web.status import Check, status_routes


class Vitals:
    """Answers that a test sets."""

    def __init__(self):
        self.checks = [Check(name="database", is_well=True, detail="answers")]
        self.clock = Check(name="clock", is_well=True, detail="last tick 0.1 s ago")

    def alive(self):
        """The clock."""
        return self.clock

    async def ready(self):
        """All checks."""
        return self.checks

    async def metrics(self):
        """One counter."""
        return b"monitor_polls_total 3.0\n", "text/plain; version=1.0.0; charset=utf-8"


def status_app(vitals):
    """The status pages alone."""
    return Starlette(routes=status_routes(vitals))


def ask(place, path, method="GET"):
    """Status, headers, body."""
    request = urllib.request.Request(f"{place}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def asked(vitals, *paths, method="GET"):
    """What a server answers at these paths."""

    async def run():
        async with serving(status_app(vitals), host="127.0.0.1", port=0) as place:
            return [await asyncio.to_thread(ask, place, path, method) for path in paths]

    return asyncio.run(run())


def test_when_all_is_well():
    """Both health pages answer 200 and say what was looked at; the metrics keep their type."""
    alive, ready, metrics = asked(Vitals(), "/healthz", "/readyz", "/metrics")
    assert (alive[0], json.loads(alive[2])["alive"]) == (200, True)
    assert ready[0] == 200
    assert json.loads(ready[2]) == {
        "ready": True,
        "checks": [{"name": "database", "ok": True, "detail": "answers"}],
    }
    assert metrics[2] == b"monitor_polls_total 3.0\n"
    assert metrics[1]["content-type"].startswith("text/plain; version=1.0.0")


def test_when_something_is_wrong():
    """A clock that stands still makes it dead, anything else not ready: 503, with each check."""
    vitals = Vitals()
    vitals.clock = Check(name="clock", is_well=False, detail="last tick 99.0 s ago")
    vitals.checks.append(Check(name="running", is_well=False, detail="ending"))
    alive, ready = asked(vitals, "/healthz", "/readyz")
    assert (alive[0], json.loads(alive[2])["detail"]) == (503, "last tick 99.0 s ago")
    assert (ready[0], json.loads(ready[2])["ready"]) == (503, False)


def test_nothing_else_is_served():
    """Other paths are not found, other methods not allowed, answers are not to be kept."""
    (found, other) = asked(Vitals(), "/healthz", "/")
    assert found[1]["cache-control"] == "no-store"
    assert "server" not in found[1]
    assert other[0] == 404
    assert asked(Vitals(), "/healthz", method="POST")[0][0] == 405
    assert asked(Vitals(), "/healthz", method="HEAD")[0][::2] == (200, b"")


def test_a_port_that_is_taken():
    """The error names the setting, the reason and the way out."""

    async def run(port):
        async with serving(status_app(Vitals()), host="127.0.0.1", port=port):
            pass

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BadInput, match=f"web.port {port}: .*Address already in use.*or to 0"):
            asyncio.run(run(port))


def test_a_host_that_is_none():
    """A host that this machine does not have is refused in words."""

    async def run(host):
        async with serving(status_app(Vitals()), host=host, port=0):
            pass

    for host in ("203.0.113.1", "no.such.host.invalid"):
        with pytest.raises(BadInput, match=f"web.host {host}"):
            asyncio.run(run(host))


def test_signals_stay_ours():
    """The server takes no signal: the daemon's own handler hears it, and the server goes on."""
    heard = []

    async def run():
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, heard.append, "SIGTERM")
        async with serving(status_app(Vitals()), host="127.0.0.1", port=0) as place:
            await asyncio.to_thread(ask, place, "/healthz")
            os.kill(os.getpid(), signal.SIGTERM)
            return await asyncio.to_thread(ask, place, "/healthz")

    assert asyncio.run(run())[0] == 200
    assert heard == ["SIGTERM"]


def test_a_client_that_hangs_does_not_hold_up_the_end():
    """An open connection that says nothing is closed within a second or two."""

    async def run():
        async with serving(status_app(Vitals()), host="127.0.0.1", port=0) as place:
            _, writer = await asyncio.open_connection("127.0.0.1", int(place.rpartition(":")[2]))
            writer.write(b"GET /healthz HTTP/1.1\r\n")
            await writer.drain()
            await asyncio.to_thread(ask, place, "/healthz")
        return True

    assert asyncio.run(asyncio.wait_for(run(), 5))


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_which_hosts_are_loopback(host, is_local):
    """Only what this machine alone reaches is loopback."""
    assert is_loopback(host) is is_local
