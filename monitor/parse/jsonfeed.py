"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read forgivingly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.dates import parse_date
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse import markup
from monitor.parse.content import addresses, chosen, language_tag, names, title_of, written
from monitor.urls import absolute

#: An item has one of these; without a declared version they are asked for.
_TELLING = frozenset({"url", "external_url", "content_html", "content_text"})


def parse_json_feed(text: str, *, url: str, now: datetime) -> Document:
    """
    The feed in `text`; items that are no objects are left out and noted.

    Raises:
        Permanent: it is no JSON, or JSON of another kind.
    """
    try:
        feed = json.loads(text)
    except RecursionError as error:
        raise Permanent("neither XML nor valid JSON: nested too deeply", subject=url) from error
    except ValueError as error:
        raise Permanent(f"neither XML nor valid JSON: {error}", subject=url) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise Permanent("JSON, but not a JSON Feed (no list of items)", subject=url)
    good = [item for item in items if isinstance(item, dict)]
    is_declared = "jsonfeed" in _text(feed, "version")
    if not is_declared and not any(_TELLING & item.keys() for item in good):
        raise Permanent("JSON, but not a JSON Feed (no version, no stories)", subject=url)
    bad = len(items) - len(good)
    language = language_tag(_text(feed, "language"))
    base = absolute(url, _text(feed, "home_page_url")) or url
    return Document(
        title=title_of(_text(feed, "title")),
        language=language,
        entries=tuple(_entry(item, feed, base, language, now) for item in good),
        problems=(f"{bad} items are no objects and were left out",) if bad else (),
    )


def _entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], base: str, language: str, now: datetime
) -> Entry:
    link = absolute(base, _text(item, "url")) or absolute(base, _text(item, "external_url"))
    own = language_tag(_text(item, "language")) or language
    raw = _text(item, "date_published") or _text(item, "date_modified")
    html, text = _text(item, "content_html"), _text(item, "content_text")
    summary, content = chosen(
        markup.plain(_text(item, "summary")),
        markup.plain(html, separator="\n") if html else markup.collapsed(text),
    )
    return Entry(
        guid=markup.collapsed(_text(item, "id")),
        url=link,
        title=title_of(_text(item, "title")),
        summary=summary,
        content=content,
        authors=_authors(item) or _authors(feed),
        published_at=parse_date(raw, now=now, language=own),
        published_raw=written(raw),
        language=own,
        links=addresses(html, link or base),
    )


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of 1.1 `authors` or 1.0 `author`."""
    many = record.get("authors")
    people = many if isinstance(many, list) else [record.get("author")]
    return names(_text(one, "name") for one in people if isinstance(one, dict))


def _text(record: Mapping[str, Any], key: str) -> str:
    """The value as text: strings, and numbers where a publisher forgot the quotes."""
    value = record.get(key)
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""
