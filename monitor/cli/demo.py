"""`monitor demo`: the whole journey on a sample news web, without a network."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.crawl import summary
from monitor.cli.demo_screen import Result, screen
from monitor.cli.serve import serve_until_told
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import write_whole
from monitor.crawl import Progress, crawler
from monitor.deliver.picture import story_svg
from monitor.demo.content import DAYS
from monitor.demo.web import SampleWeb
from monitor.errors import BadInput, Unusable
from monitor.jobs.clock import Clock
from monitor.jobs.outbox import Courier, delivering
from monitor.model import Filter
from monitor.settings import Settings
from monitor.store import Database, open_database
from monitor.store.runner import Runner
from monitor.web.server import listening

#: Seconds between requests to one sample host: the sample web needs no sparing.
HOST_GAP_S = 0.0

#: This machine, for receivers of alerts.
LOOPBACK = ("127.0.0.0/8", "::1")

#: Where the review site is served, when that is free.
PORT = 8000

#: More articles than any sample web has.
ALL = 10_000


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the database in this folder; one of an earlier demo is replaced.",
)
@click.option(
    "--content",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Take outlets and articles from this folder instead of the bundled one.",
)
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the largest story into this SVG file too.",
)
@click.option("--serve", is_flag=True, help="Then serve the review site on it, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help=f"Where --serve listens: {PORT}, or a free one if that is taken.",
)
@json_option
@pass_session
def demo(
    session: Session,
    keep: Path | None,
    content: Path | None,
    picture: Path | None,
    serve: bool,
    port: int | None,
    as_json: bool,
) -> int:
    """
    Crawl a bundled sample news web twice, on loopback, and show what came of it.

    \b
    Examples:
      monitor demo
      monitor demo --keep demo     then look around in demo/demo.sqlite
      monitor demo --picture story.svg
      monitor demo --serve         decide on its stories in a browser
    """
    if port is not None and not serve:
        raise BadInput("is for --serve.", subject="--port", advice="Give --serve too.")
    web = SampleWeb(now=datetime.now(UTC), content=content)
    with _database(keep) as (database, path):
        web.start()
        try:
            first, second = asyncio.run(_both(session, database, web))
            _show(session, database, first, second, kept=path if keep else None, as_json=as_json)
            if picture:
                _draw(database, picture)
            if serve:
                # The sample web goes on too: links lead to it.
                _serve(session, database, _settings(web), f"sqlite:///{path}", port)
        finally:
            web.stop()
    return 0


def _show(
    session: Session,
    database: Database,
    first: dict[str, Any],
    second: dict[str, Any],
    *,
    kept: Path | None,
    as_json: bool,
) -> None:
    if as_json:
        session.emit({"first": first, "second": second, "counts": dict(database.counts())})
        return
    for line in screen(result(first, second, database, kept=str(kept or ""))):
        session.out.print(line)


def _serve(
    session: Session, database: Database, settings: Settings, url: str, port: int | None
) -> None:
    """The review site on loopback, until Ctrl-C."""
    asked = dataclasses.replace(
        settings,
        database=dataclasses.replace(settings.database, url=url),
        web=dataclasses.replace(settings.web, port=_free(PORT) if port is None else port),
    )
    runner = Runner(database)

    def greet(place: str) -> None:
        session.say(f"The review site is at {place} . Ctrl-C ends it.")

    # As in the daemon, alerts and digests are sent; a receiver may listen on this machine.
    fetch = dataclasses.replace(asked.fetch, allow_private=(*asked.fetch.allow_private, *LOOPBACK))
    sending = dataclasses.replace(asked, fetch=fetch)
    courier = Courier(runner, lambda: sending, environ=session.environ, clock=Clock())
    try:
        asyncio.run(serve_until_told(asked, runner, greet, beside=lambda: delivering(courier)))
    finally:
        runner.close()


def _free(port: int) -> int:
    """The port, or 0 for any when it is taken."""
    try:
        listening("127.0.0.1", port).close()
    except BadInput:
        return 0
    return port


def _draw(database: Database, target: Path) -> None:
    """The story of most articles, as a picture."""
    stories = database.stories(Filter(limit=ALL))
    largest = max(stories, key=lambda story: len(story.articles), default=None)
    if largest is None:
        raise BadInput("there is no story to draw.", subject=str(target))
    write_whole(target, story_svg(largest))


@contextmanager
def _database(keep: Path | None) -> Iterator[tuple[Database, Path]]:
    """A new database, in a folder that stays or in one that goes."""
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        home = keep or Path(folder)
        path = home / "demo.sqlite"
        try:
            home.mkdir(parents=True, exist_ok=True)
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            advice = "Give --keep a folder that you may write to."
            raise Unusable("cannot be written.", subject=str(home), advice=advice) from error
        database = open_database(f"sqlite:///{path}")
        try:
            yield database, path
        finally:
            database.close()


async def _both(
    session: Session, database: Database, web: SampleWeb
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first and the second day, in one process as the daemon would."""
    for source in web.sources():
        database.add_source(source, now=web.now)
    runner = Runner(database)
    results = []
    try:
        async with crawler(_settings(web), runner) as one:
            for day in DAYS:
                web.day = day
                with _progress(session, f"day {day} of {len(DAYS)}") as progress:
                    tally, seconds = await one.crawl(database.sources(), progress=progress)
                results.append(summary(tally, seconds))
    finally:
        runner.close()
    return results[0], results[1]


def _settings(web: SampleWeb) -> Settings:
    base = Settings()
    fetch = dataclasses.replace(
        base.fetch, allow_private=tuple(web.allow_private), host_gap=HOST_GAP_S
    )
    return dataclasses.replace(base, fetch=fetch)


@contextmanager
def _progress(session: Session, name: str) -> Iterator[Progress]:
    """One line that counts on a terminal and vanishes; elsewhere a line per crawl."""
    if not sys.stderr.isatty() or session.is_quiet:
        session.say(f"crawling the sample web, {name}")
        yield _silent
        return
    with session.err.status(f"crawling the sample web, {name}") as line:
        yield lambda done, total: line.update(
            f"crawling the sample web, {name}: {done} of {total} answers"
        )


def _silent(done: int, total: int) -> None:
    """Where nobody watches."""


def result(
    first: dict[str, Any], second: dict[str, Any], database: Database, *, kept: str
) -> Result:
    """Collect from the database what the screen shows."""
    sources = database.sources()
    polls = {source.name: database.polls(source.id, limit=len(DAYS)) for source in sources}
    return Result(
        first=first,
        second=second,
        stories=database.stories(Filter(limit=ALL)),
        articles=database.articles(Filter(limit=ALL, include_irrelevant=True)),
        waits_s={
            name: max(poll.elapsed_s for poll in tried)
            for name, tried in polls.items()
            if any(poll.outcome.is_success for poll in tried)
        },
        languages=sorted({source.language for source in sources if source.language}),
        kept=kept,
    )
