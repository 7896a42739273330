"""
The address guard, against a canary: with default settings nothing ever connects to it.

The canary listens on loopback, on the very port that hostile addresses name, and counts
connections before any word is exchanged. A second server, the only one that is allowed by
its host and port, leads to it by every way a publisher has.
"""

import json
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from monitor.model import NewSource, Outcome, Scope, SourceKind
from monitor.store import open_database
from tests.end_to_end.loopback import site
from tests.end_to_end.test_bad_input import monitor, rss
from tests.spiders.server import answer

#: Ways to write loopback, the unspecified address, and what leads to them.
SPELLINGS = (
    "127.0.0.1",
    "127.1",
    "127.250.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0.0.0.0",
    "0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1.",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001::80ff:fffe]",
    "[fe80::1%25lo]",
    "x@127.0.0.1",
)
#: Private networks, where nobody listens here; they must be refused, not tried.
ELSEWHERE = ("10.0.0.1", "192.168.0.1", "172.16.0.1", "169.254.169.254", "[fd00::1]", "100.64.0.1")
#: Spellings that every resolver reads as loopback.
SURE = ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "localhost", "[::1]", "[::]")
#: Servers that are allowed, and lead elsewhere.
HOSTS = ("127.0.2.1", "127.0.2.2", "127.0.2.3")
#: Default settings: nobody private may be asked.
NOBODY = {"MONITOR_FETCH__ALLOW_PRIVATE": "[]", "MONITOR_FETCH__PAGES": "true"}


class Canary:
    """Listens at loopback, IPv4 and IPv6, and counts who connects."""

    def __init__(self):
        self.port = 0
        self.sung = 0
        self._sockets = []

    def start(self):
        """Listen."""
        # All of 127.0.0.0/8 and ::1 on one port.
        for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::1")):
            listening = socket.socket(family)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((host, self.port))
            except OSError:
                listening.close()
                continue
            self.port = listening.getsockname()[1]
            listening.listen(64)
            self._sockets.append(listening)
            threading.Thread(target=self._count, args=(listening,), daemon=True).start()

    def _count(self, listening):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self.sung += 1
            connection.close()

    def stop(self):
        """Close."""
        for listening in self._sockets:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()


@contextmanager
def canary():
    """A running canary."""
    bird = Canary()
    bird.start()
    try:
        yield bird
    finally:
        bird.stop()


def test_the_canary_sings():
    """The canary counts a connection, so that its silence means something."""
    with canary() as bird:
        socket.create_connection(("127.0.0.1", bird.port)).close()
        for _ in range(1000):
            if bird.sung:
                break
            threading.Event().wait(0.01)
        assert bird.sung == 1


def store(folder):
    """The database of a folder."""
    return open_database(f"sqlite:///{folder}/monitor.sqlite")


def put(folder, addresses, **more):
    """Sources as an older version or a careless import may have left them: unchecked."""
    database = store(folder)
    for name, url in addresses.items():
        source = NewSource(name=name, kind=SourceKind.FEED, url=url, **more)
        database.add_source(source, now=datetime.now(UTC))
    database.close()


def endings(folder):
    """Source -> (outcome, cause) of its last poll."""
    database = store(folder)
    found = {source.name: (source.last_outcome, source.last_error) for source in database.sources()}
    database.close()
    return found


def spelled(port):
    """Every spelling as an address on the canary's port."""
    return {name: f"http://{name}:{port}/f" for name in (*SPELLINGS, *ELSEWHERE)}


def allowing(place):
    """Settings that allow these servers and nobody else, by host and port."""
    return {
        "MONITOR_FETCH__ALLOW_PRIVATE": json.dumps(
            [f"{host}:{place.web.port}" for host in place.hosts]
        ),
        "MONITOR_FETCH__PAGES": "true",
    }


def leading(place, ways):
    """Publish redirects, a moved robots.txt and page links to the canaries; the sources."""
    redirecting, moved, linking = place.hosts
    routes = place.web.routes
    for at, url in enumerate(spelled(ways["redirect"].port).values()):
        routes[redirecting, f"/{at}"] = answer(status="302 Found", Location=url)
    target = f"http://127.0.0.1:{ways['robots'].port}/robots.txt"
    routes[moved, "/robots.txt"] = answer(status="301 Moved", Location=target)
    routes[moved, "/feed"] = answer(rss())
    mapped = f"http://[::ffff:127.0.0.1]:{ways['page'].port}/"
    routes[linking, "/page"] = answer(status="302 Found", Location=mapped)
    links = [*spelled(ways["page"].port).values(), place.web.url("/page", linking)]
    items = (
        f"<item><title>Tungsten mine {at} opens</title><guid>{at}</guid><link>{link}</link></item>"
        for at, link in enumerate(links)
    )
    routes[linking, "/feed"] = answer(rss(*items))
    paths = [*routes]
    return {
        f"{host}{path}": place.web.url(path, host) for host, path in paths if "page" not in path
    }


@pytest.fixture(scope="module")
def led(tmp_path_factory):
    """One crawl of all of that: connections by way, paths asked for, endings."""
    folder = tmp_path_factory.mktemp("led")
    with canary() as one, canary() as two, canary() as three, site(HOSTS) as place:
        ways = {"redirect": one, "robots": two, "page": three}
        put(folder, leading(place, ways), scope=Scope.DEDICATED)
        ran = monitor(folder, "crawl", "--all", "--json", **allowing(place))
        sung = {way: bird.sung for way, bird in ways.items()}
        asked = {f"{hit.host}{hit.path}" for hit in place.web.hits}
    assert "Traceback" not in ran.err
    return sung, asked, endings(folder)


def test_no_spelling_reaches_loopback(tmp_path):
    """With default settings every spelling ends refused or failed, and nobody was asked."""
    with canary() as bird:
        put(tmp_path, spelled(bird.port))
        ran = monitor(tmp_path, "crawl", "--all", "--json", **NOBODY)
        assert bird.sung == 0
    found = endings(tmp_path)
    (summary,) = ran.records
    assert summary["sources"]["failed"] == len(SPELLINGS) + len(ELSEWHERE) == len(found)
    assert all(failure["cause"] for failure in summary["failures"])
    assert {found[name][0] for name in (*SURE, *ELSEWHERE)} == {Outcome.REFUSED}
    assert "Traceback" not in ran.err


def test_no_redirect_reaches_loopback(led):
    """An allowed server that redirects to every spelling opens none of them."""
    sung, asked, ended = led
    redirecting = HOSTS[0]
    assert len([place for place in asked if place.startswith(redirecting)]) > len(SPELLINGS)
    assert sung["redirect"] == 0
    assert ended[f"{redirecting}/0"][0] is Outcome.REFUSED


def test_no_robots_redirect_reaches_loopback(led):
    """A robots.txt that moved to loopback is not followed, and its site is not read."""
    sung, asked, ended = led
    assert f"{HOSTS[1]}/feed" not in asked
    assert sung["robots"] == 0
    assert "is private" in ended[f"{HOSTS[1]}/feed"][1]


def test_no_page_link_reaches_loopback(led):
    """Links of entries to every spelling, straight or redirected, are never connected to."""
    sung, asked, ended = led
    assert f"{HOSTS[2]}/page" in asked
    assert sung["page"] == 0
    assert ended[f"{HOSTS[2]}/feed"][0] is Outcome.OK


def test_no_offered_feed_reaches_loopback(tmp_path):
    """A page that offers a feed on loopback makes `sources add` ask nobody there."""
    with canary() as bird, site(("127.0.2.1",)) as place:
        page = (
            '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" '
            f'href="http://127.0.0.1:{bird.port}/rss"></head><body>News</body></html>'
        )
        place.web.routes["/"] = answer(page.encode(), Content_Type="text/html")
        ran = monitor(
            tmp_path, "sources", "add", place.web.url("/", "127.0.2.1"), **allowing(place)
        )
        assert "/" in place.web.paths()
        assert bird.sung == 0
    assert "Traceback" not in ran.err
