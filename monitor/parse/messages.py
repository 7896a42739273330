"""
One message of a Telegram channel's page: its words line by line, and what stands around them.

What changes without the author (views, reactions, votes, "edited", how long ago) is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html

from monitor.parse import markup
from monitor.parse.digests import COUNTED, Line
from monitor.urls import absolute, host

#: Telegram's own hosts.
TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog", "telegram.org"})

_BREAKS = frozenset({"p", "div", "blockquote", "pre", "li"})
_BOLD = frozenset({"b", "strong"})
_FORWARD = re.compile(r"^\s*forwarded from\s*", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"/(\d{1,12})(?:\?.*)?$")
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
    """The messages of a channel's page, in its order."""
    nodes = page.xpath(f"//*[@data-post][{with_class('tgme_widget_message')}]")
    return [_message(node, url) for node in nodes]


def words_of(node: html.HtmlElement, name: str) -> str:
    """The text of the first element of a class, on one line."""
    for found in node.xpath(f".//*[{with_class(name)}]"):
        return markup.collapsed("".join(_texts(found)))
    return ""


def with_class(name: str) -> str:
    """XPath: has this class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _message(node: html.HtmlElement, url: str) -> Message:
    name, link = _forward(node, url)
    author = words_of(node, "tgme_widget_message_from_author")
    return Message(
        guid=markup.collapsed(str(node.get("data-post"))),
        numbers=_numbers(node),
        raw_date=_date(node),
        lines=tuple(_lines(node, url)),
        preview=_preview(node, url),
        forwarded_from=name,
        forward_link=link,
        buttons=_buttons(node, url),
        authors=(author,) if author else (),
        media=_media(node),
        is_service="service_message" in (node.get("class") or "").split(),
    )


def _numbers(node: html.HtmlElement) -> tuple[int, ...]:
    """Of the message, then of the pictures of its album."""
    shown = node.xpath(f".//a[{with_class('grouped_media_wrap')}]/@href")
    found = (_LAST_NUMBER.search(str(place)) for place in (node.get("data-post"), *shown))
    return tuple(dict.fromkeys(int(match[1]) for match in found if match))


def _date(node: html.HtmlElement) -> str:
    own = node.xpath(f".//*[{with_class('tgme_widget_message_date')}]//time/@datetime")
    found = own or node.xpath(".//time/@datetime")
    return markup.collapsed(str(found[0])) if found else ""


def _lines(node: html.HtmlElement, url: str) -> list[Line]:
    """The message's own words, not those it answers to, line by line; polls by their options."""
    text = with_class("tgme_widget_message_text")
    own = node.xpath(
        f".//*[{text}][not(ancestor::*[{text}])]"
        f"[not(ancestor-or-self::*[{with_class('tgme_widget_message_reply')}])]"
    )
    found = own[:1] or node.xpath(
        f".//*[{with_class('tgme_widget_message_poll_question')}]"
        f"|.//*[{with_class('tgme_widget_message_poll_option_text')}]"
        f"|.//*[{with_class('tgme_widget_message_document_title')}]"
    )
    lines = [Line()]
    for one in found:
        _walk(one, lines, url)
        lines.append(Line())
    for line in lines:
        line.text = markup.collapsed(line.text)
    while lines and not lines[-1].text:
        lines.pop()
    while lines and not lines[0].text:
        lines.pop(0)
    return lines


def _walk(root: html.HtmlElement, lines: list[Line], url: str) -> None:
    """Append the text below `root` to `lines`; without recursion, for any depth."""
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
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
        for child in node:
            children += [(child, inside), (child.tail or "", inside)]
        waiting.extend(reversed(children))


def _append(lines: list[Line], text: str, *, is_bold: bool) -> None:
    flat = re.sub(r"\s+", " ", text)
    line = lines[-1]
    has_letter = any(c.isalnum() for c in flat)
    if has_letter and not any(c.isalnum() for c in COUNTED.sub("", line.text)):
        line.is_bold = is_bold
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


def _preview(node: html.HtmlElement, url: str) -> Preview:
    shown = node.xpath(f".//a[{with_class('tgme_widget_message_link_preview')}]")
    if not shown:
        return Preview()
    return Preview(
        link=_outgoing(shown[0].get("href") or "", url),
        title=words_of(shown[0], "link_preview_title"),
        description=words_of(shown[0], "link_preview_description"),
    )


def _forward(node: html.HtmlElement, url: str) -> tuple[str, str]:
    """The name that a message was forwarded from, and the original's address."""
    for found in node.xpath(f".//*[{with_class('tgme_widget_message_forwarded_from_name')}]"):
        name = markup.collapsed("".join(_texts(found)))
        return name, _outgoing(found.get("href") or "", url)
    said = words_of(node, "tgme_widget_message_forwarded_from")
    return _FORWARD.sub("", said), ""


def _buttons(node: html.HtmlElement, url: str) -> tuple[str, ...]:
    found = node.xpath(f".//a[{with_class('tgme_widget_message_inline_button')}]/@href")
    links = (_outgoing(str(href), url) for href in found)
    return tuple(dict.fromkeys(filter(None, links)))


def _media(node: html.HtmlElement) -> str:
    for name, what in _MEDIA.items():
        if node.xpath(f".//*[{with_class(name)}]"):
            return f"[{what}]"
    return ""


def _texts(node: etree._Element) -> Iterator[str]:
    return (str(text) for text in node.itertext())
