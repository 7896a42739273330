"""Channel pages: messages, times, forwards, and messages that tell several stories."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError, Permanent, Retryable
from monitor.parse.telegram.channel import parse_channel
from monitor.parse.telegram.messages import MOST_MESSAGES

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


def everything(*messages):
    """The entries of a page with these messages."""
    page = f'<html><body><main class="tgme_main">{"".join(messages)}</main></body></html>'
    return parse_channel(page.encode(), url="https://t.me/s/ores", now=NOW).entries


def read(*messages):
    """The messages of a page, without the articles that they link to."""
    return [entry for entry in everything(*messages) if "#" not in entry.guid]


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
    """The name of the channel that said it first is kept, and where it said so."""
    before = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;<a '
        'class="tgme_widget_message_forwarded_from_name" href="https://t.me/geo/1">'
        "<span>Геология <b>КЗ</b></span></a></div>"
    )
    (entry,) = read(message("Tungsten", before=before))
    assert (entry.forwarded_from, entry.links) == ("Геология КЗ", ("https://t.me/geo/1",))


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


CARD = (
    '<html><head><title>Telegram: Contact @x</title></head><body><div class="tgme_page">'
    '<div class="tgme_page_title"><span>{title}</span></div>'
    '<div class="tgme_page_extra">{extra}</div>'
    '<div class="tgme_page_description">{about}</div>'
    '<div class="tgme_page_action"><a>{action}</a></div>{more}</div></body></html>'
)


def card(title="Ores", extra="", about="", action="", more=""):
    """The card that Telegram shows of a name without a preview."""
    fields = {"title": title, "extra": extra, "about": about, "action": action, "more": more}
    page = CARD.format(**fields)
    return page if title else re.sub(r'<div class="tgme_page_title">.*?</div>', "", page)


@pytest.mark.parametrize(
    ("page", "cause"),
    [
        (card(extra="12 300 subscribers", action="View in Telegram"), "has no public preview"),
        (card(action="Join Channel", about="You are invited to the channel Ores"), "invitation"),
        (card(action="Join Channel"), "is private or has no public preview"),
        (card(extra="310 members, 12 online", action="View in Telegram"), "a group Ores"),
        (card(extra="9 monthly users", action="Start Bot"), "a bot Ores"),
        (card(extra="@ores", action="Send Message"), "the account of a person Ores"),
        (card(title="", about="you can contact @x right away"), "nobody has this name"),
        (
            card(more='<a class="tgme_page_context_link" href="/s/x">Preview channel</a>'),
            "the card of the channel Ores, not its messages",
        ),
        (
            card(about="This channel can’t be displayed because it broke the law."),
            "does not show this channel: “This channel can’t be displayed because it broke the law”",
        ),
        ("<html><title>Log in</title><form><input type=password></form>", "a login page came"),
        ("<html><title>Hello</title><p>World", "no page of a Telegram channel.*“Hello”"),
    ],
)
def test_a_page_without_preview_says_why(page, cause):
    """Each kind of page that never shows messages has a cause of its own, and advice."""
    with pytest.raises(Permanent, match=cause) as caught:
        parse_channel(page.encode(), url="https://t.me/s/x?before=9", now=NOW)
    assert caught.value.advice
    assert caught.value.subject == "https://t.me/s/x"


def test_a_channel_whose_preview_is_in_a_comment_has_none():
    """What Telegram has commented out does not count."""
    page = card(extra="5 subscribers", more='<!-- <a class="tgme_page_context_link">P</a> -->')
    with pytest.raises(Permanent, match="has no public preview"):
        parse_channel(page.encode(), url="https://t.me/x", now=NOW)


def test_no_posts_found_is_a_passing_failure():
    """Telegram says so too when it is asked too often: no channel is taken for empty."""
    page = b'<main class="tgme_main"><div class="tme_no_messages_found">No posts found</div></main>'
    with pytest.raises(Retryable, match="asked too often"):
        parse_channel(page, url="https://t.me/s/x", now=NOW)


def test_a_channel_without_messages():
    """It is empty as long as nothing was known of it, and a failure afterwards."""
    page = b'<section class="tgme_channel_history"></section>'
    document = parse_channel(page, url="https://t.me/s/x", now=NOW)
    assert (document.entries, document.problems) == ((), ("the channel has no messages yet",))
    with pytest.raises(Permanent, match="no messages any more"):
        parse_channel(page, url="https://t.me/s/x", now=NOW, memory={"newest": 5})


def poll(numbers, *, memory, asked="https://t.me/s/ores", is_part=False):
    """What the page with messages of these numbers leads to."""
    page = f"<html><body>{''.join(message('Ore', n) for n in numbers)}</body></html>"
    url = asked.partition("#")[0]
    return parse_channel(
        page.encode(), url=url, asked=asked, now=NOW, memory=memory, is_part=is_part
    )


def test_the_first_poll_does_not_page_back():
    """What is older than the first page of a new source is left alone."""
    document = poll([30, 31], memory={})
    assert (document.follow, document.memory) == ((), {"newest": 31})


def test_paging_back_to_the_last_message_seen():
    """The page before is asked for as long as the oldest message is not next to the known one."""
    memory = {"newest": 10}
    first = poll([30, 31], memory=memory)
    assert first.follow == ("https://t.me/s/ores?before=30#page=2",)
    second = poll([20, 29], memory=memory, asked=first.follow[0], is_part=True)
    assert second.follow == ("https://t.me/s/ores?before=20#page=3",)
    assert second.memory == {}
    assert poll([11, 19], memory=memory, asked=second.follow[0], is_part=True).follow == ()
    assert poll([5, 19], memory=memory, asked=second.follow[0], is_part=True).follow == ()


@pytest.mark.parametrize("numbers", [[31], [30, 31], []])
def test_paging_ends_when_nothing_older_is_shown(numbers):
    """A page that repeats what is newer, or shows nothing, ends it: deleted messages are gaps."""
    asked = "https://t.me/s/ores?before=30#page=2"
    document = poll(numbers, memory={"newest": 10}, asked=asked, is_part=True)
    assert document.follow == ()
    assert len(document.problems) == 1


def test_paging_is_bounded():
    """After twenty pages it ends, and the messages that were not read are named."""
    asked = "https://t.me/s/ores?before=600#page=20"
    document = poll([500, 599], memory={"newest": 10}, asked=asked, is_part=True)
    assert document.follow == ()
    assert "messages 11 to 499 were not read" in document.problems[0]


def test_an_album():
    """Pictures that were sent together are one message with one text and several numbers."""
    pictures = "".join(
        f'<a class="tgme_widget_message_photo_wrap grouped_media_wrap" '
        f'href="https://t.me/ores/{n}?single"></a>'
        for n in (7, 8, 9)
    )
    page = message("Mine sold", before=pictures)
    document = parse_channel(page.encode(), url="https://t.me/s/ores", now=NOW)
    assert [(e.guid, e.content) for e in document.entries] == [("ores/7", "Mine sold")]
    assert document.memory == {"newest": 9}
    assert poll([10], memory=document.memory).follow == ()


def test_text_within_text():
    """A text that stands in another is told once, and nothing of the outer one is lost."""
    inner = '<div class="tgme_widget_message_text js-message_text">Ore is sold</div>'
    (entry,) = read(message(f"{inner}<blockquote>For a song</blockquote>"))
    assert entry.content == "Ore is sold\nFor a song"


def test_an_edit_keeps_the_guid_and_nothing_volatile_is_content():
    """Views, reactions, votes and marks of an edit change nothing; words do."""
    footer = (
        '<div class="tgme_widget_message_reactions"><span class="tgme_reaction">{0}</span></div>'
        '<div class="tgme_widget_message_info"><span class="tgme_widget_message_views">{0}K</span>'
        '<span class="tgme_widget_message_meta">{1} </span></div>'
    )
    (first,) = read(message("Ore", after=footer.format(1, "")))
    (later,) = read(message("Ore", after=footer.format(2, "edited")))
    assert first == later
    (edited,) = read(message("Ore, corrected", after=footer.format(2, "edited")))
    assert (edited.guid, edited.content) == (first.guid, "Ore, corrected")


def test_a_forward_with_a_hidden_name():
    """The name is kept though it leads nowhere, with or without an element of its own."""
    named = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;'
        '<span class="tgme_widget_message_forwarded_from_name">A geologist</span></div>'
    )
    bare = '<div class="tgme_widget_message_forwarded_from">Forwarded from A geologist</div>'
    for before in (named, bare):
        (entry,) = read(message("Tungsten", before=before))
        assert (entry.forwarded_from, entry.links) == ("A geologist", ())


def test_service_messages_are_no_news():
    """What Telegram says in the channel is left out, yet counts as seen."""
    service = (
        '<div class="tgme_widget_message service_message" data-post="ores/9">'
        '<div class="tgme_widget_message_text">Ores pinned a photo</div></div>'
    )
    page = message("Ore") + service
    document = parse_channel(page.encode(), url="https://t.me/s/ores", now=NOW)
    assert [entry.guid for entry in document.entries] == ["ores/7"]
    assert document.memory == {"newest": 9}
    alone = parse_channel(service.encode(), url="https://t.me/s/ores", now=NOW)
    assert alone.problems == ("only messages of Telegram itself",)


PREVIEW = (
    '<a class="tgme_widget_message_link_preview" href="https://ores.example/1?utm_source=tg">'
    '<div class="link_preview_title">Mine sold</div>'
    '<div class="link_preview_description">For a song.</div></a>'
)


def test_an_article_that_a_message_links_to():
    """It is an entry of its own, with what the message shows of it, or the message's words."""
    text = f'Ore {LONG} <a href="https://ores.example/1">a</a> <a href="https://b.example/2">b</a>'
    forward = '<span class="tgme_widget_message_forwarded_from_name">Geo</span>'
    found = everything(message(text, before=forward, after=PREVIEW))
    own, first, second = found
    assert own.guid == "ores/7"
    assert (first.guid, first.url) == ("ores/7#link1", "https://ores.example/1")
    assert (first.title, first.summary) == ("Mine sold", "For a song.")
    assert (second.guid, second.url) == ("ores/7#link2", "https://b.example/2")
    assert (second.title, second.summary) == ("", own.content)
    assert {entry.forwarded_from for entry in found} == {"Geo"}
    assert first.published_at is None


def test_articles_of_a_digest():
    """Each story of a digest leads to its own article."""
    text = "<br/><br/>".join(
        f'Ore {n} is sold {LONG} <a href="https://ores.example/{n}">more</a>' for n in (1, 2)
    )
    found = everything(message(text))
    assert [(e.guid, e.part, e.url.rsplit("/", 1)[-1]) for e in found] == [
        ("ores/7", 1, "7"),
        ("ores/7#link1", 0, "1"),
        ("ores/7", 2, "7"),
        ("ores/7#link2", 0, "2"),
    ]
    assert [found[1].summary, found[3].summary] == [found[0].content, found[2].content]


@pytest.mark.parametrize(
    "links",
    [
        ["https://t.me/geo/1"],
        [
            "https://www.youtube.com/watch?v=1",
            "https://vk.com/wall-1_2",
            "https://x.com/a/status/1",
        ],
        ["https://boosty.to/ores", "https://ozon.ru/product/1"],
        ["https://ores.example/", "https://ores.example"],
        ["https://ores.example/map.jpg"],
        ["https://yandex.ru/maps/1"],
        [f"https://ores.example/{n}" for n in range(4)],
    ],
)
def test_links_that_are_not_followed(links):
    """Telegram, other networks, shops, roots of sites, pictures; more than a story has."""
    text = " ".join(f'<a href="{link}">ore</a>' for link in links)
    assert len(everything(message(text))) == 1


def test_a_signature_is_not_followed():
    """A link that most messages of a page carry is the channel's own; others are followed."""
    signed = 'Ore {0} <a href="https://ores.example/us">us</a>'
    page = [message(signed.format(n), n) for n in (1, 2, 3)]
    page.append(message(f'{signed.format(4)} <a href="https://ores.example/4">more</a>', 4))
    assert [e.url for e in everything(*page) if "#" in e.guid] == ["https://ores.example/4"]


def test_buttons_and_instant_views_lead_to_articles():
    """A button below a message is a link of it; an instant view stands for the page it shows."""
    button = '<a class="tgme_widget_message_inline_button" href="https://ores.example/1">Read</a>'
    assert everything(message("Ore", after=button))[1].url == "https://ores.example/1"
    view = '<a href="https://t.me/iv?url=https%3A%2F%2Fores.example%2F2&amp;rhash=1">Ore</a>'
    assert everything(message(view))[1].url == "https://ores.example/2"


def test_a_changed_layout_is_an_alarm():
    """Messages that have all lost their times, or their words, are read and reported."""
    bare = [message("Ore", n).replace("<time", "<span") for n in (1, 2, 3)]
    page = "".join(bare).encode()
    assert "its time" in parse_channel(page, url="https://t.me/s/ores", now=NOW).alarm
    page = page.replace(b"<span", b"<time").replace(b"message_text", b"words")
    assert "words or pictures" in parse_channel(page, url="https://t.me/s/ores", now=NOW).alarm
    assert not poll([1, 2, 3], memory={}).alarm


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


@pytest.mark.parametrize(
    "text",
    [
        "1. ore<br/>" * 200_000,
        "".join(f"{chr(0x2190 + n % 5000)} ore<br/>" for n in range(200_000)),
        "".join(f'<a href="https://a{n}.example/x">ore</a> ' for n in range(50_000)),
        "<b>1. </b>" * 200_000,
    ],
)
def test_a_message_of_megabytes_is_bounded(text):
    """However long a message is, it is read to a bound, in little time."""
    began = time.monotonic()
    assert len(everything(message(text))) == 1
    assert time.monotonic() - began < 5


def test_a_page_of_thousands_of_messages_is_bounded():
    """The newest messages of a page are read; none stands within another."""
    found = read(*(message("Ore", number) for number in range(1, 3000)))
    assert (len(found), found[-1].guid) == (MOST_MESSAGES, "ores/2999")
    assert [entry.guid for entry in read(message(message("Ore", 8), 7))] == ["ores/7"]


def test_a_channel_that_is_served_elsewhere():
    """A message on the site of the page itself is no article, whatever the site is."""
    forward = '<a class="tgme_widget_message_forwarded_from_name" href="/geo/1">Geo</a>'
    page = message('Ore <a href="/ores/3">before</a>', before=forward).encode()
    (entry,) = parse_channel(page, url="http://127.0.0.1:8080/s/ores", now=NOW).entries
    assert entry.links == ("http://127.0.0.1:8080/ores/3", "http://127.0.0.1:8080/geo/1")
