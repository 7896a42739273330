"""
Hostile sources of every kind beside healthy ones, crawled by the command itself.

Each is named by `monitor health` with its cause and with what to do, costs bounded time and
memory, and harms nobody else.
"""

import gzip
import json
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from monitor.model import NewSource, Scope, SourceKind
from monitor.store import open_database
from tests.end_to_end.loopback import site
from tests.end_to_end.test_bad_input import MEMORY_LIMIT, PATIENCE_S, feed, item, monitor, redirect
from tests.spiders.server import answer

OLD = "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
TODAY = f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate>"
HEALTHY = feed(*(item(n).replace(OLD, TODAY) for n in (1, 2, 3)))
PAGE = b"<html><head><title>Sample</title></head><body><h1>Nothing here</h1></body></html>"
LOGIN = (
    b"<html><head><title>Telegram: View @sample</title></head><body><div class='tgme_page'>"
    b"<div class='tgme_page_title'>Sample</div><div class='tgme_page_description'>If you have "
    b"<strong>Telegram</strong>, you can view and join right away.</div></div></body></html>"
)


def xml(text):
    """An answer in XML."""
    return answer(text.encode(), Content_Type="application/xml")


def js(text):
    """An answer in JSON."""
    return answer(text.encode(), Content_Type="application/json")


def locations(count):
    """A sitemap of so many addresses, all dated this morning."""
    urls = "".join(f"<url><loc>/news/ore-{n}-was-sold-today</loc></url>" for n in range(count))
    return xml(f"{MAP}{urls}</urlset>")


def nested(level):
    """An index in an index, ten deep."""
    return xml(f"{INDEX}<sitemap><loc>/deep{level + 1}.xml</loc></sitemap></sitemapindex>")


DEEP = {f"/deep{level}.xml": nested(level) for level in range(10)}
BOMB = gzip.compress(MAP.encode()) + gzip.compress(b"<url>" * 2_000_000) * 100
ROBOTS = "/robots.txt"

#: Name -> (kind, path, routes, options, condition after three polls, words of the cause).
BAD = {
    "large sitemap": ("sitemap", "/map.xml", {"/map.xml": locations(50_000)}, {}, "healthy", ""),
    "nested sitemap": ("sitemap", "/deep0.xml", DEEP, {}, "", "within 3 others"),
    "own child": (
        "sitemap",
        "/map.xml",
        {"/map.xml": xml(f"{INDEX}<sitemap><loc>/map.xml</loc></sitemap></sitemapindex>")},
        {},
        "empty",
        "itself",
    ),
    "sitemap bomb": ("sitemap", "/map.xml.gz", {"/map.xml.gz": answer(BOMB)}, {}, "failing", "MB"),
    "page for a sitemap": ("sitemap", "/map.xml", {"/map.xml": answer(PAGE)}, {}, "failing", "HTML"),
    "large robots": (
        "feed",
        "/feed",
        {ROBOTS: answer(b"# x\n" * 1_250_000), "/feed": HEALTHY},
        {},
        "healthy",
        "",
    ),
    "page for robots": ("feed", "/feed", {ROBOTS: answer(PAGE), "/feed": HEALTHY}, {}, "healthy", ""),
    "robots 503": (
        "feed",
        "/feed",
        {ROBOTS: answer(status="503 Service Unavailable"), "/feed": HEALTHY},
        {},
        "failing",
        "robots.txt cannot be read now",
    ),
    "robots elsewhere": (
        "feed",
        "/feed",
        {ROBOTS: redirect("http://127.250.0.1/robots.txt"), "/feed": HEALTHY},
        {},
        "",
        "robots.txt",
    ),
    "login wall": ("telegram", "/s/sample", {"/s/sample": answer(LOGIN)}, {}, "failing", "preview"),
    "API in HTML": ("api", "/v1", {"/v1": answer(PAGE, Content_Type="text/html")}, {}, "failing", "HTML"),
    "half a JSON": ("api", "/v1", {"/v1": js('{"items": [{"url": "https://a.ex')}, {}, "failing", "JSON"),
    "limits for ever": (
        "api",
        "/v1",
        {"/v1": answer(status="429 Too Many Requests")},
        {},
        "failing",
        "HTTP 429",
    ),
    "selector of nothing": (
        "listing",
        "/news",
        {"/news": answer(PAGE, Content_Type="text/html")},
        {"item": "li.story"},
        "failing",
        "li.story",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Three crawls of all of them between healthy ones; how they ended, and what health says."""
    folder = tmp_path_factory.mktemp("bad")
    hosts = tuple(f"127.0.2.{number}" for number in range(1, len(BAD) + 3))
    database = open_database(f"sqlite:///{folder}/monitor.sqlite")
    with site(hosts) as one:
        rows = {
            "healthy first": ("feed", "/feed", {"/feed": HEALTHY}, {}, "healthy", ""),
            **BAD,
            "healthy last": ("feed", "/feed", {"/feed": HEALTHY}, {}, "healthy", ""),
        }
        for host, (name, (kind, path, routes, options, _, _)) in zip(
            hosts, rows.items(), strict=True
        ):
            one.web.routes |= {(host, at): given for at, given in routes.items()}
            url = one.web.url(path, host)
            source = NewSource(
                name=name, kind=SourceKind(kind), url=url, scope=Scope.GENERAL, options=options
            )
            database.add_source(source, now=datetime.now(UTC))
        database.close()
        ran = [monitor(folder, "crawl", "--all", "--json") for _ in range(3)]
        shown = monitor(folder, "health", "--json")
        asked = len(one.web.hits)
    return ran, {record["name"]: record for record in shown.records}, asked


@pytest.mark.parametrize("name", BAD)
def test_each_is_named_with_what_to_do(crawled, name):
    """Health says its condition, why, and what to do next."""
    record, (_, _, _, _, condition, words) = crawled[1][name], BAD[name]
    assert condition in {"", record["condition"]}
    assert words in record["cause"]
    if record["needs_a_person"]:
        assert record["advice"]


@pytest.mark.parametrize("name", ["healthy first", "healthy last"])
def test_the_others_are_healthy(crawled, name):
    """Healthy sources before and after the bad ones are read at every crawl."""
    assert crawled[1][name]["condition"] == "healthy"


def test_it_stays_within_bounds(crawled):
    """No traceback; each crawl ends soon, in bounded memory, with a bounded number of requests."""
    for ran in crawled[0]:
        assert "Traceback" not in ran.out + ran.err
        assert (ran.seconds < PATIENCE_S, ran.peak < MEMORY_LIMIT) == (True, True)
        assert len(json.loads(ran.out)["failures"]) < len(BAD)
    assert crawled[2] < 60 * len(BAD)
