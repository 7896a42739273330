"""What a body is when it is not the feed that was hoped for, said so that a person can act."""

from __future__ import annotations

import re

from monitor.errors import Permanent
from monitor.parse import markup
from monitor.parse.cleaning import HEAD, ROOT
from monitor.urls import absolute

_MAGIC = (
    (b"%PDF", "PDF, not a feed"),
    (b"\x1f\x8b", "gzip data, not a feed"),
    (b"PK\x03\x04", "ZIP archive, not a feed"),
    (b"\x89PNG", "image, not a feed"),
    (b"\xff\xd8\xff", "image, not a feed"),
    (b"GIF8", "image, not a feed"),
)
_ADVICE = {"PDF, not a feed": "Add it as kind page to watch it for changes."}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_HTML = re.compile(r"<(?:!doctype\s+html|html)\b|\A\s*<(?:head|body)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_OFFER_LIMIT = 5


def refuse_binary(body: bytes, url: str) -> None:
    """Raise `Permanent` for an empty body and for files that are no text."""
    start = body[:4096].lstrip()
    if not body.strip(b" \t\r\n\0"):
        raise Permanent("empty body", subject=url)
    for magic, cause in _MAGIC:
        if start.startswith(magic):
            advice = _ADVICE.get(cause, "Give the address of a feed.")
            raise Permanent(f"{cause}.", subject=url, advice=advice)


def is_html(text: str) -> bool:
    """Whether `text` is a web page and holds no feed near its beginning."""
    page = _HTML.search(text, 0, 4096)
    return page is not None and ROOT.search(text, 0, HEAD) is None


def no_feed(text: str, url: str) -> Permanent:
    """The error that says what `text` is instead of a feed."""
    start = text.lstrip()
    if _HTML.search(start, 0, 4096):
        offers = offered_feeds(text, url)
        found = f"it offers: {', '.join(offers)}" if offers else "it offers none"
        return Permanent(
            f"HTML page, not a feed ({found}).",
            subject=url,
            advice="Use an offered address." if offers else "Read it as a listing instead.",
        )
    if start.startswith("<") and (root := _ELEMENT.search(start, 0, HEAD)):
        name = root[1].lower()
        return Permanent(
            f"XML, but not a feed (root element {name}).",
            subject=url,
            advice="Import it as OPML." if name == "opml" else "Give the address of a feed.",
        )
    shown = markup.collapsed(start[:60])
    return Permanent(f"not XML: begins with {shown!r}", subject=url)


def offered_feeds(text: str, url: str) -> tuple[str, ...]:
    """Feeds that a page names in `link rel=alternate`, absolute, at most five."""
    found: list[str] = []
    for tag in markup.tags(text[: 8 * HEAD]):
        if tag.name != "link":
            continue
        said = markup.attributes(tag)
        is_feed = said.get("type", "").split(";")[0].strip().lower() in _FEED_TYPES
        if is_feed and "alternate" in said.get("rel", "").lower().split():
            found.append(absolute(url, said.get("href", "")))
    return tuple(dict.fromkeys(filter(None, found)))[:_OFFER_LIMIT]
