"""Whom an article goes back to, as drafts weigh it: agency, words, byline, forward, link."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor import drafts
from monitor.model import Entry, Source, SourceKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BARE = "The mine in the steppe has been sold to a fund, and the price was not told to anybody."


def read(entry, *, kind=SourceKind.FEED, name="Sample Post"):
    """(whom it goes back to, what says so)."""
    source = Source(id=1, name=name, kind=kind, url="https://post.example/feed")
    unread = drafts.from_entry(source, 1, entry, {}, seen_at=NOW)
    (made,) = drafts.read_all([unread], threshold=0.5)
    return made.enrichment.attributed_to, made.enrichment.attribution


def entry(text=BARE, **more):
    """An item of the feed."""
    values = {"url": "https://post.example/1", "title": "Mine sold", "content": text} | more
    return Entry(guid="1", **values)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (entry(), ("", "")),
        (entry(f"{BARE} Reuters reports."), ("Reuters", "Reuters reports")),
        (entry(authors=("A. Writer", "Reuters")), ("Reuters", "Reuters")),
        (entry(url="https://www.reuters.com/1"), ("Reuters", "")),
        (entry(f"{BARE} По данным ТАСС.", url="https://reuters.com/1"), ("Reuters", "")),
    ],
)
def test_words_before_bylines_and_an_agency_for_itself(told, found):
    """An agency's own text goes back to nobody else, whomever it quotes."""
    assert read(told) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"forwarded_from": "Steppe channel"}, ("Steppe channel", "Steppe channel")),
        ({"links": ("https://www.kursiv.media/a",)}, ("Kursiv", "https://www.kursiv.media/a")),
        (
            {"links": ("https://www.post2.example/a",)},
            ("post2.example", "https://www.post2.example/a"),
        ),
        ({"links": ("https://t.me/steppe/1",)}, ("", "")),
        ({"links": ("https://a.example/", "https://b.example/")}, ("", "")),
    ],
)
def test_a_channel_s_message(more, found):
    """A forward goes back to whom it is from, a message with one link outside to that outlet."""
    message = replace(entry(url="https://t.me/post/1"), **more)
    assert read(message, kind=SourceKind.TELEGRAM) == found
    assert read(message) == ("", ""), "a feed's links are no sources"
    worded = replace(message, content=f"{BARE} Reuters reports.")
    assert read(worded, kind=SourceKind.TELEGRAM)[0] == "Reuters"


def test_forwards_and_links_travel_with_the_article():
    """The matcher sees what a message was forwarded from, and where it leads."""
    message = entry(forwarded_from="Steppe channel", links=("https://a.example/",))
    source = Source(id=1, name="Post", kind=SourceKind.TELEGRAM, url="https://t.me/s/post")
    (made,) = drafts.read_all(
        [drafts.from_entry(source, 1, message, {}, seen_at=NOW)], threshold=0.5
    )
    assert (made.forwarded_from, made.links) == ("Steppe channel", ("https://a.example/",))
