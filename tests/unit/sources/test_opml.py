"""OPML: broken files are read, what was written reads back, hostile ones cost little."""

import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from monitor.errors import BadInput
from monitor.model import NewSource, SourceKind
from monitor.sources.opml import MOST_BYTES, NAMESPACE, read_opml, write_opml
from tests.unit.sources.catalogues import catalogues


def opml(body, head='<?xml version="1.0" encoding="UTF-8"?>'):
    """A file with these outlines."""
    return f'{head}\n<opml version="1.0"><head><title>t</title></head><body>{body}</body></opml>'


def urls(text):
    """The addresses found, in order."""
    data = text.encode() if isinstance(text, str) else text
    return [source.url for source in read_opml(data).sources]


def feed(url="https://a.example/feed", **more):
    """One outline."""
    said = {"text": "A", "type": "rss", "xmlUrl": url, **more}
    attributes = " ".join(f'{key}="{value}"' for key, value in said.items())
    return f"<outline {attributes}/>"


def test_an_outline_becomes_a_source():
    """Name, address, homepage and language are taken over."""
    text = opml(feed(title="Ore", text="Ore News", htmlUrl="https://a.example/", language="en-us"))
    assert read_opml(text.encode()).sources == (
        NewSource(
            name="Ore News",
            kind=SourceKind.FEED,
            url="https://a.example/feed",
            homepage="https://a.example/",
            language="en-US",
        ),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&copy=2&lt=3", "https://a.example/?a=1&copy=2&lt=3"),
        ("https://a.example/?a=1&#38;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/&nosuch;x", "https://a.example/&nosuch;x"),
        (" https://a.example/feed\n", "https://a.example/feed"),
        ("feed://a.example/feed", "https://a.example/feed"),
        ("a.example/feed", "https://a.example/feed"),
    ],
)
def test_addresses_survive_ampersands_and_spaces(written, meant):
    """An address is what its author meant, whether its ampersands are escaped or not."""
    assert urls(opml(feed(written))) == [meant]


@pytest.mark.parametrize(
    "body",
    [
        '<outline text="A" xmlUrl="https://a.example/feed">',
        '<outline text="A & B < C" xmlUrl="https://a.example/feed"/>',
        '<outline text="The "Ore" News" xmlUrl="https://a.example/feed"/>',
        '<outline description="see <a href="https://x.example" rel="nofollow">us</a>" xmlUrl="https://a.example/feed" />',
        '<outline text="A xmlUrl="https://a.example/feed" type="rss"/>',
        "<outline text='A' xmlUrl='https://a.example/feed'/>",
        "<outline text=A xmlUrl=https://a.example/feed />",
        "<outline text=A xmlUrl=https://a.example/feed/>".replace("feed/>", "feed />"),
        '<OUTLINE TEXT="A" XMLURL="https://a.example/feed"/>',
        '<outline text="A"xmlurl="https://a.example/feed"/>',
        '<outline\n\ttext="A"\n\txmlUrl = "https://a.example/feed"\n/>',
        '<outline text="A" type="rss" url="https://a.example/feed"/>',
        '<outline text="A" xmlUrl="https://a.example/feed',
    ],
)
def test_broken_markup_is_read(body):
    """Quotes, brackets, case and missing ends do not lose a feed."""
    assert urls(opml(body)) == ["https://a.example/feed"]


def test_a_quote_within_a_name_belongs_to_it():
    """A value ends at the quote that something fit for a tag follows."""
    (source,) = read_opml(opml(feed(text='The "Ore" News')).encode()).sources
    assert source.name == 'The "Ore" News'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_encodings_are_told(encoding):
    """Byte order marks, wide encodings and lying declarations do not matter."""
    text = opml(feed(text="Горные новости, добыча и переработка"))
    (source,) = read_opml(text.encode(encoding)).sources
    assert source.name == "Горные новости, добыча и переработка"


def test_a_file_escaped_as_html_is_read():
    """A file saved out of a web page, with its markup escaped, is read once unescaped."""
    text = opml(feed("https://a.example/?a=1&amp;b=2"))
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, escaped)
    assert urls(text) == ["https://a.example/?a=1&b=2"]


def test_folders_and_categories_become_tags():
    """Every folder around a feed is a tag, and so is the last word of each category."""
    body = (
        '<outline text="Metals"><outline title="Battery">'
        f"{feed(category='/Mining/Lithium,Asia')}</outline>{feed('https://b.example/f')}</outline>"
        f"{feed('https://c.example/f')}"
    )
    tags = {source.url: source.tags for source in read_opml(opml(body).encode()).sources}
    assert tags == {
        "https://a.example/feed": ("Metals", "Battery", "Lithium", "Asia"),
        "https://b.example/f": ("Metals",),
        "https://c.example/f": (),
    }


def test_missing_closing_tags_keep_folders_apart():
    """Feeds that are never closed do not swallow the end of their folder."""
    body = (
        '<outline text="Metals">'
        '<outline text="A" xmlUrl="https://a.example/f">'
        '<outline text="B" xmlUrl="https://b.example/f"></outline>'
        '<outline text="C" xmlUrl="https://c.example/f"/></outline>'
        '<outline text="D" xmlUrl="https://d.example/f">'
    )
    tags = [source.tags for source in read_opml(opml(body).encode()).sources]
    assert tags == [("Metals",), ("Metals",), ("Metals",), ()]


def test_a_feed_in_two_folders_is_one_source():
    """The same address counts once, with the tags of all its places."""
    body = f'<outline text="X">{feed()}</outline><outline text="Y">{feed()}</outline>'
    (source,) = read_opml(opml(body).encode()).sources
    assert source.tags == ("X", "Y")


def test_comments_are_no_feeds():
    """What its author commented out is not imported."""
    assert urls(opml(f"<!-- {feed('https://old.example/f')} -->{feed()}")) == [
        "https://a.example/feed"
    ]


def test_a_telegram_channel_is_read_as_one():
    """An address of t.me becomes the channel's public page."""
    (source,) = read_opml(opml(feed("https://t.me/orechannel")).encode()).sources
    assert (source.kind, source.url) == (SourceKind.TELEGRAM, "https://t.me/s/orechannel")


def test_unusable_addresses_are_named():
    """An outline whose address can not be read is a fault in words; the others are read."""
    reading = read_opml(opml(feed("javascript:alert(1)", text="Odd") + feed()).encode())
    assert [source.url for source in reading.sources] == ["https://a.example/feed"]
    assert len(reading.faults) == 1
    assert "Odd" in reading.faults[0]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (bytes(range(256)) * 4, "not text"),
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "a web page"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "is a feed, no list"),
        (opml('<outline text="A"/>').encode(), "names no feed"),
        (opml(feed("nothing here")).encode(), "no usable address"),
        (b"Dear all, please find attached", "no OPML"),
        (b" " * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_opml_is_named(data, cause):
    """A file that holds no feed is refused, and the error says what it is."""
    with pytest.raises(BadInput, match=cause):
        read_opml(data)


def test_entities_are_never_expanded():
    """A bomb of entities stays as small as its file, and its document type holds no feed."""
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
        "<!ENTITY c \"<outline xmlUrl='https://evil.example/'/>\">]>"
    )
    (source,) = read_opml(opml(feed(text="x&b;y"), head=bomb).encode()).sources
    assert (source.name, source.url) == ("x&b;y", "https://a.example/feed")


@pytest.mark.parametrize(
    "body",
    [
        "<outline " * 50_000,
        '<outline text="A">' * 50_000,
        "<outline " + 'a="' * 500_000,
        "<outline " + "a = " * 400_000,
        "<!--" * 400_000,
        "<outline text='" + " " * 1_500_000,
        "</outline>" * 300_000,
        '<outline text="' + "&amp;" * 300_000 + '"/>',
    ],
    ids=["tags", "folders", "quotes", "names", "comments", "spaces", "ends", "references"],
)
def test_hostile_files_take_linear_time(body):
    """Megabytes of nonsense are read within seconds, and the feed at their end is found."""
    started = time.process_time()
    assert urls(opml(body + "<outline/>" + feed())) == ["https://a.example/feed"]
    assert time.process_time() - started < 5


@given(catalogues)
def test_what_was_written_reads_back(written):
    """Every source survives a round through OPML, selectors and state included."""
    assert read_opml(write_opml(written).encode()).sources == tuple(written)


@given(catalogues)
def test_what_is_written_is_valid(written):
    """An XML parser reads it as OPML 2.0: a head, a body, feeds as `rss` with `xmlUrl`."""
    root = ET.fromstring(write_opml(written))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    for outline, source in zip(root.find("body"), written, strict=True):
        is_feed = source.kind is SourceKind.FEED
        assert outline.get("text") == source.name
        assert outline.get("type") == ("rss" if is_feed else "link")
        assert outline.get("xmlUrl" if is_feed else "url") == source.url
        assert outline.get(f"{{{NAMESPACE}}}state") == source.state.value


def test_characters_that_xml_has_not_are_replaced():
    """A control character in a name does not make the file unreadable."""
    source = NewSource(name="a\x0bb", kind=SourceKind.FEED, url="https://a.example/feed")
    assert ET.fromstring(write_opml([source])).find("body")[0].get("text") == "a\ufffdb"
