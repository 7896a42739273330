"""`monitor rescore`: what is stored, read again after rules, taxonomy or threshold changed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.cli.rescore_screen import Examples, show
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import moment, number_of
from monitor.jobs.rescoring import Order, order_for
from monitor.jobs.rescoring import Progress as Told
from monitor.jobs.rescoring import rescore as read_again
from monitor.model.rescoring import RescoreQuery, RescoreTally
from monitor.parse.pool import Workers
from monitor.store.runner import Runner

#: Examples of each sort, unless another number is given.
EXAMPLES = 5


@click.command()
@click.option("--apply", "is_kept", is_flag=True, help="Keep what differs; else only tell it.")
@click.option("--since", help="Only articles of 36h, 7d, 2w, or since a date.")
@click.option("--source", default="", help="Only what this source brought: id or name.")
@click.option("--story", default="", help="Only the articles of this story: s12.")
@click.option("--limit", type=click.IntRange(1), help="At most so many articles, the newest.")
@click.option("--all", "is_all", is_flag=True, help="Also what was read with the same before.")
@click.option(
    "--examples",
    type=click.IntRange(0, 1000),
    default=EXAMPLES,
    show_default=True,
    help="Of each sort of change.",
)
@json_option
@pass_session
def rescore(session: Session, /, is_kept: bool, examples: int, as_json: bool, **given: Any) -> int:
    """
    Read what is stored again, with the rules, the taxonomy and the threshold of now.

    Shows first what would change: what becomes relevant, or no longer is, with the reasons that
    differ, and the tags and figures that come and go. Then --apply keeps it, also beside a
    running daemon. Decisions, notes, merges, splits and analysts' tags stay as they are.

    \b
    Examples:
      monitor rescore --since 30d           what would change
      monitor rescore --since 30d --apply   keep it
      monitor rescore --story s12 --json
    """
    tally, told = RescoreTally(), Examples(most=examples)
    is_interrupted = False
    try:
        order = asyncio.run(_run(session, tally, told, is_kept=is_kept, **given))
    except KeyboardInterrupt:
        is_interrupted, order = True, None
    show(session, order, tally, told, is_kept=is_kept, as_json=as_json)
    if is_interrupted:
        done = f"{tally.read} articles are done; the next run goes on." if is_kept else ""
        session.say(f"Interrupted. {done}".strip())
        return 130
    return 0


async def _run(
    session: Session,
    tally: RescoreTally,
    told: Examples,
    *,
    is_kept: bool,
    since: str | None,
    source: str,
    story: str,
    limit: int | None,
    is_all: bool,
) -> Order:
    database = session.database
    query = RescoreQuery(
        since=moment(since, now=datetime.now(UTC)) if since else None,
        source_id=database.source_by(source).id if source else 0,
        story_id=number_of(story, "s") if story else 0,
    )
    runner, workers = Runner(database), Workers()
    try:
        order = await order_for(
            runner,
            query,
            threshold=session.settings.relevance.threshold,
            is_kept=is_kept,
            is_all=is_all,
            limit=limit or 0,
        )
        with _progress(session, "reading again" if is_kept else "looking") as progress:
            await read_again(order, runner, workers, tally=tally, tell=told.take, progress=progress)
    finally:
        workers.close()
        runner.close()
    return order


@contextlib.contextmanager
def _progress(session: Session, what: str) -> Iterator[Told]:
    """A bar on a terminal, nothing elsewhere."""
    if session.is_quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=session.err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
