"""
One message of a Telegram channel's page: its words line by line, and what stands around them.

What changes without the author (views, reactions, votes, "edited", how long ago) is never read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html

from monitor.parse import markup
from monitor.parse.telegram.digests import COUNTED, Line
from monitor.urls import absolute, host

#: Messages of a page that are read, the newest; Telegram shows twenty.
MOST_MESSAGES = 500

#: Elements and texts of one message that are read, and characters of a line; Telegram allows
#: 4,096 characters in all.
MOST_NODES, MOST_CHARS = 10_000, 50_000

#: The first word of a line stands within so many characters.
_OPENING = 200

#: Telegram's own hosts.
TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog", "telegram.org"})

_BREAKS = frozenset({"p", "div", "blockquote", "pre", "li"})
_BOLD = frozenset({"b", "strong"})
_FORWARD = re.compile(r"^\s*forwarded from\s*", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"/(\d{1,12})(?:\?.*)?$")
_TEXT, _REPLY = "tgme_widget_message_text", "tgme_widget_message_reply"
#: What stands for the words of a message that has none.
_OTHER_TEXTS = (
    "tgme_widget_message_poll_question",
    "tgme_widget_message_poll_option_text",
    "tgme_widget_message_document_title",
)
#: Class of what a message without words shows, to what it is.
_MEDIA = {
    "tgme_widget_message_poll": "poll",
    "tgme_widget_message_document_wrap": "file",
    "tgme_widget_message_voice_player": "voice message",
    "tgme_widget_message_voice": "voice message",
    "tgme_widget_message_roundvideo_player": "video",
    "tgme_widget_message_video_player": "video",
    "tgme_widget_message_sticker_wrap": "sticker",
    "tgme_widget_message_photo_wrap": "photo",
    "tgme_widget_message_location_wrap": "location",
    "message_media_not_supported": "media that only the app shows",
}


#: The elements of a message by their classes.
Shown = Mapping[str, Sequence[html.HtmlElement]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a message shows of a page that it links to."""

    link: str = ""
    title: str = ""
    description: str = ""

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join(filter(None, (self.title, self.description)))


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as the channel's page shows it."""

    #: `channel/number`; of an album, that of its first picture.
    guid: str
    #: Its numbers; an album has one for each picture.
    numbers: tuple[int, ...]
    #: When it was published, as the page says it.
    raw_date: str = ""
    lines: tuple[Line, ...] = ()
    preview: Preview = field(default_factory=Preview)
    #: Who said it first, and where; the link is empty when the author hides.
    forwarded_from: str = ""
    forward_link: str = ""
    #: Where its buttons lead.
    buttons: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    #: What it shows instead of words: `[photo]`.
    media: str = ""
    #: Telegram said it, not the channel: "channel created", "pinned a photo".
    is_service: bool = False


def messages_of(page: html.HtmlElement, url: str) -> list[Message]:
    """The messages of a channel's page, in its order; none stands within another."""
    is_message = f"[@data-post][{with_class('tgme_widget_message')}]"
    nodes = page.xpath(f"//*{is_message}[not(ancestor::*{is_message})]")
    return [_message(node, url) for node in nodes[-MOST_MESSAGES:]]


def words_of(node: html.HtmlElement, name: str) -> str:
    """The text of the first element of a class, on one line."""
    for found in node.xpath(f".//*[{with_class(name)}]"):
        return markup.collapsed("".join(_texts(found)))
    return ""


def with_class(name: str) -> str:
    """XPath: has this class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _message(node: html.HtmlElement, url: str) -> Message:
    shown = _by_class(node)
    name, link = _forward(shown, url)
    author = _first_words(shown, "tgme_widget_message_from_author")
    return Message(
        guid=markup.collapsed(str(node.get("data-post"))),
        numbers=_numbers(node, shown),
        raw_date=_date(node, shown),
        lines=tuple(_lines(shown, url)),
        preview=_preview(shown, url),
        forwarded_from=name,
        forward_link=link,
        buttons=_buttons(shown, url),
        authors=(author,) if author else (),
        media=next((f"[{what}]" for name, what in _MEDIA.items() if name in shown), ""),
        is_service="service_message" in (node.get("class") or "").split(),
    )


def _by_class(node: html.HtmlElement) -> Shown:
    """The elements of a message by their classes, in the order of the document."""
    found: defaultdict[str, list[html.HtmlElement]] = defaultdict(list)
    for one in node.xpath(".//*[@class]")[:MOST_NODES]:
        for name in dict.fromkeys(one.get("class").split()):
            found[name].append(one)
    return dict(found)


def _first_words(shown: Shown, name: str) -> str:
    return next((markup.collapsed("".join(_texts(one))) for one in shown.get(name, ())), "")


def _numbers(node: html.HtmlElement, shown: Shown) -> tuple[int, ...]:
    """Of the message, then of the pictures of its album."""
    pictures = (one.get("href") or "" for one in shown.get("grouped_media_wrap", ()))
    found = (_LAST_NUMBER.search(place) for place in (node.get("data-post") or "", *pictures))
    return tuple(dict.fromkeys(int(match[1]) for match in found if match))


def _date(node: html.HtmlElement, shown: Shown) -> str:
    for place in (*shown.get("tgme_widget_message_date", ()), node):
        for found in place.xpath(".//time/@datetime"):
            return markup.collapsed(str(found))
    return ""


def _lines(shown: Shown, url: str) -> list[Line]:
    """The message's own words, not those it answers to, line by line; polls by their options."""
    own = [one for one in shown.get(_TEXT, ()) if not _is_within(one)]
    lines = [Line()]
    for one in own[:1] or [one for name in _OTHER_TEXTS for one in shown.get(name, ())]:
        _walk(one, lines, url)
        lines.append(Line())
    for line in lines:
        line.text = markup.collapsed(line.text)
    while lines and not lines[-1].text:
        lines.pop()
    return lines[next((at for at, line in enumerate(lines) if line.text), 0) :]


def _is_within(node: html.HtmlElement) -> bool:
    """Whether a text stands in another, or in what the message answers to."""
    around = (name for one in node.iterancestors() for name in (one.get("class") or "").split())
    return (
        any(name in {_TEXT, _REPLY} for name in around)
        or _REPLY in (node.get("class") or "").split()
    )


def _walk(root: html.HtmlElement, lines: list[Line], url: str) -> None:
    """Append the text below `root` to `lines`; without recursion, for any depth, to a bound."""
    waiting: list[tuple[Any, bool]] = [(root, False)]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node, bold = waiting.pop()
        if isinstance(node, str):
            _append(lines, node, is_bold=bold)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "br":
            lines.append(Line())
        inside = bold or tag in _BOLD
        if tag == "a" and (link := _outgoing(node.get("href") or "", url)):
            lines[-1].links.append(link)
        if tag in _BREAKS and node is not root and lines[-1].text:
            lines.append(Line())
        children: list[tuple[Any, bool]] = [(node.text or "", inside)] if tag else []
        for child in islice(node, MOST_NODES):
            children += [(child, inside), (child.tail or "", inside)]
        waiting.extend(reversed(children))


def _append(lines: list[Line], text: str, *, is_bold: bool) -> None:
    """More text of the last line, which is as bold as its first word."""
    flat = re.sub(r"\s+", " ", text[:MOST_CHARS])
    line = lines[-1]
    if len(line.text) < _OPENING and any(c.isalnum() for c in flat):
        is_first = not any(c.isalnum() for c in COUNTED.sub("", line.text))
        line.is_bold = is_bold if is_first else line.is_bold
    if len(line.text) < MOST_CHARS:
        line.text += flat


def _outgoing(href: str, url: str) -> str:
    """Where a link leads; nothing for hashtags, which only search the channel."""
    if href.startswith("?q="):
        return ""
    link = absolute(url, href)
    # An "instant view" shows the page that it names.
    if host(link) in TELEGRAM and urlsplit(link).path == "/iv":
        named = parse_qs(urlsplit(link).query).get("url", [""])[0]
        return absolute("", named) or link
    return link


def _preview(shown: Shown, url: str) -> Preview:
    for one in shown.get("tgme_widget_message_link_preview", ()):
        return Preview(
            link=_outgoing(one.get("href") or "", url),
            title=words_of(one, "link_preview_title"),
            description=words_of(one, "link_preview_description"),
        )
    return Preview()


def _forward(shown: Shown, url: str) -> tuple[str, str]:
    """The name that a message was forwarded from, and the original's address."""
    name = "tgme_widget_message_forwarded_from_name"
    for one in shown.get(name, ()):
        return _first_words(shown, name), _outgoing(one.get("href") or "", url)
    return _FORWARD.sub("", _first_words(shown, "tgme_widget_message_forwarded_from")), ""


def _buttons(shown: Shown, url: str) -> tuple[str, ...]:
    found = shown.get("tgme_widget_message_inline_button", ())
    links = (_outgoing(one.get("href") or "", url) for one in found)
    return tuple(dict.fromkeys(filter(None, links)))


def _texts(node: etree._Element) -> Iterator[str]:
    return (str(text) for text in node.itertext())
