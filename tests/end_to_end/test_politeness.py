"""Politeness from the command line, as the servers see it, over starts of the program."""

import json
from datetime import UTC, datetime

import pytest

from monitor.model import NewSource, Scope, SourceKind
from monitor.store import open_database
from tests.end_to_end.loopback import site
from tests.spiders.server import answer
from tests.world import program

HOST, OTHER = "127.0.3.1", "127.0.3.2"
ROBOTS = answer(b"User-agent: *\nDisallow: /private\n")


def feed(*links):
    """A feed with an item for each link."""
    items = "".join(
        f"<item><title>Tungsten mine number {n}</title><link>{link}</link></item>"
        for n, link in enumerate(links)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


class Desk:
    """A database, the hosts that it watches, and the program run on them."""

    def __init__(self, folder, web):
        self.web = web
        self._folder = folder
        self._url = f"sqlite:///{folder}/monitor.sqlite"

    def add(self, name, path, host=HOST, **options):
        """Watch one more feed."""
        database = open_database(self._url)
        address = self.web.url(path, host)
        source = NewSource(
            name=name,
            kind=SourceKind.FEED,
            url=address,
            scope=Scope.DEDICATED,
            options=options,
        )
        database.add_source(source, now=datetime.now(UTC))
        database.close()

    def crawl(self, **environ):
        """One start of the program: everything is polled, due or not."""
        words = ("crawl", "--all", "--json")
        done = program.run(self._url, *words, folder=self._folder, environ=environ)
        return json.loads(done.stdout)

    def asked(self, path):
        """The requests for a path so far."""
        return [hit for hit in self.web.hits if hit.path == path]


@pytest.fixture
def desk(tmp_path):
    """A desk without sources, and two hosts that only have a robots.txt."""
    with site((HOST, OTHER)) as running:
        running.web.routes["/robots.txt"] = ROBOTS
        yield Desk(tmp_path, running.web)


def test_no_request_before_retry_after(desk):
    """A host that asked to wait gets no request at the next start, for no source of it."""
    desk.web.routes["/feed"] = answer(b"", "429 Slow Down", Retry_After="600")
    desk.web.routes["/new"] = answer(feed())
    desk.add("one", "/feed")
    assert desk.crawl()["sources"]["failed"] == 1
    asked = len(desk.web.hits)
    desk.add("two", "/new")
    record = desk.crawl()
    assert len(desk.web.hits) == asked
    assert "asked to wait until" in json.dumps(record["failures"])


def test_robots_once_a_day(desk):
    """Over two starts robots.txt is asked for once per host, and obeyed by both."""
    desk.web.routes["/feed"] = answer(feed())
    desk.add("open", "/feed")
    desk.add("private", "/private")
    desk.add("elsewhere", "/feed", OTHER)
    for _ in range(2):
        record = desk.crawl()
        assert record["sources"]["failed"] == 1
        assert "robots.txt forbids" in json.dumps(record["failures"])
    assert sorted(hit.host for hit in desk.asked("/robots.txt")) == [HOST, OTHER]
    assert len(desk.asked("/feed")) == 4
    assert desk.asked("/private") == []


def test_validators_after_the_first_poll(desk):
    """From the second poll on a source is asked whether it changed, and answers that it did not."""

    async def conditional(hit):
        if hit.headers.get("if-none-match") == '"v1"':
            return answer(b"", "304 Not Modified")
        return answer(feed(), ETag='"v1"', Last_Modified="Sun, 01 Mar 2026 00:00:00 GMT")

    desk.web.routes["/feed"] = conditional
    desk.add("one", "/feed")
    counts = [desk.crawl()["sources"]["not_modified"] for _ in range(3)]
    assert counts == [0, 1, 1]
    sent = [hit.headers.get("if-none-match", "") for hit in desk.asked("/feed")]
    assert sent == ["", '"v1"', '"v1"']
    assert [bool(hit.headers.get("if-modified-since")) for hit in desk.asked("/feed")] == [
        False,
        True,
        True,
    ]


def test_the_header_of_an_agreement(desk):
    """A secret from the environment reaches the source's own origin, and is shown to nobody."""
    links = [desk.web.url("/article", HOST), desk.web.url("/article", OTHER)]
    desk.web.routes["/feed"] = answer(b"", "302 Found", Location=desk.web.url("/feed", OTHER))
    desk.web.routes[OTHER, "/feed"] = answer(feed(*links))
    desk.web.routes["/article"] = answer(b"<html><p>Tungsten.</p></html>", Content_Type="text/html")
    desk.add("one", "/feed", **{"header-authorization": "Bearer ${DESK_KEY}"})
    record = desk.crawl(DESK_KEY="s3cret")
    keyed = {(hit.host, hit.path) for hit in desk.web.hits if "authorization" in hit.headers}
    assert keyed == {(HOST, "/feed"), (HOST, "/article")}
    assert desk.asked("/feed")[0].headers["authorization"] == "bearer s3cret"
    assert (OTHER, "/article") in {(hit.host, hit.path) for hit in desk.web.hits}
    assert "s3cret" not in json.dumps(record)


def test_an_agreement_without_its_secret(desk):
    """Where the variable is not set nothing is asked, and the cause names the variable."""
    desk.web.routes["/feed"] = answer(feed())
    desk.add("one", "/feed", **{"header-authorization": "Bearer ${DESK_KEY}"})
    record = desk.crawl()
    assert record["sources"]["failed"] == 1
    assert "DESK_KEY" in json.dumps(record["failures"])
    assert desk.web.hits == []
