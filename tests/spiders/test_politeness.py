"""Politeness as the servers see it: every fact here is read from their own log."""

import asyncio
import gzip
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.addresses import AddressPolicy
from monitor.model import Outcome
from spiders import manners as manners_module
from spiders.batch import fetch_batch
from spiders.manners import Manners
from spiders.verdict import retry_after
from tests.spiders.helpers import fetch, fetch_one, rules, source
from tests.spiders.server import HOSTS, answer, web

ALL = answer(b"User-agent: *\nDisallow:\n")
FORBIDS = answer(b"User-agent: *\nDisallow: /\n")


def run(use, hosts=HOSTS):
    """Run a test's coroutine function with a web of its own."""

    async def with_web():
        async with web(hosts) as site:
            return await use(site)

    return asyncio.run(with_web())


def hosts(count):
    """So many addresses."""
    return tuple(f"127.0.{2 + n // 250}.{1 + n % 250}" for n in range(count))


def test_the_gap_of_a_host_over_twenty_crawls():
    """One host, 50 sources, 20 crawls at once: one request at a time, never before the gap."""
    gap_s = 0.003

    async def use(site):
        site.routes["/robots.txt"] = ALL
        site.routes["/feed"] = answer(b"<rss/>")
        listed = [source(n, site.url("/feed")) for n in range(50)]
        manners = Manners()
        crawls = [
            fetch(listed[at : at + 12], manners=manners, host_gap_s=gap_s) for at in range(20)
        ]
        return await asyncio.gather(*crawls), site

    got, site = run(use)
    assert {one.outcome for crawl in got for one in crawl} == {Outcome.OK}
    assert len(site.paths()) == 240
    assert site.paths(robots=True).count("/robots.txt") == 1
    assert site.busiest[HOSTS[0]] == 1
    assert min(site.rests()) >= gap_s


def test_the_gap_holds_for_every_request():
    """Redirects, answers that fail and robots.txt count as requests like all others."""

    async def use(site):
        site.routes["/robots.txt"] = ALL
        site.routes["/old"] = answer(b"", "301 Moved", Location="/older")
        site.routes["/older"] = answer(b"", "302 Found", Location="/feed")
        site.routes["/feed"] = answer(b"<rss/>")
        site.routes["/broken"] = b""
        paths = ("/old", "/broken", "/missing", "/feed")
        await fetch([source(n, site.url(p)) for n, p in enumerate(paths)], host_gap_s=0.05)
        return site

    site = run(use)
    assert sorted(site.paths(robots=True)) == [
        "/broken", "/broken", "/feed", "/feed", "/missing", "/old", "/older", "/robots.txt",
    ]  # fmt: skip
    assert min(site.rests()) >= 0.05


def test_requests_under_way_over_all_crawls():
    """The limit of requests under way holds for all crawls of the process together."""

    async def use(site):
        async def slowly(_hit):
            await asyncio.sleep(0.01)
            return answer(b"<rss/>")

        site.routes["/feed"] = slowly
        manners = Manners()
        crawls = [
            fetch([source(n, site.url("/feed", host)) for n, host in enumerate(hosts(60)[at::10])],
                  manners=manners, concurrency=5)
            for at in range(10)
        ]  # fmt: skip
        await asyncio.gather(*crawls)
        return site

    site = run(use, hosts(60))
    assert len(site.paths()) == 60
    assert site.most == 5


def test_a_slow_host_delays_nobody():
    """Fifty sources of a silent host, in five crawls, take one place; 200 others are served."""

    async def use(site):
        released, answered = asyncio.Event(), []
        slow, *fast = hosts(201)

        async def silent(_hit):
            await released.wait()
            return answer(b"<rss/>")

        async def quick(hit):
            answered.append(hit.host)
            if len(answered) == len(fast):
                released.set()
            return answer(b"<rss/>")

        site.routes["/feed"] = quick
        site.routes[slow, "/feed"] = silent
        listed = [source(n, site.url("/feed", slow)) for n in range(50)]
        manners = Manners()
        crawls = [fetch(listed[at::5], manners=manners, concurrency=2) for at in range(5)]
        others = [source(100 + n, site.url("/feed", host)) for n, host in enumerate(fast)]
        await asyncio.gather(*crawls, fetch(others, manners=manners, concurrency=2))
        return answered, site

    answered, site = run(use, hosts(201))
    assert len(answered) == 200
    assert site.busiest[hosts(1)[0]] == 1


def test_many_slow_hosts_leave_half_of_the_room(monkeypatch):
    """Hosts that were slow once never take all the room, so that the others are served."""
    monkeypatch.setattr(manners_module, "SLOW_S", 0.05)

    async def use(site):
        released, answered = asyncio.Event(), []
        slow, fast = hosts(30)[:10], hosts(30)[10:]

        async def slowly(_hit):
            await asyncio.sleep(0.06)
            return answer(b"<rss/>")

        async def silent(_hit):
            await released.wait()
            return answer(b"<rss/>")

        async def quick(hit):
            answered.append(hit.host)
            if len(answered) == len(fast):
                released.set()
            return answer(b"<rss/>")

        for host in slow:
            site.routes[host, "/feed"] = slowly
            site.routes[host, "/again"] = silent
        site.routes["/again"] = quick
        manners = Manners()
        await fetch([source(n, site.url("/feed", h)) for n, h in enumerate(slow)], manners=manners)
        every = [source(n, site.url("/again", host)) for n, host in enumerate((*slow, *fast))]
        await fetch(every, manners=manners, concurrency=4)
        return answered

    assert len(run(use, hosts(30))) == 20


def test_crawl_delay():
    """A site's Crawl-delay holds when it is longer than our own gap, and counts from robots.txt."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 0.2\n")
        site.routes["/feed"] = answer(b"<rss/>")
        await fetch([source(n, site.url("/feed")) for n in range(3)], host_gap_s=0.01)
        return site

    site = run(use)
    assert len(site.rests()) == 3
    assert min(site.rests()) >= 0.2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_over_a_restart(form):
    """A host that asked to wait is left alone by the next process too, robots.txt included."""
    until = datetime.now(UTC) + timedelta(minutes=10)
    asked = "600" if form == "seconds" else format_datetime(until, usegmt=True)

    async def use(site):
        site.routes["/feed"] = answer(b"", "429 Slow Down", Retry_After=asked)
        first, second = Manners(), Manners()
        await fetch([source(1, site.url("/feed"))], manners=first)
        hits = len(site.hits)
        second.remember(first.unsaved())
        got = await fetch([source(n, site.url(f"/{n}")) for n in range(3)], manners=second)
        return got, len(site.hits) - hits

    got, further = run(use)
    assert further == 0
    assert all("asked to wait until" in one.cause and one.retryable for one in got)
    assert abs(got[0].not_before - until) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0), ("120", 120), (" 120 ", 120), ("999999999999999999", 86400), ("172800", 86400),
        ("Sun, 01 Mar 2026 00:02:00 GMT", 120), ("Sun, 01 Mar 2026 09:00:00 +0900", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86400), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", None), ("-5", None), ("", None), ("1.5", None),
    ],
)  # fmt: skip
def test_forms_of_retry_after(value, seconds):
    """Both forms are understood, and no site keeps us away for longer than a day."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    until = retry_after(value, now)
    assert (until - now).total_seconds() == seconds if seconds is not None else until is None


def test_robots_once_a_day_over_a_restart():
    """robots.txt is asked for once, also by the next process, and obeyed by it."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n")
        site.routes["/feed"] = site.routes["/private"] = answer(b"<rss/>")
        before = Manners()
        for _ in range(3):
            await fetch([source(1, site.url("/feed"))], manners=before)
        after = Manners()
        after.remember(before.unsaved())
        got = await fetch(
            [source(1, site.url("/feed")), source(2, site.url("/private"))], manners=after
        )
        return {one.source_id: one.outcome for one in got}, site.paths(robots=True)

    got, paths = run(use)
    assert got == {1: Outcome.OK, 2: Outcome.REFUSED}
    assert paths.count("/robots.txt") == 1


def test_robots_again_after_a_day():
    """A robots.txt is asked for anew after a day by the clock of the wall."""

    async def use(site):
        site.routes["/robots.txt"] = ALL
        site.routes["/feed"] = answer(b"<rss/>")
        passed = [timedelta(0)]
        manners = Manners(now=lambda: datetime.now(UTC) + passed[0])
        for hours in (0, 23, 25):
            passed[0] = timedelta(hours=hours)
            await fetch([source(1, site.url("/feed"))], manners=manners)
        return site.paths(robots=True)

    assert run(use) == ["/robots.txt", "/feed", "/feed", "/robots.txt", "/feed"]


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 No", "410 No", "451 No"])
def test_a_site_without_robots(status):
    """Where robots.txt is not to be had for us, everything is allowed (RFC 9309, 2.3.1.3)."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n", status)
        site.routes["/feed"] = answer(b"<rss/>")
        return await fetch_one(site.url("/feed"))

    assert run(use).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (answer(b"", "500 Oops"), "HTTP 500"),
        (answer(b"", "503 Busy"), "HTTP 503"),
        (answer(b"", "429 Slow Down"), "HTTP 429"),
        (b"", "closed the connection"),
        (answer(b"\x1f\x8bwords", Content_Encoding="gzip"), "broken"),
    ],
)
def test_robots_that_cannot_be_read(robots, words):
    """A fault of the site forbids everything for now, and the cause says so."""

    async def use(site):
        site.routes["/robots.txt"] = robots
        site.routes["/feed"] = answer(b"<rss/>")
        return await fetch_one(site.url("/feed")), site.paths()

    got, paths = run(use)
    assert (got.outcome, got.retryable) == (Outcome.FAILED, True)
    assert words in got.cause
    assert paths == []


def test_robots_of_a_site_that_hangs_up_once():
    """A connection that was cut off proves nothing: robots.txt is asked for once more."""

    async def use(site):
        async def robots(_hit):
            return ALL if site.paths(robots=True).count("/robots.txt") > 1 else b""

        site.routes["/robots.txt"] = robots
        site.routes["/feed"] = answer(b"<rss/>")
        return await fetch_one(site.url("/feed"))

    assert run(use).outcome is Outcome.OK


def test_an_earlier_robots_serves_while_it_cannot_be_read():
    """A copy of a robots.txt that was readable a day ago is obeyed while it fails."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n")
        site.routes["/feed"] = site.routes["/private"] = answer(b"<rss/>")
        passed = [timedelta(0)]
        manners = Manners(now=lambda: datetime.now(UTC) + passed[0])
        listed = [source(1, site.url("/feed")), source(2, site.url("/private"))]
        await fetch(listed, manners=manners)
        site.routes["/robots.txt"] = answer(b"", "503 Busy")
        outcomes = []
        for hours in (30, 30, 24 * 8):
            passed[0] = timedelta(hours=hours)
            got = await fetch(listed, manners=manners)
            outcomes.append({one.source_id: one.outcome for one in got})
        return outcomes, site.paths(robots=True).count("/robots.txt")

    outcomes, asked = run(use)
    obeyed = {1: Outcome.OK, 2: Outcome.REFUSED}
    assert outcomes == [obeyed, obeyed, {1: Outcome.FAILED, 2: Outcome.FAILED}]
    assert asked == 2


def test_robots_redirected():
    """A robots.txt is followed over hosts for more than five hops, and obeyed."""

    async def use(site):
        for n in range(6):
            to = site.url("/robots.txt", HOSTS[n + 1]) if n < 5 else site.url("/final", HOSTS[5])
            site.routes[HOSTS[n], "/robots.txt"] = answer(b"", "301 Moved", Location=to)
        site.routes["/final"] = FORBIDS
        return await fetch_one(site.url("/feed"))

    assert run(use).cause == "robots.txt forbids this address"


def test_robots_redirected_in_a_circle():
    """A robots.txt that leads nowhere is one that does not exist."""

    async def use(site):
        site.routes["/robots.txt"] = answer(b"", "302 Found", Location="/a")
        site.routes["/a"] = answer(b"", "302 Found", Location="/robots.txt")
        site.routes["/feed"] = answer(b"<rss/>")
        return await fetch_one(site.url("/feed"))

    assert run(use).outcome is Outcome.OK


def test_robots_redirected_to_a_private_address():
    """The guard holds for robots.txt, and the site counts as one whose file cannot be read."""

    async def use(site):
        inner = f"http://127.0.0.2:{site.port}/robots.txt"
        site.routes[HOSTS[0], "/robots.txt"] = answer(b"", "302 Found", Location=inner)
        site.routes["/feed"] = answer(b"<rss/>")
        policy = AddressPolicy.parse([f"127.0.0.1:{site.port}"])
        got = await fetch_one(site.url("/feed"), allow_private=policy)
        return got, {hit.host for hit in site.hits}, site.paths()

    got, asked, paths = run(use)
    assert (got.outcome, got.retryable) == (Outcome.FAILED, True)
    assert "robots.txt cannot be read now (it redirects elsewhere" in got.cause
    assert "private" in got.cause or "loopback" in got.cause
    assert (asked, paths) == ({"127.0.0.1"}, [])


@pytest.mark.parametrize("way", ["sized", "endless", "packed"])
def test_a_robots_file_without_measure(way):
    """Of a robots.txt of any length the first 500 KiB are taken and obeyed, not one byte more."""
    rules_first = b"User-agent: *\nDisallow: /private\n"
    long = rules_first + b"# more\n" * 800_000
    sent = {
        "sized": answer(long),
        "endless": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + long,
        "packed": answer(gzip.compress(long), Content_Encoding="gzip"),
    }[way]

    async def use(site):
        site.routes["/robots.txt"] = sent
        site.routes["/feed"] = site.routes["/private"] = answer(b"<rss/>")
        got = await fetch([source(1, site.url("/feed")), source(2, site.url("/private"))],
                          max_bytes=100_000)  # fmt: skip
        return {one.source_id: one.outcome for one in got}

    assert run(use) == {1: Outcome.OK, 2: Outcome.REFUSED}


def test_a_web_page_for_a_robots_file():
    """A web page in place of robots.txt forbids nothing."""

    async def use(site):
        page = b"<!DOCTYPE html><html><body><p>User-agent: *</p><p>Disallow: /</p></body></html>"
        site.routes["/robots.txt"] = answer(page, Content_Type="text/html")
        site.routes["/feed"] = answer(b"<rss/>")
        return await fetch_one(site.url("/feed"))

    assert run(use).outcome is Outcome.OK


@pytest.mark.parametrize("pattern", [b"/%d*a*a*b$", b"/*%d*a*b$"])
def test_rules_without_number_do_not_hold_the_loop(pattern):
    """A robots.txt of 20,000 patterns is read and asked beside the loop, not in it."""
    lines = b"User-agent: *\n" + b"".join(b"Disallow: %s\n" % (pattern % n) for n in range(20_000))

    async def use(site):
        site.routes[HOSTS[0], "/robots.txt"] = answer(lines)
        path = "/news/" * 300
        site.routes[path] = site.routes["/feed"] = answer(b"<rss/>")
        gaps = []

        async def probe():
            while True:
                began = time.thread_time()
                await asyncio.sleep(0.001)
                gaps.append(time.thread_time() - began)

        await fetch_one(site.url("/feed", HOSTS[1]))
        probing = asyncio.create_task(probe())
        fetched = await fetch_one(site.url(path))
        probing.cancel()
        return fetched.outcome, max(gaps)

    outcome, longest = run(use)
    assert outcome is Outcome.OK
    assert longest < 0.03


def test_a_crawl_that_is_cancelled_lets_others_ask_for_robots():
    """When the crawl that asked for a robots.txt ends, another that waits for it asks."""

    async def use(site):
        asked = asyncio.Event()
        calls = []

        async def robots(_hit):
            calls.append(1)
            asked.set()
            if len(calls) == 1:
                await asyncio.Event().wait()
            return ALL

        site.routes["/robots.txt"] = robots
        site.routes["/feed"] = answer(b"<rss/>")
        manners = Manners()
        first = asyncio.create_task(fetch([source(1, site.url("/feed"))], manners=manners))
        await asked.wait()
        second = asyncio.create_task(fetch([source(2, site.url("/feed"))], manners=manners))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait({first})
        return await second, len(calls)

    got, calls = run(use)
    assert (got[0].outcome, calls) == (Outcome.OK, 2)


def test_nothing_is_left_of_a_batch():
    """After many batches the manners hold neither gates, nor watchers, nor what they asked."""

    async def use(site):
        site.routes["/feed"] = answer(b"<rss/>")
        manners = Manners()
        for _ in range(20):
            await fetch([source(1, site.url("/feed"))], manners=manners)
        cut = asyncio.create_task(
            fetch_batch(
                [source(1, site.url("/feed"))], [], want=None, rules=rules(), manners=manners
            )
        )
        await asyncio.sleep(0)
        cut.cancel()
        await asyncio.wait({cut})
        return manners

    manners = run(use)
    assert len(manners._watchers) == 0
    assert not manners._busy
    assert not manners.robots.asking
    assert len(manners._gates) == 1
