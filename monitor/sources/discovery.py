"""
What a web page offers to watch, and what a robots.txt names.

Feeds in its head (`link rel=alternate`), links to feeds, channels; sitemaps. Pure: what was
fetched goes in, addresses come out. The page is scanned, not parsed, up to a bound, so that a
hostile one costs little.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from urllib.parse import urlsplit

from monitor import urls
from monitor.model import SourceKind
from monitor.sources.kinds import channel_url
from monitor.text import single_line

#: Characters of a page that are looked at.
MOST_TEXT = 2_000_000

#: Tags that are looked at.
MOST_TAGS = 20_000

#: Offers that are kept.
MOST_OFFERS = 10

#: Telegram channels among them.
MOST_CHANNELS = 2

#: Links of a page that are remembered.
MOST_LINKS = 3_000

#: A paragraph of so many characters is no summary.
LONG_PARAGRAPH = 160

#: Sitemaps of a robots.txt that are kept.
MOST_SITEMAPS = 200

_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body)\b", re.IGNORECASE)
_TAG = re.compile(r"<(base|link|a)\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([A-Za-z][\w:-]{0,40})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)
_MARKUP = re.compile(r"<[^<>]{0,1000}>")
_OF_PARAGRAPHS = re.compile(r"<p(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(/?)(?:script|style|template)\b", re.IGNORECASE)
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
    }
)
_FEED_PATH = re.compile(
    r"/(?:rss|feeds?|atom)(?:[/.?_-]|$)|\.(?:rss|atom|rdf)$|/(?:rss|feed|atom|index)[\w.-]{0,30}\.xml$"
    r"|[?&](?:feed|format|type|alt)=(?:rss|atom|feed)",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"(?<![^\W_])(?:rss|atom|xml|web ?feed|news ?feed)(?![^\W_])|\A\s*feeds?\s*\Z", re.IGNORECASE
)
_SITEMAP_LINE = re.compile(
    rb"^[ \t]*site-?map[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE
)
_ARTICLE = re.compile(
    r"property\s*=\s*[\"']?og:type[\"']?\s+content\s*=\s*[\"']?article\b"
    r"|content\s*=\s*[\"']?article[\"']?\s+property\s*=\s*[\"']?og:type\b"
    r"|\"@type\"\s*:\s*\[?\s*\"(?:News|Reportage|Analysis)?(?:NewsArticle|Article)\"",
    re.IGNORECASE,
)
#: Readers and sharing services: their links carry the feed's address, but are none.
_NO_FEED_HOSTS = ("feedly.com", "inoreader.com", "yahoo.com", "netvibes.com", "facebook.com")


class How(StrEnum):
    """How an address to watch was found."""

    GIVEN = "the address itself"
    HEAD = "named in the page's head"
    LINK = "linked on the page"
    LISTED = "listed on the site's page of feeds"
    ROBOTS = "named in robots.txt"
    PAGE = "read from the page itself"
    GUESS = "at a usual place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something to watch that a page points to."""

    url: str
    kind: SourceKind = SourceKind.FEED
    #: As the page calls it, or empty.
    title: str = ""
    how: How = How.LINK


def is_page(text: str) -> bool:
    """Whether a text that is no feed is a web page."""
    return _PAGE.search(text, 0, 20_000) is not None


def is_article(page: str) -> bool:
    """Whether a page says that it tells one story, so that what it lists is beside the point."""
    return _ARTICLE.search(page, 0, MOST_TEXT) is not None


def prose_in(page: str) -> int:
    """Characters in the long paragraphs of a page: a story has many, a list of stories few."""
    parts = (part.partition("</p")[0] for part in _OF_PARAGRAPHS.split(page[:MOST_TEXT])[1:])
    words = (len(" ".join(_MARKUP.sub(" ", one).split())) for one in parts)
    return sum(length for length in words if length >= LONG_PARAGRAPH)


def is_feed_address(url: str) -> bool:
    """Whether an address looks like a feed's."""
    parts = urlsplit(url)
    return bool(_FEED_PATH.search(f"{parts.path}?{parts.query}" if parts.query else parts.path))


def sitemaps_in(robots: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, absolute, each once, in its order."""
    found = (match[1].decode("utf-8", "replace") for match in _SITEMAP_LINE.finditer(robots))
    named = (urls.absolute(url, address) for address in islice(found, MOST_SITEMAPS))
    return tuple(dict.fromkeys(filter(None, named)))


def links_in(page: str, url: str) -> frozenset[str]:
    """The keys of the addresses that a page links to (see `urls.canonical_key`)."""
    tags = list(islice(_tags(_visible(page[:MOST_TEXT])), MOST_TAGS))
    base = _base(tags, url)
    found = (urls.absolute(base, said.get("href", "")) for name, said, _ in tags if name == "a")
    return frozenset(map(urls.canonical_key, islice(filter(None, found), MOST_LINKS)))


def offers(page: str, url: str) -> tuple[Offer, ...]:
    """
    What a page offers to watch, the surest first, each address once.

    Args:
        page: HTML, well-formed or not.
        url: where it was found, for relative links (`base href` is honoured).
    """
    tags = list(islice(_tags(_visible(page[:MOST_TEXT])), MOST_TAGS))
    base = _base(tags, url)
    declared, linked, channels = [], [], []
    for name, said, words in tags:
        address = urls.absolute(base, said.get("href", ""))
        if not address or name == "base":
            continue
        title = single_line(said.get("title", "") or words, 80)
        if name == "link":
            if _is_declared(said):
                declared.append(Offer(url=address, title=title, how=How.HEAD))
        elif channel := channel_url(address):
            channels.append(Offer(url=channel, kind=SourceKind.TELEGRAM, title=title))
        elif _is_feed_link(address, words):
            linked.append(Offer(url=address, title=title))
    return _distinct([*declared, *linked], url) + _distinct(channels, url)[:MOST_CHANNELS]


def _base(tags: Iterable[tuple[str, dict[str, str], str]], url: str) -> str:
    """The address that links are relative to."""
    said = next((said["href"] for name, said, _ in tags if name == "base" and "href" in said), "")
    return urls.absolute(url, said) or url


def _visible(page: str) -> str:
    """The page without comments and scripts."""
    kept: list[str] = []
    at = 0
    while (start := page.find("<!--", at)) >= 0 and (end := page.find("-->", start)) >= 0:
        kept.append(page[at:start])
        at = end + 3
    kept.append(page[at:])
    return _without_scripts("".join(kept))


def _without_scripts(page: str) -> str:
    kept: list[str] = []
    at, opened = 0, False
    for match in _SCRIPT.finditer(page):
        if opened is bool(match[1]):
            if not opened:
                kept.append(page[at : match.start()])
            at, opened = match.start(), not opened
    return "".join([*kept, "" if opened else page[at:]])


def _tags(page: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """`base`, `link` and `a` with their attributes, and the words of the link."""
    for match in _TAG.finditer(page):
        said = {
            found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "").strip()
            for found in _ATTRIBUTE.finditer(match[2])
        }
        inside = page[match.end() : match.end() + 300].partition("</a")[0]
        yield match[1].lower(), said, html.unescape(_MARKUP.sub(" ", inside)).strip()


def _is_declared(said: dict[str, str]) -> bool:
    kind = said.get("type", "").partition(";")[0].strip().lower()
    # WordPress names its JSON API so, JSON Feed once was.
    is_json_feed = kind == "application/json" and "feed" in said.get("href", "").lower()
    is_feed = kind in _FEED_TYPES or is_json_feed
    return is_feed and "alternate" in said.get("rel", "").lower().split()


def _is_feed_link(address: str, words: str) -> bool:
    host = urls.host(address)
    if any(host == other or host.endswith(f".{other}") for other in _NO_FEED_HOSTS):
        return False
    return is_feed_address(address) or (len(words) < 40 and _FEED_WORDS.search(words) is not None)


def _distinct(found: list[Offer], page_url: str) -> tuple[Offer, ...]:
    once: dict[str, Offer] = {}
    for offer in found:
        if offer.url.partition("#")[0] != page_url.partition("#")[0]:
            once.setdefault(offer.url, offer)
    return tuple(once.values())[:MOST_OFFERS]
