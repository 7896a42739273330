"""
What an address says of the page behind it: a story, a section, or a page of the site itself.

An address of a story carries what is its own: a slug of several words, a number, a date. One of
a section is a short word. Only a hint: no address is refused for its look alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_SLUG = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}")
_NUMBER = re.compile(r"\d{3,}")
_HASH = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f-]{12,}")
_DATE = re.compile(r"/(?:19|20)\d{2}[-/]?(?:0?[1-9]|1[0-2]|/?)(?:[-/]?\d{1,2})?(?:/|$|[-_])")
_NAMED_ID = re.compile(
    r"(?:^|&)(?:p|id|\w*id|news|article|story|doc|n|a|item|nid|aid|newsid|articleid|idx|no|seq)="
    r"[\w-]*\d",
    re.IGNORECASE,
)
_SITE_PAGES = frozenset(
    {
        "about", "about-us", "aboutus", "contact", "contacts", "contact-us", "contactus",
        "login", "signin", "sign-in", "signup", "sign-up", "register", "account", "cart",
        "checkout", "privacy", "privacy-policy", "terms", "terms-of-use", "terms-of-service",
        "cookies", "cookie-policy", "advertise", "advertising", "careers", "jobs", "subscribe",
        "newsletter", "newsletters", "sitemap", "search", "help", "faq", "legal", "impressum",
        "imprint", "disclaimer", "accessibility", "rss", "feed", "feeds", "donate", "team",
        "our-team", "staff", "membership", "shop", "store", "my-account", "profile", "feedback",
        "o-nas", "kontakty", "vakansii", "reklama", "karta-sajta", "lianxiwomen", "gywm",
        "lxwm", "logout", "wishlist", "wp-login.php",
    }
)  # fmt: skip
_SECTIONS = frozenset(
    {
        "tag", "tags", "category", "categories", "topic", "topics", "author", "authors",
        "writer", "writers", "section", "sections", "rubric", "rubrics", "rubrika", "label",
        "labels", "archive", "archives", "page", "user", "users", "profile", "people", "themes",
        "keyword", "keywords", "hashtag", "contributor", "contributors", "by", "staff", "team",
    }
)  # fmt: skip
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|mp[34]|zip|rar|7z|exe|apk|dmg|css|js|xml|rss|ics|vcf)$",
    re.IGNORECASE,
)
_SOCIAL = frozenset(
    {
        "facebook.com", "twitter.com", "x.com", "instagram.com", "linkedin.com", "youtube.com",
        "youtu.be", "pinterest.com", "t.me", "telegram.me", "vk.com", "ok.ru", "wa.me",
        "whatsapp.com", "tiktok.com", "reddit.com", "threads.net", "weibo.com", "bsky.app",
        "tumblr.com", "addtoany.com", "play.google.com", "apps.apple.com", "itunes.apple.com",
        "google.com", "news.google.com", "flipboard.com",
    }
)  # fmt: skip
_SECOND_LEVEL = frozenset(
    {
        "com", "co", "org", "net", "gov", "edu", "ac", "go", "or", "ne", "gob", "gouv", "mil",
    }
)  # fmt: skip


@lru_cache(maxsize=16384)
def story_likeness(url: str) -> float:
    """From 0, a page of the site itself, over 0.3, anything, to 1, surely a story."""
    split = urlsplit(url)
    segments = _segments(split.path)
    if is_of_site(url):
        return 0.0
    last = re.sub(r"\.\w{2,5}$", "", segments[-1]) if segments else ""
    if _NAMED_ID.search(split.query):
        return 0.9
    if not segments:
        return 0.0
    is_own = _SLUG.fullmatch(last) or _NUMBER.search(last) or _HASH.search(last)
    if is_own or _DATE.search(split.path):
        return 1.0
    if len(last) > 24 or _NUMBER.search(split.path):
        return 0.8
    if last.isdigit():
        return 0.7
    return 0.3 if len(segments) > 1 or last.count("-") else 0.15


@lru_cache(maxsize=16384)
def is_of_site(url: str) -> bool:
    """Whether it is a section, a person's page, or a page about the site."""
    split = urlsplit(url)
    segments = _segments(split.path)
    if not segments:
        return not split.query
    if _SITE_PAGES.intersection((segments[-1].partition(".")[0], segments[-1])):
        return True
    # Deeper, such a word is a part of a story's address: /topics/mining/a-mine-opens-in-spring.
    at = [index for index, part in enumerate(segments[:-1]) if part in _SECTIONS]
    return bool(at) and at[0] >= len(segments) - 3 and not _DATE.search(split.path)


def is_social(url: str) -> bool:
    """Whether it is a page of a social network, or of a shop for apps."""
    return site_of(url) in _SOCIAL


def is_file(url: str) -> bool:
    """Whether it is an image, an archive or another file that tells no story."""
    return bool(_FILES.search(urlsplit(url).path))


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """The part of a host that one publisher has: `e.org` of `www.news.e.org`."""
    labels = (urlsplit(url).hostname or "").split(".")
    if labels[-1:] and labels[-1].isdigit():
        return ".".join(labels)
    is_deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if is_deep else -2 :])


@lru_cache(maxsize=16384)
def shape_of(url: str) -> tuple[str, ...]:
    """What addresses of one kind share: the site, the kind of each segment, names in the query."""
    split = urlsplit(url)
    kinds = [_kind(part) for part in _segments(split.path)]
    names = sorted(pair.partition("=")[0] for pair in split.query.split("&") if pair)
    return (site_of(url), *kinds, *(f"?{name}" for name in names[:4]))


def _segments(path: str) -> list[str]:
    return [part.lower() for part in unquote(path).split("/") if part][:12]


def _kind(segment: str) -> str:
    if segment.isdigit():
        return "#"
    if _SLUG.fullmatch(segment) or len(segment) > 24:
        return "slug"
    return "#a" if _NUMBER.search(segment) else segment
