"""Facts about feeds: formats, encodings, hostile and broken ones."""

import contextlib
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import Permanent
from monitor.parse import feeds
from monitor.parse.feeds import parse_feed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://example.org/rss/all.xml"


def item(number, extra=""):
    """One RSS item."""
    return (
        f"<item><title>Ore {number}</title><link>https://e.org/{number}</link>"
        f"<guid>g{number}</guid><description>Text {number}{extra}</description></item>"
    )


def rss(*items, head="", doctype=""):
    """An RSS document."""
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Ores</title><link>https://e.org/news/</link>{head}{''.join(items)}"
        "</channel></rss>"
    )


def read(text, content_type="", encoding="utf-8"):
    """The document that is read from `text`."""
    body = text if isinstance(text, bytes) else text.encode(encoding)
    return parse_feed(body, url=URL, content_type=content_type, now=NOW)


def titles(text, **options):
    """Titles of the entries that are read from `text`."""
    return [entry.title for entry in read(text, **options).entries]


def test_rss_item():
    """Every field of an RSS item is read and made plain."""
    found = read(
        rss(
            "<item><title>Tungsten &amp;amp; tin</title><link>/a?b=1&amp;c=2</link>"
            '<guid isPermaLink="false">id-7</guid><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>'
            "<author>a@e.org (Ann Ore)</author><description>Short &lt;b&gt;one&lt;/b&gt;"
            "</description><content:encoded><![CDATA[<p>Long text</p><p>of the <a href='/x'>mine"
            "</a></p>]]></content:encoded></item>",
            head="<language>en-GB</language><ttl>30</ttl>",
        )
    )
    (entry,) = found.entries
    assert (found.title, found.language, found.ttl_s, found.problems) == ("Ores", "en-GB", 1800, ())
    assert entry.title == "Tungsten & tin"
    assert entry.url == "https://e.org/a?b=1&c=2"
    assert entry.guid == "id-7"
    assert entry.summary == "Short one"
    assert entry.content == "Long text\nof the mine"
    assert entry.authors == ("Ann Ore",)
    assert entry.published_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert entry.published_raw == "Mon, 23 Nov 2026 10:00:00 GMT"
    assert entry.language == "en-GB"
    assert entry.links == ("https://e.org/x",)


def test_content_that_says_no_more_is_left_out():
    """Full text shorter than the summary is not content."""
    feed = rss(item(1).replace("</item>", "<content:encoded>Text</content:encoded></item>"))
    assert read(feed).entries[0].content == ""


def test_atom_with_xml_base():
    """Links of Atom follow xml:base, and content alone is content."""
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.org/b/" xml:lang="de">'
        "<title>T</title><entry><id>urn:1</id><title>Erz</title><link href='c'/>"
        "<updated>2026-11-22T10:00:00+01:00</updated><content type='html'>&lt;p&gt;Voll &lt;a "
        "href='d'&gt;x&lt;/a&gt;</content></entry></feed>"
    ).entries[0]
    assert (found.url, found.guid, found.language) == ("https://a.org/b/c", "urn:1", "de")
    assert (found.summary, found.content) == ("", "Voll x")
    assert found.links == ("https://a.org/b/d",)
    assert found.published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_rdf_and_update_period():
    """RSS 1.0 is read, and its update period is the wish for polling."""
    found = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>'
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        "</channel><item><title>A</title><link>https://e.org/a</link></item></rdf:RDF>"
    )
    assert found.ttl_s == 21_600
    assert found.entries[0].url == "https://e.org/a"


def test_guid_that_is_no_address():
    """A bare guid is not taken for a relative link."""
    assert read(rss("<item><title>A</title><guid>12345</guid></item>")).entries[0].url == ""


def test_json_feed():
    """JSON Feed gives the same records; items of a wrong type are noted."""
    found = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "T",
                "language": "en",
                "items": [
                    {"id": 5, "url": "/a", "title": "A", "content_html": "<a href='/b'>full</a>",
                     "date_published": "2026-11-23T10:00:00Z", "authors": [{"name": "Ann"}]},
                    "bad",
                ],
            }
        )
    )  # fmt: skip
    (entry,) = found.entries
    assert (entry.guid, entry.url, entry.content) == ("5", "https://example.org/a", "full")
    assert (entry.authors, entry.links) == (("Ann",), ("https://example.org/b",))
    assert found.problems


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "empty body"),
        (b" \n\0 ", "empty body"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x1f\x8b\x08x", "gzip"),
        (b"plain words", "not XML: begins with 'plain words'"),
        (b"<urlset><url/></urlset>", "root element urlset"),
        (b"<opml version='2.0'><body/></opml>", "opml"),
        (b"{}", "not a JSON Feed"),
        (b'{"items":[{"a":1}]}', "not a JSON Feed"),
        (b"[" * 200_000, "neither XML nor valid JSON"),
        (b"<!DOCTYPE html><html><body>hi</body></html>", "it offers none"),
    ],
)
def test_no_feed(body, cause):
    """What is no feed is refused with what it is."""
    with pytest.raises(Permanent, match=cause):
        read(body)


def test_html_offers_its_feeds():
    """A web page is refused with the feeds that it names."""
    page = (
        "<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/f'>"
        "<link rel=stylesheet href=s.css></head></html>"
    )
    with pytest.raises(Permanent, match=r"it offers: https://example\.org/f\)"):
        read(page)


@pytest.mark.parametrize(
    ("declared", "actual", "title", "content_type"),
    [
        ("utf-8", "cp1251", "Вольфрам подорожал на мировом рынке металлов", ""),
        ("utf-8", "gb18030", "中国钨矿出口管制的最新消息和价格走势", ""),
        ("windows-1251", "utf-8", "Вольфрам подорожал", ""),
        ("windows-1251", "cp1251", "Вольфрам подорожал", "text/xml; charset=utf-8"),
        ("gb2312", "gb18030", "钨价上涨", ""),
        ("iso-8859-1", "cp1252", "Preis – gefährlich", ""),
        ("utf-8", "utf-16", "Wolfram – W", ""),
        ("utf-16", "utf-8", "Вольфрам", ""),
        ("koi8-r", "koi8-r", "Вольфрам подорожал", ""),
        ("no-such", "utf-8", "Вольфрам", "text/xml; charset=none-such"),
        ("no-such", "euc_jp", "タングステン鉱山の再開を政府が支援する", ""),
        ("no-such", "cp932", "タングステン鉱山の再開を政府が支援する", ""),
        ("no-such", "cp949", "정부는 텅스텐 광산 재가동을 지원한다", ""),
        ("no-such", "gb18030", "中国对钨和锑的出口实施管制", ""),
    ],
)
def test_encodings_that_lie(declared, actual, title, content_type):
    """The text is right though header, declaration and bytes disagree."""
    text = rss(item(1).replace("Ore 1", title)).replace("?>", f' encoding="{declared}"?>', 1)
    assert titles(text, content_type=content_type, encoding=actual) == [title]


@pytest.mark.parametrize(
    "bad",
    ["&#xD800;", "&#0;&#x110000;", "&#" + "9" * 5000 + ";", "\x00\x0b", "&nosuch;", "a & b < c"],
)
def test_items_around_a_bad_one(bad):
    """One bad item costs neither those before nor those after it."""
    assert titles(rss(item(1), item(2, bad), item(3))) == ["Ore 1", "Ore 2", "Ore 3"]


def test_last_resort_reads_item_by_item():
    """Items are read one by one, and the loss is noted, when the whole cannot be parsed."""
    problems = []
    raising = rss(item(1), item(2, "&#xD800;"), item(3))
    feed, found, version = feeds._parsed(raising, problems)
    assert [entry.title for entry in found] == ["Ore 1", "Ore 3"]
    assert (feed["title"], version) == ("Ores", "rss20")
    assert problems == ["read item by item; 1 of 3 items were lost"]


@pytest.mark.parametrize(
    ("last", "titles_found"),
    [
        ("<title>Ore 2</title><link>https://x.example/2</link><description>ha", ["Ore 1", "Ore 2"]),
        ("<title>Ore 2</title><guid>2</guid><link>https://x.exa", ["Ore 1", "Ore 2"]),
        ("<link href='https://x.example/2'/><title>Or", ["Ore 1", ""]),
        ("<guid>2</guid><title><![CDATA[ </title>", ["Ore 1", ""]),
        ("<title>Ore 2</title><link>https://x.exa", ["Ore 1"]),
        ("<title>Ore 2</title", ["Ore 1"]),
        ("", ["Ore 1"]),
    ],
)
def test_truncated(last, titles_found):
    """Of an item that was cut off its whole elements stay, if they say which item it is."""
    whole = rss(item(1))
    found = read(f"{whole[: -len('</channel></rss>')]}<item>{last}")
    assert [entry.title for entry in found.entries] == titles_found
    assert not any(entry.url.endswith("exa") for entry in found.entries)
    assert "cut off" in found.problems[0]


@pytest.mark.parametrize("rest", ["<a>", "<a></a>", "<b><![CDATA["])
def test_truncated_in_linear_time(rest):
    """A long rest of an item takes no quadratic time."""
    whole = rss(item(1))
    started = time.perf_counter()
    read(f"{whole[: -len('</channel></rss>')]}<item><guid>2</guid>{rest * 20_000}")
    assert time.perf_counter() - started < 5


def test_entities_are_never_expanded():
    """Entity bombs and external entities stay unexpanded, and the items are read."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "ha">{names}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    (entry,) = read(rss(item(1, " &e11; &x;"), doctype=bomb)).entries
    assert entry.title == "Ore 1"
    assert len(entry.summary) < 40


def test_junk_before_the_document():
    """A server's warning before the document is skipped and noted."""
    found = read(f"<br /><b>Warning</b>: x in y\n{rss(item(1))}")
    assert len(found.entries) == 1
    assert found.problems


@pytest.mark.parametrize("value", ['="x"', "=x", "", '="&lt;"'])
def test_many_attributes(value):
    """Sixteen thousand attributes take no quadratic time."""
    many = " ".join(f"a{number}{value}" for number in range(16_000))
    started = time.perf_counter()
    found = titles(rss(item(1), f"<item {many}><title>Many</title></item>", item(2)))
    assert found == ["Ore 1", "Many", "Ore 2"]
    assert time.perf_counter() - started < 5


def test_fields_of_any_length_are_cut():
    """What is longer than any title, name, date or language tag is cut, and costs no time."""
    long, many = "ore " * 250_000, "".join(f"<author>a{n}</author>" for n in range(2000))
    fields = f"<title>{long}</title><pubDate>{long}</pubDate><guid>1</guid>{many}"
    (entry,) = read(rss(f"<item>{fields}</item>", head=f"<language>{long}</language>")).entries
    assert (len(entry.title), len(entry.authors)) == (1999, 50)
    assert len(entry.published_raw) <= 200
    assert entry.language == ""


def test_many_entries():
    """Thousands of entries are read, none lost."""
    assert len(read(rss(*(item(number) for number in range(5000)))).entries) == 5000


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.binary(max_size=12))
def test_damage_raises_only_permanent(start, length, junk):
    """A feed damaged anywhere gives a document or Permanent."""
    body = rss(item(1), item(2)).encode()
    with contextlib.suppress(Permanent):
        read(body[:start] + junk + body[start + length :])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_raise_only_permanent(body, content_type):
    """Any bytes under any header give a document or Permanent."""
    with contextlib.suppress(Permanent):
        read(body, content_type=content_type)


def opaque_item(title, source=""):
    """An item as Google News writes it."""
    link = "https://news.google.com/rss/articles/CBMiABC?oc=5"
    return (
        f'<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">CBMiABC</guid>'
        "<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>"
        f'<description>&lt;a href="{link}"&gt;{title}&lt;/a&gt;&amp;nbsp;'
        f"&lt;font&gt;Ore Weekly&lt;/font&gt;</description>{source}</item>"
    )


def test_an_item_of_an_aggregator():
    """The title is the outlet's own, the outlet is named, and the description says nothing."""
    source = '<source url="https://www.ores.example">Ore Weekly</source>'
    (entry,) = read(rss(opaque_item("Mine sold - for a song - Ore Weekly", source))).entries
    assert (entry.title, entry.summary, entry.content) == ("Mine sold - for a song", "", "")
    assert (entry.forwarded_from, entry.links) == ("Ore Weekly", ("https://www.ores.example",))
    assert (entry.guid, entry.url.endswith("CBMiABC?oc=5")) == ("CBMiABC", True)


@pytest.mark.parametrize(
    ("title", "source", "expected"),
    [
        ("Mine sold - Ore Weekly", "", ("Mine sold", "Ore Weekly")),
        ("Mine sold", "", ("Mine sold", "")),
        ("Mine sold", "<source>Ore Weekly</source>", ("Mine sold", "Ore Weekly")),
        ("Mine - sold", "<source>Ore Weekly</source>", ("Mine - sold", "Ore Weekly")),
        (" - Ore Weekly", "<source>Ore Weekly</source>", ("- Ore Weekly", "Ore Weekly")),
    ],
)
def test_the_outlet_of_an_aggregated_item(title, source, expected):
    """Without a source the title's end names the outlet; another end stays in the title."""
    (entry,) = read(rss(opaque_item(title, source))).entries
    assert (entry.title, entry.forwarded_from) == expected
    assert entry.links == ()
