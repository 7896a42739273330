"""Channel pages: messages, times, forwards, and messages that tell several stories."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError
from monitor.parse.telegram import parse_channel

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
LONG = "and that sentence goes on for long enough to stand all alone"


def message(text, number=7, *, before="", after=""):
    """One message as the channel's page shows it."""
    return (
        f'<div class="tgme_widget_message js-widget_message" data-post="ores/{number}">{before}'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>{after}'
        f'<a class="tgme_widget_message_date" href="https://t.me/ores/{number}">'
        f'<time datetime="2026-03-02T08:15:00+02:00">08:15</time></a></div>'
    )


def read(*messages):
    """The entries of a page with these messages."""
    page = f'<html><body><main class="tgme_main">{"".join(messages)}</main></body></html>'
    return parse_channel(page.encode(), url="https://t.me/s/ores", now=NOW).entries


def test_a_message():
    """Number, address, time in UTC, words by lines, links."""
    (entry,) = read(message('<b>Mine sold</b><br/><br/>Details <a href="/x?a=1&amp;b=2">here</a>.'))
    assert (entry.guid, entry.url) == ("ores/7", "https://t.me/ores/7")
    assert entry.published_at == datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
    assert (entry.title, entry.content) == ("Mine sold", "Mine sold\n\nDetails here.")
    assert entry.links == ("https://t.me/x?a=1&b=2",)
    assert entry.part == 0


def test_hashtags_are_no_links():
    """A hashtag only searches the channel; where a message leads is elsewhere."""
    text = 'Ore <a href="?q=%23wolfram">#wolfram</a> <a href="https://e.org/1">here</a>'
    (entry,) = read(message(text))
    assert (entry.content, entry.links) == ("Ore #wolfram here", ("https://e.org/1",))


def test_a_forward():
    """The name of the channel that said it first is kept."""
    before = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;<a '
        'class="tgme_widget_message_forwarded_from_name" href="https://t.me/geo/1">'
        "<span>Геология <b>КЗ</b></span></a></div>"
    )
    assert read(message("Tungsten", before=before))[0].forwarded_from == "Геология КЗ"


def test_an_answer():
    """The words that a message answers to are not its own."""
    before = (
        '<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">Old</div></a>'
    )
    assert read(message("New", before=before))[0].content == "New"


def test_a_linked_page():
    """A message that is only a link takes the linked page's title."""
    after = (
        '<a class="tgme_widget_message_link_preview" href="https://ores.example/1">'
        '<div class="link_preview_title">Mine sold</div>'
        '<div class="link_preview_description">For a song.</div></a>'
    )
    (entry,) = read(message("https://ores.example/1", after=after))
    assert (entry.title, entry.summary) == ("Mine sold", "Mine sold\nFor a song.")
    assert entry.links == ("https://ores.example/1",)


def test_pictures_and_polls():
    """A message without words says what it shows; a poll says its question."""
    photo = (
        '<div class="tgme_widget_message" data-post="ores/1">'
        '<a class="tgme_widget_message_photo_wrap"></a></div>'
    )
    poll = (
        '<div class="tgme_widget_message" data-post="ores/2"><div class="tgme_widget_message_poll">'
        '<div class="tgme_widget_message_poll_question">Buy?</div>'
        '<div class="tgme_widget_message_poll_option_text">No</div></div></div>'
    )
    assert [(e.title, e.content) for e in read(photo, poll)] == [
        ("[photo]", ""),
        ("Buy?", "Buy?\nNo"),
    ]


@pytest.mark.parametrize(
    "marks",
    [("1. ", "2. ", "3. "), ("1) ", "2) ", "3) "), ("1️⃣", "2️⃣", "3️⃣"), ("①", "②", "③")]
    + [(sign,) * 3 for sign in ("• ", "— ", "🔹", "⚡️ ", "▪️")],
)
@pytest.mark.parametrize(
    "heading", ["", "<b>Главное к этому часу</b><br/><br/>", "Morning news<br/>"]
)
def test_marked_items_are_stories(marks, heading):
    """Items behind numbers or one sign, alone or under a digest's heading, are stories."""
    items = [f"{mark}Ore {n} is sold {LONG}" for n, mark in enumerate(marks)]
    found = read(message(heading + "<br/>".join(items) + '<br/><br/><a href="/ores">@ores</a>'))
    assert [entry.part for entry in found] == [1, 2, 3]
    assert [entry.content for entry in found] == [f"Ore {n} is sold {LONG}" for n in range(3)]
    assert {entry.guid for entry in found} == {"ores/7"}


@pytest.mark.parametrize(
    "template", ["<b>Ore {n}.</b> It is sold {long}", "🔸<b>Ore {n}</b> {long}"]
)
def test_paragraphs_that_open_in_bold(template):
    """Paragraphs that each open in bold are stories, under any heading word."""
    text = "<br/><br/>".join(template.format(n=n, long=LONG) for n in (1, 2))
    assert [entry.part for entry in read(message(text))] == [1, 2]


def test_paragraphs_with_links_of_their_own():
    """Paragraphs that each end with another outside link are stories, with their own links."""
    text = "<br/><br/>".join(
        f'Ore {n} is sold {LONG} <a href="https://ores.example/{n}">more</a>' for n in (1, 2)
    )
    assert [entry.links for entry in read(message(text))] == [
        ("https://ores.example/1",),
        ("https://ores.example/2",),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"<b>Mine sold</b><br/><br/>First {LONG}.<br/><br/>Then {LONG}.<br/><br/>At last {LONG}.",
        f"Cove buys the mine<br/>• The stake {LONG}<br/>• The price {LONG}",
        "Digest<br/>• 70 % stake<br/>• 1.4 Mt of ore",
        f"In 2026.<br/>1. First {LONG}<br/>3. Third {LONG}<br/>A word<br/>",
        f"— Who pays? {LONG}<br/>The minister said {LONG}",
        f'Ore {LONG} <a href="https://a.example/">x</a> and<br/><br/>more {LONG}',
    ],
)
def test_one_story_of_many_paragraphs(text):
    """Paragraphs, details, short points, broken counts and a dialogue are one story."""
    assert [entry.part for entry in read(message(text))] == [0]


def test_pages_without_messages():
    """A private channel says so; another page says that it is no channel."""
    private = b'<html><div class="tgme_page"><div class="tgme_page_title">X</div></div></html>'
    document = parse_channel(private, url="https://t.me/s/x", now=NOW)
    assert "private" in document.problems[0]
    other = parse_channel(b"<html><p>Hello", url="https://t.me/s/x", now=NOW)
    assert "not a channel" in other.problems[0]


def test_deep_nesting():
    """A message nested ten thousand deep is read, or cut by the parser, and never crashes."""
    assert len(read(message("<i>" * 10_000 + "Ore" + "</i>" * 10_000))) == 1


@given(st.binary(max_size=300))
def test_any_bytes(body):
    """Only errors of our own leave."""
    with suppress(MonitorError):
        assert parse_channel(body, url="https://t.me/s/x", now=NOW).problems


@given(st.text(max_size=200))
def test_any_words(text):
    """Every message comes out, whatever its words; parts count from 1."""
    found = read(message(text.replace("<", "&lt;").replace("&", "&amp;")))
    assert len(found) == 1 or [e.part for e in found] == list(range(1, len(found) + 1))
