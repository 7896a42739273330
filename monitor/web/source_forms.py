"""
What forms say about sources, checked by the same rules as the command line's options.

Two things only the command line may do, because a web form is open to more people than the
machine is: name an environment variable (its value would be sent wherever the form says), and
set a header of an agreement. What is set is kept, and never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.errors import BadInput
from monitor.finding.adding import address_of, wished
from monitor.model import NewSource, Scope, Source
from monitor.sources import fields, options
from monitor.sources.templates import has_placeholders
from monitor.text import single_line

#: Longest text of a field, and most lines of options.
LONGEST, MOST_LINES = 2000, 100

_HEADER = "header-"
_OWN_FIELDS = ("cron", "timezone")


def wished_for(form: Mapping[str, str]) -> NewSource:
    """
    The source that the form of a new one describes.

    Raises:
        BadInput: a field cannot be used.
    """
    consent = _text(form, "robots")
    given = {"robots": single_line(consent, 500)} if consent else {}
    url = _text(form, "url")
    _no_variable(url, consent)
    return wished(
        url,
        name=_text(form, "name"),
        language=_text(form, "language"),
        region=_text(form, "region"),
        scope=fields.choice(Scope, _text(form, "scope"), Scope.GENERAL),
        tags=_tags(form),
        every_s=fields.every(_text(form, "every")),
        wanted_options=given,
    )


def changes(source: Source, form: Mapping[str, str], *, dropped: set[str]) -> dict[str, Any]:
    """
    Fields of the source that the form would change.

    Args:
        dropped: names of options that are to go: headers, of which nothing else can be said here.

    Raises:
        BadInput: a field cannot be used.
    """
    url = _text(form, "url") or source.url
    if url != source.url:
        _no_variable(url)
        _no_secret_elsewhere(source)
        url = address_of(url, source.kind)
    fresh: dict[str, Any] = {
        "name": single_line(_text(form, "name"), fields.MOST_NAME) or source.name,
        "url": url,
        "language": fields.language_tag(_text(form, "language")),
        "region": single_line(_text(form, "region"), 100),
        "scope": fields.choice(Scope, _text(form, "scope"), source.scope),
        "tags": _tags(form),
        "every_s": fields.every(_text(form, "every")),
        "state_reason": single_line(_text(form, "reason")),
        "options": _options(source, form, dropped),
    }
    return {key: value for key, value in fresh.items() if value != getattr(source, key)}


def shown_options(source: Source) -> str:
    """The options that a form shows, a line each; those with fields of their own are left out."""
    return "\n".join(
        f"{key}={value}"
        for key, value in source.options.items()
        if not key.startswith(_HEADER) and key not in _OWN_FIELDS
    )


def headers_of(source: Source) -> list[str]:
    """Names of the headers that an agreement asks for; their values are nobody's business."""
    return [key for key in source.options if key.startswith(_HEADER)]


def safe_url(url: str) -> str:
    """An address without the name and the password that it may hold."""
    head, sign, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{head}{sign}{place.rpartition('@')[2]}{slash}{path}"


def _options(source: Source, form: Mapping[str, str], dropped: set[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    lines = str(form.get("options", "")).splitlines()
    if len(lines) > MOST_LINES:
        raise BadInput(f"has more than {MOST_LINES} lines.", subject="options")
    for line in filter(None, (line.strip()[:LONGEST] for line in lines)):
        key, sign, value = line.partition("=")
        if not sign:
            raise BadInput("is no KEY=VALUE.", subject=line, advice="Like item=article.news")
        given[key.strip()] = value.strip()
    for key in _OWN_FIELDS:
        if _text(form, key):
            given[key] = _text(form, key)
    for key, value in given.items():
        if key.startswith(_HEADER):
            raise BadInput(
                "is set on the command line only.",
                subject=key,
                advice=f"monitor sources edit {source.id} --option {key}='${{VARIABLE}}'",
            )
        if value != source.options.get(key):
            _no_variable(value)
    kept = {
        key: value
        for key, value in source.options.items()
        if key.startswith(_HEADER) and key not in dropped
    }
    fresh = options.checked(given, source.kind) | kept
    # In its own order, so that what did not change is equal.
    return {key: fresh[key] for key in [*source.options, *fresh] if key in fresh}


def _tags(form: Mapping[str, str]) -> tuple[str, ...]:
    return fields.tags([_text(form, "tags").replace(",", ";")])


def _text(form: Mapping[str, str], name: str) -> str:
    return str(form.get(name, "")).strip()[:LONGEST]


def _no_variable(*texts: str) -> None:
    """
    Raises:
        BadInput: a text names an environment variable.
    """
    for text in texts:
        if "${" in text:
            raise BadInput(
                "names an environment variable, which is done on the command line only.",
                subject=single_line(text, 80),
            )


def _no_secret_elsewhere(source: Source) -> None:
    """
    Raises:
        BadInput: what its agreement sends would go to another address.
    """
    if headers_of(source) or (has_placeholders(source.url) and "${" in source.url):
        raise BadInput(
            "sends what an agreement asks for, so its address is changed on the command line only.",
            subject=source.name,
            advice=f"monitor sources edit {source.id} --url URL",
        )
