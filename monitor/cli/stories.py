"""`monitor stories`: what happened, one line each; and one story whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, number_of, query, unknown, write_whole
from monitor.cli.story_screen import story_lines
from monitor.deliver.chapters import words
from monitor.deliver.picture import story_svg
from monitor.deliver.records import story_record
from monitor.model import StoredStory
from monitor.wording import one_line, short

#: Columns from which languages and minerals find room.
WIDE = 110


@click.group()
def stories() -> None:
    """
    List stories, or show one.

    \b
    Examples:
      monitor stories list --mineral tungsten --since 7d
      monitor stories show s12
    """


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
        session.say(_nothing(session))
        return 0
    session.out.print(_table(session, found))
    if len(found) == options["limit"]:
        session.say(f"The newest {len(found)}; more: --limit {4 * len(found)}")
    return 0


def _nothing(session: Session) -> str:
    """Why there is nothing to show, and what to do."""
    if session.database.counts()["articles"]:
        return "No story passes. Widen the filter: monitor stories list"
    return "There are no stories yet. Start with: monitor crawl"


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
        raise unknown(identifier, "s")
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


def _table(session: Session, found: list[StoredStory]) -> Table:
    """One line for each story on a wide terminal; on a narrow one what counts keeps its room."""
    is_wide = session.out.width >= WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "updated, UTC", "state"):
        table.add_column(name, no_wrap=True)
    table.add_column("story", overflow="fold", min_width=16)
    table.add_column("outlets" if is_wide else "out", justify="right", no_wrap=True)
    table.add_column("origins" if is_wide else "orig", justify="right", no_wrap=True, min_width=4)
    if is_wide:
        table.add_column("languages", no_wrap=True)
        table.add_column("minerals", max_width=32, overflow="ellipsis", no_wrap=True)
    for story in found:
        cells = _cells(story)
        table.add_row(*(cells if is_wide else cells[:6]))
    return table


def _cells(story: StoredStory) -> tuple[str, ...]:
    state = f"{story.state.value}{' !' if story.needs_attention else ''}"
    return (
        f"s{story.id}",
        short(story.updated_at),
        state,
        one_line(story.title, 100),
        str(len(story.outlets)),
        str(len(story.originals)),
        " ".join(story.languages),
        one_line(words(m for a in story.articles for m in a.enrichment.minerals), 80),
    )
