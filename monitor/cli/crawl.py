"""`monitor crawl`: the one-off crawl."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.cli.session import Session, json_option, pass_session
from monitor.crawl import crawler
from monitor.errors import BadInput
from monitor.model import Source, SourceState
from monitor.pipeline import Tally
from monitor.store.lock import InstanceLock
from monitor.store.runner import Runner
from monitor.wording import short

#: Failures that are named one by one; the rest are counted by cause.
NAMED_FAILURES = 12


@click.command()
@click.option("--source", "names", multiple=True, help="Id or name; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="Every active source, due or not.")
@click.option("--limit", type=click.IntRange(1), default=None, help="At most so many sources.")
@json_option
@pass_session
def crawl(
    session: Session, names: tuple[str, ...], is_all: bool, limit: int | None, as_json: bool
) -> int:
    """
    Poll what is due, fetch what is new, and say what came of it.

    \b
    Examples:
      monitor crawl                     every due source
      monitor crawl --all --limit 5     five active sources, due or not
      monitor crawl --source mining     one source, by name
      monitor crawl --json | jq .stories
    """
    crawled = _Crawled()
    with InstanceLock(session.settings.database.url):
        # Whoever held these pages before us is gone.
        session.database.release_pages()
        chosen = _chosen(session, names, is_all=is_all, limit=limit)
        if not chosen:
            _say_nothing_is_due(session, is_all=is_all)
        try:
            asyncio.run(_crawl(session, chosen, crawled, only_these=bool(names)))
        except KeyboardInterrupt:
            crawled.is_interrupted = True
    return _report(session, crawled, as_json=as_json)


@dataclass(slots=True)
class _Crawled:
    """What a crawl did so far: it may be interrupted at any moment."""

    tally: Tally = field(default_factory=Tally)
    started: float = field(default_factory=time.monotonic)
    is_interrupted: bool = False


def _report(session: Session, crawled: _Crawled, *, as_json: bool) -> int:
    tally = crawled.tally
    record = summary(tally, time.monotonic() - crawled.started)
    if as_json:
        session.emit(record)
    elif tally.outage:
        session.say(
            f"Nothing was reached: {tally.outage}. Check the connection and the resolver, then "
            "try again; the sources stay due."
        )
    elif tally.polled or tally.failures or tally.articles_new or tally.articles_updated:
        _show(session, record)
    if crawled.is_interrupted:
        session.say("Interrupted. What was finished is kept.")
        return 130
    return 1 if tally.failures else 0


def summary(tally: Tally, seconds: float) -> dict[str, Any]:
    """What `crawl --json` prints: names are a contract."""
    return {
        "sources": {
            "polled": tally.polled,
            "ok": tally.ok,
            "not_modified": tally.not_modified,
            "failed": len(tally.failures),
        },
        "entries": {
            "seen": tally.entries_seen,
            "new": tally.entries_new,
            "updated": tally.entries_updated,
        },
        "articles": {"new": tally.articles_new, "updated": tally.articles_updated},
        "copies": tally.copies,
        "stories": {"new": len(tally.stories_new), "updated": len(tally.stories_updated)},
        "claims": tally.claims,
        "failures": [{"source": name, "cause": cause} for name, cause in tally.failures],
        "seconds": round(seconds, 3),
    }


def _chosen(
    session: Session, names: tuple[str, ...], *, is_all: bool, limit: int | None
) -> list[Source]:
    database = session.database
    if names:
        chosen = [database.source_by(name) for name in names]
        paused = [source.name for source in chosen if source.state is SourceState.GONE]
        if paused:
            raise BadInput(
                "is gone.", subject=paused[0], advice="Resume it: monitor sources resume."
            )
    elif is_all:
        chosen = [s for s in database.sources() if s.state is SourceState.ACTIVE]
    else:
        chosen = database.due_sources(now=datetime.now(UTC), limit=limit or 1_000_000)
    return chosen[:limit]


def _say_nothing_is_due(session: Session, *, is_all: bool) -> None:
    known = session.database.sources()
    if not known:
        session.say("There are no sources yet. Start with: monitor init")
    elif is_all or all(source.state is not SourceState.ACTIVE for source in known):
        session.say("No source is active. Activate what answers: monitor sources check")
    else:
        due = min(filter(None, (s.next_poll_at for s in known)), default=None)
        when = f" before {short(due)} UTC" if due else ""
        session.say(f"No source is due{when}. Poll all now: monitor crawl --all")


async def _crawl(
    session: Session, chosen: list[Source], crawled: _Crawled, *, only_these: bool
) -> None:
    runner = Runner(session.database)
    try:
        async with crawler(session.settings, runner) as one:
            if session.is_quiet or not sys.stderr.isatty():
                await one.crawl(chosen, only_these=only_these, tally=crawled.tally)
                return
            with _bar(session) as bar:
                task = bar.add_task("crawling", total=len(chosen))
                await one.crawl(
                    chosen,
                    only_these=only_these,
                    tally=crawled.tally,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
    finally:
        runner.close()


def _bar(session: Session) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=session.err,
        transient=True,
    )


def _show(session: Session, record: dict[str, Any]) -> None:
    sources, entries = record["sources"], record["entries"]
    articles, stories = record["articles"], record["stories"]
    for line in (
        f"sources   {sources['polled']} polled: {sources['ok']} ok, "
        f"{sources['not_modified']} not modified, {sources['failed']} failed",
        f"entries   {entries['seen']} seen, {entries['new']} new, {entries['updated']} updated",
        f"articles  {articles['new']} new, {articles['updated']} updated, "
        f"{record['copies']} copies folded",
        f"stories   {stories['new']} new, {stories['updated']} updated",
        f"claims    {record['claims']}",
        f"time      {record['seconds']:.1f} s",
    ):
        session.out.print(line)
    _show_failures(session, record)


def _show_failures(session: Session, record: dict[str, Any]) -> None:
    causes: dict[str, list[str]] = {}
    for failure in record["failures"]:
        causes.setdefault(failure["cause"], []).append(failure["source"])
    for cause, names in sorted(causes.items(), key=lambda item: -len(item[1])):
        shown = ", ".join(names[:NAMED_FAILURES])
        more = f" and {len(names) - NAMED_FAILURES} more" if len(names) > NAMED_FAILURES else ""
        session.say(f"failed    {shown}{more}: {cause}")
