"""`monitor demo`: the whole journey on a sample news web, without a network."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.crawl import summary
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line
from monitor.cli.stories import story_lines
from monitor.crawl import crawler
from monitor.demo.web import SampleWeb
from monitor.model import Filter, StoredStory
from monitor.settings import Settings
from monitor.store import Database, open_database
from monitor.store.runner import Runner

#: Stories listed below the largest one.
LISTED = 6

#: Lines of the largest story.
STORY_LINES = 30

#: Seconds between requests to one sample host: the sample web needs no sparing.
HOST_GAP_S = 0.0


@click.command()
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the database in this folder.")
@json_option
@pass_session
def demo(session: Session, keep: Path | None, as_json: bool) -> int:
    """
    Crawl a bundled sample news web twice, on loopback, and show what came of it.

    \b
    Example:
      monitor demo
    """
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        target = (keep or Path(folder)) / "demo.sqlite"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        web = SampleWeb(now=datetime.now(UTC))
        web.start()
        try:
            first, second, database = _crawl_twice(web, f"sqlite:///{target}")
        finally:
            web.stop()
        try:
            if as_json:
                session.emit({"first": first, "second": second, "counts": dict(database.counts())})
            else:
                _show(session, first, second, database)
        finally:
            database.close()
    return 0


def _crawl_twice(web: SampleWeb, url: str) -> tuple[dict[str, Any], dict[str, Any], Database]:
    settings = _settings(web, url)
    database = open_database(url)
    now = datetime.now(UTC)
    for source in web.sources():
        database.add_source(source, now=now)
    first, second = asyncio.run(_both(settings, database, web))
    return first, second, database


async def _both(
    settings: Settings, database: Database, web: SampleWeb
) -> tuple[dict[str, Any], dict[str, Any]]:
    runner = Runner(database)
    try:
        async with crawler(settings, runner) as one:
            results = []
            for day in (1, 2):
                web.day = day
                results.append(summary(*await one.crawl(database.sources())))
            return results[0], results[1]
    finally:
        runner.close()


def _settings(web: SampleWeb, url: str) -> Settings:
    base = Settings()
    return dataclasses.replace(
        base,
        database=dataclasses.replace(base.database, url=url),
        fetch=dataclasses.replace(
            base.fetch, allow_private=tuple(web.allow_private), host_gap=HOST_GAP_S
        ),
    )


def _show(
    session: Session, first: dict[str, Any], second: dict[str, Any], database: Database
) -> None:
    out = session.out.print
    out("A sample news web on this machine, crawled twice. All texts are samples.\n")
    out("              first crawl   second crawl (new copies, an edit, an update)")
    for name, path in (
        ("sources ok", ("sources", "ok")),
        ("not modified", ("sources", "not_modified")),
        ("failed", ("sources", "failed")),
        ("entries new", ("entries", "new")),
        ("articles new", ("articles", "new")),
        ("articles edited", ("articles", "updated")),
        ("stories new", ("stories", "new")),
        ("stories updated", ("stories", "updated")),
    ):
        one, two = first[path[0]][path[1]], second[path[0]][path[1]]
        out(f"{name:<16}{one:>9}   {two:>12}")
    out(f"{'copies folded':<16}{first['copies']:>9}   {second['copies']:>12}")
    out(f"{'figures':<16}{first['claims']:>9}   {second['claims']:>12}")
    for failure in first["failures"]:
        out(f"failed: {failure['source']}: {one_line(failure['cause'], 90)}")
    _show_stories(session, database.stories(Filter(limit=200)))
    out("\nNext, on the real web:  monitor init && monitor crawl   then  monitor stories list")


def _show_stories(session: Session, stories: Sequence[StoredStory]) -> None:
    ranked = sorted(stories, key=lambda story: -len(story.articles))
    for story in ranked[:1]:
        session.out.print("")
        for line in story_lines(story)[:STORY_LINES]:
            session.out.print(line)
    session.out.print("\nother stories")
    for story in ranked[1 : LISTED + 1]:
        session.out.print(
            f"  s{story.id:<4} {len(story.articles):>2} articles, "
            f"{len(story.originals):>2} tellings  {one_line(story.title, 84)}"
        )
