"""
Outlines of an OPML file, however broken: a scanner, not an XML parser.

Most public OPML is not well-formed (bare ampersands, quotes within values, missing closing
tags), and an XML parser in recovery loses parts of addresses. Here a tag ends where the next
one begins, a value ends at the quote that something fit for a tag follows, and no entity is
ever expanded. Time is linear in the size of the file.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

#: A tag longer than this is cut (characters).
MOST_TAG = 20_000

#: Folders within folders that count.
MOST_DEPTH = 30

_START = re.compile(r"<outline(?=[\s/>])|</outline\s{0,50}>|</(?:body|opml)\b", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z_][\w:.-]{0,40})\s{0,50}=\s{0,50}([\"']?)")
_QUOTE_ENDS = {
    quote: re.compile(rf"{quote}(?=\s{{0,50}}(?:/?>|[A-Za-z_][\w:.-]{{0,40}}\s{{0,50}}=|\Z))")
    for quote in "\"'"
}
_BARE = re.compile(r"[^\s\"'<>]*")
_ADDRESS = re.compile(r"\bxmlurl\s{0,50}=\s{0,50}[\"']?\s{0,50}([^\s\"'<>]+)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]{0,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One `outline` tag."""

    #: Lower-case names; character references decoded.
    attributes: Mapping[str, str]
    #: Texts of the outlines around it that are no feeds, outermost first.
    folders: tuple[str, ...]


def outlines(text: str) -> Iterator[Outline]:
    """All outlines of an OPML file, in its order."""
    cleared = _without_doctype(_without_comments(text))
    starts = [match.start() for match in _START.finditer(cleared)] + [len(cleared)]
    open_tags: list[str | None] = []
    for at, following in pairwise(starts):
        if cleared[at + 1] == "/":
            del open_tags[-1:]
            continue
        chunk = cleared[at : min(following, at + MOST_TAG)]
        attributes, end = _attributes(chunk)
        folders = tuple(name for name in open_tags[-MOST_DEPTH:] if name)
        yield Outline(attributes, folders)
        if chunk.find("/>", end, end + 50) >= 0:
            continue
        is_feed = "xmlurl" in attributes
        if not is_feed:
            open_tags.append(attributes.get("text") or attributes.get("title") or "")
        elif cleared[following : following + 9].lower() == "</outline":
            open_tags.append(None)


def decoded_references(text: str) -> str:
    """
    Character references decoded once.

    Only those that end in a semicolon: in `?a=1&copy=2` there is none.
    """
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def _attributes(tag: str) -> tuple[dict[str, str], int]:
    """Attributes of a tag, and where the last of them ends."""
    ends = {
        quote: [match.start() for match in pattern.finditer(tag)]
        for quote, pattern in _QUOTE_ENDS.items()
    }
    found: dict[str, str] = {}
    at = len("<outline")
    while match := _NAME.search(tag, at):
        value, at = _value(tag, match.end(), match[2], ends)
        found.setdefault(match[1].lower(), decoded_references(value))
    address = None if "xmlurl" in found else _ADDRESS.search(tag)
    if address is not None:
        # A quote is missing before it: an earlier value has swallowed the address.
        found["xmlurl"] = decoded_references(address[1])
    return found, at


def _value(tag: str, start: int, quote: str, ends: Mapping[str, list[int]]) -> tuple[str, int]:
    """The value that begins at `start`, and where it is over."""
    if not quote:
        bare = _BARE.match(tag, start)
        end = bare.end() if bare else start
        if tag.startswith("/>", end - 1) and end > start:
            end -= 1
        return tag[start:end], end
    places = ends[quote]
    index = bisect_left(places, start)
    end = places[index] if index < len(places) else tag.find(quote, start)
    if end < 0:
        end = len(tag.rstrip(" />\r\n\t"))
    return tag[start:end], max(end, start) + 1


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    kept.append(text[at:])
    return "".join(kept)


def _without_doctype(text: str) -> str:
    """Without the document type, whose entities are never expanded."""
    match = _DOCTYPE.search(text, 0, 10_000)
    if match is None:
        return text
    is_long = text.startswith("[", match.end())
    end = text.find("]>" if is_long else ">", match.end())
    return text if end < 0 else text[: match.start()] + text[end + 1 :]
