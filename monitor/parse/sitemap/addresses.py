"""
What an address alone says: whether it tells a story, when, in which order, and about what.

A sitemap lists everything that a site has. Without a headline beside it, the address is all
there is to judge by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

#: Longest title made of an address (characters).
_TITLE_CHARS = 200
#: So many words in the last part of a path are a headline, whatever the part before is called.
_HEADLINE_WORDS = 4

_SECTION_WORDS = (
    "archive archives author authors autor categorias category categories cat contributor "
    "contributors kategorie label login profile rubric rubrics search section sections series "
    "tag tags taxonomy theme themes user users"
)
_SECTION = frozenset(_SECTION_WORDS.split())
_STANDING_NAMES = (
    "about about-us advertise advertising careers contact contact-us contacts cookie-policy "
    "cookies disclaimer faq help home impressum imprint jobs legal-notice login newsletter "
    "newsletters o-nas our-team privacy privacy-policy register rss sign-in sign-up site-map "
    "sitemap subscribe subscription team terms terms-and-conditions terms-of-service "
    "terms-of-use"
)
#: Pages that every site has.
_STANDING = frozenset(_STANDING_NAMES.split())
_INDEX = re.compile(r"(?:index|default|home)(?:\.[a-z]{2,5})?", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|gz|zip|mp[34]|m3u8|avi|mov|woff2?|xlsx?)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf|shtml?|cfm)$", re.IGNORECASE)
_PAGING = re.compile(r"/page/\d+/?$|[?&]paged?=\d+", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/._-]?(0[1-9]|1[0-2])(?:[/._-]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_NUMBER = re.compile(r"\d{1,15}")
_SEPARATORS = re.compile(r"[\s\-_+.,~]+")
_CODE = re.compile(r"(?=[^\W_]*\d)[0-9a-fA-F]{8,}|(?=.*\d)(?=.*[A-Za-z])[0-9A-Za-z]{14,}")


def words_of(option: str) -> tuple[str, ...]:
    """The words of an option `match` or `skip`: parted by spaces or commas."""
    return tuple(word.lower() for word in re.split(r"[\s,]+", option) if word)


def is_asked_for(url: str, options: Mapping[str, str]) -> bool:
    """Whether the options `match` and `skip` of a source admit an address."""
    lowered = unquote(url).lower()
    wanted, unwanted = words_of(options.get("match", "")), words_of(options.get("skip", ""))
    if any(word in lowered for word in unwanted):
        return False
    return not wanted or any(word in lowered for word in wanted)


def is_story(url: str) -> bool:
    """Whether an address may be an article: no start page, section, standing page or file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    segments = [part for part in parts.path.lower().split("/") if part]
    if _PAGING.search(url):
        return False
    while segments and _INDEX.fullmatch(segments[-1]):
        del segments[-1]
        if not _NUMBER.search(parts.query):
            return False
    if not segments:
        return bool(_NUMBER.search(parts.query))
    last = segments[-1]
    if last in _STANDING or _NO_PAGE.search(last):
        return False
    words = _words(last)
    if len(words) >= _HEADLINE_WORDS:
        return True
    if not _SECTION.isdisjoint(segments[:-1]) or last in _SECTION:
        return False
    has_mark = bool(_NUMBER.search(last) or _NUMBER.search(parts.query) or _EXTENSION.search(last))
    return len(words) > 1 or has_mark or not unquote(last).isascii()


def day_of(url: str, now: datetime) -> datetime | None:
    """The day that stands in an address (`/2026/11/24/`); None where none does, or a later one."""
    for match in _DAY.finditer(url.partition("://")[2]):
        if match[3] is None:
            continue
        try:
            day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
        except ValueError:
            continue
        if day <= now:
            return day
    return None


def rank(url: str) -> int:
    """A number that grows from older to newer addresses where they are numbered."""
    found = _NUMBER.findall(url.partition("://")[2].partition("/")[2])
    return max(map(int, found), default=0)


def title_of_address(url: str) -> str:
    """The words of an address, like a headline; its path where it has none."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    segments = [part for part in path.split("/") if part]
    for part in reversed(segments[-3:]):
        words = _words(_EXTENSION.sub("", part))
        if len(words) > 1 or any(not word.isascii() for word in words):
            title = " ".join(words)[:_TITLE_CHARS].strip()
            return title[:1].upper() + title[1:]
    return "/".join(segments[-2:])[-_TITLE_CHARS:]


def _words(part: str) -> list[str]:
    """Words of one part of a path, without the numbers and codes at its ends."""
    words = [word for word in _SEPARATORS.split(_EXTENSION.sub("", part)) if word]
    while words and _is_code(words[-1]):
        del words[-1]
    while words and _is_code(words[0]):
        del words[0]
    return words if any(any(c.isalpha() for c in word) for word in words) else []


def _is_code(word: str) -> bool:
    return (word.isdigit() and len(word) > 4) or bool(_CODE.fullmatch(word))
