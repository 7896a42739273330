"""Fetching: every request ends as exactly one record, whatever the other side does."""

import asyncio
import gzip
import logging
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.addresses import AddressPolicy
from monitor.errors import Unusable
from monitor.model import Outcome, SourceKind
from spiders.batch import fetch_batch
from spiders.manners import Manners
from tests.spiders.helpers import fetch, fetch_one, page, rules, source
from tests.spiders.server import HOSTS, answer, web

#: Kinds of sources that are fetched alike.
KINDS = (SourceKind.FEED, SourceKind.LISTING, SourceKind.TELEGRAM)
ROOT = Path(__file__).parents[2]


def run(use):
    """Run a test's coroutine function with a web of its own."""

    async def with_web():
        async with web() as site:
            return await use(site)

    return asyncio.run(with_web())


def outcome_of(route, path="/feed", **changes):
    """What polling a route brings."""

    async def use(site):
        site.routes[path] = route
        return await fetch_one(site.url(path), **changes)

    return run(use)


def test_an_answer():
    """Body, status, lower-case headers and final address come back."""
    fetched = outcome_of(answer(b"<rss/>", ETag='"a"', Content_Type="text/xml"))
    assert (fetched.outcome, fetched.body, fetched.status) == (Outcome.OK, b"<rss/>", 200)
    assert (fetched.headers["etag"], fetched.cause) == ('"a"', "")


@pytest.mark.parametrize(
    ("route", "outcome", "words", "retryable"),
    [
        (answer(b"", "304 Not Modified"), Outcome.FAILED, "as if we had read it", True),
        (answer(b"", "404 Not Found"), Outcome.FAILED, "404", True),
        (answer(b"", "410 Gone"), Outcome.GONE, "410", False),
        (answer(b"no", "403 Forbidden"), Outcome.BLOCKED, "403", False),
        (answer(b"", "500 Oops"), Outcome.FAILED, "500", True),
        (answer(b"x" * 2000), Outcome.FAILED, "larger than 0.001 MB", False),
        (
            answer(gzip.compress(b"x" * 9000), Content_Encoding="gzip"),
            Outcome.FAILED,
            "larger",
            False,
        ),
        (answer(b"\x1f\x8bwords", Content_Encoding="gzip"), Outcome.FAILED, "broken", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", Outcome.FAILED, "broke", True),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort",
            Outcome.FAILED,
            "broke before the end",
            True,
        ),
        (answer(b"<rss/>", Content_Encoding="br"), Outcome.FAILED, "not asked for", True),
        (b"this is not HTTP\r\n\r\n", Outcome.FAILED, "", None),
        (b"", Outcome.FAILED, "", True),
        (answer(b"", "302 Found", Location="/feed"), Outcome.FAILED, "circle", False),
        (answer(b"", "302 Found", Location="file:///etc/passwd"), None, "", False),
    ],
)
def test_how_a_poll_ends(route, outcome, words, retryable):
    """Every failure has its outcome and a cause in words, without a traceback."""
    fetched = outcome_of(route, max_bytes=1000)
    assert outcome is None or fetched.outcome is outcome
    assert words in fetched.cause
    assert fetched.body == b""
    assert bool(fetched.cause) is not fetched.outcome.is_success
    assert "Error" not in fetched.cause
    assert retryable is None or fetched.retryable is retryable


def test_an_endless_body_is_cut():
    """A body without end is given up at the limit, not held in memory."""

    async def endless(_hit):
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + b"x" * 3_000_000

    fetched = outcome_of(endless, max_bytes=1_000_000)
    assert fetched.outcome is Outcome.FAILED
    assert "larger than 1 MB" in fetched.cause


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_packed_bodies(encode):
    """Gzip and deflate are unpacked."""
    name = "gzip" if encode is gzip.compress else "deflate"
    assert outcome_of(answer(encode(b"<rss/>"), Content_Encoding=name)).body == b"<rss/>"


@pytest.mark.parametrize("name", ["gzip", "deflate", "gzip, gzip", "utf-8", "none", "identity"])
@pytest.mark.parametrize("body", [b" <rss/>", b'{"version": 1}', b""])
def test_plain_bodies_said_to_be_packed(name, body):
    """A header that names an encoding which the body shows not to have is not believed."""
    fetched = outcome_of(answer(body, Content_Encoding=name))
    assert (fetched.outcome, fetched.body) == (Outcome.OK, body)


def test_packed_twice():
    """Nested encodings are undone, the last applied first; beyond three they are refused."""
    body = zlib.compress(gzip.compress(b"<rss/>"))
    assert outcome_of(answer(body, Content_Encoding="gzip, deflate")).body == b"<rss/>"
    assert "three times" in outcome_of(answer(body, Content_Encoding="gzip," * 4)).cause


def test_a_server_that_hangs_up():
    """A connection closed without an answer has its cause."""
    fetched = outcome_of(b"")
    assert (fetched.outcome, fetched.cause) == (Outcome.FAILED, "the site closed the connection")
    assert fetched.retryable


def test_a_silent_server():
    """A server that never answers ends at the timeout, and says so."""

    async def silent(_hit):
        await asyncio.Event().wait()

    fetched = outcome_of(silent, timeout_s=0.3, obey_robots=False)
    assert (fetched.outcome, fetched.retryable) == (Outcome.FAILED, True)
    assert "0.3 s" in fetched.cause


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/feed",
        "http://no-such-host.invalid/feed",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "http://",
        "",
        "not a url",
        "http://[::1/feed",
        "http://" + "a" * 100_000,
        "http://example.org:99999/",
        "http://example.org:0/",
    ],
)
def test_addresses_that_lead_nowhere(url):
    """One clear cause each, and nothing raised."""
    fetched = asyncio.run(fetch_one(url, obey_robots=False))
    assert fetched.outcome in {Outcome.FAILED, Outcome.REFUSED}
    assert fetched.cause
    assert "Traceback" not in fetched.cause
    assert len(fetched.cause) < 400


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "localhost",
        "localhost.",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "user@127.0.0.1",
        "127。0。0。1",
    ],
)
def test_the_guard(host):
    """By no spelling does a source or a page reach loopback: the server sees no connection."""

    async def use(site):
        site.routes["/feed"] = answer(b"secret")
        url = f"http://{host}:{site.port}/feed"
        got = await fetch([source(1, url)], [page(2, url)], allow_private=AddressPolicy())
        return got, site.hits

    got, hits = run(use)
    assert len(got) == 2
    assert {one.outcome for one in got} <= {Outcome.REFUSED, Outcome.FAILED}
    assert hits == []


@pytest.mark.parametrize("robots", [True, False])
def test_the_guard_holds_for_redirects(robots):
    """A redirect from an allowed host does not lead to a forbidden one."""

    async def use(site):
        inner = f"http://127.0.0.2:{site.port}/secret"
        site.routes["/feed"] = answer(b"", "302 Found", Location=inner)
        policy = AddressPolicy.parse([f"127.0.0.1:{site.port}"])
        fetched = await fetch_one(site.url("/feed"), allow_private=policy, obey_robots=robots)
        return fetched, {hit.host for hit in site.hits}

    fetched, hosts = run(use)
    assert fetched.outcome is Outcome.REFUSED
    assert "fetch.allow_private" in fetched.cause
    assert hosts == {"127.0.0.1"}


def test_nothing_secret_travels():
    """Neither cookies nor credentials that a site hands out are sent on, or kept."""

    async def use(site):
        target = f"http://bob:secret@{HOSTS[1]}:{site.port}/feed"
        site.routes[HOSTS[0], "/feed"] = answer(
            b"", "302 Found", Location=target, Set_Cookie="id=secret; Path=/"
        )
        site.routes[HOSTS[1], "/feed"] = answer(b"<rss/>", Set_Cookie="id=secret")
        got = await fetch([source(1, site.url("/feed")), source(2, site.url("/feed"))])
        return got, [hit.headers for hit in site.hits]

    got, sent = run(use)
    assert [one.body for one in got] == [b"<rss/>"] * 2
    assert all("secret" not in one.url for one in got)
    assert not any(headers.keys() & {"cookie", "authorization", "referer"} for headers in sent)


@pytest.mark.parametrize("kind", KINDS)
def test_conditional_requests(kind):
    """What the server said last time is sent back, and 304 is understood."""

    async def use(site):
        site.routes["/feed"] = answer(b"", "304 Not Modified")
        asked = source(1, site.url("/feed"), kind=kind, etag='"a"', last_modified="Mon")
        (got,) = await fetch([asked])
        return got, site.hits[-1].headers

    got, headers = run(use)
    assert got.outcome is Outcome.NOT_MODIFIED
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"a"', "mon")
    assert "operator.example" in headers["user-agent"]


@pytest.mark.parametrize("kind", KINDS)
def test_retry_after(kind):
    """A host that asks to wait is left alone, in this batch and the next."""

    async def use(site):
        site.routes["/feed"] = answer(b"", "503 Busy", Retry_After="120")
        site.routes["/other"] = answer(b"fine")
        manners = Manners()
        first = await fetch([source(1, site.url("/feed"), kind=kind)], manners=manners)
        second = await fetch([source(2, site.url("/other"))], manners=manners)
        return first[0], second[0], site.paths()

    first, second, paths = run(use)
    assert first.not_before > datetime.now(UTC) + timedelta(seconds=100)
    assert second.not_before == first.not_before
    assert paths == ["/feed"]


@pytest.mark.parametrize("kind", KINDS)
def test_robots(kind):
    """What robots.txt forbids is not asked for; it is read once for many requests."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n")
        site.routes["/open"] = answer(b"yes")
        asked = [
            source(number, site.url(path), kind=kind)
            for number, path in enumerate(("/private", "/open"), start=1)
        ]
        got = await fetch(asked)
        return {one.source_id: one for one in got}, site.paths(robots=True)

    got, paths = run(use)
    assert got[1].outcome is Outcome.REFUSED
    assert "robots.txt" in got[1].cause
    assert got[2].outcome is Outcome.OK
    assert sorted(paths) == ["/open", "/robots.txt"]


def test_a_broken_robots_file_forbids():
    """robots.txt that cannot be read for a fault of the server forbids for now (RFC 9309)."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"", "503 Busy")
        return await fetch_one(site.url("/feed")), site.paths()

    fetched, paths = run(use)
    assert fetched.retryable
    assert paths == []


def test_one_request_per_host():
    """A host has one request in flight; other hosts are served meanwhile."""

    async def use(site):
        held = asyncio.Event()

        async def slow(_hit):
            await held.wait()
            return answer(b"slow")

        site.routes[HOSTS[0], "/slow"] = slow
        site.routes["/fast"] = answer(b"fast")
        done = []

        async def want(fetched):
            done.append(fetched.url)
            if sum("fast" in url for url in done) == len(HOSTS) - 1:
                held.set()
            return ()

        listed = [source(1, site.url("/slow")), source(2, site.url("/slow"))]
        listed += [source(9 + n, site.url("/fast", host)) for n, host in enumerate(HOSTS[1:])]
        async with asyncio.timeout(20):
            await fetch_batch(listed, [], want=want, rules=rules(), manners=Manners())
        return done, site.busiest

    done, busiest = run(use)
    assert [("slow" in url) for url in done] == [False] * (len(HOSTS) - 1) + [True] * 2
    assert busiest[HOSTS[0]] == 1


def test_pages_wanted_on_the_way():
    """Pages that `want` asks for come with the same batch, each exactly once."""

    async def use(site):
        site.routes["/feed"] = answer(b"feed")
        for number in range(20):
            site.routes[f"/page{number}"] = answer(b"page")
        seen = []

        async def want(fetched):
            seen.append((fetched.source_id, fetched.page_id))
            if fetched.page_id is None:
                return [page(n, site.url(f"/page{n}")) for n in range(20)]
            return ()

        await fetch_batch(
            [source(1, site.url("/feed"))], [], want=want, rules=rules(), manners=Manners()
        )
        return seen

    seen = run(use)
    assert sorted(seen[1:], key=lambda one: one[1]) == [(1, number) for number in range(20)]
    assert seen[0] == (1, None)


def test_a_fault_in_processing():
    """One item's fault is raised at the end, and the others are served all the same."""

    async def use(site):
        site.routes["/a"] = site.routes["/b"] = answer(b"x")
        seen = []

        async def want(fetched):
            seen.append(fetched.source_id)
            if fetched.source_id == 1:
                raise ValueError("bad item")
            return ()

        listed = [source(1, site.url("/a")), source(2, site.url("/b"))]
        with pytest.raises(ExceptionGroup) as caught:
            await fetch_batch(listed, [], want=want, rules=rules(), manners=Manners())
        return seen, caught.value

    seen, group = run(use)
    assert sorted(seen) == [1, 2]
    assert "bad item" in str(group.exceptions[0])


def test_a_store_that_is_gone_ends_the_batch():
    """When the store fails, nothing more is fetched."""

    async def use(site):
        for number in range(30):
            site.routes[f"/{number}"] = answer(b"x")
        seen = []

        async def want(fetched):
            seen.append(fetched.source_id)
            raise Unusable("is gone")

        listed = [source(n, site.url(f"/{n}")) for n in range(30)]
        with pytest.raises(ExceptionGroup, match="could not be processed"):
            await fetch_batch(listed, [], want=want, rules=rules(), manners=Manners())
        return seen

    assert len(run(use)) < 5


def test_cancelling():
    """A cancelled batch ends at once, and frees its hosts."""

    async def use(site):
        asked = asyncio.Event()

        async def silent(_hit):
            asked.set()
            await asyncio.Event().wait()

        site.routes["/feed"] = silent
        manners = Manners()
        task = asyncio.create_task(
            fetch([source(1, site.url("/feed"))], manners=manners, obey_robots=False)
        )
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return manners.wait_s(f"127.0.0.1:{site.port}")

    assert run(use) == 0


def test_many_hosts_that_do_not_exist(caplog):
    """A hundred names that cannot be resolved end as a hundred records, and nothing is logged."""
    listed = [source(n, f"http://host{n}.invalid/feed") for n in range(100)]
    with caplog.at_level(logging.WARNING):
        got = asyncio.run(fetch(listed))
    assert len(got) == 100
    assert all(one.cause and one.retryable for one in got)
    assert caplog.records == []


def test_many_sources():
    """A large batch is as complete as a small one, six hosts side by side."""

    async def use(site):
        site.routes["/feed"] = answer(b"x")
        site.routes["/robots.txt"] = answer(b"")
        listed = [source(n, site.url("/feed", HOSTS[n % 6])) for n in range(1200)]
        return await fetch(listed, obey_robots=True)

    assert len({one.source_id for one in run(use)}) == 1200


def test_the_first_crawl_does_not_block_the_loop():
    """Nothing is loaded in the loop: certificates and modules come before."""
    script = """
import asyncio, sys
from tests.spiders import helpers
from tests.spiders.server import answer, web
known = set(sys.modules)

async def crawl():
    async with web() as site:
        site.routes["/feed"] = answer(b"x")
        await helpers.fetch_one(site.url("/feed"))

asyncio.run(crawl())
print(*sorted(name for name in set(sys.modules) - known if "." in name))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert [name for name in done.stdout.split() if name.startswith(("scrapy", "twisted"))] == []
