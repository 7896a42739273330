"""
Public Telegram channels as the web shows them (`t.me/s/<channel>`).

Each message is an entry, or one for each of the stories that it tells (`digests`); each article
that it links to is a further entry, so that its page can be fetched. A page shows about twenty
messages: when the oldest is newer than the last one known, the page before it is asked for, and
so on; the first poll of a channel takes only what its first page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lxml import etree, html

from monitor.dates import parse_date
from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse.paging import numbered, page_of
from monitor.parse.sniffing import refuse_binary
from monitor.parse.telegram import outside
from monitor.parse.telegram.digests import Line, stories
from monitor.parse.telegram.messages import Message, Preview, messages_of, words_of
from monitor.parse.telegram.no_preview import why_no_messages
from monitor.urls import absolute, canonical_key

#: A title is cut after so many characters.
TITLE_CHARS = 200

#: One poll reads at most so many pages of a channel.
MOST_PAGES = 20

#: So many messages without a time are no accident.
UNDATED = 3

_LINK = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zа-я])|(?<=[。！？])")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def parse_channel(
    body: bytes,
    *,
    url: str,
    now: datetime,
    asked: str = "",
    memory: Mapping[str, Any] = MappingProxyType({}),
    is_part: bool = False,
) -> Document:
    """
    The messages of a channel's page, in its order; what belongs to one stands together.

    Args:
        body: HTML as it came.
        url: final address, for relative links.
        now: aware; later dates are not believed.
        asked: the address that was asked for; its fragment counts the pages of a poll.
        memory: `newest`, the number of the newest message that is known.
        is_part: it is an older page that `follow` named.

    Returns:
        Entries whose guid is `channel/number`; parts count from 1. The preview of a linked page
        is the summary. An article that a message links to has the guid `channel/number#linkN`
        and the article's address.

    Raises:
        Permanent: it is no channel's page, or the channel has no public preview.
        Retryable: Telegram withholds the messages for now.
    """
    refuse_binary(body, url)
    page = _page(body)
    messages = messages_of(page, url)
    title = words_of(page, "tgme_channel_info_header_title") or words_of(page, "tgme_header_title")
    if not messages:
        return _empty(page, url, title, memory, is_part=is_part)
    told = [message for message in messages if not message.is_service]
    follow, problems = _older(messages, url, asked or url, memory)
    numbers = [number for message in messages for number in message.numbers]
    return Document(
        title=title,
        entries=tuple(_entries(told, url, now)),
        problems=problems if told else (*problems, "only messages of Telegram itself"),
        alarm=_alarm(told),
        follow=follow,
        memory={"newest": max(numbers)} if numbers and not is_part else {},
    )


def _page(body: bytes) -> html.HtmlElement:
    text = _UNFIT.sub("", decoded(body, "text/html"))
    parser = html.HTMLParser(encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but torn tags
        return html.document_fromstring(b"<html></html>", parser=parser)


def _empty(
    page: html.HtmlElement, url: str, title: str, memory: Mapping[str, Any], *, is_part: bool
) -> Document:
    """What a page without messages is, unless it is a failure."""
    if is_part:
        return Document(title=title, problems=("no messages older than those known are shown",))
    if reason := why_no_messages(page, url):
        raise reason
    if memory.get("newest"):
        raise Permanent(
            "the channel shows no messages any more: they were deleted, or its layout has changed.",
            subject=url.partition("?")[0],
            advice="Look at it in a browser.",
        )
    return Document(title=title, problems=("the channel has no messages yet",))


def _older(
    messages: Sequence[Message], url: str, asked: str, memory: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The page before this one when it is wanted, and what is wrong with that."""
    known = memory.get("newest")
    numbers = [number for message in messages for number in message.numbers]
    if not (isinstance(known, int) and known > 0 and numbers) or min(numbers) <= known + 1:
        return (), ()
    before = re.search(r"[?&]before=(\d{1,12})", asked) or re.search(r"[?&]before=(\d{1,12})", url)
    if before and min(numbers) >= int(before[1]):
        return (), ("a page of older messages showed none",)
    page = page_of(asked)
    if page >= MOST_PAGES:
        lost = f"messages {known + 1} to {min(numbers) - 1} were not read: the bound is"
        return (), (f"{lost} {MOST_PAGES} pages a poll; poll the channel more often",)
    return (numbered(absolute(url, f"?before={min(numbers)}"), page + 1),), ()


def _alarm(messages: Sequence[Message]) -> str:
    """How a page that could be read betrays that its layout has changed."""
    if len(messages) < UNDATED:
        return ""
    if not any(message.raw_date for message in messages):
        return "no message shows its time: the layout of the page has changed"
    if not any(message.lines or message.media for message in messages):
        return "no message shows words or pictures: the layout of the page has changed"
    return ""


def _entries(messages: Sequence[Message], url: str, now: datetime) -> Iterator[Entry]:
    signatures = outside.signatures([_leads(m, m.lines) for m in messages])
    for message in messages:
        parts = stories(message.lines)
        count = 0
        for number, part in enumerate(parts, start=1):
            is_only = len(parts) == 1
            entry = _entry(message, part, 0 if is_only else number, url, now)
            yield entry
            leads = _leads(message, part, is_whole=is_only)
            for link in outside.articles(leads, signatures, page=url):
                count += 1
                yield _linked(message, entry, link, count)


def _entry(message: Message, part: Sequence[Line], number: int, url: str, now: datetime) -> Entry:
    """
    The entry of a message, or of one of its stories.

    Args:
        number: of the story; 0 = the only one, to which the preview belongs.
    """
    preview = Preview() if number else message.preview
    content = "\n".join(line.text for line in part).strip()
    leads = _leads(message, part, is_whole=not number)
    return Entry(
        guid=message.guid,
        url=absolute(url, f"https://t.me/{message.guid}"),
        title=_title(content) or _title(preview.words) or message.media,
        summary=preview.words,
        content=content,
        authors=message.authors,
        published_at=parse_date(message.raw_date, now=now),
        published_raw=message.raw_date,
        forwarded_from=message.forwarded_from,
        part=number,
        links=tuple(dict.fromkeys(filter(None, (*leads, message.forward_link)))),
    )


def _leads(message: Message, part: Sequence[Line], *, is_whole: bool = True) -> list[str]:
    """Where a story's words lead; those of a whole message also by its preview and buttons."""
    around = (message.preview.link, *message.buttons) if is_whole else ()
    return [link for link in (*(link for line in part for link in line.links), *around) if link]


def _linked(message: Message, entry: Entry, link: str, number: int) -> Entry:
    """
    The article that a message links to.

    It has no date: the message is later than the article, perhaps by years. Without a preview
    it carries the message's words, from which its relevance can be judged.
    """
    preview = message.preview
    is_shown = bool(preview.words) and canonical_key(preview.link) == canonical_key(link)
    return Entry(
        guid=f"{message.guid}#link{number}",
        url=link,
        title=_title(preview.title) if is_shown else "",
        summary=preview.description if is_shown else entry.content,
        forwarded_from=entry.forwarded_from,
    )


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
