"""`monitor stories`: what happened, one line each; and one story whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, number_of, one_line, query, short, write_whole
from monitor.deliver.ledger import (
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.deliver.picture import story_svg
from monitor.deliver.records import story_record
from monitor.errors import BadInput
from monitor.model import StoredArticle, StoredStory


@click.group()
def stories() -> None:
    """List stories, or show one."""


@stories.command("list")
@filters
@json_option
@pass_session
def list_(session: Session, /, as_json: bool, **options: Any) -> int:
    """
    List stories, newest first.

    \b
    Examples:
      monitor stories list --since 24h --mineral tungsten
      monitor stories list --state new --json
    """
    found = session.database.stories(query(session, **options))
    if as_json:
        session.emit_all(story_record(story) for story in found)
        return 0
    if not found:
        session.say("No story passes. Widen the filter, or start with: monitor crawl")
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "updated", "state", "story", "outlets", "tellings", "languages", "minerals"):
        table.add_column(name, overflow="fold" if name == "story" else "ellipsis")
    for story in found:
        table.add_row(*_row(story))
    session.out.print(table)
    return 0


@stories.command("show")
@click.argument("identifier")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it into this SVG file instead.",
)
@json_option
@pass_session
def show(session: Session, identifier: str, picture: Path | None, as_json: bool) -> int:
    """
    Show one story: who told it, who copied whom, which figures, where they disagree.

    \b
    Examples:
      monitor stories show s12
      monitor stories show s12 --picture tungsten.svg
    """
    story = session.database.story(number_of(identifier, "s"))
    if story is None:
        raise BadInput(
            "there is no such story.", subject=identifier, advice="See: monitor stories list"
        )
    if picture:
        write_whole(picture, story_svg(story))
        session.say(f"Drawn to {picture}")
        return 0
    if as_json:
        session.emit(story_record(story))
        return 0
    for line in story_lines(story):
        session.out.print(line)
    return 0


def story_lines(story: StoredStory) -> list[str]:
    """One story as lines for a terminal."""
    lines = [
        f"s{story.id}  {one_line(story.title, 110)}",
        f"{story.state.value}; {len(story.articles)} articles by {len(story.outlets)} outlets, "
        f"{len(story.originals)} of them no copies; {', '.join(story.languages)}",
    ]
    for development in story.developments:
        lines += ["", f"development d{development}"]
        members = [a for a in story.articles if a.development_id == development]
        lines += [line for article in members for line in _article_lines(article)]
    lines += _figure_lines(story)
    lines += [f"note: {one_line(note, 120)}" for note in story.notes]
    lines += [f"tags: {', '.join(story.tags)}"] if story.tags else []
    return lines


def _row(story: StoredStory) -> tuple[str, ...]:
    minerals = dict.fromkeys(m for a in story.articles for m in a.enrichment.minerals)
    return (
        f"s{story.id}",
        short(story.updated_at),
        story.state.value,
        one_line(story.title, 100),
        str(len(story.outlets)),
        str(len(story.originals)),
        " ".join(story.languages),
        one_line(", ".join(minerals), 40),
    )


def _article_lines(article: StoredArticle) -> list[str]:
    when = short(article.published_at or article.first_seen_at)
    head = f"  a{article.id:<5} {when}  {article.enrichment.language:<3} "
    lines = [f"{head}{one_line(article.site, 28)}: {one_line(article.title, 90)}"]
    if article.copy:
        why = f"copy of a{article.copy.original_id}: {article.copy.why}"
        lines.append(f"         {one_line(why, 110)}")
    elif article.placement_reasons:
        lines.append(f"         {one_line('; '.join(article.placement_reasons), 110)}")
    if article.revision > 1:
        lines.append(f"         edited: {article.revision} texts kept")
    return lines


def _figure_lines(story: StoredStory) -> list[str]:
    figures = stated(story)
    lines = ["", "figures"] if figures else []
    for figure in figures:
        count = len(figure.sites)
        outlets = f"{count} outlets" if count > 1 else one_line(figure.sites[0], 28)
        lines.append(f"  {figure.text}: {outlets}, “{one_line(figure.quote, 90)}”")
    lines += [
        f"  {found.verdict.upper()} {found.kind}: {sides_text(found)} ({found.note})"
        for found in contradictions(story)
    ]
    lines += [
        f"  CORRECTED by {one_line(change.site, 28)}: {correction_text(change)}"
        for change in corrections(story)
    ]
    return lines
