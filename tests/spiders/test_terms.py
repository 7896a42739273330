"""Sources with terms of their own: headers, consent, gap; their parts; where they moved to."""

import asyncio

import pytest

from monitor.model import Outcome, PartRequest, SourceKind, Terms
from spiders.batch import fetch_batch
from spiders.manners import Manners
from spiders.requests import FAILURES_UNTIL_ANEW
from tests.spiders.helpers import fetch, fetch_one, page, rules, source
from tests.spiders.server import HOSTS, answer, web

ALL = answer(b"User-agent: *\nDisallow:\n")
FORBIDS = answer(b"User-agent: *\nDisallow: /\n")
FEED = answer(b"<rss/>")
KEY = {"authorization": "Bearer secret", "x-desk": "7"}


def run(use):
    """Run a test's coroutine function with a web of its own."""

    async def with_web():
        async with web() as site:
            return await use(site)

    return asyncio.run(with_web())


def who_got_the_key(site):
    """Host and path of the requests that carried the agreement's headers."""
    return {(hit.host, hit.path) for hit in site.hits if hit.headers.keys() & KEY.keys()}


def test_headers_of_an_agreement():
    """They reach a source and its pages at its own origin; no robots.txt, nothing elsewhere."""

    async def use(site):
        site.routes["/robots.txt"] = ALL
        site.routes["/feed"] = answer(b"", "302 Found", Location="/there")
        site.routes["/there"] = answer(b"", "302 Found", Location=site.url("/x", HOSTS[1]))
        site.routes["/x"] = answer(b"", "302 Found", Location=site.url("/back"))
        site.routes["/back"] = site.routes["/page"] = site.routes["/other"] = FEED
        terms = {1: Terms(origin=site.url(""), headers=KEY)}
        pages = [page(1, site.url("/page")), page(2, site.url("/page", HOSTS[2]))]
        listed = [source(1, site.url("/feed")), source(2, site.url("/other"))]
        got = await fetch(listed, pages, terms=terms)
        return {one.outcome for one in got}, who_got_the_key(site), site

    outcomes, keyed, site = run(use)
    assert outcomes == {Outcome.OK}
    assert keyed == {(HOSTS[0], path) for path in ("/feed", "/there", "/back", "/page")}
    sent = next(hit.headers for hit in site.hits if hit.path == "/feed")
    assert (sent["authorization"], sent["x-desk"]) == ("bearer secret", "7")


@pytest.mark.parametrize("origin", ["http://127.0.0.1", "https://127.0.0.1:{port}", "http://[", ""])
def test_headers_for_another_origin(origin):
    """Another port, another scheme, or no address at all is another origin."""

    async def use(site):
        site.routes["/feed"] = FEED
        terms = {1: Terms(origin=origin.format(port=site.port), headers=KEY)}
        got = await fetch([source(1, site.url("/feed"))], terms=terms)
        return got[0].outcome, who_got_the_key(site)

    assert run(use) == (Outcome.OK, set())


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "ключ", ""])
def test_headers_that_would_break_the_request(value):
    """A value that no header can carry is sent nowhere, and the option is named, not the value."""

    async def use(site):
        site.routes["/feed"] = FEED
        terms = {1: Terms(origin=site.url(""), headers={"x-key": value})}
        got = await fetch([source(1, site.url("/feed"))], terms=terms)
        return got[0], site.hits

    got, hits = run(use)
    assert got.outcome is Outcome.REFUSED
    assert "header-x-key" in got.cause
    assert hits == []


def test_consent():
    """With the publisher's consent robots.txt is not asked for on its origin, and is elsewhere."""

    async def use(site):
        site.routes["/robots.txt"] = FORBIDS
        site.routes["/feed"] = site.routes["/page"] = FEED
        terms = {1: Terms(origin=site.url(""), consent="agreed by letter")}
        pages = [page(1, site.url("/page")), page(2, site.url("/page", HOSTS[1]))]
        got = await fetch([source(1, site.url("/feed"))], pages, terms=terms)
        asked = {(hit.host, hit.path) for hit in site.hits}
        others = await fetch([source(2, site.url("/feed"))])
        return {one.page_id: one.outcome for one in got}, asked, others[0].outcome

    got, asked, other = run(use)
    assert got == {None: Outcome.OK, 1: Outcome.OK, 2: Outcome.REFUSED}
    assert asked == {(HOSTS[0], "/feed"), (HOSTS[0], "/page"), (HOSTS[1], "/robots.txt")}
    assert other is Outcome.REFUSED


def test_a_gap_of_its_own():
    """A source's gap holds before and after each of its requests, whoever asks next."""

    async def use(site):
        site.routes["/robots.txt"] = ALL
        site.routes["/api"] = site.routes["/feed"] = FEED
        terms = {1: Terms(origin=site.url(""), gap_s=0.2)}
        manners = Manners()
        await fetch([source(2, site.url("/feed"))], manners=manners)
        await fetch([source(1, site.url("/api"))], manners=manners, terms=terms)
        await fetch([source(2, site.url("/feed"))], manners=manners)
        return site

    site = run(use)
    assert site.paths() == ["/feed", "/api", "/feed"]
    assert min(site.rests()[1:]) >= 0.2


def test_parts():
    """A source's parts come with its batch, as documents of its kind, once each."""

    async def use(site):
        site.routes["/index"] = site.routes["/a"] = answer(b"<x/>")
        site.routes["/b"] = answer(b"", "302 Found", Location="/c")
        site.routes["/c"] = answer(b"<c/>")
        seen = []

        async def want(fetched):
            seen.append(fetched)
            if fetched.page_id is None and not fetched.is_part:
                parts = [PartRequest(source_id=1, url=site.url(path)) for path in ("/a", "/b")]
                return [*parts, page(5, site.url("/page"))]
            return ()

        one = source(1, site.url("/index"), kind=SourceKind.SITEMAP, etag='"a"')
        await fetch_batch([one], [], want=want, rules=rules(), manners=Manners())
        return seen, site

    seen, site = run(use)
    parts = {one.requested_url.rpartition("/")[2]: one for one in seen if one.is_part}
    assert {path: one.body for path, one in parts.items()} == {"a": b"<x/>", "b": b"<c/>"}
    assert all(one.page_id is None and one.source_id == 1 for one in parts.values())
    assert sum(one.page_id == 5 for one in seen) == 1
    sent = {hit.path: hit.headers for hit in site.hits}
    assert sent["/a"]["accept"] == sent["/index"]["accept"]
    assert sent["/index"].get("if-none-match") == '"a"'
    assert "if-none-match" not in sent["/a"]


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ((301,), "/1"),
        ((308, 301), "/2"),
        ((301, 302, 301), "/1"),
        ((302, 301), ""),
        ((303,), ""),
        ((307,), ""),
        ((), ""),
    ],
)
@pytest.mark.parametrize("end", [FEED, answer(b"", "500 Oops")])
def test_where_a_source_moved_to(statuses, moved_to, end):
    """The new home is where the first redirects lead as long as they are permanent."""

    async def use(site):
        for n, status in enumerate(statuses):
            site.routes[f"/{n}"] = answer(b"", f"{status} Go", Location=f"/{n + 1}")
        site.routes[f"/{len(statuses)}"] = end
        return await fetch_one(site.url("/0"), retries=1), site.url("")

    got, base = run(use)
    assert got.moved_to == (base + moved_to if moved_to else "")
    assert got.url == f"{base}/{len(statuses)}"


def test_a_move_that_is_taken_back():
    """Where a source would have moved to counts only for the try that brought the answer."""

    async def use(site):
        def moving_once(_hit):
            site.routes["/0"] = FEED
            return asyncio.sleep(0, answer(b"", "301 Go", Location="/1"))

        site.routes["/0"] = moving_once
        site.routes["/1"] = answer(b"", "500 Oops")
        return await fetch_one(site.url("/0"), retries=1)

    got = run(use)
    assert (got.outcome, got.moved_to) == (Outcome.OK, "")


def test_a_source_that_failed_is_asked_for_all_of_itself():
    """After some failures in a row a source is asked without validators, until it answers."""

    async def use(site):
        site.routes["/feed"] = FEED
        for failures in (0, FAILURES_UNTIL_ANEW - 1, FAILURES_UNTIL_ANEW, 50):
            await fetch([source(1, site.url("/feed"), etag='"a"', failures=failures)])
        return ["if-none-match" in hit.headers for hit in site.hits if hit.path == "/feed"]

    assert run(use) == [True, True, False, False]
