"""
The fields of a source as people write them: checked, in one form, with clear errors.

The catalogue, CSV files, OPML files and the command line all read through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from monitor import urls
from monitor.errors import BadInput
from monitor.model import NewSource, Scope, SourceKind, SourceState
from monitor.sources import templates
from monitor.sources.kinds import watched_at
from monitor.sources.options import options_of, options_text
from monitor.text import single_line

#: Longer names are cut.
MOST_NAME = 200

#: Shortest wish for an interval that is kept, seconds.
LEAST_EVERY_S = 60

_LANGUAGE = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-[a-z\d]{5,8}|-\d[a-z\d]{3})*)",
    re.IGNORECASE,
)

Choice = TypeVar("Choice", bound=StrEnum)


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
            "is no language tag.",
            subject=single_line(text, 80),
            advice="Write it like en, kk or zh-Hant.",
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
    single = (single_line(tag, 100) for word in words for tag in word.split(";"))
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
            "is not known.", subject=single_line(text, 80), advice=f"One of: {known}."
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
        raise BadInput("is no number of seconds.", subject=single_line(text, 80))
    if 0 < int(word) < LEAST_EVERY_S:
        raise BadInput(
            f"is less than {LEAST_EVERY_S} seconds.", subject=word, advice="0 lets us choose."
        )
    return int(word)


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
    if kind is SourceKind.API and (wrong := templates.fault(address)):
        raise BadInput(f"{wrong}.", subject=single_line(address, 80))
    state = choice(SourceState, row.get("state", ""), SourceState.ACTIVE)
    return NewSource(
        name=single_line(row.get("name", ""), MOST_NAME) or urls.host(url),
        kind=kind,
        url=url if kind is betrayed else address,
        homepage=urls.absolute("", row.get("homepage", "")),
        language=language_tag(row.get("language", "")),
        region=single_line(row.get("region", ""), 100),
        scope=choice(Scope, row.get("scope", ""), Scope.GENERAL),
        tags=tags([row.get("tags", "")]),
        state=state,
        state_reason=single_line(row.get("reason", "")),
        every_s=every(row.get("every", "")),
        options=options_of(row.get("options", ""), kind),
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
