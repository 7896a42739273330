"""Facts about sitemaps: what is new in them, which children are read, and broken ones."""

import gzip
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import Permanent
from monitor.parse import sitemap_index
from monitor.parse.remembered import KnownTexts, packed_set, packed_text, unpacked_text
from monitor.parse.sitemap import FEW, MOST_ENTRIES, parse_sitemap
from monitor.parse.sitemap_addresses import is_story, title_of_address
from monitor.parse.sitemap_index import MOST_CHILDREN

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROOT = "https://e.test/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_NS = "http://www.google.com/schemas/sitemap-news/0.9"


def at(**ago):
    """A moment before now, as sitemaps write it."""
    return (NOW - timedelta(**ago)).isoformat()


def url(path, lastmod="", more=""):
    """One item."""
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://e.test/{path}</loc>{stamp}{more}</url>"


def urlset(*items, attributes=NS):
    """A sitemap."""
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {attributes}>{"".join(items)}</urlset>'


def index(*children):
    """An index of (path, lastmod)."""
    listed = "".join(
        f"<sitemap><loc>https://e.test/{path}</loc>"
        + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")
        + "</sitemap>"
        for path, lastmod in children
    )
    return f"<sitemapindex {NS}>{listed}</sitemapindex>"


def news(path, title, stamp, prefix="news"):
    """An item of a news sitemap."""
    return url(
        path,
        more=f"<{prefix}:news><{prefix}:publication><{prefix}:name>Ore Daily</{prefix}:name>"
        f"<{prefix}:language>kk</{prefix}:language></{prefix}:publication>"
        f"<{prefix}:publication_date>{stamp}</{prefix}:publication_date>"
        f"<{prefix}:title>{title}</{prefix}:title></{prefix}:news>",
    )


def read(body, *, asked=ROOT, memory=None, is_part=False, now=NOW, content_type="", **options):
    """The document that is read from `body`."""
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_sitemap(
        raw,
        url=asked.partition("#")[0],
        asked=asked,
        content_type=content_type,
        now=now,
        options=options,
        memory=memory or {},
        is_part=is_part,
    )


def paths(document):
    """Paths of the entries."""
    return [entry.url.removeprefix("https://e.test/") for entry in document.entries]


class Site:
    """A site with sitemaps by path, polled as the crawl polls it: parts first, memory last."""

    def __init__(self, **documents):
        self.documents = documents
        self.memory = {}
        self.now = NOW
        self.fetched = []

    def poll(self):
        """Paths of all entries of one poll, an hour after the last; `fetched` tells the parts."""
        self.now += timedelta(hours=1)
        self.fetched, entries, fresh = [], [], {}
        waiting = [(ROOT, False)]
        while waiting and len(self.fetched) < 51:
            asked, is_part = waiting.pop(0)
            name = asked.partition("#")[0].removeprefix("https://e.test/").removesuffix(".xml")
            self.fetched.append(name)
            document = read(
                self.documents[name.replace("-", "_")],
                asked=asked,
                memory=self.memory,
                is_part=is_part,
                now=self.now,
            )
            entries += paths(document)
            fresh.update(document.memory)
            waiting += [(one, True) for one in document.follow]
        self.memory = json.loads(json.dumps({**self.memory, **fresh}))
        return entries


def test_what_was_changed_lately_is_news():
    """Items dated within a week are entries, the newest first; an address gives the title."""
    body = urlset(
        url("news/old-story-about-tin", at(days=9)),
        url("news/tungsten-mine-reopens-in-the-hills-48215.html", at(days=3)),
        url("news/antimony-price-doubles?a=1&amp;b=2", at(hours=2)),
    )
    found = read(body)
    first, second = found.entries
    assert first.url == "https://e.test/news/antimony-price-doubles?a=1&b=2"
    assert second.title == "Tungsten mine reopens in the hills"
    assert (first.published_at, first.published_raw, first.content) == (None, "", "")
    assert found.problems == ()


@pytest.mark.parametrize("prefix", ["news", "n", "ns0", "g-news"])
@pytest.mark.parametrize(
    "declared", ['xmlns:{}="' + NEWS_NS + '"', 'xmlns:{}="http://wrong.test/"', ""]
)
def test_a_news_sitemap_is_read_whatever_its_prefix(prefix, declared):
    """Headline, time, outlet and language are read under any prefix, declared well or not."""
    body = urlset(
        news("1", "Tungsten &amp; <![CDATA[tin & more]]>", "2026-11-23T10:00:00+05:00", prefix),
        attributes=f"{NS} {declared.format(prefix)}",
    )
    found = read(body)
    (entry,) = found.entries
    assert (found.title, found.language) == ("Ore Daily", "kk")
    assert entry.title == "Tungsten & tin & more"
    assert entry.published_at == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert (entry.published_raw, entry.language) == ("2026-11-23T10:00:00+05:00", "kk")


def test_a_whole_sitemap_may_have_a_prefix():
    """Prefixed elements of the protocol itself are read, in any case of letters."""
    body = (
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>'
        f"https://e.test/a-b</s:loc><s:lastmod>{at(hours=1)}</s:lastmod></s:url>"
        f"<URL><LOC>https://e.test/c-d</LOC><LASTMOD>{at(hours=2)}</LASTMOD></URL></s:urlset>"
    )
    assert paths(read(body)) == ["a-b", "c-d"]


def test_pictures_and_films_are_no_stories():
    """Address, title and date of an image or video in an item are not those of the item."""
    media = (
        "<image:image><image:loc>https://e.test/x.jpg</image:loc><image:title>Pic</image:title>"
        "</image:image><video:video><video:title>Film</video:title>"
        "<video:publication_date>2020-01-01</video:publication_date></video:video>"
    )
    body = urlset(
        f"<url>{media}<loc>https://e.test/ore-found</loc><lastmod>{at(hours=1)}</lastmod></url>"
    )
    (entry,) = read(body).entries
    assert (entry.url, entry.title) == ("https://e.test/ore-found", "Ore found")


@pytest.mark.parametrize(
    ("stamp", "is_news"),
    [
        ("2026-11-23T11:30:00.123+00:00", True),
        ("2026-11-23T11:30Z", True),
        ("2026-11-23 11:30:00", True),
        ("20261123T113000Z", True),
        ("2026-11-16", True),
        ("2026-11-15", False),
        ("2026-11", False),
        ("2025", False),
        ("Mon, 23 Nov 2026 10:00:00 GMT", True),
        (" 2026-11-23T11:30:00+06:00 ", True),
    ],
)
def test_dates_in_all_forms(stamp, is_news):
    """Every W3C form is read; a day counts until its end."""
    body = urlset(url("a-story", stamp), url("fresh-story", at(minutes=1)))
    assert ("a-story" in paths(read(body))) is is_news


@pytest.mark.parametrize("stamp", ["2030-01-01", "0001-01-01", "soon", "2026-99-99"])
def test_a_date_that_cannot_be_is_none(stamp):
    """Dates of the future, of antiquity and of nobody do not make news."""
    body = urlset(url("a-story", stamp), url("b-story", at(days=1)), url("c-story", at(days=1)))
    assert paths(read(body)) == ["b-story", "c-story"]


def test_a_sitemap_of_old_pages_shows_the_latest_few():
    """It is not taken for an empty one, and what it shows does not change."""
    body = urlset(*(url(f"old-story-{n}", at(days=30 + n)) for n in range(20)))
    found = read(body)
    assert paths(found) == [f"old-story-{n}" for n in range(FEW)]


def test_entries_are_bounded():
    """Of very much news the newest are taken, and that some are left out is said."""
    body = urlset(*(url(f"story-{n}", at(minutes=n)) for n in range(MOST_ENTRIES + 20)))
    found = read(body)
    assert len(found.entries) == MOST_ENTRIES
    assert found.problems == (f"20 addresses beyond {MOST_ENTRIES} are left out",)


def test_after_a_long_pause_the_window_reaches_back():
    """What was published while nobody looked is news, up to a month."""
    site = Site(sitemap=urlset(url("story-one", at(hours=1))))
    site.poll()
    site.now += timedelta(days=20)
    stamp = (NOW + timedelta(days=5)).isoformat()
    site.documents["sitemap"] = urlset(url("story-one", at(hours=1)), url("story-two", stamp))
    assert "story-two" in site.poll()


def test_the_first_poll_without_dates_is_a_baseline():
    """A few are shown at first; later those that were not there before."""
    old = [url(f"story-about-ore-{n}") for n in range(300)]
    site = Site(sitemap=urlset(*old))
    few = site.poll()
    assert few == [f"story-about-ore-{n}" for n in range(299, 294, -1)]
    assert site.poll() == few
    site.documents["sitemap"] = urlset(url("a-brand-new-story"), *old)
    assert site.poll() == ["a-brand-new-story", *few]
    assert site.poll() == few


def test_a_date_in_the_address_is_a_date():
    """Without lastmod, `/2026/11/22/` tells news from old pages."""
    body = urlset(url("2026/11/22/tin-rises"), url("2025/11/22/tin-falls"))
    (entry,) = read(body).entries
    assert (entry.url, entry.published_at) == ("https://e.test/2026/11/22/tin-rises", None)


def test_one_time_for_all_pages_is_no_date():
    """A program that stamps every page with its own time floods nobody."""
    stamped = [url(f"story-about-ore-{n}", at(minutes=5)) for n in range(300)]
    site = Site(sitemap=urlset(*stamped))
    assert len(site.poll()) == FEW
    restamped = [item.replace("11:55:00", "12:55:00") for item in stamped]
    site.documents["sitemap"] = urlset(url("one-new-story", at(minutes=-55)), *restamped)
    assert "one-new-story" in site.poll()


def test_a_rebuilt_site_is_an_alarm_and_no_flood():
    """When most addresses are new at once a person must look."""
    memory = dict(read(urlset(*(url(f"old-{n}") for n in range(500)))).memory)
    found = read(urlset(*(url(f"new/{n}") for n in range(500))), memory=memory)
    assert "was the site rebuilt?" in found.alarm
    assert len(found.entries) == FEW


def test_vanished_dates_are_an_alarm():
    """A sitemap that had dates and has none is told."""
    memory = dict(read(urlset(*(url(f"story-{n}", at(days=1)) for n in range(20)))).memory)
    found = read(urlset(*(url(f"story-{n}") for n in range(20))), memory=memory)
    assert "its dates are gone" in found.alarm


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("", False),
        ("en/", False),
        ("index.html", False),
        ("news/index.php", False),
        ("index.php?id=55", True),
        ("?p=1234", True),
        ("news/", False),
        ("category/metals/", False),
        ("category/metals/kazakhstan-tungsten-mine-reopens/", True),
        ("tag/rare-earths", False),
        ("author/ann-ore", False),
        ("news/page/2", False),
        ("about-us", False),
        ("privacy-policy/", False),
        ("files/photo-of-ore.jpg", False),
        ("news/12345", True),
        ("news/tungsten-rises", True),
        ("новости/вольфрам", True),
        ("story.html", True),
        ("orders/5.pdf", True),
    ],
)
def test_which_addresses_are_stories(path, is_one):
    """Start pages, sections, authors, standing pages and files are no news."""
    assert is_story(f"https://e.test/{path}") is is_one


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("news/tungsten-mine-reopens-123456", "Tungsten mine reopens"),
        ("2026/11/23/tin_and_zinc.html", "Tin and zinc"),
        ("news/rare%20earths-up/9f8e7d6c5b4a", "Rare earths up"),
        ("a/%D0%B2%D0%BE%D0%BB%D1%8C%D1%84%D1%80%D0%B0%D0%BC", "Вольфрам"),
        ("en/news/12345", "news/12345"),
        ("orders/5.pdf", "orders/5.pdf"),
        ("?p=7", ""),
    ],
)
def test_titles_of_addresses(path, title):
    """The words of an address are its title, without numbers and codes."""
    assert title_of_address(f"https://e.test/{path}") == title


def test_match_and_skip_choose_by_words():
    """`match` admits addresses that hold one of its words, sections too; `skip` refuses."""
    body = urlset(*(url(path, at(hours=1)) for path in ("mining/", "Mining/gold-up", "sport/a-b")))
    assert paths(read(body, match="mining")) == ["mining/", "Mining/gold-up"]
    assert paths(read(body, match="mining, sport", skip="gold")) == ["mining/", "sport/a-b"]
    assert paths(read(body, skip="SPORT")) == ["Mining/gold-up"]


def test_children_are_followed_by_their_worth():
    """News first, then the latest change; old, section and picture sitemaps are not read."""
    body = index(
        ("post-1.xml", at(days=400)),
        ("post-2.xml", at(hours=5)),
        ("category.xml", at(hours=1)),
        ("image-sitemap.xml", at(hours=1)),
        ("post-3.xml", at(hours=2)),
        ("news.xml", at(days=2)),
    )
    assert [one.rpartition("/")[2] for one in read(body).follow] == [
        "news.xml",
        "post-3.xml",
        "post-2.xml",
    ]


def test_only_changed_children_are_read_again():
    """A child is followed when it was changed after it was read."""
    site = Site(
        sitemap=index(("a.xml", at(hours=2)), ("b.xml", at(hours=3))),
        a=urlset(url("ore-one", at(hours=2))),
        b=urlset(url("ore-two", at(hours=3))),
    )
    assert sorted(site.poll()) == ["ore-one", "ore-two"]
    site.poll()
    assert site.fetched == ["sitemap"]
    site.documents["sitemap"] = index(("a.xml", at(hours=-2)), ("b.xml", at(hours=3)))
    site.poll()
    assert site.fetched == ["sitemap", "a"]


def test_children_without_dates_are_read_every_few_hours():
    """They are read at once, then not before three hours have passed; news hourly."""
    site = Site(
        sitemap=index(("a.xml", ""), ("news.xml", "")),
        a=urlset(url("ore-one", at(hours=2))),
        news=urlset(url("ore-two", at(hours=3))),
    )
    seen = []
    for _ in range(5):
        site.poll()
        seen.append(site.fetched[1:])
    assert seen == [["news", "a"], ["news"], ["news"], ["news", "a"], ["news"]]


def test_a_child_dated_by_the_day_is_read_until_the_day_is_over():
    """The day says too little: it is read hourly, and for the last time after midnight."""
    site = Site(sitemap=index(("a.xml", "2026-11-23")), a=urlset(url("ore-one", at(hours=2))))
    seen = []
    for _ in range(15):
        site.poll()
        seen.append(len(site.fetched) - 1)
    assert seen == [1] * 12 + [0] * 3


def test_one_date_for_all_children_is_none():
    """It is when the index was written: the children are read as if undated."""
    kids = [f"part-{n}.xml" for n in range(6)]
    memory = {}
    for kid in kids:
        child = read(urlset(), asked=f"https://e.test/{kid}", is_part=True)
        memory.update(child.memory)
    later = NOW + timedelta(minutes=30)
    body = index(*((kid, later.isoformat()) for kid in kids))
    assert read(body, memory=memory, now=later).follow == ()


def test_at_most_fifty_children_at_a_poll():
    """The rest is named, and comes at the next poll."""
    body = index(*((f"part-{n}.xml", at(minutes=n)) for n in range(60)))
    found = read(body)
    assert len(found.follow) == MOST_CHILDREN
    assert found.problems == ("10 of its sitemaps are left for later polls",)
    memory = {}
    for kid in found.follow:
        memory.update(read(urlset(), asked=kid, is_part=True).memory)
    assert len(read(body, memory=memory).follow) == 10


def test_old_archives_wait():
    """Undated children that name a past month are read last, and every few days only."""
    body = index(("s-2019-03.xml", ""), ("s-2026-11.xml", ""), ("s-2025.xml", ""))
    found = read(body)
    assert found.follow[0].rpartition("/")[2] == "s-2026-11.xml"


def test_an_index_is_a_directory():
    """Its own answer never tells that nothing is new; that of a sitemap of pages does."""
    assert read(index(("a.xml", at(hours=1)))).is_directory
    assert not read(urlset(url("ore-one", at(hours=1)))).is_directory


def test_a_site_that_sleeps_is_read_once():
    """If no child is recent, the first poll reads the latest one."""
    body = index(("a.xml", at(days=90)), ("b.xml", at(days=40)))
    assert read(body).follow == ("https://e.test/b.xml",)


def test_an_index_that_names_itself_is_named():
    """The circle is a problem in words; the other children are read."""
    found = read(index(("sitemap.xml", at(hours=1)), ("a.xml", at(hours=1))))
    assert found.follow == ("https://e.test/a.xml",)
    assert "a circle" in found.problems[0]


def test_nested_indexes_end():
    """An index within an index is followed to the third level and no further, circles too."""
    chain = {f"i{n}": index((f"i{n + 1}.xml", at(hours=1))) for n in range(10)}
    site = Site(sitemap=index(("i0.xml", at(hours=1))), **chain)
    site.poll()
    assert site.fetched == ["sitemap", "i0", "i1", "i2"]
    ring = Site(sitemap=index(("a.xml", at(hours=1))), a=index(("sitemap.xml", at(hours=1))))
    ring.poll()
    assert len(ring.fetched) <= 4


def test_an_index_too_deep_says_so():
    """The fourth level is named in words."""
    found = read(index(("a.xml", "")), asked="https://e.test/i.xml#level4", is_part=True)
    assert found.follow == ()
    assert "within 3 others" in found.problems[0]


def test_children_that_are_gone_are_forgotten():
    """What memory holds of a child that the index no longer names is dropped."""
    site = Site(
        sitemap=index(("a.xml", at(hours=2)), ("b.xml", at(hours=3))),
        a=urlset(url("ore-one", at(hours=2))),
        b=urlset(url("ore-two", at(hours=3))),
    )
    site.poll()
    assert sum(key.startswith("map ") for key in site.memory) == 3
    site.documents["sitemap"] = index(("a.xml", at(hours=2)))
    site.poll()
    held = [key for key, value in site.memory.items() if key.startswith("map ") and value]
    assert len(held) == 2


def test_a_broken_memory_harms_nothing():
    """What cannot be a record is taken for none, and is dropped."""
    memory = {"map 12345678": None, "map 23456789": "x", "map 3456789a": {"at": []}, "root": 7}
    found = read(index(("a.xml", at(hours=1))), memory=memory)
    assert found.follow == ("https://e.test/a.xml",)
    assert found.memory["map 23456789"] is None


def test_what_is_called_news_on_a_news_site():
    """Where all sitemaps are called news, that word says nothing: they are read as others are."""
    kids = [f"news/part-{n}.xml" for n in range(8)]
    memory = {}
    for kid in kids:
        memory.update(read(urlset(), asked=f"https://e.test/{kid}", is_part=True).memory)
    body = index(*((kid, "") for kid in kids))
    assert read(body, memory=memory, now=NOW + timedelta(hours=2)).follow == ()
    assert len(read(body, memory=memory, now=NOW + timedelta(hours=3)).follow) == 8


def test_very_many_silent_children_are_bounded(monkeypatch):
    """Of undated children only so many are looked after that memory stays small."""
    monkeypatch.setattr(sitemap_index, "MOST_SILENT", 80)
    body = index(*((f"part-{n}.xml", "") for n in range(200)))
    memory, seen = {}, set()
    for _ in range(4):
        follow = read(body, memory=memory).follow
        seen.update(follow)
        for kid in follow:
            memory.update(read(urlset(url("a-b", at(days=1))), asked=kid, is_part=True).memory)
    assert len(seen) == 80
    assert len(json.dumps(memory)) < 80 * 40


def test_grandchildren_are_not_forgotten_at_once():
    """Where an index stands in an index, the root does not know all: it forgets by age."""
    site = Site(
        sitemap=index(("i.xml", at(hours=2))),
        i=index(("a.xml", at(hours=2))),
        a=urlset(url("ore-one", at(hours=2))),
    )
    site.poll()
    site.documents["sitemap"] = index(("i.xml", at(hours=-5)))
    site.poll()
    assert site.fetched == ["sitemap", "i"]
    assert sum(bool(value) for key, value in site.memory.items() if key.startswith("map ")) == 3


def test_a_cut_off_sitemap_keeps_its_whole_items():
    """Of ten items, cut off within the eighth, seven are kept."""
    body = urlset(*(url(f"story-{n}", at(hours=n + 1)) for n in range(10)))
    place = body.index("story-7") + 3
    found = read(body[:place])
    assert len(found.entries) == 7
    assert found.problems == ("it is cut off; its last address was dropped",)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("</url>", ""),
        lambda text: text.replace("</urlset>", ""),
        lambda text: text.replace("<lastmod>", "<priority>0.5<lastmod>"),
        lambda text: f"\n\n Warning: something\n{text}",
        lambda text: text.replace("<url>", '<url id="1">').replace("<loc>", "<loc >\n  "),
        lambda text: text.replace("https://e.test/", "/"),
        lambda text: text.replace("<loc>", "<loc><![CDATA[").replace("</loc>", "]]></loc>"),
        lambda text: text.replace(
            "<url>", "<!-- <url><loc>https://e.test/no-no</loc></url> --><url>"
        ),
        lambda text: text.replace("tin", "t\x00i\x0bn"),
    ],
    ids=range(9),
)
def test_sloppy_sitemaps_are_read(change):
    """Missing end tags, junk before it, odd white space, CDATA and comments do not matter."""
    body = urlset(url("ore-and-tin", at(hours=1)), url("a-b", at(hours=2)), url("c-d", at(hours=3)))
    assert paths(read(change(body))) == ["ore-and-tin", "a-b", "c-d"]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "gb18030"]
)
def test_encodings(encoding):
    """Byte order marks and other encodings are understood."""
    body = urlset(news("1", "Вольфрам подорожал вдвое", at(hours=1)))
    raw = body.replace("UTF-8", encoding.removesuffix("-sig").removesuffix("-le")).encode(encoding)
    (entry,) = read(raw).entries
    assert entry.title == "Вольфрам подорожал вдвое"


def test_packed_sitemaps_are_unpacked():
    """A gzip file as the body is read, of a cut one what came before the cut."""
    body = urlset(*(url(f"story-{n:05}", at(minutes=n)) for n in range(900))).encode()
    packed = gzip.compress(body)
    assert len(read(packed).entries) == 900
    cut = read(packed[: len(packed) // 2])
    assert 100 < len(cut.entries) < 900
    assert "cut off" in cut.problems[0]


def test_a_bomb_is_refused():
    """What unpacks to more than the protocol allows is named, in bounded time."""
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000, 1)
    started = time.process_time()
    with pytest.raises(Permanent, match="more than 50 MB once unpacked"):
        read(bomb)
    assert time.process_time() - started < 5


def test_a_list_of_addresses_is_a_sitemap():
    """One address a line is allowed by the protocol."""
    lines = "\ufeff" + "\r\n".join(f"https://e.test/ore-story-{n}" for n in range(9)) + "\n\n"
    assert paths(read(lines, content_type="text/plain")) == [
        f"ore-story-{n}" for n in range(8, 3, -1)
    ]


@pytest.mark.parametrize("body", [urlset(), index(), f"<urlset {NS}/>"])
def test_an_empty_sitemap_is_no_error(body):
    """It gives no entry, and says so."""
    found = read(body)
    assert (found.entries, found.follow) == ((), ())
    assert found.problems == ("an empty sitemap: it lists no address",)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("", "empty body"),
        ("<!doctype html><html><p>Hello", "HTML page, not a sitemap.*robots.txt"),
        (
            '<html><link rel=alternate type="application/rss+xml" href="/feed">',
            "Use a feed that it offers .https://e.test/feed",
        ),
        ('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "Set its kind to feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "Set its kind to feed"),
        ('{"a": 1}', "no sitemap: begins with"),
        ("<opml/>", "no sitemap: begins with"),
        ("words and words\nand words", "no sitemap: begins with"),
        ("%PDF-1.7", "a file of another kind"),
    ],
)
def test_what_is_no_sitemap_says_what_to_do(body, cause):
    """Each cause names what came instead, and the address."""
    with pytest.raises(Permanent, match=cause) as caught:
        read(body)
    assert ROOT in str(caught.value)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


def test_entities_are_never_expanded():
    """Neither bombs nor files come out of a sitemap."""
    (entry,) = read(BOMB + urlset(news("1", "Tin &b; &f; up", at(hours=1)))).entries
    assert entry.title == "Tin &b; &f; up"


HURTING = {
    "depth": "<urlset>" + "<url>" * 300_000,
    "open": "<urlset><url><loc>" * 200_000,
    "comments": "<urlset>" + "<!-- " * 500_000,
    "sections": "<urlset>" + "<![CDATA[ ]" * 300_000,
    "tags": "<urlset>" + "<loc " * 500_000,
    "attributes": "<urlset " + 'a="1" ' * 300_000 + "><url>",
    "titles": "<urlset><url><news:news>" + "<news:title>x</news:title>" * 150_000,
    "addresses": urlset(*(url("a-" * 4000) for _ in range(300))),
    "numbers": urlset(url("1" * 3000 + "-a"), url("2026-" * 1000)),
    "children": index(*((f"{'a-' * 2000}{n}.xml", "") for n in range(500))),
    "dates": urlset(*(url(f"s-{n}", "9" * 5000) for n in range(500))),
}


@pytest.mark.parametrize("name", HURTING)
def test_sitemaps_made_to_hurt_end_in_time(name):
    """Floods of tags, comments, attributes and digits cost bounded time."""
    body = HURTING[name].encode()
    started = time.process_time()
    read(body)
    assert time.process_time() - started < 4


def test_fifty_thousand_addresses():
    """The largest sitemap of the protocol is read in a second or two, and remembered briefly."""
    body = urlset(*(url(f"news/ore-found-in-the-hills-{n}") for n in range(50_000))).encode()
    started = time.process_time()
    memory = json.loads(json.dumps(dict(read(body).memory)))
    assert time.process_time() - started < 6
    assert len(json.dumps(memory)) < 150_000
    found = read(body.replace(b"hills-77<", b"valley-far-away<"), memory=memory)
    assert paths(found)[0] == "news/ore-found-in-the-valley-far-away"


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [
                    "<urlset>", "<sitemapindex>", "<url>", "</url>", "<loc>", "</loc>", "<sitemap>",
                    "https://e.test/a-b", "<news:news>", "<news:title>", "]]>", "<![CDATA[", "<!--",
                    "<lastmod>2026-11-2", "2026-11-22T10:00:00Z</lastmod>", "&#xD800;", "&amp;",
                    "\ufffe", "//[", "/",
                ]
            ),
            max_size=40,
        ).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
        st.binary(max_size=200).map(lambda raw: b"\x1f\x8b\x08" + raw),
        st.binary(max_size=200).map(gzip.compress),
    ),
    st.booleans(),
)  # fmt: skip
def test_any_bytes_are_read_or_refused(body, is_part):
    """Whatever comes is a document that JSON can remember, or a lasting failure."""
    try:
        found = read(body, is_part=is_part)
    except Permanent:
        return
    assert len(found.entries) <= MOST_ENTRIES
    again = read(body, is_part=is_part, memory=json.loads(json.dumps(dict(found.memory))))
    assert all(entry.url.startswith("http") for entry in again.entries)


@settings(deadline=None, max_examples=60)
@given(st.sets(st.text(max_size=20), max_size=60), st.integers(100, 2000))
def test_a_packed_set_forgets_nothing(texts, room):
    """What was put in is found; the size stays within the room, or nothing is kept."""
    packed = packed_set(texts, room)
    assert len(packed) <= room + 16
    known = KnownTexts(packed)
    assert not packed or all(text in known for text in texts)


def test_a_packed_set_rarely_knows_a_stranger():
    """With sixteen bits a text, one stranger in 65,000 is taken for known."""
    known = KnownTexts(packed_set((f"a{n}" for n in range(20_000)), 140_000))
    assert sum(f"b{n}" in known for n in range(20_000)) <= 5


@pytest.mark.parametrize("packed", ["", "x", "1:2", "5:16:!!", None, 7, "9:16:AAAA", "2:0:qg=="])
def test_a_broken_set_is_empty_or_harmless(packed):
    """What is no packed set raises nothing."""
    assert "text" not in KnownTexts(packed)


@given(st.text(max_size=200))
def test_texts_are_unpacked_as_they_were(text):
    """A packed text comes back; anything else is empty."""
    assert unpacked_text(packed_text(text)) == text.encode("utf-8", "surrogatepass").decode(
        "utf-8", "replace"
    )
    assert unpacked_text(f"!{text}") == ""
