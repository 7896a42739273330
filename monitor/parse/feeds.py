"""
RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0 through feedparser; JSON Feed beside it.

feedparser gets clean UTF-8 in a `BytesIO` (a plain string may be opened as a file), without
its sanitiser and link resolver, which are slow and no boundary: text is made plain and links
are made absolute here. When it fails on the whole, the items are parsed one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser

from monitor.dates import parse_date
from monitor.encoding import decoded
from monitor.model import Document, Entry
from monitor.parse import markup
from monitor.parse.aggregators import of_outlet
from monitor.parse.cleaning import ROOT, chunks, cleaned
from monitor.parse.content import addresses, chosen, language_tag, names, title_of, written
from monitor.parse.jsonfeed import parse_json_feed
from monitor.parse.sniffing import is_html, no_feed, refuse_binary
from monitor.urls import absolute, is_opaque

_HEADERS = {"content-type": "application/xml; charset=utf-8"}
#: What feedparser calls a feed, apart from the number; it reads OPML too.
_VERSIONS = ("rss", "atom", "cdf")
#: sy:updatePeriod in seconds (RSS 1.0 syndication module).
_PERIODS = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
#: A publisher who wants to be polled more rarely than that is not believed.
_MAX_TTL_S = 2_592_000


def parse_feed(body: bytes, *, url: str, content_type: str, now: datetime) -> Document:
    """
    The feed in `body`.

    Args:
        body: as it came.
        url: final address, for relative links.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.

    Raises:
        Permanent: it is no feed; the message says what it is.
    """
    refuse_binary(body, url)
    text = decoded(body, content_type).lstrip("\ufeff \t\r\n\0")
    if text.startswith(("{", "[")):
        return parse_json_feed(text, url=url, now=now)
    if is_html(text):
        raise no_feed(text, url)
    fit, problems = cleaned(text)
    feed, items, version = _parsed(fit, problems)
    if not items and not version.startswith(_VERSIONS) and ROOT.match(fit) is None:
        raise no_feed(text, url)
    return _document(feed, items, version, url, now, problems)


def _parsed(text: str, problems: list[str]) -> tuple[Mapping[str, Any], list[Any], str]:
    """Feed, items and version, as feedparser calls them."""
    whole = _attempt(text)
    if whole is not None:
        if whole.get("bozo") and whole["entries"]:
            problems.append(
                f"not well-formed: {markup.collapsed(str(whole.get('bozo_exception')))}"
            )
        return whole["feed"], whole["entries"], whole.get("version") or ""
    head, parts, closing = chunks(text)
    frame = _attempt(head + closing)
    results = [_attempt(head + part + closing) for part in parts]
    items = [item for result in results if result is not None for item in result.entries]
    lost = sum(result is None or not result.entries for result in results)
    problems.append(f"read item by item; {lost} of {len(parts)} items were lost")
    good = next((result for result in (frame, *results) if result is not None), None)
    return (good["feed"], items, good.get("version") or "") if good is not None else ({}, items, "")


def _attempt(text: str) -> Any | None:
    """What feedparser makes of `text`, or None when it fails."""
    try:
        return feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers=_HEADERS,
        )
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 (no list of what it raises exists: ValueError, KeyError, …)
        return None


def _document(
    feed: Mapping[str, Any],
    items: Iterable[Any],
    version: str,
    url: str,
    now: datetime,
    problems: list[str],
) -> Document:
    home = absolute(url, _string(feed, "link"))
    # RFC 4287 resolves against the document; RSS is silent and publishers mean their site.
    base = url if version.startswith("atom") else home or url
    language = language_tag(_string(feed, "language"))
    return Document(
        title=title_of(_string(feed, "title")),
        language=language,
        entries=tuple(_entry(item, base, language, now) for item in items),
        ttl_s=_ttl(feed),
        problems=tuple(problems),
    )


def _entry(item: Mapping[str, Any], base: str, language: str, now: datetime) -> Entry:
    own_base = _own_base(item, base)
    link = _link(item, own_base)
    own = _own_language(item) or language
    raw = next(
        (found for key in ("published", "created", "updated") if (found := _string(item, key))), ""
    )
    full = max(_contents(item), key=len, default="")
    # feedparser copies content to the summary when there is no summary.
    brief = _string(item, "summary") if "summary_detail" in item else ""
    if not brief and not full:
        brief = _string(item, "summary")
    summary, content = chosen(markup.plain(brief), markup.plain(full, separator="\n"))
    entry = Entry(
        guid=markup.collapsed(_string(item, "id")),
        url=link,
        title=title_of(_string(item, "title")),
        summary=summary,
        content=content,
        authors=_authors(item),
        published_at=parse_date(raw, now=now, language=own),
        published_raw=written(raw),
        language=own,
        links=addresses(f"{brief} {full}" if full != brief else brief, own_base),
    )
    if not is_opaque(link):
        return entry
    outlet = item.get("source")
    name = title_of(_string(outlet, "title")) if isinstance(outlet, dict) else ""
    home = absolute("", _string(outlet, "href")) if isinstance(outlet, dict) else ""
    return of_outlet(entry, outlet=name, home=home)


def _link(item: Mapping[str, Any], base: str) -> str:
    """The address of the story; a bare guid that only looks like a link is none."""
    original = absolute("", _string(item, "feedburner_origlink"))
    link = _string(item, "link")
    if link and link == _string(item, "id") and "/" not in link:
        link = ""
    return original or absolute(base, link)


def _details(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [item.get("title_detail"), item.get("summary_detail"), *(item.get("content") or [])]
    return [detail for detail in found if isinstance(detail, dict)]


def _own_base(item: Mapping[str, Any], base: str) -> str:
    """`base` moved by xml:base, when the item stands under one."""
    for detail in _details(item):
        if own := absolute(base, _string(detail, "base")):
            return own
    return base


def _own_language(item: Mapping[str, Any]) -> str:
    """dc:language or xml:lang of the item."""
    said = (_string(one, "language") for one in (item, *_details(item)))
    return next(filter(None, map(language_tag, said)), "")


def _contents(item: Mapping[str, Any]) -> list[str]:
    found = (detail for detail in item.get("content") or [] if isinstance(detail, dict))
    return [
        _string(detail, "value")
        for detail in found
        if not _string(detail, "type").startswith(("image/", "audio/", "video/"))
    ]


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    people = [one for one in item.get("authors") or [] if isinstance(one, dict)]
    found = names(_string(one, "name") or _string(one, "email") for one in people)
    return found or names([_string(item, "author")])


def _ttl(feed: Mapping[str, Any]) -> int:
    """The publisher's wish in seconds: ttl (minutes), else sy:updatePeriod / updateFrequency."""
    minutes = _number(_string(feed, "ttl"))
    if minutes:
        return min(minutes * 60, _MAX_TTL_S)
    often = _string(feed, "sy_updatefrequency")
    # The module says: daily, where only a frequency is given.
    said = _string(feed, "sy_updateperiod") or ("daily" if often else "")
    period = _PERIODS.get(said.strip().lower(), 0)
    return min(period // (_number(often) or 1), _MAX_TTL_S)


def _number(text: str) -> int:
    """A small positive whole number, else 0."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0


def _string(record: Mapping[str, Any], key: str) -> str:
    """The value when it is text; feedparser's records hold anything."""
    value = dict.get(record, key) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""
