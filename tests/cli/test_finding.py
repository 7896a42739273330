"""`sources add` on sites of many makes, over real HTTP: the right thing is found, and first."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from monitor.cli.app import cli
from monitor.errors import BadInput
from tests.cli.desk import run
from tests.cli.sites import SITES, page, paths, rss
from tests.end_to_end.loopback import site
from tests.spiders.server import answer

HOSTS = {name: f"127.0.4.{number}" for number, name in enumerate(SITES, 1)}


@pytest.fixture(scope="module")
def world():
    """All the sites, served."""
    with site(tuple(HOSTS.values())) as one:
        for name, make in SITES.items():
            routes = make(one.web.url("", HOSTS[name]))
            one.web.routes.update({(HOSTS[name], path): said for path, said in routes.items()})
        yield one.web


@pytest.fixture
def add(tmp_path, monkeypatch, world):
    """`sources add` on a site, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    monkeypatch.setenv("MONITOR_FETCH__HOST_GAP", "0")
    monkeypatch.setenv("MONITOR_FETCH__TIMEOUT", "5")

    def added(name, path="/", *words):
        world.hits.clear()
        return run("sqlite:///x.sqlite", "sources", "add", world.url(path, HOSTS[name]), *words)

    return added


def stored():
    """The sources that are watched now."""
    return run("sqlite:///x.sqlite", "sources", "list", "--json").records


@pytest.mark.parametrize(
    ("name", "path", "kind", "found"),
    [
        ("wordpress", "/", "feed", "/feed/"),
        ("wordpress", "/category/mines/", "feed", "/category/mines/feed/"),
        ("drupal", "/", "feed", "/rss.xml"),
        ("ministry", "/ru/press/releases", "listing", "/ru/press/releases"),
        ("chinese", "/", "sitemap", "/maps/google-news.xml"),
        ("chinese", "/robots.txt", "sitemap", "/maps/google-news.xml"),
        ("kazakh", "/", "feed", "/rss.xml"),
        ("sections", "/", "feed", "/rss/all.xml"),
        ("sections", "/mining/", "feed", "/rss/mining.xml"),
        ("sections", "/rss/", "feed", "/rss/all.xml"),
        ("shell", "/", "sitemap", "/sitemap.xml"),
        ("table", "/news/index.asp", "listing", "/news/index.asp"),
        ("json", "/", "feed", "/feed.json"),
        ("json", "/api/news", "api", "/api/news"),
        ("misleading", "/", "feed", "/feed"),
        ("half_forbidden", "/", "listing", "/"),
        ("walled", "/", "feed", "/feed"),
        ("story", "/news/3-sample-story-here", "listing", "/"),
    ],
)
def test_the_right_thing_is_added(add, world, name, path, kind, found):
    """From a home page, a section, a story, a robots.txt: one clear best, in few requests."""
    said = add(name, path, "--json").records[0]
    assert (said["new"], said["kind"]) == (True, kind), said["candidates"]
    assert said["url"] == world.url(found, HOSTS[name])
    assert said["entries"] > 0
    assert said["candidates"][0]["number"] == 1
    assert len(world.paths(robots=True)) <= 16
    assert len(stored()) == 1


def test_a_list_is_watched_by_the_selectors_that_were_found(add):
    """What was found once is written down, so that it stays the same list."""
    said = add("ministry", "/ru/press/releases", "--json").records[0]
    assert said["options"]["item"]
    assert said["options"]["date"]
    assert stored()[0]["name"] == "Пресс-релизы"


def test_a_story_is_no_section(add, world):
    """From a story's page feeds are looked for at the site, not below the story."""
    add("story", "/news/3-sample-story-here")
    below = [path for path in world.paths() if path.startswith("/news/3-sample-story-here/")]
    assert below == []


def test_comments_come_last(add, world):
    """A feed of comments is named first on the page, and ranked last."""
    last = add("wordpress", "/", "--dry-run", "--json").records[0]["candidates"][-1]
    assert last["url"] == world.url("/comments/feed/", HOSTS["wordpress"])
    assert "-80 comments, not stories" in last["reasons"]


def test_the_feed_of_another_site_falls_behind(add, world):
    """A theme that names its maker's feed does not make it this site's news."""
    candidates = add("misleading", "/", "--json").records[0]["candidates"]
    theirs = next(one for one in candidates if one["url"].endswith("/theme-maker.xml"))
    assert "-45 leads to another site: themes.example" in theirs["reasons"]
    gone = next(one for one in candidates if one["url"].endswith("/gone.xml"))
    assert (gone["number"], gone["cause"]) == (0, "HTTP 404: not found")


def test_what_robots_forbid_is_named(add, world):
    """A feed that robots.txt forbids is not asked for; that it exists is said."""
    done = add("half_forbidden")
    feed = world.url("/feed.xml", HOSTS["half_forbidden"])
    assert f"found, but robots.txt forbids this address: {feed}" in done.err
    assert "/feed.xml" not in world.paths()


def test_a_forbidden_site_is_not_searched(add, world):
    """Where robots.txt forbids everything nothing else is asked, and consent is the way out."""
    with pytest.raises(BadInput, match="forbids this address") as error:
        add("forbidden")
    assert "--option robots=" in str(error.value)
    assert world.paths() == []
    assert add("forbidden", "/feed.xml", "--option", "robots=agreed by letter").status == 0
    assert stored()[0]["kind"] == "feed"


def test_a_channel_is_offered_even_when_it_can_not_be_reached(add):
    """An agency that only writes on Telegram: its channel is what was found."""
    with pytest.raises(BadInput) as error:
        add("channel")
    assert "monitor sources add https://t.me/s/sample_agency --kind telegram" in str(error.value)
    done = add("channel", "/", "--pick", "1")
    assert "added 1 Telegram: sample_agency" in done.err
    assert "warning: it could not be read just now" in done.err


def test_a_dry_run_adds_nothing_and_gives_reasons(add):
    """The candidates with their points, at most 80 columns but for addresses."""
    done = add("sections", "/mining/", "--dry-run")
    assert done.status == 0
    assert "+20 of the section that was asked for" in done.out
    assert "-15 of one section only: sport" in done.out
    assert "6 entries, newest" in done.out
    long = [line for line in done.out.splitlines() if len(line) > 80 and "://" not in line]
    assert long == []
    assert stored() == []


def test_several_can_be_picked(add):
    """`--pick` takes numbers of the list that a dry run shows."""
    done = add("sections", "/mining/", "--pick", "1", "--pick", "2", "--json")
    assert [one["name"] for one in done.records] == ["Sample Daily: mining", "Sample Daily"]
    with pytest.raises(BadInput, match=r"only \d+ can be added"):
        add("sections", "/mining/", "--pick", "99")


def test_what_is_watched_already_is_said(add):
    """The best of a site is not added twice."""
    add("drupal")
    assert "is watched already: 1 Sample Survey" in add("drupal").err
    assert len(stored()) == 1


def test_an_agreement_is_kept_between_two(add, world):
    """A header for one publisher is not sent to the others that its page names."""
    page = world.routes[HOSTS["drupal"], "/"]
    other = world.url("/rss.xml", HOSTS["kazakh"])
    world.routes[HOSTS["drupal"], "/"] = page.replace(b'href="/rss.xml"', b"href=" + other.encode())
    world.routes[HOSTS["drupal"], "/"] = answer(
        world.routes[HOSTS["drupal"], "/"].partition(b"\r\n\r\n")[2], content_type="text/html"
    )
    try:
        add("drupal", "/", "--option", "header-x-partner=sample", "--dry-run")
    finally:
        world.routes[HOSTS["drupal"], "/"] = page
    told = {(hit.host, "x-partner" in hit.headers) for hit in world.hits if "txt" not in hit.path}
    assert told == {(HOSTS["drupal"], True), (HOSTS["kazakh"], False)}


def test_a_key_in_an_address_is_not_written_down(add, world, monkeypatch):
    """A placeholder is stored as it was given, whatever was asked for."""
    monkeypatch.setenv("SAMPLE_KEY", "secret")
    said = add("json", "/api/news?key=${SAMPLE_KEY}", "--json")
    assert "secret" not in said.out
    assert stored()[0]["url"].endswith("/api/news?key=${SAMPLE_KEY}")


def test_a_site_that_wants_fewer_requests_is_left_alone(add, world):
    """After a 429 nothing more is asked."""
    host = HOSTS["kazakh"]
    world.routes[host, "/feed"] = answer(b"", "429 Too Many Requests")
    try:
        with pytest.raises(BadInput):
            add("kazakh")
    finally:
        del world.routes[host, "/feed"]
    assert "/rss.xml" not in world.paths()


@pytest.mark.parametrize(
    ("typed", "names"), [("2\n", ["Sample B"]), ("\n", ["Sample A"]), ("0\n", [])]
)
def test_on_a_terminal_the_user_is_asked(add, world, monkeypatch, typed, names):
    """Two feeds of equal worth: a choice with the best as default; 0 adds none."""
    host = HOSTS["bare"]
    root = world.url("", host)
    for letter in "AB":
        titles = [f"{letter} sample story number {n}" for n in range(6)]
        feed = rss(root, paths(f"/{letter}", 6), titles, name=f"Sample {letter}")
        monkeypatch.setitem(world.routes, (host, f"/feed/{letter}.xml"), feed)
    body = b'<html><a href="/feed/A.xml">RSS</a><a href="/feed/B.xml">RSS</a></html>'
    monkeypatch.setitem(world.routes, (host, "/"), answer(body, content_type="text/html"))
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("monitor.cli.choosing.sys", terminal)
    words = ["--database", "sqlite:///x.sqlite", "sources", "add", f"{root}/"]
    result = CliRunner().invoke(cli, words, input=typed, standalone_mode=False)
    assert [one["name"] for one in stored()] == names
    assert isinstance(result.exception, BadInput) is (not names)


def test_a_page_cannot_ask_for_our_secrets(add, world, monkeypatch):
    """What a page writes like one of our placeholders is sent as it stands."""
    monkeypatch.setenv("SAMPLE_KEY", "hush")
    host = HOSTS["misleading"]
    head = '<link rel="alternate" type="application/rss+xml" href="/feed?key=${SAMPLE_KEY}">'
    monkeypatch.setitem(world.routes, (host, "/greedy"), page("<p>News</p>", head=head))
    add("misleading", "/greedy", "--dry-run")
    asked = [path for path in world.paths() if path.startswith("/feed?")]
    assert asked == ["/feed?key=$%7BSAMPLE_KEY%7D"]
