"""`monitor sources`: what is watched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from monitor import urls
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, short
from monitor.crawl import crawler
from monitor.deliver.records import source_record
from monitor.errors import BadInput
from monitor.model import NewSource, Scope, Source, SourceKind, SourceState
from monitor.pipeline import Tally
from monitor.sources.opml import read_opml, write_opml
from monitor.sources.sourcecsv import read_csv, write_csv
from monitor.store.lock import InstanceLock
from monitor.store.runner import Runner


@click.group()
def sources() -> None:
    """List, add, check, pause and exchange sources."""


@sources.command("list")
@click.option("--state", type=click.Choice([state.value for state in SourceState]))
@json_option
@pass_session
def list_(session: Session, state: str | None, as_json: bool) -> int:
    """
    List sources.

    \b
    Example:
      monitor sources list --state paused
    """
    found = [s for s in session.database.sources() if state in (None, s.state.value)]
    if as_json:
        session.emit_all(source_record(source) for source in found)
        return 0
    if not found:
        session.say("No source. Load the catalogue: monitor init, or: monitor sources add URL")
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "state", "kind", "lang", "scope", "name", "last poll", "outcome"):
        table.add_column(name)
    for source in found:
        outcome = source.last_outcome.value if source.last_outcome else ""
        table.add_row(
            str(source.id),
            source.state.value,
            source.kind.value,
            source.language,
            source.scope.value,
            one_line(source.name, 44),
            short(source.last_polled_at),
            one_line(f"{outcome} {source.last_error or source.state_reason}", 60),
        )
    session.out.print(table)
    return 0


@sources.command("show")
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> int:
    """
    Show one source with its last polls.

    \b
    Example:
      monitor sources show 12
    """
    source = session.database.source_by(name)
    if as_json:
        session.emit(source_record(source))
        return 0
    for key, value in source_record(source).items():
        session.out.print(f"{key:<15} {one_line(str(value), 120)}")
    for poll in session.database.polls(source.id, limit=10):
        session.out.print(
            f"  {short(poll.started_at)} {poll.outcome.value:<12} {poll.status or '':<4} "
            f"{poll.seen} seen, {poll.new} new  {one_line(poll.cause, 80)}"
        )
    return 0


@sources.command("add")
@click.argument("url")
@click.option("--kind", type=click.Choice(["feed", "listing", "telegram"]))
@click.option("--name", default="", help="Default: the host.")
@click.option("--language", default="", help="BCP 47.")
@click.option("--scope", type=click.Choice([s.value for s in Scope]), default=Scope.GENERAL.value)
@click.option("--every", type=click.IntRange(60), default=None, help="Seconds between polls.")
@click.option("--tag", multiple=True)
@click.option("--option", "options", multiple=True, metavar="KEY=CSS", help="Selectors.")
@json_option
@pass_session
def add(
    session: Session,
    url: str,
    kind: str | None,
    name: str,
    language: str,
    scope: str,
    every: int | None,
    tag: tuple[str, ...],
    options: tuple[str, ...],
    as_json: bool,
) -> int:
    """
    Watch one more source.

    \b
    Examples:
      monitor sources add https://example.org/feed.xml --scope dedicated
      monitor sources add https://t.me/s/channel --language ru
      monitor sources add https://example.org/news --kind listing --option item=article
    """
    checked = urls.checked(url)
    new = NewSource(
        name=name or urls.host(checked),
        kind=SourceKind(kind) if kind else _kind_of(checked),
        url=checked,
        language=language,
        scope=Scope(scope),
        tags=tag,
        every_s=every or 0,
        options=dict(_pair(option) for option in options),
    )
    source_id, is_new = session.database.add_source(new, now=datetime.now(UTC))
    if as_json:
        session.emit({"id": source_id, "new": is_new})
    else:
        verb = "added" if is_new else "is watched already:"
        session.say(
            f"{verb} {source_id} {new.name} ({new.kind.value}). "
            f"Try it: monitor crawl --source {source_id}"
        )
    return 0


@sources.command("edit")
@click.argument("name")
@click.option("--name", "new_name")
@click.option("--url")
@click.option("--language")
@click.option("--scope", type=click.Choice([s.value for s in Scope]))
@click.option("--every", type=click.IntRange(0), help="Seconds; 0 = let the scheduler choose.")
@pass_session
def edit(
    session: Session,
    name: str,
    new_name: str | None,
    url: str | None,
    language: str | None,
    scope: str | None,
    every: int | None,
) -> int:
    """
    Change what is known of a source.

    \b
    Example:
      monitor sources edit 12 --every 900 --language kk
    """
    source = session.database.source_by(name)
    wishes: dict[str, Any] = {
        "name": new_name,
        "url": urls.checked(url) if url else None,
        "language": language,
        "scope": Scope(scope) if scope else None,
        "every_s": every,
    }
    changes = {key: value for key, value in wishes.items() if value is not None}
    if not changes:
        raise BadInput("nothing to change.", subject=name, advice="See: monitor sources edit -h")
    session.database.edit_source(source.id, **changes)
    session.say(f"changed {', '.join(changes)} of {source.name}")
    return 0


@sources.command("remove")
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> int:
    """Stop watching a source; what it brought is kept."""
    source = session.database.source_by(name)
    session.database.remove_source(source.id)
    session.say(f"removed {source.name}; its articles are kept")
    return 0


@sources.command("pause")
@click.argument("name")
@click.option("--reason", default="paused by hand")
@pass_session
def pause(session: Session, name: str, reason: str) -> int:
    """Poll a source no more, until it is resumed."""
    return _set_state(session, name, SourceState.PAUSED, reason)


@sources.command("resume")
@click.argument("name")
@pass_session
def resume(session: Session, name: str) -> int:
    """Poll a source again, at once."""
    return _set_state(session, name, SourceState.ACTIVE, "")


@sources.command("check")
@click.argument("names", nargs=-1)
@json_option
@pass_session
def check(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    """
    Poll paused sources (or those named) and activate what answers.

    \b
    Example:
      monitor sources check
    """
    database = session.database
    chosen = [database.source_by(name) for name in names] or [
        source for source in database.sources() if source.state is SourceState.PAUSED
    ]
    with InstanceLock(session.settings.database.url):
        tally = asyncio.run(_poll(session, chosen))
    failed = dict(tally.failures)
    for source in chosen:
        if source.name not in failed:
            database.set_source_state(source.id, SourceState.ACTIVE, "")
        if as_json:
            session.emit(
                {"id": source.id, "name": source.name, "cause": failed.get(source.name, "")}
            )
        else:
            session.out.print(
                f"{source.id:<5} {one_line(source.name, 40):<40} "
                f"{one_line(failed.get(source.name, 'answers; active'), 100)}"
            )
    return 1 if failed else 0


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@pass_session
def import_(session: Session, file: Path) -> int:
    """
    Read sources from OPML or CSV; broken OPML too.

    \b
    Example:
      monitor sources import subscriptions.opml
    """
    data = file.read_bytes()
    read: Callable[[bytes], list[NewSource]] = read_csv if file.suffix == ".csv" else read_opml
    found, now = read(data), datetime.now(UTC)
    new = sum(session.database.add_source(source, now=now)[1] for source in found)
    session.say(f"{len(found)} sources found, {new} new")
    return 0


@sources.command("export")
@click.option("--format", "form", type=click.Choice(["opml", "csv"]), default="opml")
@pass_session
def export(session: Session, form: str) -> int:
    """
    Write all sources to stdout.

    \b
    Example:
      monitor sources export > sources.opml
    """
    found = session.database.sources()
    click.echo(write_opml(found) if form == "opml" else write_csv(found), nl=False)
    return 0


async def _poll(session: Session, chosen: list[Source]) -> Tally:
    runner = Runner(session.database)
    try:
        async with crawler(session.settings, runner) as one:
            tally, _ = await one.crawl(chosen)
            return tally
    finally:
        runner.close()


def _set_state(session: Session, name: str, state: SourceState, reason: str) -> int:
    source = session.database.source_by(name)
    session.database.set_source_state(source.id, state, reason)
    session.say(f"{source.name} is {state.value}")
    return 0


def _kind_of(url: str) -> SourceKind:
    is_channel = urls.host(url) in {"t.me", "telegram.me"}
    return SourceKind.TELEGRAM if is_channel else SourceKind.FEED


def _pair(option: str) -> tuple[str, str]:
    key, sign, value = option.partition("=")
    if not sign:
        raise BadInput("is no KEY=CSS.", subject=option, advice="Like item=article.news")
    return key, value
