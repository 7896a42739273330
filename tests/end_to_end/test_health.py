"""
Each condition of a source is reached and left by what its server answers, and by nothing else.

One crawl after the other polls a web on loopback; every source has a host of its own that
answers otherwise each time. Served dates lie in the past, so that nobody has to wait.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.crawl import crawler
from monitor.health.look import look
from monitor.model import NewSource, Scope, SourceKind, SourceState
from monitor.settings import load_settings
from monitor.store import open_database
from monitor.store.runner import Runner
from tests.end_to_end.loopback import site
from tests.spiders.server import answer
from tests.world import program

NOW = datetime.now(UTC)
PAGES = {"MONITOR_FETCH__PAGES": "false"}


def ago(days):
    """That many days before now."""
    return NOW - timedelta(days=days)


def feed(*dates, built=NOW, **headers):
    """A feed with an entry for each date."""
    items = "".join(
        f"<item><title>Tungsten {when:%d %b %H:%M}</title><guid>{when.timestamp()}</guid>"
        f"<pubDate>{format_datetime(when)}</pubDate></item>"
        for when in dates
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ores</title>'
        f"<lastBuildDate>{format_datetime(built)}</lastBuildDate>{items}</channel></rss>"
    )
    return answer(body.encode(), content_type="application/rss+xml", **headers)


def daily(until):
    """Three entries a day for four weeks, the newest so many days ago."""
    return [ago(until + day + part / 3) for day in range(28) for part in range(3)]


def listing(*names, date=f"<time>{NOW:%Y-%m-%d}</time>"):
    """A page of news with a block for each name."""
    blocks = "".join(
        f'<li class="n"><a href="/{name}">Tungsten mine {name} is sold</a>{date}</li>'
        for name in names
    )
    return answer(f"<html><body><ul>{blocks}</ul></body></html>".encode(), content_type="text/html")


OK = feed(ago(0.1), ago(0.2))
NEWS = feed(ago(0.05), *daily(5))
DOWN = answer(status="503 Service Unavailable")
GONE = answer(status="410 Gone")
UNMODIFIED = answer(status="304 Not Modified")
TAGGED = feed(ago(0.1), ETag='"1"')
SAME = feed(*daily(12), Last_Modified=format_datetime(ago(11.9)))
LISTED = listing("a", "b", "c", "d")
UNDATED = listing("e", "f", "g", "h", date="")
ELSEWHERE = answer(status="301 Moved Permanently", Location="/feed/")

#: Name -> what is answered, crawl by crawl, and what health says then; `!` needs a person.
STORIES = {
    "healthy": ([OK] * 5, ["healthy"] * 5),
    "quiet": (
        [feed(*daily(5)), feed(*daily(5), built=ago(1)), NEWS, NEWS, NEWS],
        ["quiet", "quiet", "healthy", "healthy", "healthy"],
    ),
    "stale": (
        [feed(*daily(12), built=ago(n)) for n in range(4)] + [feed(ago(0.1), *daily(12))],
        ["stale!", "stale!", "stale!", "stale!", "healthy"],
    ),
    "stale without a history": (
        [feed(ago(60)), feed(ago(60)), OK, OK, OK],
        ["stale!", "stale!", "healthy", "healthy", "healthy"],
    ),
    "frozen": ([SAME] * 4 + [NEWS], ["stale!", "stale!", "stale!", "frozen!", "healthy"]),
    "empty": (
        [feed(), feed(), OK, feed(), OK],
        ["empty!", "empty!", "healthy", "empty", "healthy"],
    ),
    "blocked": (
        [OK, answer(status="403 Forbidden"), answer(status="401 Unauthorized"), OK, OK],
        ["healthy", "blocked!", "blocked!", "healthy", "healthy"],
    ),
    "refused": (
        [answer(status="302 Found", Location="http://10.0.0.1/"), OK, OK, OK, OK],
        ["refused!", "healthy", "healthy", "healthy", "healthy"],
    ),
    "failing": (
        [OK, DOWN, DOWN, DOWN, OK],
        ["healthy", "healthy", "healthy", "failing!", "healthy"],
    ),
    "never answered": (
        [DOWN, DOWN, DOWN, OK, OK],
        ["failing", "failing", "failing!", "healthy", "healthy"],
    ),
    "no recovery yet": (
        [TAGGED, DOWN, DOWN, UNMODIFIED, DOWN],
        ["healthy", "healthy", "healthy", "healthy", "failing!"],
    ),
    "layout": (
        [LISTED, UNDATED, UNDATED, LISTED, LISTED],
        ["healthy", "failing!", "failing!", "healthy", "healthy"],
    ),
    "gone for a while": (
        [OK, GONE, GONE, OK, OK],
        ["healthy", "gone!", "gone!", "healthy", "healthy"],
    ),
    "gone for good": ([OK, GONE, GONE, GONE, OK], ["healthy"] + ["gone!"] * 4),
    "moving": ([ELSEWHERE] * 5, ["healthy"] * 5),
}
CRAWLS = 5


@dataclass(frozen=True)
class World:
    """What health said of each source after each crawl, by name."""

    after: list[dict]
    #: The same after the last crawl, at other times.
    later: dict[str, dict]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """All the stories told, in five crawls."""
    url = f"sqlite:///{tmp_path_factory.mktemp('health')}/monitor.sqlite"
    hosts = tuple(f"127.0.4.{number}" for number in range(1, len(STORIES) + 1))
    database = open_database(url)
    with site(hosts) as web:
        for name, host in zip(STORIES, hosts, strict=True):
            database.add_source(watched(name, web.web.url("/feed", host)), now=NOW)
        after = asyncio.run(told(database, url, web))
    week = {days: seen(database, NOW + timedelta(days=days)) for days in (1, 8)}
    database.close()
    return World(after, week)


def watched(name, url):
    """A source that tells a story."""
    kind = SourceKind.LISTING if name == "layout" else SourceKind.FEED
    options = {"item": "li.n", "link": "a", "date": "time"} if name == "layout" else {}
    return NewSource(name=name, kind=kind, url=url, scope=Scope.DEDICATED, options=options)


async def told(database, url, web):
    """What health says after each crawl."""
    settings = load_settings(None, environ={**program.OPEN, **PAGES}, database=url)
    runner = Runner(database)
    after = []
    async with crawler(settings, runner) as one:
        for number in range(CRAWLS):
            for (answers, _), host in zip(STORIES.values(), web.hosts, strict=True):
                web.web.routes[host, "/feed"] = answers[number]
                web.web.routes[host, "/feed/"] = OK
            active = [s for s in database.sources() if s.state is SourceState.ACTIVE]
            await one.crawl(active)
            after.append(seen(database, datetime.now(UTC)))
    runner.close()
    return after


def seen(database, now):
    """What health says of each source."""
    return {one.source.name: one for one in look(database, now=now)}


def word(one):
    """Its condition; with a mark when it needs a person."""
    return f"{one.condition}{'!' if one.needs_a_person else ''}"


@pytest.mark.parametrize("name", STORIES)
def test_a_condition_is_reached_and_left_by_answers(world, name):
    """Crawl by crawl, health says what the answers say."""
    assert [word(after[name]) for after in world.after] == STORIES[name][1]


@pytest.mark.parametrize(
    ("name", "crawl", "cause", "advice"),
    [
        ("quiet", 1, "nothing new for 5 days, where", "monitor sources preview"),
        ("stale", 1, "its newest entry is 12 days old, where", "monitor sources edit"),
        ("stale without a history", 1, "its newest entry is 60 days old", "monitor sources edit"),
        ("frozen", 4, "the same answer for 1", "Compare with the site itself"),
        ("empty", 1, "never had an entry", "monitor sources preview"),
        ("empty", 4, "it answers, but has no entries", "monitor sources preview"),
        ("blocked", 2, "HTTP 403", "Ask the publisher for access"),
        ("refused", 1, "10.0.0.1 is private", "fetch.allow_private"),
        ("failing", 4, "HTTP 503", "It is asked again by itself"),
        ("layout", 2, "", "monitor sources preview 12"),
        ("gone for a while", 3, "not confirmed yet (2 of 3)", "Find its new address"),
        ("gone for good", 4, "HTTP 410: removed for good", "Find its new address"),
    ],
)
def test_health_says_why_and_what_to_do(world, name, crawl, cause, advice):
    """Every condition has its cause, and what to do about it."""
    found = world.after[crawl - 1][name]
    assert cause in found.cause
    assert advice in found.advice


def test_health_says_since_when(world):
    """Trouble counts from its first poll, silence from the last news."""
    failing = world.after[3]["failing"]
    assert failing.since == failing.source.failing_since >= NOW
    assert failing.since < failing.source.last_polled_at
    assert world.after[0]["stale"].since == ago(12).replace(microsecond=0)
    assert world.after[3]["empty"].since > world.after[2]["empty"].source.last_polled_at


def test_a_move_is_shown_before_it_is_believed(world):
    """Two crawls announce it, the third makes it so."""
    assert "(2 of 3)" in world.after[1]["moving"].note
    assert world.after[1]["moving"].note.startswith("moved permanently to http://127.0.4.")
    assert world.after[2]["moving"].note == ""
    assert world.after[2]["moving"].source.url.endswith("/feed/")


def test_what_nobody_polls_is_overdue(world):
    """A day without a poll is no health; what was gone, blocked or paused is not awaited."""
    words = {name: word(one) for name, one in world.later[1].items()}
    assert words.pop("gone for good") == "gone!"
    assert words.pop("no recovery yet") == "failing!"
    assert set(words.values()) == {"overdue!"}
