"""
Where feeds and news sitemaps usually stand, by what a site is made with.

Guesses for a site that names none, the likeliest first: of the section that was asked for, then
of the whole site. Each one costs a request, so they are few; who asks says how many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from monitor import urls
from monitor.sources.sections import folder_of, section_of

#: Characters of a page in which its maker is looked for.
MOST_TEXT = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What sites are made with, how their pages betray it, and where it puts feeds."""

    name: str
    #: In the page, or in its address.
    sign: re.Pattern[str]
    #: Of the whole site.
    paths: tuple[str, ...]
    #: Of a section: added to its path.
    section: tuple[str, ...] = ()


def _maker(name: str, sign: str, paths: str, section: str = "") -> Maker:
    pattern = re.compile(sign, re.IGNORECASE)
    return Maker(
        name=name, sign=pattern, paths=tuple(paths.split()), section=tuple(section.split())
    )


#: The surest signs first; a page may show several.
MAKERS = (
    _maker("Substack", r"substackcdn\.com|//[\w-]+\.substack\.com", "/feed"),
    _maker("Ghost", r"generator[\"']?\s+content=[\"']ghost|/ghost/api/", "/rss/", "rss/"),
    _maker("Blogger", r"generator[\"']?\s+content=[\"']?blogger|\.blogspot\.",
           "/feeds/posts/default"),
    _maker("Hugo", r"generator[\"']?\s+content=[\"']?hugo", "/index.xml", "index.xml"),
    _maker("Jekyll", r"generator[\"']?\s+content=[\"']?jekyll", "/feed.xml"),
    _maker("Bitrix", r"/bitrix/(?:js|templates|cache|components)/|bx-core",
           "/bitrix/rss.php?TYPE=news&ID=news&LIMIT=20 /rss/ /news/rss/", "rss/"),
    _maker("Joomla", r"generator[\"']?\s+content=[\"']joomla|/media/(?:jui|system)/js/",
           "/?format=feed&type=rss", "?format=feed&type=rss"),
    _maker("Drupal",
           r"generator[\"']?\s+content=[\"']drupal|/sites/(?:default|all)/|drupal-settings",
           "/rss.xml", "feed rss.xml"),
    _maker("WordPress", r"generator[\"']?\s+content=[\"']wordpress|/wp-(?:content|includes|json)/",
           "/feed/ /?feed=rss2", "feed/"),
)  # fmt: skip

#: Where others put them.
USUAL = (
    "/rss",
    "/feed",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds/posts/default",
)
USUAL_OF_SECTION = ("feed/", "rss", "rss.xml")

#: News sitemaps and then plain ones, for who names none in robots.txt.
SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml")

_NEWS = re.compile(r"news(?!letter)|google-?news|recent|latest|today", re.IGNORECASE)
_NO_NEWS = re.compile(
    r"image|video|categor|taxonom|(?<![a-z])tags?(?![a-z])|author|page-sitemap|product|static",
    re.IGNORECASE,
)


def feed_guesses(url: str, page: str) -> tuple[str, ...]:
    """
    Addresses of feeds that a site may have, the likeliest first.

    Args:
        url: the page that was asked for; its section comes first.
        page: its HTML, or ''.
    """
    head = f"{url} {page[:MOST_TEXT]}"
    makers = [maker for maker in MAKERS if maker.sign.search(head)]
    of_site = [urls.absolute(url, path) for path in _medium(url)]
    of_section: list[str] = []
    if section_of(url):
        endings = [one for maker in makers for one in maker.section] or list(USUAL_OF_SECTION)
        of_section = [f"{_folder(url)}{ending}" for ending in endings]
    of_site += [urls.absolute(url, path) for maker in makers for path in maker.paths]
    of_site += [urls.absolute(url, path) for path in USUAL]
    return _distinct([*of_section, *of_site], url)


def sitemap_guesses(url: str, named: Iterable[str]) -> tuple[str, ...]:
    """
    Addresses of sitemaps that tell of news, the likeliest first.

    Args:
        named: the sitemaps of its robots.txt; without any, usual places.
    """
    known = sorted(named, key=_rank)
    return tuple(known) or tuple(urls.absolute(url, path) for path in SITEMAPS)


def tells_news(url: str) -> bool:
    """Whether a sitemap's address says that it is one of news."""
    return _NEWS.search(urlsplit(url).path) is not None


def _rank(url: str) -> tuple[bool, bool]:
    return not tells_news(url), _NO_NEWS.search(urlsplit(url).path) is not None


def _folder(url: str) -> str:
    """The address of a section, ending in a slash."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, folder_of(url), "", ""))


def _medium(url: str) -> tuple[str, ...]:
    """Medium puts a publication's feed below its own /feed/."""
    first = urlsplit(url).path.strip("/").partition("/")[0]
    return (f"/feed/{first}",) if first and urls.host(url) == "medium.com" else ()


def _distinct(found: Iterable[str], url: str) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(filter(None, found)) if one != url)
