"""
The fields of a source as people write them: checked, in one form, with clear errors.

The catalogue, CSV files, OPML files and the command line all read through here.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

import parsel
from cssselect import SelectorError
from lxml import etree

from monitor import urls
from monitor.errors import BadInput
from monitor.model import NewSource, Scope, SourceKind, SourceState
from monitor.sources.kinds import unread_reason, watched_at

#: What options mean: parts of a listing's items, and parts of an article's page.
OPTIONS: Mapping[str, str] = {
    "item": "a block of a listing that tells one story",
    "link": "its address, within the block",
    "title": "the headline, within the block",
    "date": "when it was published, within the block",
    "summary": "its summary, within the block",
    "page_text": "the paragraphs of an article's page",
    "page_title": "its headline",
    "page_date": "when it was published",
    "page_author": "who wrote it",
    "page_remove": "what is thrown away before the page is read",
}

#: Longer names are cut.
MOST_NAME = 200

#: Shortest wish for an interval that is kept, seconds.
LEAST_EVERY_S = 60

_LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-[a-z\d]{5,8}|-\d[a-z\d]{3})*)",
    re.IGNORECASE,
)
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_XPATH_STARTS = ("/", "./", "(")

Choice = TypeVar("Choice", bound=StrEnum)


def line(text: str, most: int = 2000) -> str:
    """Words on one line, without control characters."""
    return " ".join(_NO_TEXT.sub(" ", text).split())[:most].strip()


def language_tag(text: str) -> str:
    """
    A language tag in its usual spelling (BCP 47): `zh-Hant`, `en-GB`; '' stays ''.

    Raises:
        BadInput: it is no such tag.
    """
    typed = text.strip().replace("_", "-")
    if not typed:
        return ""
    match = _LANGUAGE.fullmatch(typed)
    if match is None:
        raise BadInput(
            "is no language tag.", subject=line(text, 80), advice="Write it like en, kk or zh-Hant."
        )
    language, script, region, rest = match.groups()
    parts = [language.lower(), script and script.capitalize(), region and region.upper()]
    return "-".join(filter(None, parts)) + rest.lower()


def language_or_none(text: str) -> str:
    """The same, but '' for what is no such tag: others' files say anything."""
    try:
        return language_tag(text)
    except BadInput:
        return ""


def tags(words: Iterable[str]) -> tuple[str, ...]:
    """Distinct tags in order; a semicolon parts them, so none holds one."""
    single = (line(tag, 100) for word in words for tag in word.split(";"))
    return tuple(dict.fromkeys(filter(None, single)))


def choice(kind: type[Choice], text: str, default: Choice) -> Choice:
    """
    The member that a word names; the default for an empty one.

    Raises:
        BadInput: it names none.
    """
    word = text.strip().lower()
    if not word:
        return default
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise BadInput(
            "is not known.", subject=line(text, 80), advice=f"One of: {known}."
        ) from None


def every(text: str) -> int:
    """
    Seconds between polls; 0, or nothing, lets the scheduler choose.

    Raises:
        BadInput: it is no whole number, or too small.
    """
    word = text.strip()
    if not word:
        return 0
    if not (word.isascii() and word.isdigit() and len(word) < 9):
        raise BadInput("is no number of seconds.", subject=line(text, 80))
    if 0 < int(word) < LEAST_EVERY_S:
        raise BadInput(
            f"is less than {LEAST_EVERY_S} seconds.", subject=word, advice="0 lets us choose."
        )
    return int(word)


def checked_options(options: Mapping[str, str]) -> dict[str, str]:
    """
    Selectors by their key.

    Raises:
        BadInput: a key is unknown, or a selector is neither CSS nor XPath.
    """
    for key, selector in options.items():
        if key not in OPTIONS:
            near = difflib.get_close_matches(key, OPTIONS, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(OPTIONS)}."
            raise BadInput("there is no such option.", subject=line(key, 80), advice=advice)
        fault = _selector_fault(selector)
        if fault:
            raise BadInput(
                f"is no CSS selector or XPath: {fault}.", subject=f"{key}={line(selector, 200)}"
            )
    return dict(options)


def options_of(text: str) -> dict[str, str]:
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
            'is no JSON object like {"item": "article"}.', subject=f"options {line(text, 80)}"
        )
    return checked_options(found)


def options_text(options: Mapping[str, str]) -> str:
    """The JSON that `options_of` reads; empty when there are none."""
    return json.dumps(dict(options), ensure_ascii=False) if options else ""


def described(row: Mapping[str, str]) -> NewSource:
    """
    The source that a row describes; only `url` must be there.

    Args:
        row: by column: name, url, kind, language, region, scope, tags, state, reason, every,
            homepage, options.

    Raises:
        BadInput: a field is not right.
    """
    address = _address(row.get("url", ""))
    betrayed, url = watched_at(address)
    kind = choice(SourceKind, row.get("kind", ""), betrayed)
    state = choice(SourceState, row.get("state", ""), SourceState.ACTIVE)
    reason = line(row.get("reason", ""))
    unread = unread_reason(kind)
    if unread and state is SourceState.ACTIVE:
        state, reason = SourceState.PAUSED, "; ".join(filter(None, [unread, reason]))
    return NewSource(
        name=line(row.get("name", ""), MOST_NAME) or urls.host(url),
        kind=kind,
        url=url if kind is betrayed else address,
        homepage=urls.absolute("", row.get("homepage", "")),
        language=language_tag(row.get("language", "")),
        region=line(row.get("region", ""), 100),
        scope=choice(Scope, row.get("scope", ""), Scope.GENERAL),
        tags=tags([row.get("tags", "")]),
        state=state,
        state_reason=reason,
        every_s=every(row.get("every", "")),
        options=options_of(row.get("options", "")),
    )


def as_row(source: NewSource) -> dict[str, str]:
    """The row that `described` reads back as the same source."""
    return {
        "name": source.name,
        "url": source.url,
        "kind": source.kind.value,
        "language": source.language,
        "region": source.region,
        "scope": source.scope.value,
        "tags": "; ".join(source.tags),
        "state": source.state.value,
        "reason": source.state_reason,
        "every": str(source.every_s) if source.every_s else "",
        "homepage": source.homepage,
        "options": options_text(source.options),
    }


def _address(text: str) -> str:
    """The address as it is written when it is whole, else as it must be meant."""
    meant = urls.checked(text)
    return urls.absolute("", text) or meant


def _selector_fault(selector: str) -> str:
    """What is wrong with a selector; empty when nothing is."""
    if not selector.strip():
        return "it is empty"
    try:
        is_xpath = selector.startswith(_XPATH_STARTS)
        etree.XPath(selector if is_xpath else parsel.css2xpath(selector))
    except (SelectorError, etree.LxmlError, ValueError) as error:
        return line(str(error), 120) or "it cannot be read"
    return ""
