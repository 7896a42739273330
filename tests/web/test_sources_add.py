"""Adding a source on the site: an address is looked at in the background, then chosen from."""

import time

import pytest

from monitor.model import SourceKind
from tests.cli.sites import SITES, page
from tests.end_to_end.loopback import site
from tests.spiders.server import answer
from tests.web.visitor import Visitor
from tests.web.world import served

HOST, OTHER = "127.0.6.1", "127.0.6.2"

OPEN = {"allow_private": ("127.0.0.0/8",), "host_gap": 0.0, "timeout": 5.0}


@pytest.fixture(scope="module")
def world():
    """A site with feeds, and one whose robots.txt forbids its feed."""
    with site((HOST, OTHER)) as one:
        for name, host in (("wordpress", HOST), ("half_forbidden", OTHER)):
            made = SITES[name](one.web.url("", host))
            one.web.routes.update({(host, path): said for path, said in made.items()})
        yield one.web


@pytest.fixture
def desk(tmp_path):
    """An empty desk that may reach loopback."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite", fetch=OPEN) as here:
        yield here


def looked(visitor, **fields):
    """The page of a search that is over, and its path."""
    begun = visitor.post("/sources/add", fields)
    assert begun.status == 303, begun.text
    until = time.monotonic() + 60
    while time.monotonic() < until:
        said = visitor.get(begun.to)
        if "hx-trigger" not in said.text:
            return said.text, begun.to
    raise AssertionError("the search does not end")


def test_what_a_site_offers_is_ranked_with_reasons_and_entries(desk, world):
    """The best first, each with why and with what it shows; nothing is watched before one is chosen."""
    visitor = Visitor(desk.url)
    text, path = looked(visitor, url=world.url("/", HOST), tags="sample", language="en")
    assert "the best" in text
    assert "+50 feed" in text
    assert "Its newest entries" in text
    assert desk.database.sources() == []
    added = visitor.post(path, {"number": "1"})
    assert (added.status, added.to) == (303, "/sources/1")
    (fresh,) = desk.database.sources()
    assert (fresh.kind, fresh.url) == (SourceKind.FEED, world.url("/feed/", HOST))
    assert (fresh.tags, fresh.homepage) == (("sample",), world.url("/", HOST))
    assert "It is watched already." in visitor.get(path).text


def test_without_javascript_the_page_goes_on_by_itself(desk, world):
    """While it looks, a browser without JavaScript is told to come back; the link does the same."""
    visitor = Visitor(desk.url)
    begun = visitor.post("/sources/add", {"url": world.url("/", HOST)})
    first = visitor.get(begun.to).text
    assert '<noscript><meta http-equiv="refresh"' in first
    assert f'hx-get="{begun.to}"' in first


def test_what_robots_forbid_is_shown_with_the_way_out(desk, world):
    """It is named, was not asked for, and it is said what can be done."""
    text, _ = looked(Visitor(desk.url), url=world.url("/", OTHER))
    assert "robots.txt forbids this address" in text
    assert "Ask its publisher." in text


def test_a_private_address_is_not_reached(tmp_path, world):
    """Without leave of the operator the guard stands before loopback; the page says so."""
    world.hits.clear()
    with served(f"sqlite:///{tmp_path}/shut.sqlite") as here:
        text, path = looked(visitor := Visitor(here.url), url=world.url("/", HOST))
        assert "fetch.allow_private" in text
        assert "the operator can allow that" in text
        assert visitor.post(path, {"number": "0"}).status == 400
    assert world.hits == []


def test_what_is_hostile_is_shown_as_text(desk, world):
    """Titles of a page and of its entries are no markup here, and `javascript:` is no link."""
    head = (
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"
        '<link rel="alternate" type="application/rss+xml" href="/hostile.xml" title="&lt;img src=x&gt;">'
    )
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>&lt;img src=x onerror=alert(1)&gt;'
        "</title><item><title>&lt;script&gt;alert(2)&lt;/script&gt; ore</title>"
        "<link>javascript:alert(3)</link><guid>1</guid></item></channel></rss>"
    )
    world.routes[HOST, "/hostile"] = page("<p>News</p>", head=head)
    world.routes[HOST, "/hostile.xml"] = answer(feed.encode(), content_type="application/rss+xml")
    text, _ = looked(Visitor(desk.url), url=world.url("/hostile", HOST))
    assert "/hostile.xml" in text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": ""}, ""),
        ({"url": "no address"}, "no address"),
        ({"url": "javascript:alert(1)"}, ""),
        ({"url": "https://its.example/?${HOME}"}, "names an environment variable"),
        ({"url": "https://its.example/", "language": "klingon!"}, "is no language tag"),
        ({"url": "https://its.example/", "scope": "some"}, "is not known"),
    ],
)
def test_a_wrong_wish_begins_nothing(desk, fields, said):
    """The form comes back with what was typed and what is wrong."""
    answer = Visitor(desk.url).post("/sources/add", fields)
    assert answer.status == 422
    assert "data-error" in answer.text
    assert said in answer.text


def test_a_search_is_its_readers_own(desk, world):
    """Another address of a search is not found; a number that was not found adds nothing."""
    visitor = Visitor(desk.url)
    _, path = looked(visitor, url=world.url("/", HOST))
    assert visitor.get("/sources/add/guessed").status == 404
    for number in ("99", "", "-1", "1; drop"):
        assert visitor.post(path, {"number": number}).status == 400
    assert desk.database.sources() == []


def test_what_is_watched_already_is_shown(desk, world):
    """No second search, no second source: straight to the one that there is."""
    visitor = Visitor(desk.url)
    _, path = looked(visitor, url=world.url("/feed/", HOST))
    assert visitor.post(path, {"number": "1"}).to == "/sources/1"
    again = visitor.post("/sources/add", {"url": world.url("/feed/", HOST)})
    assert (again.status, again.to) == (303, "/sources/1")
