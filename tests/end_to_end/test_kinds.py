"""
Every kind of source through the whole journey: real HTTP, the command, a real database.

What is shown is what the server was asked for, and what is stored after it.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Filter, NewSource, Outcome, Scope, SourceKind
from monitor.store import open_database
from tests.cli.desk import run
from tests.end_to_end.loopback import site
from tests.spiders.server import MISSING, answer
from tests.world import prose

HOST = "127.0.0.31"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def web():
    """One site whose routes a test changes as it goes."""
    with site((HOST,)) as one:
        yield one.web


@pytest.fixture
def watch(web, tmp_path, monkeypatch):
    """Watches one source of the site, and crawls it as often as it is called."""
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    monkeypatch.setenv("MONITOR_FETCH__HOST_GAP", "0")
    url = f"sqlite:///{tmp_path}/monitor.sqlite"

    def begin(kind, path, **more):
        database = open_database(url)
        source = NewSource(
            name="Sample", kind=kind, url=web.url(path, HOST), scope=Scope.DEDICATED, **more
        )
        database.add_source(source, now=NOW)
        return Watched(url, web, database)

    return begin


class Watched:
    """A source under watch."""

    def __init__(self, url, web, database):
        self.url = url
        self.web = web
        self.database = database

    def crawl(self):
        """Poll it now; the paths that were asked for, in order."""
        before = len(self.web.hits)
        self.said = run(self.url, "-q", "crawl", "--all", "--json")
        return [h.path for h in self.web.hits[before:] if h.path != "/robots.txt"]

    def titles(self):
        """Titles of all articles, oldest first."""
        found = self.database.articles(Filter(limit=99, include_irrelevant=True))
        return [article.title for article in reversed(found)]

    def poll(self):
        """The last poll."""
        return self.database.polls(1, limit=1)[0]


def page(number):
    """The page of a sample article."""
    paragraphs = "".join(f"<p>{p}</p>" for p in prose.text(number, sentences=12).split("\n\n"))
    title = prose.title(number)
    body = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}"
    return answer(f"{body}</article></body></html>".encode(), Content_Type="text/html")


def urlset(web, *numbers, hours=1):
    """A sitemap of sample articles."""
    when = (NOW - timedelta(hours=hours)).isoformat()
    urls = "".join(
        f"<url><loc>{web.url(f'/news/2026/ore-{n}-sold-to-a-mine', HOST)}</loc>"
        f"<lastmod>{when}</lastmod></url>"
        for n in numbers
    )
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return answer(f"{head}{urls}</urlset>".encode(), Content_Type="application/xml")


def index(web, *paths, minutes=30):
    """An index of sitemaps."""
    when = (NOW - timedelta(minutes=minutes)).isoformat()
    children = "".join(
        f"<sitemap><loc>{web.url(path, HOST)}</loc><lastmod>{when}</lastmod></sitemap>"
        for path in paths
    )
    head = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return answer(f"{head}{children}</sitemapindex>".encode(), Content_Type="application/xml")


def test_a_sitemap_of_sitemaps(web, watch):
    """Children are read with their index; only those that changed later; only new pages."""
    web.routes |= {f"/news/2026/ore-{n}-sold-to-a-mine": page(n) for n in range(4)}
    web.routes |= {"/map.xml": index(web, "/a.xml", "/b.xml"), "/a.xml": urlset(web, 0, 1)}
    web.routes["/b.xml"] = urlset(web, 2)
    source = watch(SourceKind.SITEMAP, "/map.xml")
    asked = source.crawl()
    assert sorted(asked[:3]) == ["/a.xml", "/b.xml", "/map.xml"]
    assert len(asked) == 6
    assert sorted(source.titles()) == sorted(prose.title(n) for n in range(3))
    assert source.crawl() == ["/map.xml"]
    assert source.poll().outcome is Outcome.UNCHANGED
    later = (NOW + timedelta(hours=1)).isoformat()
    changed = index(web, "/a.xml", "/b.xml").replace(
        (NOW - timedelta(minutes=30)).isoformat().encode(), later.encode(), 1
    )
    web.routes |= {"/map.xml": changed, "/a.xml": urlset(web, 0, 1, 3, hours=0)}
    assert source.crawl() == ["/map.xml", "/a.xml", "/news/2026/ore-3-sold-to-a-mine"]


def test_a_child_that_is_missing_is_asked_for_again(web, watch):
    """What could be read is stored, the lost child is named, and is not taken for read."""
    web.routes |= {"/map.xml": index(web, "/a.xml", "/b.xml"), "/a.xml": urlset(web, 0)}
    web.routes["/news/2026/ore-0-sold-to-a-mine"] = page(0)
    source = watch(SourceKind.SITEMAP, "/map.xml")
    source.crawl()
    assert source.titles() == [prose.title(0)]
    assert "1 documents that it leads to could not be read: HTTP 404" in source.poll().cause
    web.routes["/b.xml"] = urlset(web, 1)
    assert "/b.xml" in source.crawl()


def test_an_index_that_names_itself(web, watch):
    """It is asked for once, and the poll ends."""
    web.routes["/map.xml"] = index(web, "/map.xml", "/b.xml")
    web.routes["/b.xml"] = index(web, "/map.xml", "/b.xml")
    source = watch(SourceKind.SITEMAP, "/map.xml")
    assert source.crawl() == ["/map.xml", "/b.xml"]


def message(number, text):
    """One message of a channel."""
    when = (NOW - timedelta(hours=100 - number)).isoformat()
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" '
        f'data-post="sample/{number}"><div class="tgme_widget_message_text">{text}</div>'
        f'<a class="tgme_widget_message_date"><time datetime="{when}"></time></a></div></div>'
    )


def channel(*messages):
    """A channel's page."""
    body = f'<html><body class="widget_frame_base">{"".join(messages)}</body></html>'
    return answer(body.encode(), Content_Type="text/html; charset=utf-8")


def test_a_linked_article_of_a_message(web, watch):
    """The message is an article, and so is the page that it points to."""
    link = web.url("/linked-story", HOST)
    words = "Sample digest of the tungsten trade, told in words of its own for the test."
    web.routes |= {"/s/sample": channel(message(7, f'{words} <a href="{link}">{link}</a>'))}
    web.routes["/linked-story"] = page(5)
    source = watch(SourceKind.TELEGRAM, "/s/sample")
    assert source.crawl() == ["/s/sample", "/linked-story"]
    assert prose.title(5) in source.titles()
    assert len(source.titles()) == 2


def items(*numbers, more=""):
    """One page of an API's answer."""
    listed = [
        {
            "url": f"https://ores.example/{n}",
            "headline": prose.title(n),
            "when": (NOW - timedelta(hours=n)).isoformat(),
            "text": prose.text(n, sentences=20),
        }
        for n in numbers
    ]
    return answer(
        json.dumps({"results": listed, "next": more}).encode(), Content_Type="application/json"
    )


def test_an_api_with_a_key(web, watch, monkeypatch, tmp_path):
    """The key comes from the environment, goes to the API's own origin, and is stored nowhere."""
    monkeypatch.setenv("ORE_KEY", "hush-1234")
    web.routes["/v1?key=hush-1234&page=1"] = items(
        0, 1, more=web.url("/v1?key=hush-1234&page=2", HOST)
    )
    options = {
        "item": "results",
        "link": "url",
        "title": "headline",
        "date": "when",
        "content": "text",
        "next": "next",
        "header-x-api-key": "${ORE_KEY}",
    }
    source = watch(SourceKind.API, "/v1?key=${ORE_KEY}&page=1", options=options)
    source.crawl()
    assert sorted(source.titles()) == sorted([prose.title(0), prose.title(1)])
    asked = next(hit for hit in web.hits if hit.path.startswith("/v1"))
    assert asked.headers["x-api-key"] == "hush-1234"
    source.database.close()
    assert b"hush-1234" not in (tmp_path / "monitor.sqlite").read_bytes()


def test_a_key_that_is_not_set(watch, monkeypatch):
    """The poll fails without a request, and says which variable is missing."""
    monkeypatch.delenv("ORE_KEY", raising=False)
    source = watch(SourceKind.API, "/v1?key=${ORE_KEY}")
    assert source.crawl() == []
    assert source.said.status == 1
    assert "ORE_KEY: is not set in the environment." in source.poll().cause


def orders(*numbers):
    """A ministry's page of orders."""
    lines = "".join(f"<p>Order {n}: export of tungsten ore needs a licence.</p>" for n in numbers)
    body = f"<html><head><title>Orders</title></head><body><main><h1>Orders</h1>{lines}</main>"
    return answer(f"{body}</body></html>".encode(), Content_Type="text/html")


def test_a_page_that_changes(web, watch):
    """The first poll is the base line, an unchanged one brings nothing, a change an article."""
    web.routes["/orders"] = orders(1, 2)
    source = watch(SourceKind.PAGE, "/orders")
    source.crawl()
    source.crawl()
    assert len(source.titles()) == 1
    web.routes["/orders"] = orders(3, 1, 2)
    source.crawl()
    assert source.poll().new == 1
    assert "Order 3" in source.titles()[-1]


def listing(*numbers, are_dated=True):
    """A page that lists stories."""
    rows = "".join(
        f'<li class="story"><a href="/news/{n}-ore-mine-sold-to-a-trader">{prose.title(n)}</a>'
        + f"<time>2026-11-{n + 10}</time>" * are_dated
        + "</li>"
        for n in numbers
    )
    body = f'<html><body><ul class="stories">{rows}</ul></body></html>'
    return answer(body.encode(), Content_Type="text/html")


def test_a_listing_whose_dates_vanish(web, watch):
    """Its stories are kept, and the poll is no success: a person must look."""
    web.routes |= {f"/news/{n}-ore-mine-sold-to-a-trader": page(n) for n in range(10)}
    web.routes["/list"] = listing(*range(8))
    source = watch(SourceKind.LISTING, "/list")
    source.crawl()
    assert len(source.titles()) == 8
    web.routes["/list"] = listing(*range(1, 9), are_dated=False)
    source.crawl()
    assert (source.poll().outcome, source.poll().new) == (Outcome.CHANGED, 1)
    assert "date" in source.poll().cause
    web.routes["/list"] = answer(b"<html><body><p>Moved</p></body></html>")
    source.crawl()
    assert source.poll().outcome is Outcome.CHANGED
    assert "finds 0 items" in source.poll().cause
    web.routes["/list"] = MISSING
    source.crawl()
    assert source.poll().outcome is Outcome.FAILED


def test_a_missing_source_is_asked_again_within_hours_not_minutes(web, watch):
    """A 404 waits at least an hour, a 503 less; both come back by themselves."""
    source = watch(SourceKind.FEED, "/feed")
    source.crawl()
    missing = source.database.source_by("1")
    web.routes["/feed"] = answer(status="503 Service Unavailable")
    source.crawl()
    failing = source.database.source_by("1")
    assert missing.next_poll_at - missing.last_polled_at >= timedelta(hours=1)
    assert failing.next_poll_at - failing.last_polled_at < timedelta(hours=1)
