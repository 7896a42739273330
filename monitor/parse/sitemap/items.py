"""
What a sitemap lists: bytes to items and child sitemaps, in one linear pass.

A scanner, not an XML parser: sitemaps are cut off, declare the wrong namespaces or none, and
a hostile one may hold entities without end. It looks for the elements of the protocol by their
local names; `title` and the like count within `news` only, so that the title of a picture is
never taken for a headline. No entity is expanded, nothing is fetched, depth means nothing.
Source: sitemaps.org protocol 0.9; Google's news sitemap 0.9.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.parse import markup
from monitor.parse.cleaning import HEAD, ROOT
from monitor.parse.sniffing import is_html, offered_feeds

#: Bytes of one sitemap, unpacked; the protocol allows no more.
MOST_BYTES = 52_428_800

#: Addresses read of one sitemap; the protocol allows 50,000.
MOST_ITEMS = 60_000

#: Tags looked at; more of them around so few addresses are made to hurt.
_MOST_TAGS = 25 * MOST_ITEMS
_STEP = 1 << 20
_GZIP = b"\x1f\x8b"
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x28\xb5\x2f\xfd")

#: A start tag with the text behind it, or the end of what holds others.
_TAG = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,60}+:)?"
    r"(url|sitemap|loc|lastmod|news|title|publication_date|language|name|keywords|image|video)"
    r"(?=[\s/>])([^<>]*+)>([^<]*+)"
    r"|</(?:[A-Za-z_][\w.-]{0,60}+:)?(url|sitemap|news|image|video)\s*+>",
    re.IGNORECASE,
)
_MAP = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,60}+:)?(urlset|sitemapindex|url|sitemap)(?=[\s/>])", re.IGNORECASE
)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,60}+:)?(?:urlset|sitemapindex)", re.IGNORECASE)
#: How far from its end a document is looked at for its end tag (characters).
_TAIL = 500
_SECTION = re.compile(
    r"<!\[CDATA\[([^\]]*+(?:\](?!\]>)[^\]]*+)*+)(?:\]\]>|\Z)"
    r"|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
#: Fields of an item, by the element that holds them; within `news` those of the second table.
_PLAIN = {"loc": "url", "lastmod": "lastmod"}
_NEWS = {
    "title": "title",
    "publication_date": "published",
    "language": "language",
    "name": "outlet",
    "keywords": "keywords",
}


@dataclass(slots=True)
class Item:
    """One address with what is said of it, as written."""

    url: str = ""
    lastmod: str = ""
    title: str = ""
    published: str = ""
    language: str = ""
    outlet: str = ""
    keywords: str = ""
    is_news: bool = False


@dataclass(slots=True)
class Sitemap:
    """What one document lists."""

    items: list[Item] = field(default_factory=list)
    children: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_sitemap(body: bytes, *, url: str, content_type: str) -> Sitemap:
    """
    The items and children of a sitemap: XML, packed XML, or one address a line.

    Raises:
        Permanent: it is no sitemap, or too large; the message says what to do.
    """
    found = Sitemap()
    if body.startswith(_GZIP):
        body = _unpacked(body, url, found.problems)
    if len(body) > MOST_BYTES:
        raise _too_large(url)
    text = _text(body, url, content_type)
    root = _MAP.search(text, 0, HEAD)
    if root is not None:
        _scan(text, root.start(), found)
    elif not _take_lines(text, found):
        raise _no_sitemap(text, url)
    return found


def _text(body: bytes, url: str, content_type: str) -> str:
    if not body.strip(b" \t\r\n\0"):
        raise Permanent("empty body", subject=url)
    if body[:512].lstrip().startswith((*_BINARY, _GZIP)):
        raise Permanent(
            "a file of another kind, not a sitemap.",
            subject=url,
            advice="Give the address of a sitemap, as the site's robots.txt names it.",
        )
    text = _ILLEGAL.sub("", decoded(body, content_type))
    return _SECTION.sub(_plain_section, text) if "<!" in text else text


def _plain_section(match: re.Match[str]) -> str:
    """The text of a CDATA section, escaped; nothing for a comment."""
    inside = match[1] or ""
    return inside.replace("&", "&amp;").replace("<", "&lt;") if "<" in inside else inside


def _unpacked(body: bytes, url: str, problems: list[str]) -> bytes:
    """The sitemap in a gzip file of any members; of a broken one, what came before the break."""
    pieces: list[bytes] = []
    size = 0
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        while body:
            if stream.eof:
                stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = stream.decompress(body, _STEP)
            body = stream.unconsumed_tail
            if stream.eof:
                more = stream.unused_data
                body = more if more.startswith(_GZIP) else b""
            size += len(piece)
            if size > MOST_BYTES:
                raise _too_large(url)
            pieces.append(piece)
    except zlib.error:
        problems.append("its packed data are broken")
    else:
        if not stream.eof:
            problems.append("its packed data are cut off")
    return b"".join(pieces)


def _scan(text: str, start: int, found: Sitemap) -> None:
    """Collect the items from the tags of `text`, in order; a torn last one is dropped."""
    item: Item | None = None
    is_child = is_within_news = is_within_media = False
    for count, match in enumerate(_TAG.finditer(text, start), 1):
        name, attributes, words, end = match.groups()
        name = (name or end).lower()
        is_empty = bool(end) or attributes.endswith("/")
        if name in {"url", "sitemap"}:
            if item is not None:
                _keep(item, found, is_child=is_child)
            item = None if is_empty else Item()
            is_child = name == "sitemap"
            is_within_news = is_within_media = False
        elif item is None:
            continue
        elif name == "news":
            is_within_news = not is_empty
            item.is_news = item.is_news or is_within_news
        elif name in {"image", "video"}:
            is_within_media = not is_empty
        else:
            known = _NEWS if is_within_news else _PLAIN
            if name in known and not is_within_media and not getattr(item, known[name]):
                setattr(item, known[name], _value(words))
        if len(found.items) + len(found.children) >= MOST_ITEMS or count >= _MOST_TAGS:
            found.problems.append(f"what follows its first {MOST_ITEMS:,} addresses is left out")
            return
    if item is not None and _END.search(text, max(start, len(text) - _TAIL)):
        _keep(item, found, is_child=is_child)
    elif item is not None:
        found.problems.append("it is cut off; its last address was dropped")


def _keep(item: Item, found: Sitemap, *, is_child: bool) -> None:
    if item.url:
        (found.children if is_child else found.items).append(item)


def _value(words: str) -> str:
    return markup.unescaped(words.strip()) if "&" in words else words.strip()


def _take_lines(text: str, found: Sitemap) -> bool:
    """Whether `text` is a list with one address a line; its addresses are taken."""
    if text.lstrip().startswith(("<", "{", "[")):
        return False
    lines = [line.strip() for line in text[: 2 * MOST_BYTES].splitlines() if line.strip()]
    urls = [line for line in lines[:MOST_ITEMS] if _ADDRESS.fullmatch(line)]
    if not urls or 2 * len(urls) < min(len(lines), MOST_ITEMS):
        return False
    found.items = [Item(url=url) for url in urls]
    if len(lines) > MOST_ITEMS:
        found.problems.append(f"what follows its first {MOST_ITEMS:,} addresses is left out")
    return True


def _too_large(url: str) -> Permanent:
    return Permanent(
        f"a sitemap of more than {MOST_BYTES // 1_048_576} MB once unpacked.",
        subject=url,
        advice="The protocol allows no more; give one of its parts, or a news sitemap.",
    )


def _no_sitemap(text: str, url: str) -> Permanent:
    """The error that says what `text` is instead of a sitemap."""
    if ROOT.search(text, 0, HEAD):
        advice = "Set its kind to feed."
        return Permanent("a feed, not a sitemap.", subject=url, advice=advice)
    if is_html(text):
        offers = offered_feeds(text, url)
        said = f"Use a feed that it offers ({', '.join(offers)}), or " if offers else ""
        advice = f"{said}look for Sitemap lines in the site's robots.txt, or read it as a listing."
        return Permanent(
            "HTML page, not a sitemap.", subject=url, advice=advice[:1].upper() + advice[1:]
        )
    shown = markup.collapsed(text[:60])
    return Permanent(
        f"no sitemap: begins with {shown!r}.",
        subject=url,
        advice="Give the address of a sitemap, as the site's robots.txt names it.",
    )
