"""
Descriptions of articles that pages carry as JSON-LD.

Source: schema.org NewsArticle and its kin. Templates write it carelessly, so raw line breaks,
missing braces and escaped text are put up with.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from lxml import html

#: JSON-LD larger than this is no description of an article (characters).
MOST_JSON = 500_000

#: Values that are looked at in one block.
MOST_NODES = 3000

#: Deeper nesting is an attack on recursive readers.
MOST_BRACKETS = 5000

_ARTICLE = re.compile(
    r"(?:\w+[:/])*(?:News|Report|Blog|LiveBlog|Scholarly|Tech|Analysis|Opinion|Satirical)?"
    r"(?:News)?(?:Article|Posting)"
)
_INNER = ("@graph", "mainEntity", "hasPart", "mainEntityOfPage")
_CLOSING = re.compile(r",\s*\}\s*$")


def article_of(page: html.HtmlElement) -> Mapping[str, Any]:
    """The first description of an article that says when it was published, else the first."""
    found = list(_articles(page))
    dated = (one for one in found if one.get("datePublished"))
    return next(dated, found[0] if found else {})


def flat(value: Any) -> str:
    """A value's text on one line, the first of a list; '' for what is no text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(unescape(value).split()) if isinstance(value, str) else ""


def name(value: Any) -> str:
    """The name of a person or organisation, however it is given."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return flat(value.get("name") if isinstance(value, dict) else value)


def _articles(page: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in page.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        is_sane = 0 < len(text) <= MOST_JSON and text.count("[") + text.count("{") <= MOST_BRACKETS
        if is_sane:
            yield from _nodes(_json(text))


def _json(text: str) -> Any:
    for attempt in (text, text.rstrip(";"), text + "}", _CLOSING.sub("}", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    """Nodes that are articles, outer ones first."""
    waiting, seen = deque([data]), 0
    while waiting and seen < MOST_NODES:
        one = waiting.popleft()
        seen += 1
        if isinstance(one, list):
            waiting.extend(one[:MOST_NODES])
        elif isinstance(one, dict):
            kinds = one.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE.fullmatch(kind) for kind in kinds):
                yield one
            waiting.extend(one[key] for key in _INNER if key in one)
