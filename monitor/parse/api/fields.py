"""
Where the items of an API's answer stand, and their fields: by the paths that the source names
(JMESPath), else by the names that APIs give them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from monitor.parse import markup
from monitor.parse.content import language_tag

#: Parts of an answer that are looked at to find its items.
MOST_LOOKED_AT = 50_000

#: Names of a field, lower case and without `_` and `-`, the surest first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "link": (
        "htmlurl", "weburl", "articleurl", "url", "link", "permalink", "canonicalurl", "href",
        "externalurl", "publicurl", "uri", "pdfurl",
    ),
    "title": ("title", "headline", "webtitle", "name", "subject", "heading", "caption"),
    "date": (
        "publishedat", "datepublished", "publicationdate", "published", "pubdate", "publishdate",
        "webpublicationdate", "firstpublicationdate", "displaydate", "posteddate", "seendate",
        "date", "datetime", "createdat", "created", "timestamp", "time", "updatedat", "modified",
    ),
    "summary": (
        "summary", "abstract", "description", "excerpt", "snippet", "lead", "teaser", "trailtext",
        "standfirst", "subtitle",
    ),
    "content": ("content", "contenthtml", "fulltext", "body", "bodytext", "text"),
    "id": ("id", "guid", "uuid", "documentnumber", "articleid"),
    "author": ("authors", "author", "byline", "creator", "creators"),
    "language": ("language", "lang", "locale"),
}  # fmt: skip

#: What wraps an item's fields (JSON:API, Elasticsearch, GraphQL), and what wraps a value.
_ITEM_WRAPPERS = ("attributes", "fields", "_source", "node")
_VALUE_WRAPPERS = ("rendered", "#text", "text", "value", "plain", "html", "name", "title", "href")
_MOST_VALUES = 50
#: Where an answer says how many items there are.
_COUNTS = ("count", "total", "totalcount", "totalresults", "numfound", "resultcount", "hits")


class Reader:
    """Reads the fields of items by the options of one source."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self.paths = {key: jmespath.compile(path) for key, path in options.items() if path}

    def has(self, key: str) -> bool:
        """Whether the source names a path for it."""
        return key in self.paths

    def at(self, key: str, value: Any) -> Any:
        """What the path of an option finds in a value; None when it cannot be applied."""
        try:
            return self.paths[key].search(value)
        except (JMESPathError, ValueError, TypeError, RecursionError):
            return None

    def field(self, key: str, item: Mapping[str, Any]) -> Any:
        """A field of an item."""
        if key in self.paths:
            return self.at(key, item)
        named = _named(item)
        return next((named[name] for name in NAMES[key] if text_of(named.get(name))), None)

    def text(self, key: str, item: Mapping[str, Any]) -> str:
        """A field of an item as text."""
        return text_of(self.field(key, item))


def items_in(answer: Any) -> list[Any] | None:
    """The largest list of things that have a title and an address; None when there is none."""
    best: list[Any] | None = None
    score = 0
    waiting = deque([answer] if isinstance(answer, Mapping | list) else [])
    for _ in range(MOST_LOOKED_AT):
        if not waiting:
            break
        value = waiting.popleft()
        if isinstance(value, list):
            found = sum(_is_item(one) for one in value)
            if found > score:
                best, score = value, found
        inside = value.values() if isinstance(value, Mapping) else value
        waiting.extend(one for one in inside if isinstance(one, Mapping | list))
    return best


def is_empty(answer: Any, *, is_sure: bool) -> bool:
    """
    Whether an answer without items says that there are none.

    Args:
        is_sure: it is known where the items must stand, so that another empty list says nothing.
    """
    if not answer:
        return True
    if not isinstance(answer, Mapping):
        return False
    parts = [answer, *(value for value in answer.values() if isinstance(value, Mapping))]
    if any(_counts_none(part) for part in parts):
        return True
    return not is_sure and any(value == [] for part in parts for value in part.values())


def text_of(value: Any, depth: int = 0) -> str:
    """The text of a value: strings, numbers, what wraps them, lists of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or depth > 3:
        return ""
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, Mapping):
        inner = (text_of(value.get(name), depth + 1) for name in _VALUE_WRAPPERS)
        return next(filter(None, inner), "")
    if isinstance(value, list):
        return " ".join(filter(None, (text_of(one, depth + 1) for one in value[:_MOST_VALUES])))
    return ""


def texts_of(value: Any) -> Sequence[str]:
    """The texts of a list, or the one text of anything else."""
    return (
        [text_of(one) for one in value[:_MOST_VALUES]]
        if isinstance(value, list)
        else [text_of(value)]
    )


def plain_text(html: str) -> str:
    """A text as plain lines; without markup its own lines stay."""
    if "<" in html:
        return markup.plain(html, separator="\n")
    lines = (markup.collapsed(markup.unescaped(line)) for line in html.splitlines())
    return "\n".join(filter(None, lines))


def language_of(text: str) -> str:
    """The tag of a language that is given as a tag or by its English name; else ''."""
    word = text.strip()
    named = _languages().get(word.lower())
    return named or ("" if len(word) > 3 and word.isalpha() else language_tag(word))


@cache
def _languages() -> Mapping[str, str]:
    lines = files("monitor.parse.api").joinpath("languages.txt").read_text("utf-8").splitlines()
    pairs = (line.rsplit(None, 1) for line in lines if line.strip() and line[0] != "#")
    return {name.lower(): tag for name, tag in pairs}


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    """Fields by simple names, those of a wrapper among them."""
    found: dict[str, Any] = {}
    for part in (item, *(item.get(wrapper) for wrapper in _ITEM_WRAPPERS)):
        if isinstance(part, Mapping):
            for key, value in part.items():
                found.setdefault(str(key).lower().replace("_", "").replace("-", ""), value)
    return found


def _is_item(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    named = _named(value)
    return all(any(text_of(named.get(name)) for name in NAMES[key]) for key in ("link", "title"))


def _counts_none(answer: Mapping[str, Any]) -> bool:
    named = _named(answer)
    return any(named.get(name) == 0 and named.get(name) is not False for name in _COUNTS)
