"""Facts about sitemaps: what is new in them, and broken ones."""

import gzip
import json
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import Permanent
from monitor.parse.sitemap.addresses import is_story, title_of_address
from monitor.parse.sitemap.reader import FEW, MOST_ENTRIES
from tests.unit.parse.sitemaps import (
    NEWS_NS,
    NOW,
    NS,
    ROOT,
    Site,
    at,
    index,
    news,
    paths,
    read,
    url,
    urlset,
)


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


def test_a_title_outside_news_is_no_headline():
    """Only what stands in the element of the news sitemap is what the publisher calls a story."""
    body = urlset(url("tin-rises", at(hours=1), "<title>Home</title><name>Shop</name>"))
    found = read(body)
    assert (found.title, found.entries[0].title) == ("", "Tin rises")


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
    fresh = (NOW + timedelta(days=20)).isoformat()
    site.documents["sitemap"] = urlset(url("story-two", stamp), url("story-three", fresh))
    assert site.poll() == ["story-three", "story-two"]


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
    """What unpacks to more than the protocol allows is named, and not unpacked."""
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000, 1)
    tracemalloc.start()
    try:
        with pytest.raises(Permanent, match="more than 50 MB once unpacked"):
            read(bomb)
        assert tracemalloc.get_traced_memory()[1] < 80_000_000
    finally:
        tracemalloc.stop()


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
