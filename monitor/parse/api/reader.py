"""
Sources of kind api: JSON over HTTP, described by the source's options and by nothing else.

`item` is the path of the list, the other options are paths within one of its items (JMESPath);
what is not named is found by the names that APIs use. `next` is the address of the next page, or
a page number or cursor for the query parameter `next_param`; without `next` that parameter
counts. Further pages are read until one reaches what is known; the first poll reads one page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.dates import parse_date
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse import markup
from monitor.parse.api.answer import SECRETS, loaded, place, refusal, told
from monitor.parse.api.fields import (
    Reader,
    is_empty,
    items_in,
    language_of,
    plain_text,
    text_of,
    texts_of,
)
from monitor.parse.content import addresses, chosen, names, title_of, written
from monitor.parse.paging import numbered, page_of
from monitor.text import hashed, single_line
from monitor.urls import absolute, host

#: Items that are read of one answer.
MOST_ITEMS = 2000

#: One poll reads at most so many pages of an answer.
MOST_PAGES = 10

#: Items of the last poll that are remembered, to know where paging ends.
REMEMBERED = 300

#: Characters of one text that are read.
MOST_TEXT = 500_000

#: Parameters that count items, not pages.
_OFFSETS = frozenset({"offset", "start", "skip", "from", "startindex"})
_EPOCH = re.compile(r"(?:/Date\()?(1\d{9}|1\d{12}|1\d{15}|1\d{18})(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?")


def parse_api(
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    memory: Mapping[str, Any] = MappingProxyType({}),
    is_part: bool = False,
    asked: str = "",
) -> Document:
    """
    The items of an answer.

    Args:
        body: as it came.
        url: final address, for relative links; its query is never shown.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: of the source.
        memory: `newest`, the latest date known, and `known`, the items of the last poll.
        is_part: it is a page that `follow` named.
        asked: the address that was asked for; its fragment counts the pages of a poll.

    Raises:
        Permanent: it is no JSON, holds no items, or is an error in words.
        Retryable: it asks for patience.
    """
    answer, problems = loaded(body, url=url, content_type=content_type)
    reader = Reader({key: value for key, value in options.items() if key in _PATHS})
    items = _items(answer, reader, options, url)
    read = [_entry(item, reader, url, now) for item in items[:MOST_ITEMS]]
    entries = tuple(entry for entry in read if entry.title or entry.url)
    if items and not entries:
        raise Permanent(
            f"{len(items)} items came, but none has a title or an address where they are looked"
            f" for; an item has: {_keys(items[0])}.",
            subject=place(url),
            advice="Correct the options title and link.",
        )
    follow, lost = _next(answer, entries, reader, options, url, asked or url, memory)
    return Document(
        entries=entries,
        problems=(*problems, *_left_out(items, entries), *lost),
        alarm=_alarm(entries, reader, memory),
        follow=follow,
        memory={} if is_part or not entries else _remembered(entries, memory),
    )


#: Options that are paths; `item` and `next` within the answer, the others within an item.
_PATHS = frozenset(
    {"item", "link", "title", "date", "summary", "content", "id", "author", "language", "next"}
)


def _items(
    answer: Any, reader: Reader, options: Mapping[str, str], url: str
) -> list[Mapping[str, Any]]:
    """The items; none when the answer says that there are none."""
    if isinstance(answer, str):
        raise told(answer, url)
    found = reader.at("item", answer) if reader.has("item") else items_in(answer)
    if isinstance(found, Mapping):
        values = list(found.values())
        found = values if values and all(isinstance(one, Mapping) for one in values) else [found]
    listed = found if isinstance(found, list) else []
    items = [one for one in listed if isinstance(one, Mapping)]
    if items:
        return items
    has_none = found == [] or is_empty(answer, is_sure=reader.has("item"))
    if error := refusal(answer, url, is_plain=has_none):
        raise error
    if has_none:
        return []
    looked = f"the path {options['item']} finds none" if reader.has("item") else "none was found"
    raise Permanent(
        f"the answer holds no list of items: {looked}; it has: {_keys(answer)}.",
        subject=place(url),
        advice="Correct the option item.",
    )


def _keys(value: Any) -> str:
    if isinstance(value, Mapping):
        return single_line(", ".join(str(key) for key in list(value)[:12]), 200) or "nothing"
    return "a list" if isinstance(value, list) else "a single value"


def _entry(item: Mapping[str, Any], reader: Reader, url: str, now: datetime) -> Entry:
    link = absolute(url, markup.collapsed(_first(reader.field("link", item))))
    brief = reader.text("summary", item)[:MOST_TEXT]
    full = reader.text("content", item)[:MOST_TEXT]
    summary, content = chosen(markup.plain(brief), plain_text(full))
    raw = reader.text("date", item)[:200].strip()
    guid = markup.collapsed(reader.text("id", item)[:2000])
    language = language_of(reader.text("language", item)[:100])
    return Entry(
        guid=guid,
        url=link or (absolute("", guid) if "://" in guid else ""),
        title=title_of(reader.text("title", item)),
        summary=summary,
        content=content,
        authors=names(texts_of(reader.field("author", item))),
        published_at=parse_date(_dated(raw), now=now, language=language),
        published_raw=written(raw),
        language=language,
        links=addresses(f"{brief} {full}", link or url),
    )


def _first(value: Any) -> str:
    """An address, the first of several."""
    return next((text for text in texts_of(value) if text), "")


def _dated(raw: str) -> str:
    """Seconds since 1970 out of the smaller units that some APIs count in."""
    match = _EPOCH.fullmatch(raw)
    return match[1][:10] if match else raw


def _left_out(items: Sequence[Any], entries: Sequence[Entry]) -> list[str]:
    found = []
    if len(items) > MOST_ITEMS:
        found.append(f"only the first {MOST_ITEMS} of {len(items)} items were read")
    bare = min(len(items), MOST_ITEMS) - len(entries)
    if bare:
        found.append(f"{bare} items have neither title nor address and were left out")
    return found


def _alarm(entries: Sequence[Entry], reader: Reader, memory: Mapping[str, Any]) -> str:
    """How items that could be read betray that the form of the answer has changed."""
    if not entries:
        return ""
    if not any(entry.title for entry in entries):
        return "no item has a title: the form of the answer has changed"
    if reader.has("link") and not any(entry.url for entry in entries):
        return "no item has an address where the option link looks for it"
    were_dated = reader.has("date") or memory.get("newest")
    if were_dated and not any(entry.published_at for entry in entries):
        return "no item has a date: the form of the answer has changed"
    return ""


def _remembered(entries: Sequence[Entry], memory: Mapping[str, Any]) -> dict[str, Any]:
    dates = [entry.published_at.isoformat() for entry in entries if entry.published_at]
    known = str(memory.get("newest") or "")
    return {
        "newest": max([known, *dates]),
        "known": [_mark(entry) for entry in entries[:REMEMBERED]],
    }


def _mark(entry: Entry) -> str:
    return f"{hashed(entry.guid or entry.url or entry.title) % 2**48:x}"


def _next(
    answer: Any,
    entries: Sequence[Entry],
    reader: Reader,
    options: Mapping[str, str],
    url: str,
    asked: str,
    memory: Mapping[str, Any],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The next page when it is wanted, and what is wrong with that."""
    is_paged = reader.has("next") or "next_param" in options
    if not (is_paged and memory and entries) or _is_known(entries[-1], memory):
        return (), ()
    target, problem = _target(answer, len(entries), reader, options, url)
    if not target or target == url.partition("#")[0]:
        return (), (problem,) if problem else ()
    if host(target) != host(url):
        shown = single_line(host(target), 80)
        return (), (f"the next page is on another site, {shown}, and was not read",)
    page = page_of(asked)
    if page >= MOST_PAGES:
        lost = f"older items were not read: the bound is {MOST_PAGES} pages a poll"
        return (), (f"{lost}; ask for more items a page, or poll more often",)
    return (numbered(_keyed(target, url), page + 1),), ()


def _is_known(last: Entry, memory: Mapping[str, Any]) -> bool:
    """Whether a page reaches what earlier polls brought; the newest come first."""
    if _mark(last) in memory.get("known", ()):
        return True
    newest = str(memory.get("newest") or "")
    return last.published_at is not None and last.published_at.isoformat() < newest


def _target(
    answer: Any, count: int, reader: Reader, options: Mapping[str, str], url: str
) -> tuple[str, str]:
    """The address of the next page, or ''; and what is wrong with it."""
    parameter = options.get("next_param", "")
    if not reader.has("next"):
        return _with_parameter(url, parameter, _counted(url, parameter, count)), ""
    named = text_of(reader.at("next", answer)).strip()
    if not named:
        return "", ""
    if "://" in named or named.startswith(("/", "?")):
        return absolute(url, named), ""
    if parameter:
        return _with_parameter(url, parameter, named), ""
    shown = single_line(named, 60)
    return "", f"the next page is “{shown}”, no address: name its parameter in option next_param"


def _counted(url: str, parameter: str, count: int) -> str:
    is_offset = parameter.lower() in _OFFSETS
    said = dict(parse_qsl(urlsplit(url).query)).get(parameter, "")
    first = 0 if is_offset else 1
    at = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else first
    return str(at + (count if is_offset else 1))


def _with_parameter(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    query = urlencode([*pairs, (name, value)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _keyed(target: str, url: str) -> str:
    """The key that our address carries, for an API that leaves it out of its own."""
    there = {name for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True)}
    ours = [pair for pair in parse_qsl(urlsplit(url).query) if SECRETS.search(pair[0])]
    for name, value in ours:
        if name not in there:
            target = _with_parameter(target, name, value)
    return target
