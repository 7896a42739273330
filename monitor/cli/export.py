"""`monitor export`: stories, articles, claims or sources for other programs and for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.session import Session, pass_session
from monitor.cli.shapes import EVERYTHING, narrowing, number_of, query
from monitor.cli.story_list import make_cards
from monitor.deliver import exports
from monitor.deliver.exports import FORMATS, NOUNS, Chosen
from monitor.errors import BadInput
from monitor.model import Filter
from monitor.wording import counted

#: One of each.
ONE = {"stories": "story", "articles": "article", "claims": "figure", "sources": "source"}


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="jsonl",
    show_default=True,
    help="Of the output.",
)
@click.option(
    "--of",
    "noun",
    type=click.Choice(NOUNS),
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
@click.option("--story", "chosen", multiple=True, help="Only this one; may be repeated.")
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
    chosen: tuple[str, ...],
    is_all: bool | None,
    **options: Any,
) -> int:
    """
    Write records as JSON Lines, CSV or a workbook; stories as a brief or an Atom feed too.

    Edited workbooks and tables of stories come back by: monitor import

    \b
    Examples:
      monitor export --of stories --since 7d > week.jsonl
      monitor export --format xlsx --mineral tungsten -o tungsten.xlsx
      monitor export --format markdown --story s12 --story s15 -o brief.md
    """
    exports.check(form, noun)
    if form == "xlsx" and output is None:
        raise BadInput("is no text for a screen.", subject=form, advice="Give a file: -o FILE.xlsx")
    if is_all is None:
        is_all = noun == "articles"
    wanted = query(session, include_irrelevant=is_all, **options)
    if form == "atom":
        make_cards(session)
    selection = _chosen(session, noun, [number_of(one, "s") for one in chosen], wanted)
    if output is None:
        return _print(session, selection, form)
    with _progress(session, selection.size) as told:
        written = exports.export(
            session.database,
            selection,
            form,
            output,
            now=datetime.now(UTC),
            site=_site(session),
            told=told,
        )
    for remark in written.remarks:
        session.say(remark)
    session.say(f"{counted(written.count, ONE[noun])} written to {output}")
    return 0


def _chosen(session: Session, noun: str, stories: list[int], wanted: Filter) -> Chosen:
    """The ids of all that passes; by stories that were named, only theirs."""
    database = session.database
    if noun == "sources":
        return Chosen(noun=noun)
    if stories:
        known = database.standings(stories)
        for number in stories:
            if number not in known:
                raise BadInput("there is no such story.", subject=f"s{number}")
        present = list(dict.fromkeys(known[number].story_id for number in stories))
        return Chosen(noun=noun, story_ids=present[: wanted.limit])
    if noun == "stories":
        return Chosen(noun=noun, story_ids=database.story_ids(wanted))
    return Chosen(noun=noun, article_ids=database.article_ids(wanted))


def _print(session: Session, chosen: Chosen, form: str) -> int:
    if chosen.noun != "sources" and not chosen.size:
        session.say(f"There are no {chosen.noun}, or none that pass.")
        return 0
    now, site = datetime.now(UTC), _site(session)
    for line in exports.lines(session.database, chosen, form, now=now, site=site):
        sys.stdout.write(line)
    for remark in exports.remarks(chosen, form):
        session.say(remark)
    return 0


def _site(session: Session) -> str:
    """Where the review site is, as far as the settings tell."""
    web = session.settings.web
    if web.public_url:
        return web.public_url.rstrip("/")
    return f"http://{f'[{web.host}]' if ':' in web.host else web.host}:{web.port}"


@contextmanager
def _progress(session: Session, size: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if session.is_quiet or not session.err.is_terminal or size <= exports.PART:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=session.err,
        transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=min(size, EVERYTHING))
        yield lambda done: bar.update(task, completed=done)
