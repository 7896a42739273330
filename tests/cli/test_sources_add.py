"""`sources add` and `check`, against a small web on loopback."""

import asyncio
import json
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from monitor.cli.app import cli
from monitor.errors import BadInput
from tests.cli.desk import run
from tests.cli.sites import ENGLISH
from tests.spiders.server import answer, web

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Ore &amp; Metal</title>
<language>kk</language><link>https://ore.example/</link>%s</channel></rss>"""
ITEM = b"<item><title>Tungsten mine opens</title><link>https://ore.example/1</link></item>"
PAGE = b"""<!DOCTYPE html><html><head><title>Ore</title>
<link rel="alternate" type="application/rss+xml" title="Ore's news" href="/feed.xml"></head>
<body><a href="/ru/rss">RSS</a><ul>%s</ul></body></html>"""
LISTED = "".join(
    f"<li class=n><a href='/news/{n}-sample'>{title}</a></li>" for n, title in enumerate(ENGLISH)
).encode()


@contextmanager
def served(routes):
    """A web with these routes, in a thread of its own."""
    ready, holder = threading.Event(), {}

    async def serve():
        async with web() as site:
            site.routes.update(routes)
            holder.update(site=site, loop=asyncio.get_running_loop(), end=asyncio.Event())
            ready.set()
            await holder["end"].wait()

    thread = threading.Thread(target=asyncio.run, args=[serve()], daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield holder["site"]
    finally:
        holder["loop"].call_soon_threadsafe(holder["end"].set)
        thread.join(10)


@pytest.fixture(scope="module")
def site():
    """Feeds, pages and what is neither."""
    routes = {
        "/feed.xml": answer(FEED % ITEM),
        "/empty.xml": answer(FEED % b""),
        "/news": answer(PAGE % LISTED, content_type="text/html"),
        "/bare": answer(b"<html><body>Nothing to see</body></html>", content_type="text/html"),
        "/paper.pdf": answer(b"%PDF-1.7 x"),
        "/picture": answer(b"\x89PNG x"),
        "/shut": answer(b"", "403 Forbidden"),
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private"),
    }
    with served(routes) as site:
        yield site


@pytest.fixture
def desk(tmp_path, monkeypatch, site):
    """Run a command of `sources` in an empty folder; loopback may be asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    monkeypatch.setenv("MONITOR_FETCH__HOST_GAP", "0")
    monkeypatch.setenv("MONITOR_FETCH__TIMEOUT", "5")
    return lambda *words: run("sqlite:///x.sqlite", "sources", *words)


def refusal(desk, *words):
    """The error that a command ends with."""
    with pytest.raises(BadInput) as error:
        desk(*words)
    assert error.value.exit_code == 2
    return str(error.value)


def test_a_feed_is_added_with_its_own_name_and_language(desk, site):
    """The address is looked at: the feed's title, language and entries are told."""
    done = desk("add", site.url("/feed.xml"), "--tag", "ore", "--json")
    (said,) = done.records
    assert (said["new"], said["name"], said["kind"]) == (True, "Ore & Metal", "feed")
    assert (said["entries"], said["warning"]) == (1, "")
    shown = desk("show", str(said["id"]), "--json").records[0]
    assert (shown["language"], shown["tags"], shown["state"]) == ("kk", ["ore"], "active")
    again = desk("add", site.url("/feed.xml"), "--json").records[0]
    assert (again["id"], again["new"]) == (said["id"], False)


def test_what_the_user_says_wins(desk, site):
    """A name and a language that were given are not overwritten by the feed's."""
    said = desk("add", site.url("/feed.xml"), "--name", "Mine", "--language", "RU", "--json")
    assert said.records[0]["name"] == "Mine"
    assert desk("show", "Mine", "--json").records[0]["language"] == "ru"


def test_a_feed_without_entries_is_added_with_a_warning(desk, site):
    """It answers, so it is watched; that it is empty is said."""
    done = desk("add", site.url("/empty.xml"))
    assert done.status == 0
    assert "holds no entry for now" in done.err


def test_what_else_was_found_is_told_with_its_commands(desk, site):
    """A feed that leads elsewhere falls behind the page's own list; how to add it is said."""
    done = desk("add", site.url("/news"), "--scope", "dedicated", "--name", "Mine")
    assert "added 1 Mine (listing," in done.err
    feed = f"monitor sources add {site.url('/feed.xml')} --kind feed --name 'Ore & Metal'"
    assert f"{feed} --scope dedicated" in done.err
    shown = desk("show", "1", "--json").records[0]
    assert (shown["url"], shown["scope"]) == (site.url("/news"), "dedicated")
    assert shown["options"]["item"]


def test_a_page_without_anything_can_be_watched_for_change(desk, site):
    """What offers nothing is offered as a page itself, and is not added unasked."""
    said = refusal(desk, "add", site.url("/bare"))
    assert f"monitor sources add {site.url('/bare')} --kind page" in said
    assert desk("list", "--json").out == ""


def test_a_page_is_watched_when_the_user_says_how(desk, site):
    """`--kind listing` reads the page itself, by the selectors given."""
    said = desk("add", site.url("/news"), "--kind", "listing", "--option", "item=li.n", "--json")
    assert (said.records[0]["kind"], said.records[0]["entries"]) == ("listing", 8)
    shown = desk("show", str(said.records[0]["id"]), "--json").records[0]
    assert shown["options"] == {"item": "li.n"}


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/missing", "HTTP 404: not found"),
        ("/private/feed", "robots.txt forbids"),
        ("/paper.pdf", "a PDF that cannot be read"),
        ("/picture", "image, not a feed"),
    ],
)
def test_what_can_not_be_watched_is_refused(desk, site, path, cause):
    """A wrong address ends with its cause, and nothing is added."""
    assert cause in refusal(desk, "add", site.url(path))
    assert desk("list", "--json").out == ""


def test_a_site_that_does_not_answer_is_added_with_a_warning(desk, site):
    """No network, or a refusing site, is no reason to forget the address."""
    for url in ("http://127.0.0.1:9/feed", site.url("/shut")):
        done = desk("add", url)
        assert done.status == 0
        assert "warning: it could not be read just now" in done.err


def test_no_fetch_adds_unseen(desk, site):
    """`--no-fetch` sends no request."""
    before = len(site.hits)
    assert desk("add", site.url("/unseen"), "--no-fetch").status == 0
    assert len(site.hits) == before


def test_private_addresses_are_refused_by_default(desk, site, monkeypatch):
    """With default settings nothing is asked on loopback, and the error says which setting."""
    monkeypatch.delenv("MONITOR_FETCH__ALLOW_PRIVATE")
    before = len(site.hits)
    assert "fetch.allow_private" in refusal(desk, "add", site.url("/feed.xml"))
    assert len(site.hits) == before


def test_a_channel_is_added_as_one(desk):
    """Every way to write a Telegram channel is watched at its public page."""
    said = desk("add", "t.me/orenews", "--no-fetch", "--json").records[0]
    assert (said["kind"], said["url"]) == ("telegram", "https://t.me/s/orenews")
    assert said["name"] == "Telegram: orenews"


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ("folder", "is a folder on this machine"),
        ("list.opml", "monitor sources import list.opml"),
        ("./nowhere/feeds", "file or folder, not a web address"),
        ("ftp://ore.example/feed", "only http and https"),
        ("nonsense", "not a web address"),
        ("x" * 5000, "not a web address"),
        ("", "the address is empty"),
    ],
)
def test_what_is_no_address_is_named(desk, tmp_path, given, cause):
    """A file, a folder, another scheme or a word ends with a clear line."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "list.opml").write_text("<opml/>")
    assert cause in refusal(desk, "add", given)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("--option", "itme=a", "--kind", "listing"), "Did you mean item?"),
        (("--option", "page_text=a[["), "is no CSS selector"),
        (("--option", "item"), "is no KEY=VALUE"),
        (("--language", "Kazakh"), "is no language tag"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_asked(desk, site, words, cause):
    """What the user typed is checked first."""
    before = len(site.hits)
    assert cause in refusal(desk, "add", site.url("/feed.xml"), *words)
    assert len(site.hits) == before


def test_check_activates_only_what_shows_entries(desk, site):
    """Of paused sources of one name, only the one that answers with entries becomes active."""
    for path in ("/feed.xml", "/empty.xml", "/missing", "/unread"):
        kind = ("--kind", "listing") if path == "/unread" else ()
        desk("add", site.url(path), "--name", "Twin", "--no-fetch", *kind)
    desk("pause", "1", "2", "3", "4", "--reason", "unverified: metered")
    done = desk("check", "--json")
    assert done.status == 1
    assert [(r["id"], r["state"], r["entries"]) for r in done.records] == [
        (1, "active", 1),
        (2, "paused", 0),
        (3, "paused", 0),
        (4, "paused", 0),
    ]
    assert done.records[1]["cause"] == "answers, but holds no entry"
    assert "404" in done.records[2]["cause"]
    states = [(r["state"], r["reason"]) for r in desk("list", "--json").records]
    assert states == [("active", "metered")] + [("paused", "unverified: metered")] * 3


def test_an_unchanged_feed_still_answers(desk, site):
    """A second check of a feed that has not changed counts what it holds."""
    desk("add", site.url("/feed.xml"), "--no-fetch")
    for _ in range(2):
        desk("pause", "1")
        done = desk("check", "1", "--json")
        assert (done.status, done.records[0]["state"], done.records[0]["entries"]) == (
            0,
            "active",
            1,
        )


def test_what_was_found_is_there_for_scripts(desk, site):
    """`--json` prints the candidates as data, and what can not be watched with its cause."""
    said = desk("add", site.url("/news"), "--json").records[0]
    assert (said["new"], said["kind"]) == (True, "listing")
    found = [(one["number"], one["kind"], one["url"]) for one in said["candidates"]]
    assert found == [
        (1, "listing", site.url("/news")),
        (2, "feed", site.url("/feed.xml")),
        (0, "feed", site.url("/ru/rss")),
    ]
    assert said["candidates"][-1]["cause"] == "HTTP 404: not found"


def test_what_is_not_clear_ends_with_status_2_for_scripts(desk, site):
    """With `--json` nobody is asked: the candidates are printed, and nothing is added."""
    words = ["--database", "sqlite:///x.sqlite", "sources", "add", site.url("/bare"), "--json"]
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    assert isinstance(result.exception, BadInput)
    said = json.loads(result.stdout)
    assert (said["id"], said["new"]) == (None, False)
    assert [one["kind"] for one in said["candidates"]] == ["page", "feed"]
