"""`monitor export`: stories, articles, claims or sources for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.session import Session, pass_session
from monitor.cli.shapes import narrowing, query, write_whole
from monitor.deliver import records
from monitor.deliver.tables import to_csv
from monitor.model import Filter

#: Columns of the spreadsheets; nested values stay in JSON Lines.
COLUMNS = {
    "stories": (
        "id", "title", "first_seen_at", "updated_at", "state", "outlets", "origins", "languages",
        "minerals", "countries", "companies", "events", "tags", "notes", "assignee",
    ),
    "articles": (
        "id", "story_id", "copy_of", "title", "site", "language", "published_at", "published_from",
        "first_seen_at", "relevance", "relevant", "minerals", "countries", "companies", "events",
        "url", "canonical_url", "revision", "flags",
    ),
    "claims": (
        "id", "article_id", "revision", "kind", "value", "unit", "basis", "stage", "subject",
        "quote",
    ),
    "sources": (
        "id", "name", "kind", "url", "homepage", "language", "region", "scope", "tags", "state",
        "reason", "last_polled_at", "last_outcome", "last_error",
    ),
}  # fmt: skip


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="Of the output.",
)
@click.option(
    "--of",
    "noun",
    type=click.Choice(sorted(COLUMNS)),
    default="stories",
    show_default=True,
    help="Which records.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file instead of stdout.",
)
@click.option(
    "--all/--relevant",
    "is_all",
    default=None,
    help="Also what is not relevant (the default for articles), or only what is.",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many; default: all.")
@narrowing
@pass_session
def export(
    session: Session,
    /,
    form: str,
    noun: str,
    output: Path | None,
    is_all: bool | None,
    **options: Any,
) -> int:
    """
    Write records as JSON Lines or as CSV for a spreadsheet.

    \b
    Examples:
      monitor export --of stories --since 7d > week.jsonl
      monitor export --format csv --of claims --mineral tungsten -o claims.csv
    """
    if is_all is None:
        is_all = noun == "articles"
    found = _records(session, noun, query(session, include_irrelevant=is_all, **options))
    if form == "csv":
        text = to_csv(found, COLUMNS[noun])
    else:
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in found)
    if output:
        write_whole(output, text)
        session.say(f"{len(found)} {noun} written to {output}")
    elif not found:
        session.say(f"There are no {noun}, or none that pass.")
    else:
        click.echo(text, nl=False)
    return 0


def _records(session: Session, noun: str, wanted: Filter) -> list[Mapping[str, Any]]:
    database = session.database
    if noun == "stories":
        return [records.story_record(story) for story in database.stories(wanted)]
    if noun == "sources":
        return [records.source_record(source) for source in database.sources()]
    articles = database.articles(wanted)
    if noun == "articles":
        return [records.article_record(article) for article in articles]
    return [records.claim_record(stored) for article in articles for stored in article.claims]
