"""
Which links of a message lead to an article: not to Telegram, other networks, shops or files.

A link that stands in most messages of a page is the channel's own signature, and the root of a
site is no article either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from urllib.parse import urlsplit

from monitor.parse.telegram.messages import TELEGRAM
from monitor.urls import canonical_key, host

#: A message with more outside links than that points to no article of its own.
MOST_LINKS = 3

#: A link in so many messages of a page, and in at least half of them, is a signature.
SIGNATURE = 3

_MESSAGE = re.compile(r"/s/[^/]+(?:/\d+)?/?|/[A-Za-z]\w{3,31}/\d+/?", re.ASCII)
_LINES = files("monitor.parse.telegram").joinpath("no_articles.txt").read_text("utf-8").splitlines()
#: Sites, with all below them, that tell no story: other networks, video, shops, donations, maps.
NO_ARTICLES = frozenset(line.strip() for line in _LINES if line.strip() and line[0] != "#")
_FILES = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4", ".mov", ".mp3", ".ogg", ".zip", ".rar",
    ".apk", ".xls", ".xlsx", ".doc", ".docx", ".ppt", ".pptx",
)  # fmt: skip


def leads_out(link: str) -> bool:
    """Whether a link leads to what may be an article."""
    name = host(link)
    if not name or any(_is_within(name, site) for site in TELEGRAM):
        return False
    parts = urlsplit(link)
    path = parts.path.lower()
    if not path.strip("/") and not parts.query:
        return False
    if path.endswith(_FILES):
        return False
    labels = name.split(".")
    sites = {".".join(labels[at:]) for at in range(len(labels))}
    first = path.split("/")[1] if path else ""
    return not sites & NO_ARTICLES and f"{name.removeprefix('www.')}/{first}" not in NO_ARTICLES


def signatures(messages: Iterable[Sequence[str]]) -> frozenset[str]:
    """Keys of the links that most messages of a page carry."""
    shown = [{canonical_key(link) for link in links} for links in messages]
    counts = Counter(key for keys in shown for key in keys)
    least = max(SIGNATURE, (len(shown) + 1) // 2)
    return frozenset(key for key, number in counts.items() if number >= least)


def articles(links: Iterable[str], skipped: frozenset[str], *, page: str) -> list[str]:
    """
    The links to follow, each once; none when there are more than a story has.

    Args:
        skipped: keys of links that are no articles of this message.
        page: where the message was found; on the same site, messages are no articles.
    """
    found: dict[str, str] = {}
    for link in links:
        if (
            not _is_message(link, page)
            and leads_out(link)
            and (key := canonical_key(link)) not in skipped
        ):
            found.setdefault(key, link)
    return list(found.values()) if len(found) <= MOST_LINKS else []


def _is_message(link: str, page: str) -> bool:
    """Whether a link leads to a channel or message of the site that shows the page."""
    parts, here = urlsplit(link), urlsplit(page)
    return parts.netloc == here.netloc and _MESSAGE.fullmatch(parts.path) is not None


def _is_within(name: str, site: str) -> bool:
    return name == site or name.endswith(f".{site}")
