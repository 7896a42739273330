"""
The texts of the sample web: one TOML file per outlet, edited by hand, checked when read.

An article stands from its `day` on and is `hours_ago` old when the demo runs. Paragraphs
are parted by empty lines. An `edit` replaces words from its day on, as a newsroom does.
"""

from __future__ import annotations

import dataclasses
import difflib
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.demo.dialects import FEEDS, PAGES
from monitor.errors import BadInput
from monitor.model import Scope, SourceKind

#: The content that comes with the program.
BUNDLED = Path(__file__).parent / "content"

#: What an address may be filled with.
PLACES = frozenset({"id", "n", "date"})

#: Days that the sample web knows.
DAYS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Words that the newsroom replaced after publication."""

    day: int
    hours_ago: float
    find: str
    put: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, or one message of a channel."""

    id: str
    day: int
    #: Age when the demo runs.
    hours_ago: float
    paragraphs: tuple[str, ...]
    #: Empty for a message of a channel.
    title: str = ""
    author: str = ""
    #: Channel that a message was forwarded from.
    forwarded_from: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One fictional outlet and the way its site is made."""

    #: Name of its file.
    key: str
    name: str
    tagline: str
    language: str
    region: str
    kind: SourceKind
    scope: Scope
    #: Where an article stands: `{id}`, `{n}` and `{date}` are filled in.
    path: str
    #: Where the feed, listing or channel stands.
    start: str
    #: Dialect, a key of `FEEDS`; empty for a listing or a channel.
    feed: str = ""
    #: Family of pages, a key of `PAGES`; empty for a channel.
    page: str = ""
    #: An old address that redirects to `start`; the source is known by it.
    moved_from: str = ""
    #: An address in the feed that redirects to the article; as `path`.
    link: str = ""
    #: Encoding of every body, and what the feed's XML declaration says it is.
    encoding: str = "utf-8"
    declared: str = ""
    #: Seconds until it answers.
    delay_s: float = 0.0
    #: Status that it answers to everything but robots.txt; 0 = it answers properly.
    refuses: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()


def load_outlets(folder: Path | None = None) -> tuple[Outlet, ...]:
    """
    Read and check all outlets of a folder, in the order of their file names.

    Raises:
        BadInput: a file is broken, a key unknown, missing or of the wrong form.
    """
    home = folder or BUNDLED
    outlets = tuple(_outlet(file) for file in sorted(home.glob("*.toml")))
    if not outlets:
        raise BadInput("holds no outlets.", subject=str(home), advice="Put *.toml files there.")
    seen: dict[str, str] = {}
    for outlet in outlets:
        for article in outlet.articles:
            if other := seen.get(article.id):
                raise BadInput(
                    f"the article id {article.id} is taken by {other}.", subject=outlet.key
                )
            seen[article.id] = outlet.key
    return outlets


def _outlet(file: Path) -> Outlet:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"is no valid TOML: {error}.", subject=file.name) from error
    _check(table, Outlet, ignored={"key", "articles"}, extra={"article"}, subject=file.name)
    articles = table.pop("article", [])
    outlet = Outlet(
        key=file.stem,
        kind=_choice(table, "kind", {str(kind) for kind in SourceKind}, file.name, SourceKind),
        scope=_choice(table, "scope", {str(scope) for scope in Scope}, file.name, Scope),
        articles=tuple(_article(one, f"{file.name}: article {n}") for n, one in _counted(articles)),
        **{key: value for key, value in table.items() if key not in {"kind", "scope"}},
    )
    if outlet.kind is SourceKind.FEED:
        _choice(table, "feed", set(FEEDS), file.name, str)
    if outlet.kind is not SourceKind.TELEGRAM:
        _choice(table, "page", set(PAGES), file.name, str)
        _check_titles(outlet, file.name)
    _check_addresses(outlet, file.name)
    _check_encoding(outlet, file.name)
    return outlet


def _counted(articles: Any) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(articles, start=1))


def _article(table: Mapping[str, Any], subject: str) -> Article:
    _check(table, Article, ignored={"paragraphs", "edits"}, extra={"text", "edit"}, subject=subject)
    named = f"{subject} ({table['id']})"
    paragraphs = tuple(
        part.strip() for part in str(table.get("text", "")).strip().split("\n\n") if part.strip()
    )
    if not paragraphs:
        raise BadInput("has no text.", subject=named)
    article = Article(
        paragraphs=paragraphs,
        edits=tuple(_edit(one, named) for one in table.get("edit", [])),
        **{key: value for key, value in table.items() if key not in {"text", "edit"}},
    )
    ages = [(one.day, one.hours_ago) for one in article.edits]
    for day, hours_ago in ((article.day, article.hours_ago), *ages):
        if day not in DAYS:
            raise BadInput(f"day is {day}; it must be 1 or 2.", subject=named)
        if not 0 <= hours_ago <= article.hours_ago:
            cause = f"hours_ago is {hours_ago}; it must be between 0 and the article's."
            raise BadInput(cause, subject=named)
    whole = "\n".join((article.title, *article.paragraphs))
    for edit in article.edits:
        if edit.find not in whole:
            raise BadInput(f"the edit's words {edit.find!r} are not in the text.", subject=named)
    return article


def _edit(table: Mapping[str, Any], subject: str) -> Edit:
    _check(table, Edit, ignored=set(), extra=set(), subject=f"{subject}, edit")
    return Edit(**table)


#: Types as the annotations of the records name them.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "SourceKind": (str,),
    "Scope": (str,),
    "Mapping[str, str]": (dict,),
}


def _check(
    table: Mapping[str, Any], record: type, *, ignored: set[str], extra: set[str], subject: str
) -> None:
    """Refuse what is unknown, missing or of another type, by its name."""
    fields = {spec.name: spec for spec in dataclasses.fields(record) if spec.name not in ignored}
    for key, value in table.items():
        if key not in fields and key not in extra:
            near = difflib.get_close_matches(key, [*fields, *extra], n=1)
            advice = f"Did you mean {near[0]}?" if near else ""
            raise BadInput(f"unknown key {key}.", subject=subject, advice=advice)
        kinds = _TYPES.get(str(fields[key].type), (object,)) if key in fields else (object,)
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise BadInput(f"{key} must be {fields[key].type}, not {value!r}.", subject=subject)
    for name, spec in fields.items():
        is_needed = dataclasses.MISSING is spec.default is spec.default_factory
        if is_needed and name not in table:
            raise BadInput(f"{name} is missing.", subject=subject)


def _choice(table: Mapping[str, Any], key: str, allowed: set[str], subject: str, make: Any) -> Any:
    value = table.get(key, "")
    if value not in allowed:
        advice = f"Take one of {', '.join(sorted(allowed))}."
        raise BadInput(f"{key} is {value!r}.", subject=subject, advice=advice)
    return make(value)


def _check_addresses(outlet: Outlet, subject: str) -> None:
    """Each article needs an address of its own, on the outlet's own site."""
    for key in ("path", "start", "moved_from", "link"):
        value = str(getattr(outlet, key))
        if value and not value.startswith("/"):
            raise BadInput(f"{key} is {value!r}; it must begin with /.", subject=subject)
        names = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        is_article = key in {"path", "link"} and value != ""
        if names - PLACES or (is_article and not names & {"id", "n"}):
            advice = "Use {id} or {n}, and {date} if you like."
            raise BadInput(f"{key} is {value!r}.", subject=subject, advice=advice)


def _check_titles(outlet: Outlet, subject: str) -> None:
    for article in outlet.articles:
        if not article.title:
            raise BadInput("title is missing.", subject=f"{subject}: {article.id}")


def _check_encoding(outlet: Outlet, subject: str) -> None:
    for article in outlet.articles:
        try:
            "\n".join((article.title, *article.paragraphs)).encode(outlet.encoding)
        except LookupError as error:
            raise BadInput(f"no encoding {outlet.encoding!r}.", subject=subject) from error
        except UnicodeEncodeError as error:
            letter = error.object[error.start]
            cause = f"{letter!r} does not exist in {outlet.encoding}."
            raise BadInput(cause, subject=f"{subject}: {article.id}") from error
