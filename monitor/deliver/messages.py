"""
A message to people: what it holds.

All of it may come from strangers; each form (`forms`, `mail_page`) makes it harmless in its way.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

#: Characters of a title and of a quoted sentence.
TITLE, QUOTE = 240, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened: `new`, `development`, `contradiction`, … and what exactly."""

    kind: str
    text: str
    #: RFC 3339.
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story in a message."""

    story_id: int
    title: str
    language: str
    #: Its page on the review site, and the first telling of it; empty = no link.
    page: str
    url: str
    changes: tuple[Change, ...]
    #: Like `first told by Ore News; 5 outlets`.
    told_by: str
    figures: tuple[str, ...] = ()
    #: Sentences with who wrote them, shortened.
    quotes: tuple[tuple[str, str], ...] = ()
    disputes: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Stories under one heading; an empty heading is not shown."""

    heading: str
    items: tuple[Item, ...]
    #: Told with a title only.
    brief: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told to one recipient at once."""

    subject: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    #: Lines under headings after the stories.
    notes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    footer: tuple[str, ...] = ()


def safe_url(url: str) -> str:
    """An address that may stand in a message: http or https; else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme.lower() in {"http", "https"} and parts.hostname
    is_one_word = url.isprintable() and not set(url) & set(" <>\"'`\\")
    return url if is_web and is_one_word and "@" not in parts.netloc else ""
