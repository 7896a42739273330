"""
Public Telegram channels as the web shows them (`t.me/s/<channel>`), and their messages.

One message may tell several stories. It is split when its items are told apart by the
author: by numbers that count up or one repeated sign at the beginning of lines, or by
paragraphs that each open in bold or each end with a link of their own; and when the items
can stand alone: each has at least `ITEM_WORDS` words. Numbered or signed items under a
heading that is no heading of a digest are the details of one story, unless each has its own
link or opens in bold. Paragraphs without such marks are one story, however many they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lxml import etree, html

from monitor.dates import parse_date
from monitor.encoding import decoded
from monitor.model import Document, Entry
from monitor.parse import markup
from monitor.parse.sniffing import refuse_binary
from monitor.urls import absolute, host

#: An item of fewer words is a detail of a story, not a story (two ideographs are one word).
ITEM_WORDS = 10

#: A title is cut after so many characters.
TITLE_CHARS = 200

#: Words of a heading over several stories.
DIGEST = re.compile(
    r"дайджест|главн|новост|итог|коротко|подборк|обзор|к этому часу|жаңалық|басты|шолу|digest|"
    r"headlines|news|brief|round-?up|today|this week|wrap|resumen|titulares|überblick|"
    r"要闻|快讯|早报|晚报|简报|新闻|汇总",
    re.IGNORECASE,
)

_COUNTED = re.compile(r"(?P<n>\d{1,2})(?:[.)]\s|\ufe0f?\u20e3\s*)|(?P<c>[\u2460-\u2473])\s*")
_SIGN = re.compile(r"([^\w\s\"'«“„(\[#@$€£¥₸₽+\u200d\ufe0f])\ufe0f?\s*(?=\S)")
_LINK = re.compile(r"https?://\S+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zа-я])|(?<=[。！？])")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BREAKS = frozenset({"br", "p", "div", "blockquote", "pre", "li"})
_BOLD = frozenset({"b", "strong"})
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


@dataclass(slots=True)
class _Line:
    """One line of a message; an empty one parts paragraphs."""

    text: str = ""
    #: Whether its first word is bold.
    is_bold: bool = False
    links: list[str] = field(default_factory=list)


def parse_channel(
    body: bytes,
    *,
    url: str,
    now: datetime,
    memory: Mapping[str, Any] = MappingProxyType({}),
    is_part: bool = False,
) -> Document:
    """
    The messages of a channel's page, in its order; parts of one message after each other.

    Args:
        body: HTML as it came.
        url: final address, for relative links.
        now: aware; later dates are not believed.

    Returns:
        Entries whose guid is `channel/number`; parts count from 1. The preview of a linked page
        is the summary. A page without messages says why in `problems`.

    Raises:
        Permanent: it is no HTML.
    """
    refuse_binary(body, url)
    text = _UNFIT.sub("", decoded(body, "text/html"))
    page = html.document_fromstring(
        (text if text.strip() else "<html></html>").encode("utf-8", "replace"),
        parser=html.HTMLParser(encoding="utf-8"),
    )
    messages = page.xpath(f"//*[@data-post][{_has('tgme_widget_message')}]")
    title = _words_of(page, "tgme_channel_info_header_title") or _words_of(
        page, "tgme_header_title"
    )
    return Document(
        title=title,
        entries=tuple(entry for message in messages for entry in _entries(message, url, now)),
        problems=() if messages else (_why_empty(page),),
    )


def _entries(message: html.HtmlElement, url: str, now: datetime) -> list[Entry]:
    guid = markup.collapsed(str(message.get("data-post")))
    address = absolute(url, f"https://t.me/{guid}")
    raw = next(iter(message.xpath(".//time/@datetime")), "")
    lines = _lines(message, url)
    preview = _preview(message, url)
    parts = stories(lines)
    found = []
    for number, part in enumerate(parts, start=1):
        extra = preview if len(parts) == 1 else _Line()
        content = "\n".join(line.text for line in part).strip()
        links = dict.fromkeys(link for line in (*part, extra) for link in line.links)
        found.append(
            Entry(
                guid=guid,
                url=address,
                title=_title(content) or _title(extra.text) or _media(message),
                summary=extra.text,
                content=content,
                authors=_some(_words_of(message, "tgme_widget_message_from_author")),
                published_at=parse_date(raw, now=now),
                published_raw=markup.collapsed(raw),
                forwarded_from=_words_of(message, "tgme_widget_message_forwarded_from_name"),
                part=number if len(parts) > 1 else 0,
                links=tuple(links),
            )
        )
    return found


def stories(lines: Sequence[_Line]) -> list[list[_Line]]:
    """The stories of one message: one, unless the rule of this module tells them apart."""
    return _itemised(lines) or _headed(lines) or [list(lines)]


def _itemised(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Items behind numbers that count up, or behind one repeated sign."""
    marks = [_mark(line.text) for line in lines]
    counted = [at for at, mark in enumerate(marks) if mark[0] == "n"]
    numbers = [marks[at][1] for at in counted]
    if len(counted) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]:
        starts = counted
    else:
        signs = [mark[1] for mark in marks if mark[0] == "s"]
        best = max(dict.fromkeys(signs), key=signs.count, default="")
        starts = [at for at, mark in enumerate(marks) if mark == ("s", best)]
    if len(starts) < 2:
        return []
    ends = [*starts[1:], len(lines)]
    items = [
        [_unmarked(lines[start]), *lines[start + 1 : end]]
        for start, end in zip(starts, ends, strict=True)
    ]
    items[-1] = _without_signature(items[-1])
    heading = " ".join(line.text for line in lines[: starts[0]]).strip()
    stand = all(line_count(item) >= ITEM_WORDS for item in items)
    is_digest = not heading or (DIGEST.search(heading) and _count(heading) <= ITEM_WORDS)
    return items if stand and (is_digest or _are_own(items)) else []


def _headed(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Paragraphs that each open in bold, or each end with a link of their own."""
    blocks: list[list[_Line]] = [[]]
    for line in lines:
        if line.text:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block and line_count(block) >= ITEM_WORDS]
    long_enough = len(blocks) > 1 and all(
        sum(_count(line.text) for line in block) >= ITEM_WORDS for block in blocks
    )
    return blocks if long_enough and _are_own(blocks) else []


def _are_own(items: Sequence[Sequence[_Line]]) -> bool:
    """Whether each item opens in bold and goes on, or each ends with another outside link."""
    if all(item[0].is_bold and not _is_bold_whole(item) for item in items):
        return True
    last = [next((line.links[-1] for line in reversed(item) if line.links), "") for item in items]
    outside = [link for link in last if link and host(link) not in {"t.me", "telegram.me"}]
    ends = all(item[-1].links for item in items)
    return ends and len(set(outside)) == len(items)


def _is_bold_whole(item: Sequence[_Line]) -> bool:
    return all(line.is_bold for line in item) and line_count(item) < ITEM_WORDS


def line_count(lines: Sequence[_Line]) -> int:
    """Words of some lines."""
    return sum(_count(line.text) for line in lines)


def _count(text: str) -> int:
    return len(_IDEOGRAPHS.sub(" ", text).split()) + len(_IDEOGRAPHS.findall(text)) // 2


def _mark(text: str) -> tuple[str, str]:
    """('n', number) or ('s', sign) at the beginning of a line, else ('', '')."""
    if counted := _COUNTED.match(text):
        return "n", counted["n"] or str(ord(counted["c"]) - 0x245F)
    sign = _SIGN.match(text)
    return ("s", sign[1]) if sign else ("", "")


def _unmarked(line: _Line) -> _Line:
    match = _COUNTED.match(line.text) or _SIGN.match(line.text)
    text = line.text[match.end() :] if match else line.text
    return _Line(text, line.is_bold, line.links)


def _without_signature(item: Sequence[_Line]) -> list[_Line]:
    """Without the channel's closing paragraph: few words behind an empty line."""
    last = max((at for at, line in enumerate(item) if not line.text), default=0)
    is_short = last > 0 and line_count(item[last:]) < ITEM_WORDS
    return list(item[:last] if is_short else item)


def _lines(message: html.HtmlElement, url: str) -> list[_Line]:
    """The message's own words, not those it answers to, line by line; polls by their options."""
    own = message.xpath(
        f".//*[{_has('tgme_widget_message_text')}]"
        f"[not(ancestor-or-self::*[{_has('tgme_widget_message_reply')}])]"
        f"[not(descendant::*[{_has('tgme_widget_message_text')}])]"
    )
    nodes = own[:1] or message.xpath(
        f".//*[{_has('tgme_widget_message_poll_question')}]"
        f"|.//*[{_has('tgme_widget_message_poll_option_text')}]"
        f"|.//*[{_has('tgme_widget_message_document_title')}]"
    )
    lines = [_Line()]
    for node in nodes:
        _walk(node, lines, url, is_bold=False)
        lines.append(_Line())
    for line in lines:
        line.text = markup.collapsed(line.text)
    while lines and not lines[-1].text:
        lines.pop()
    while lines and not lines[0].text:
        lines.pop(0)
    return lines


def _walk(root: html.HtmlElement, lines: list[_Line], url: str, *, is_bold: bool) -> None:
    """Append the text below `root` to `lines`; without recursion, for any depth."""
    waiting: list[tuple[Any, bool]] = [(root, is_bold)]
    while waiting:
        node, bold = waiting.pop()
        if isinstance(node, str):
            _append(lines, node, is_bold=bold)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "br":
            lines.append(_Line())
        inside = bold or tag in _BOLD
        if tag == "a" and (link := _outgoing(node.get("href") or "", url)):
            lines[-1].links.append(link)
        if tag in _BREAKS - {"br"} and node is not root and lines[-1].text:
            lines.append(_Line())
        children: list[tuple[Any, bool]] = [(node.text or "", inside)] if tag else []
        for child in node:
            children += [(child, inside), (child.tail or "", inside)]
        waiting.extend(reversed(children))


def _outgoing(href: str, url: str) -> str:
    """Where a link leads; nothing for hashtags, which only search the channel."""
    return "" if href.startswith("?q=") else absolute(url, href)


def _append(lines: list[_Line], text: str, *, is_bold: bool) -> None:
    flat = re.sub(r"\s+", " ", text)
    line = lines[-1]
    has_letter = any(c.isalnum() for c in flat)
    if has_letter and not any(c.isalnum() for c in _COUNTED.sub("", line.text)):
        line.is_bold = is_bold
    line.text += flat


def _preview(message: html.HtmlElement, url: str) -> _Line:
    """Title and description of the linked page, as the message shows them."""
    link = next(iter(message.xpath(f".//a[{_has('tgme_widget_message_link_preview')}]/@href")), "")
    said = (
        _words_of(message, "link_preview_title"),
        _words_of(message, "link_preview_description"),
    )
    return _Line("\n".join(filter(None, said)), links=_listed(absolute(url, link) if link else ""))


def _listed(link: str) -> list[str]:
    return [link] if link else []


def _some(words: str) -> tuple[str, ...]:
    return (words,) if words else ()


def _title(content: str) -> str:
    """The first line, or its first sentence when it is long."""
    worded = (line for line in content.splitlines() if any(c.isalnum() for c in line))
    line = next((line for line in worded if not _LINK.fullmatch(line)), "")
    if len(line) <= TITLE_CHARS:
        return line
    first = _SENTENCE.split(line, maxsplit=1)[0]
    if len(first) <= TITLE_CHARS:
        return first
    return f"{first[:TITLE_CHARS].rsplit(' ', 1)[0]}…"


def _media(message: html.HtmlElement) -> str:
    for name, what in _MEDIA.items():
        if message.xpath(f".//*[{_has(name)}]"):
            return f"[{what}]"
    return ""


def _why_empty(page: html.HtmlElement) -> str:
    if page.xpath(f"//*[{_has('tgme_page')}]|//*[{_has('tgme_page_title')}]"):
        return "no messages: the channel is private or its preview is switched off"
    return "no messages: not a channel's public page, or its layout has changed"


def _words_of(node: html.HtmlElement, name: str) -> str:
    """The text of the first element of a class, on one line."""
    for found in node.xpath(f".//*[{_has(name)}]"):
        return markup.collapsed("".join(_texts(found)))
    return ""


def _texts(node: etree._Element) -> Iterator[str]:
    return (str(text) for text in node.itertext())


def _has(name: str) -> str:
    """XPath: has this class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
