"""
The options of a source: which there are for its kind, and whether a value can be used.

Selectors and paths say where something stands; `cron` and `timezone` when it is asked; `robots`,
`gap` and `header-NAME` on which terms. A value may name environment variables as `${NAME}`,
so that a secret stands in no database and no file of sources.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import jmespath
import parsel
from cssselect import SelectorError
from jmespath.exceptions import JMESPathError
from lxml import etree

from monitor.errors import BadInput
from monitor.model import Source, SourceKind, Terms
from monitor.sources import cron
from monitor.text import single_line

#: Longest gap between two requests that a source may ask for, seconds.
MOST_GAP_S = 3600.0

_XPATH_STARTS = ("/", "./", "(")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}", re.ASCII)
_HEADER = re.compile(r"header-([a-z0-9][a-z0-9-]{0,60})")
#: Headers that are ours to send, or that carry no agreement.
_OURS = frozenset(
    {
        "accept", "accept-encoding", "connection", "content-length", "host", "if-modified-since",
        "if-none-match", "range", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
    }
)  # fmt: skip
_SECRET = re.compile(r"authori|cookie|key|token|secret|pass", re.IGNORECASE)

_LISTS = frozenset({SourceKind.LISTING})
_APIS = frozenset({SourceKind.API})
_ALL = frozenset(SourceKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: of which kinds of source, what it means, and what is wrong with a value."""

    kinds: frozenset[SourceKind]
    meaning: str
    #: What is wrong with a value, in words; empty when nothing is.
    fault: Callable[[str], str]


def _selector_fault(selector: str) -> str:
    try:
        is_xpath = selector.startswith(_XPATH_STARTS)
        etree.XPath(selector if is_xpath else parsel.css2xpath(selector))
    except (SelectorError, etree.LxmlError, ValueError) as error:
        return f"is no CSS selector or XPath: {single_line(str(error), 120) or 'it cannot be read'}"
    return ""


def _path_fault(path: str) -> str:
    try:
        jmespath.compile(path)
    except (JMESPathError, ValueError) as error:
        return f"is no JMESPath: {single_line(str(error), 120)}"
    return ""


def _gap_fault(text: str) -> str:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    return "" if 0 <= seconds <= MOST_GAP_S else f"is no number of seconds up to {MOST_GAP_S:g}"


def _no_fault(_text: str) -> str:
    return ""


def _header_fault(name: str, value: str) -> str:
    if name in _OURS:
        return "is a header that we set ourselves"
    if not (value.isascii() and value.isprintable()):
        return "is no value of a header"
    if _SECRET.search(name) and not _VARIABLE.search(value):
        return "is a secret; name the environment variable that holds it: ${NAME}"
    return ""


def _selector(kinds: frozenset[SourceKind], meaning: str) -> Option:
    return Option(kinds=kinds, meaning=meaning, fault=_selector_fault)


def _path(meaning: str) -> Option:
    return Option(kinds=_APIS, meaning=meaning, fault=_path_fault)


#: By key; a key that several kinds have stands once for each way of writing it.
OPTIONS: tuple[tuple[str, Option], ...] = (
    ("item", _selector(_LISTS, "a block of a listing that tells one story")),
    ("link", _selector(_LISTS, "its address, within the block")),
    ("title", _selector(_LISTS, "the headline, within the block")),
    ("date", _selector(_LISTS, "when it was published, within the block")),
    ("summary", _selector(_LISTS, "its summary, within the block")),
    ("item", _path("the list of items in the answer of an API")),
    ("link", _path("an item's address")),
    ("title", _path("its headline")),
    ("date", _path("when it was published")),
    ("summary", _path("its summary")),
    ("content", _path("its whole text")),
    ("id", _path("what names it for ever")),
    ("author", _path("who wrote it")),
    ("language", _path("its language")),
    ("next", _path("the address of the next page of the answer")),
    ("next_param", Option(kinds=_APIS, meaning="the query parameter of the next page",
                          fault=_no_fault)),
    ("match", Option(kinds=frozenset({SourceKind.SITEMAP, SourceKind.LISTING}),
                     meaning="only addresses that hold these words", fault=_no_fault)),
    ("skip", Option(kinds=frozenset({SourceKind.SITEMAP, SourceKind.LISTING}),
                    meaning="no addresses that hold these words", fault=_no_fault)),
    ("watch", _selector(frozenset({SourceKind.PAGE}), "the part of a page that is watched")),
    ("page_text", _selector(_ALL, "the paragraphs of an article's page")),
    ("page_title", _selector(_ALL, "its headline")),
    ("page_date", _selector(_ALL, "when it was published")),
    ("page_author", _selector(_ALL, "who wrote it")),
    ("page_remove", _selector(_ALL, "what is thrown away before the page is read")),
    ("cron", Option(kinds=_ALL, meaning="when it is asked, as a cron expression",
                    fault=cron.fault)),
    ("timezone", Option(kinds=_ALL, meaning="the time zone of the cron expression",
                        fault=cron.zone_fault)),
    ("gap", Option(kinds=_ALL, meaning="seconds between two requests to its host",
                   fault=_gap_fault)),
    ("robots", Option(kinds=_ALL, meaning="why its robots.txt does not bind us: the consent",
                      fault=_no_fault)),
)  # fmt: skip


def checked(options: Mapping[str, str], kind: SourceKind) -> dict[str, str]:
    """
    Options by their key.

    Raises:
        BadInput: a key is unknown for this kind, or a value cannot be used.
    """
    for key, value in options.items():
        fault = _fault(key, value, kind)
        if fault:
            raise BadInput(f"{fault}.", subject=f"{key}={single_line(value, 200)}")
    return dict(options)


def fitting(options: Mapping[str, str], kind: SourceKind) -> dict[str, str]:
    """Those that a source of another kind has too."""
    there_are = {name for name, option in OPTIONS if kind in option.kinds}
    return {k: v for k, v in options.items() if k in there_are or _HEADER.fullmatch(k)}


def options_of(text: str, kind: SourceKind) -> dict[str, str]:
    """
    Options as a JSON object, the way CSV and OPML files carry them.

    Raises:
        BadInput: it is none, or an option is not right.
    """
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInput(
            'is no JSON object like {"item": "article"}.',
            subject=f"options {single_line(text, 80)}",
        )
    return checked(found, kind)


def options_text(options: Mapping[str, str]) -> str:
    """The JSON that `options_of` reads; empty when there are none."""
    return json.dumps(dict(options), ensure_ascii=False) if options else ""


def terms_of(source: Source, environ: Mapping[str, str]) -> Terms:
    """
    On which terms a source is fetched.

    Raises:
        BadInput: an option names an environment variable that is not set.
    """
    headers = {
        match[1]: filled(value, environ)
        for key, value in source.options.items()
        if (match := _HEADER.fullmatch(key))
    }
    parts = urlsplit(source.url)
    return Terms(
        origin=urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", "")),
        headers=headers,
        consent=source.options.get("robots", ""),
        gap_s=float(source.options.get("gap", "0")),
    )


def filled(text: str, environ: Mapping[str, str]) -> str:
    """
    The text with each `${NAME}` replaced by that environment variable.

    Raises:
        BadInput: a variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        if not environ.get(match[1]):
            raise BadInput(
                "is not set in the environment.", subject=match[1], advice="Set it, and start anew."
            )
        return environ[match[1]]

    return _VARIABLE.sub(value, text)


def _fault(key: str, value: str, kind: SourceKind) -> str:
    if not value.strip():
        return "is empty"
    if header := _HEADER.fullmatch(key):
        return _header_fault(header[1], value)
    fitting = [option for name, option in OPTIONS if name == key and kind in option.kinds]
    if not fitting:
        raise _unknown(key, kind)
    return fitting[0].fault(value)


def _unknown(key: str, kind: SourceKind) -> BadInput:
    there_are = [name for name, option in OPTIONS if kind in option.kinds]
    near = difflib.get_close_matches(key, there_are, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(there_are)}."
    return BadInput(
        f"there is no such option of a {kind.value}.", subject=single_line(key, 80), advice=advice
    )
