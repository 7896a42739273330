"""Small shapes shared by the commands: ids with letters, times, safe text, filters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from monitor.enrich.meaning import meant
from monitor.errors import BadInput
from monitor.model import Filter, ReviewState
from monitor.wording import plain_line

SINCE = re.compile(r"(\d+)\s*([hdw])")

#: The letter of an id -> what it is the id of, and the command that lists those.
NOUNS = {
    "s": ("a story", "monitor stories list"),
    "a": ("an article", "monitor articles list"),
    "d": ("a development", "monitor stories show ID"),
    "c": ("a figure", "monitor claims list"),
}

#: Digits that every 64-bit integer has room for.
LONGEST_ID = 18

#: A limit that no database reaches.
EVERYTHING = 2**40

Command = TypeVar("Command", bound=Callable[..., Any])


def number_of(identifier: str, letter: str) -> int:
    """
    The number behind `s12`, `a34`, ….

    Raises:
        BadInput: it is not such an id.
    """
    given = identifier.strip().lower()
    text = given.removeprefix(letter)
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        return int(text)
    noun, where = NOUNS[letter]
    other = NOUNS.get(given[:1]) if given[1:].isdecimal() else None
    raise BadInput(
        f"is the id of {other[0]}, not of {noun}." if other else f"is no id of {noun}.",
        subject=plain_line(identifier),
        advice=f"Such ids look like {letter}12; see: {where}",
    )


def unknown(identifier: str, letter: str) -> BadInput:
    """The error for an id of the right form that nothing has."""
    noun, where = NOUNS[letter]
    return BadInput(
        f"there is no such {noun.split()[-1]}.",
        subject=plain_line(identifier),
        advice=f"See: {where}",
    )


def moment(text: str, *, now: datetime) -> datetime:
    """
    A point in the past: `36h`, `7d`, `2w`, or an ISO 8601 date or time (UTC if it has no zone).

    Raises:
        BadInput: it is neither.
    """
    ago = SINCE.fullmatch(text.strip().lower())
    try:
        if ago:
            unit = {"h": "hours", "d": "days", "w": "weeks"}[ago[2]]
            return now - timedelta(**{unit: int(ago[1])})
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            "is no point in time.", subject=text, advice="Write 36h, 7d, 2w or 2026-03-31."
        ) from error


def write_whole(path: Path, text: str) -> None:
    """
    Put the text in the file's place as a whole, or not at all.

    Raises:
        BadInput: the file cannot be written.
    """
    try:
        part = path.with_name(f".{path.name}.part")
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}.", subject=str(path)) from error


def narrowing(command: Command) -> Command:
    """Add the options that narrow stories, articles and claims."""
    for option in reversed(
        [
            click.option("--since", help="36h, 7d, 2w or a date."),
            click.option("--mineral", default="", help="In any language: tungsten, 钨, NdPr."),
            click.option("--country", default="", help="Code or name: KZ, Kazakhstan."),
            click.option("--company", default="", help="A company's name."),
            click.option("--event", default="", help="export_control, stake, …"),
            click.option("--language", default="", help="Of the article, BCP 47: ru."),
            click.option("--source", default="", help="Id or name of a source."),
            click.option(
                "--state",
                type=click.Choice([s.value for s in ReviewState]),
                help="What was decided about the story.",
            ),
            click.option(
                "--min-relevance", type=click.FloatRange(0, 1), default=0.0, help="From 0 to 1."
            ),
            click.option("--search", default="", help="Words of the full text."),
        ]
    ):
        command = option(command)
    return command


def filters(command: Command) -> Command:
    """Add the options that narrow a list on a screen, with its length."""
    limit = click.option(
        "--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many."
    )
    return narrowing(limit(command))


def query(session: Any, *, include_irrelevant: bool = False, **options: Any) -> Filter:
    """The filter that the options of `filters` describe."""
    since, state, source = options["since"], options["state"], options["source"]
    return Filter(
        since=moment(since, now=datetime.now(UTC)) if since else None,
        mineral=meant("mineral", options["mineral"]),
        country=meant("country", options["country"]),
        company=meant("company", options["company"]),
        event=meant("event", options["event"]),
        language=options["language"].strip().lower(),
        source_id=session.database.source_by(source).id if source else 0,
        state=ReviewState(state) if state else None,
        min_relevance=options["min_relevance"],
        search=options["search"],
        include_irrelevant=include_irrelevant,
        limit=options.get("limit") or EVERYTHING,
    )
