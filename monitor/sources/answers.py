"""Which kinds of source an answer may be, by how its body begins."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.encoding import decoded
from monitor.model import SourceKind
from monitor.sources.discovery import is_feed_address, is_page

#: Bytes in which the root of a document is looked for.
MOST_BYTES = 65_536

#: Comments and instructions before the root that are passed over.
MOST_PROLOGUE = 20

_ROOT = re.compile(
    r"<(?:[A-Za-z][\w.-]{0,20}:)?(rss|feed|rdf|channel|urlset|sitemapindex|html)[\s>/]",
    re.IGNORECASE,
)
_PROLOGUE = (("<?", "?>"), ("<!--", "-->"))
_SITEMAPS = frozenset({"urlset", "sitemapindex"})


def kinds_of(body: bytes, content_type: str) -> tuple[SourceKind, ...]:
    """
    The kinds to read a body as, the likeliest first; none for a web page.

    Args:
        content_type: the HTTP header, or ''.
    """
    start = body[:MOST_BYTES]
    if start.lstrip()[:4] == b"%PDF":
        return (SourceKind.PAGE,)
    if start.startswith(b"\x1f\x8b"):
        return (SourceKind.SITEMAP,)
    text = decoded(start, content_type).lstrip("\ufeff \t\r\n\0")
    if text.startswith(("{", "[")):
        return (SourceKind.FEED, SourceKind.API)
    if found := _ROOT.search(_without_prologue(text)):
        root = found[1].lower()
        if root in _SITEMAPS:
            return (SourceKind.SITEMAP,)
        return () if root == "html" else (SourceKind.FEED,)
    return () if is_page(text) else (SourceKind.FEED,)


def _without_prologue(text: str) -> str:
    """What follows the comments and instructions at the beginning."""
    for opened, closed in _PROLOGUE * MOST_PROLOGUE:
        if text.startswith(opened):
            text = text.partition(closed)[2].lstrip()
    return text


def asked_as(url: str) -> SourceKind:
    """As what an address of an unknown kind is asked for: some answer each reader differently."""
    path = urlsplit(url).path.lower()
    if is_feed_address(url):
        return SourceKind.FEED
    if path.endswith(".json") or "/api/" in path:
        return SourceKind.API
    return SourceKind.LISTING
