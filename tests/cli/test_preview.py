"""`sources preview` over real HTTP: what would be read is shown, and nothing is stored."""

import pytest

from monitor.errors import BadInput
from tests.cli.desk import run
from tests.cli.sites import ENGLISH, SITES, ago, page, paths, rss
from tests.end_to_end.loopback import site
from tests.spiders.server import answer

HOSTS = {"ministry": "127.0.5.1", "json": "127.0.5.2", "shell": "127.0.5.3", "own": "127.0.5.4"}
PROSE = (
    "Sample Mining agreed to buy a 70 % stake in the Boguty tungsten deposit in Kazakhstan for "
    "$1.1 billion, the company said on Monday. The deposit holds 1.4 million tonnes of WO3, and "
    "production is to begin in two years, after the ministry has approved the plan of the mine. "
)
HOSTILE = "\x1b[31mRed\u202e mine " + "long " * 100


@pytest.fixture(scope="module")
def world():
    """A few sites, and one of our own."""
    with site(tuple(HOSTS.values())) as one:
        for name in ("ministry", "json", "shell"):
            for path, said in SITES[name](one.web.url("", HOSTS[name])).items():
                one.web.routes[HOSTS[name], path] = said
        root, found = one.web.url("", HOSTS["own"]), paths("/news", 6)
        feed = rss(root, found, ENGLISH, name="Sample Ore")
        one.web.routes[HOSTS["own"], "/feed"] = feed
        one.web.routes[HOSTS["own"], "/two"] = rss(root, found[:2], ENGLISH, name="Sample Two")
        one.web.routes[HOSTS["own"], "/hostile"] = rss(root, found[:1], [HOSTILE], text=HOSTILE)
        one.web.routes[HOSTS["own"], found[0]] = page(
            f"<article><h1>{ENGLISH[0]}</h1><p>{PROSE}</p><p>{PROSE[:180]}</p></article>",
            head=f"<title>{ENGLISH[0]}</title>",
        )
        one.web.routes[HOSTS["own"], "/shut"] = answer(b"", "403 Forbidden")
        yield one.web


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A command of `sources`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    monkeypatch.setenv("MONITOR_FETCH__HOST_GAP", "0")
    monkeypatch.setenv("MONITOR_FETCH__TIMEOUT", "5")
    return lambda *words: run("sqlite:///x.sqlite", "sources", *words)


def counts():
    """Sources and entries that are stored."""
    from monitor.store import open_database

    database = open_database("sqlite:///x.sqlite")
    try:
        return [database.counts()[noun] for noun in ("sources", "entries", "articles")]
    finally:
        database.close()


def test_a_feed_is_shown_and_nothing_is_stored(sources, world):
    """Title, language, number, dates, and the first entries; one request, and no row."""
    world.hits.clear()
    done = sources("preview", world.url("/feed", HOSTS["own"]), "--limit", "2")
    assert done.status == 0
    assert "title     Sample Ore" in done.out
    assert "entries   6" in done.out
    assert f"{ago(0.5):%Y-%m-%d %H:%M}  {ENGLISH[0]}" in done.out
    assert ENGLISH[2] not in done.out
    assert "4 more; --limit 6 shows them" in done.out
    assert world.paths() == ["/feed"]
    assert counts() == [0, 0, 0]


def test_the_same_is_there_for_scripts(sources, world):
    """`--json`: one object, texts whole."""
    said = sources("preview", world.url("/feed", HOSTS["own"]), "--json").records[0]
    assert (said["id"], said["kind"], said["outcome"]) == (None, "feed", "ok")
    assert (said["document"]["entries"], said["document"]["dated"]) == (6, 6)
    assert said["document"]["new"] is None
    assert [one["title"] for one in said["entries"]] == list(ENGLISH[:6])


def test_a_page_shows_the_ways_to_read_it(sources, world):
    """Selectors with their score, reasons and samples, and the command that takes them."""
    url = world.url("/ru/press/releases", HOSTS["ministry"])
    done = sources("preview", url)
    assert "Ways to read it as a listing, the surest first:" in done.out
    assert "6 items, 6 dated" in done.out
    assert f"monitor sources add {url} --kind listing --option item=" in done.out
    layout = sources("preview", url, "--json").records[0]["layouts"][0]
    assert layout["score"] > 0.5
    words = [
        word for key, one in layout["options"].items() for word in ("--option", f"{key}={one}")
    ]
    said = sources("add", url, "--kind", "listing", *words, "--json").records[0]
    assert said["entries"] == 6


def test_each_selector_is_tried(sources, world):
    """What an option finds is counted and shown; one that finds nothing is marked."""
    words = ["--option", "item=div.press-item", "--option", "link=a", "--option", "date=.gone"]
    url = world.url("/ru/press/releases", HOSTS["ministry"])
    done = sources("preview", url, *words)
    assert "  item     div.press-item  6" in done.out
    assert "  link     a  6 of 6" in done.out
    assert "/ru/press/releases/5100" in done.out
    assert "! date     .gone  finds nothing" in done.out
    found = {
        one["option"]: one["found"]
        for one in sources("preview", url, *words, "--json").records[0]["selectors"]
    }
    assert found == {"item": 6, "link": 6, "date": 0}


def test_an_item_selector_that_finds_nothing_is_named(sources, world):
    """The cause is told, and the layouts that there are."""
    url = world.url("/ru/press/releases", HOSTS["ministry"])
    done = sources("preview", url, "--option", "item=li.none")
    assert "! item     li.none  finds nothing" in done.out
    assert "cannot be read" in done.out
    assert "Ways to read it" in done.out


def test_the_fields_of_an_api_are_shown(sources, world):
    """Which field was taken for what, found by itself or by a path."""
    url = world.url("/api/news", HOSTS["json"])
    said = sources("preview", url, "--kind", "api", "--option", "date=nothing", "--json").records[0]
    found = {one["option"]: (one["says"], one["found"]) for one in said["selectors"]}
    assert found["title"] == ("(found by itself)", 8)
    assert found["date"] == ("nothing", 0)


def test_an_index_of_sitemaps_shows_what_it_leads_to(sources, world):
    """An index holds no entries itself: the first sitemap that it names is read, too."""
    said = sources("preview", world.url("/sitemap.xml", HOSTS["shell"]), "--json").records[0]
    assert said["kind"] == "sitemap"
    assert said["document"]["entries"] > 0


def test_texts_are_read_with_their_tags_and_figures(sources, world):
    """`--text`: the page's text, date, minerals, countries and claims; a lost page with its cause."""
    url = world.url("/two", HOSTS["own"])
    first, second = sources("preview", url, "--text", "--json").records[0]["articles"]
    assert "tungsten" in first["minerals"]
    assert "KZ" in first["countries"]
    assert ("stake", 70.0) in {(one["kind"], one["value"]) for one in first["claims"]}
    assert first["text"].count("Boguty") > 0
    assert second["cause"] == "HTTP 404: not found"
    shown = sources("preview", url, "--text").out
    assert "minerals  tungsten" in shown
    assert "no text: HTTP 404: not found" in shown
    assert counts() == [0, 0, 0]


def test_a_stored_source_is_compared_with_what_is_stored(sources, world, monkeypatch):
    """Read on its own terms; entries that a crawl would store as new are marked."""
    url = world.url("/two", HOSTS["own"])
    monkeypatch.setenv("SAMPLE_KEY", "k")
    sources("add", url, "--option", "header-x-key=${SAMPLE_KEY}")
    run("sqlite:///x.sqlite", "crawl", "--source", "1")
    before = counts()
    root = world.url("", HOSTS["own"])
    fresh = rss(root, paths("/news", 3), ENGLISH, name="Sample Two")
    monkeypatch.setitem(world.routes, (HOSTS["own"], "/two"), fresh)
    world.hits.clear()
    said = sources("preview", "1", "--json").records[0]
    assert (said["id"], said["document"]["new"]) == (1, 1)
    assert [one["new"] for one in said["entries"]] == [False, False, True]
    assert world.hits[-1].headers["x-key"] == "k"
    shown = sources("preview", url).out
    assert "entries   3, 1 of them new" in shown
    assert f"+ {ago(2.5):%Y-%m-%d %H:%M}  {ENGLISH[2]}" in shown
    assert counts() == before


def test_a_stored_source_is_read_whole_though_unchanged(sources, world, monkeypatch):
    """What the server would call not modified is asked for without conditions."""
    feed = world.routes[HOSTS["own"], "/two"].replace(b"Connection", b'ETag: "1"\r\nConnection')

    async def conditional(hit):
        return answer(b"", "304 Not Modified") if "if-none-match" in hit.headers else feed

    monkeypatch.setitem(world.routes, (HOSTS["own"], "/two"), conditional)
    sources("add", world.url("/two", HOSTS["own"]))
    run("sqlite:///x.sqlite", "crawl", "--source", "1")
    said = sources("preview", "1", "--json").records[0]
    assert (said["outcome"], said["document"]["entries"]) == ("ok", 2)


def test_the_layouts_of_a_stored_source_are_taken_by_an_edit(sources, world):
    """The command edits the source instead of adding another."""
    url = world.url("/ru/press/releases", HOSTS["ministry"])
    sources("add", url, "--kind", "listing", "--option", "item=li.none", "--option", "title=b")
    done = sources("preview", "1")
    assert "monitor sources edit 1 --option title= --kind listing --option item=" in done.out


def test_hostile_texts_are_harmless_and_cut(sources, world):
    """Escapes and turned letters do not reach the terminal; lines fit 80 columns."""
    done = sources("preview", world.url("/hostile", HOSTS["own"]))
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert [line for line in done.out.splitlines() if len(line) > 80 and "://" not in line] == []


def test_what_can_not_be_read_says_why(sources, world):
    """The cause, and status 1; what names nothing at all is refused."""
    done = sources("preview", world.url("/shut", HOSTS["own"]))
    assert done.status == 1
    assert "cannot be read: HTTP 403" in done.out
    with pytest.raises(BadInput, match="monitor sources list"):
        sources("preview", "nothing of this name")
