"""The Atom feed of a view: valid, bounded, conditional, and harmless with hostile titles."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree

from monitor.deliver import feed
from monitor.deliver.cards import refresh
from monitor.model import StoryQuery
from tests.store.records import NOW, hours
from tests.web.visitor import Visitor
from tests.web.world import served, tell

ATOM = {"a": feed.ATOM}


def view_of(desk, name="Board", **query):
    """A saved view."""
    return desk.database.add_view(name, StoryQuery(**query), owner="ann", now=NOW)


def read(desk, view, **headers):
    """What the feed answers."""
    return Visitor(desk.url).get(f"/views/{view.token}/feed.atom", **headers)


def test_a_feed_has_what_the_standard_asks_for(desk):
    """RFC 4287: ids, titles, times and authors; ids are unique tags; links are absolute."""
    answer = read(desk, view_of(desk))
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.text.encode())
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1, name
            assert element.find(f"a:{name}", ATOM).text
        assert element.find("a:author/a:name", ATOM).text
        assert datetime.fromisoformat(element.find("a:updated", ATOM).text).tzinfo
        rels = [link.get("rel") for link in element.findall("a:link", ATOM)]
        assert "alternate" in rels
        assert len(rels) == len(set(rels))
    ids = [one.text for one in root.iter(f"{{{feed.ATOM}}}id")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"tag:127\.0\.0\.1,2026:(view:\d+|s\d+)", one) for one in ids)
    host = urlsplit(desk.url).netloc
    links = root.findall("a:link", ATOM) + root.findall("a:entry/a:link[@rel='alternate']", ATOM)
    assert {urlsplit(link.get("href")).netloc for link in links} == {host}


def test_an_entry_tells_what_is_new(desk):
    """Happenings, outlets, figures; the links to the story and to the original."""
    parsed = feedparser.parse(read(desk, view_of(desk, search="Sample Cove")).text)
    assert not parsed.bozo
    (entry,) = [one for one in parsed.entries if one.id.endswith(":s1")]
    assert "First Post" in entry.summary
    assert "Третья газета" in entry.summary
    assert "Figures: " in entry.summary
    assert entry.link == f"{desk.url}/stories/1"
    assert [link.href for link in entry.links if link.rel == "via"] == ["https://ores.example/sale"]
    assert "sells its tungsten mine" not in entry.summary


def test_hostile_titles_are_text(desk):
    """What strangers write is escaped, without controls, and the feed stays well-formed."""
    view = view_of(desk, name="<b>\u202e&\x01")
    parsed = feedparser.parse(read(desk, view).text, sanitize_html=False)
    assert not parsed.bozo
    titles = [entry.title for entry in parsed.entries]
    assert any("<script>alert(1)</script>" in title for title in titles)
    assert all(entry.title_detail.type == "text/plain" for entry in parsed.entries)
    assert not re.search("[\x00-\x08\u202e\u2066]", read(desk, view).text)


def test_an_unchanged_feed_is_not_sent_again(desk):
    """By its tag, or by its time; a change of a story changes both."""
    view = view_of(desk)
    first = read(desk, view)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert read(desk, view, If_None_Match=tag).status == 304
    assert read(desk, view, If_None_Match=f'"x", W/{tag}').status == 304
    assert read(desk, view, If_Modified_Since=changed).status == 304
    assert read(desk, view, If_None_Match='"x"', If_Modified_Since=changed).status == 200
    for wrong in ("yesterday", "", "Mon, 99 Foo 9999 99:99:99 GMT"):
        assert read(desk, view, If_Modified_Since=wrong).status == 200
    tell(desk.database, "later", title="Later news", seen_at=hours(12))
    while refresh(desk.database):
        pass
    assert read(desk, view, If_None_Match=tag).status == 200
    assert read(desk, view, If_Modified_Since=changed).status == 200


@pytest.mark.parametrize("token", ["x", "%00", "..%2f", "é".encode().hex(), "%ED%A0%80"])
def test_an_address_that_is_none(desk, token):
    """A wrong token leads nowhere."""
    for name in ("feed.atom", "stories.csv"):
        assert Visitor(desk.url).get(f"/views/{token}/{name}").status in {400, 404}


def test_a_feed_is_bounded(tmp_path):
    """The newest hundred stories, and no more."""
    with served(f"sqlite:///{tmp_path}/b.sqlite") as desk:
        with desk.database.together():
            for number in range(feed.ENTRIES + 5):
                tell(desk.database, f"g{number}", title=f"Title {number}", seen_at=hours(number))
        while refresh(desk.database):
            pass
        parsed = feedparser.parse(read(desk, view_of(desk)).text)
        assert len(parsed.entries) == feed.ENTRIES
        assert parsed.entries[0].title == f"Title {feed.ENTRIES + 4}"
