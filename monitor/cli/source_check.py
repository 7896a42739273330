"""`monitor sources check`: poll what is paused, and activate what answers with entries."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.model import Outcome, Source, SourceState, StoredPoll
from monitor.sources.catalogue import note_of
from monitor.wording import one_line

if TYPE_CHECKING:
    from monitor.crawl import Progress

#: Earlier polls that can show that an unchanged document holds entries.
REMEMBERED_POLLS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found out about one source."""

    source: Source
    #: Entries that it shows.
    entries: int = 0
    #: Why it does not count as answering; empty when it does.
    cause: str = ""


@click.command("check")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@json_option
@pass_session
def check(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    """
    Poll paused sources, and activate what answers.

    Answering means: with entries. Sources that are named are polled whatever their state.

    \b
    Examples:
      monitor sources check             all that are paused
      monitor sources check 12 "Ore News"
    """
    from monitor.store.lock import InstanceLock  # loaded when it is used: start-up time

    chosen = _chosen(session, names)
    if not chosen:
        session.say("No paused source can be checked. All sources: monitor sources list")
        return 0
    with InstanceLock(session.settings.database.url):
        started = datetime.now(UTC)
        try:
            asyncio.run(_poll(session, chosen))
        finally:
            # What answered before an interruption is kept.
            findings = [_finding(session, source, started) for source in chosen]
            for finding in findings:
                _settle(session, finding, as_json=as_json)
    return _said(session, findings)


def _said(session: Session, findings: list[Finding]) -> int:
    """The last line, and the exit status."""
    answering = sum(not finding.cause for finding in findings)
    session.say(f"{answering} of {len(findings)} answer with entries")
    if not answering and len({finding.cause for finding in findings}) == 1 < len(findings):
        session.say(f"Every one failed: {findings[0].cause}. Is the network up? monitor doctor")
    return 0 if answering == len(findings) else 1


def _chosen(session: Session, names: tuple[str, ...]) -> list[Source]:
    database = session.database
    if not names:
        return [s for s in database.sources() if s.state is SourceState.PAUSED]
    named = {source.id: source for source in map(database.source_by, names)}
    return list(named.values())


async def _poll(session: Session, chosen: list[Source]) -> None:
    from monitor.crawl import crawler  # loaded when they are used: start-up time
    from monitor.store.runner import Runner

    runner = Runner(session.database)
    try:
        async with crawler(session.settings, runner) as one:
            await one.crawl(chosen, progress=_progress(session, len(chosen)))
    finally:
        runner.close()


def _progress(session: Session, sources: int) -> Progress | None:
    """A line that is written over on a terminal, nothing elsewhere."""
    if session.is_quiet or not session.err.is_terminal:
        return None
    return lambda done, total: session.err.print(
        f"checking {sources} sources: {done} of {total} answers", end="\r"
    )


def _finding(session: Session, source: Source, started: datetime) -> Finding:
    polls = session.database.polls(source.id, limit=REMEMBERED_POLLS)
    if not polls or polls[0].started_at < started:
        return Finding(source=source, cause="it was not reached before the end")
    entries = _entries(polls)
    if not polls[0].outcome.is_success:
        return Finding(source=source, cause=polls[0].cause or polls[0].outcome.value)
    return Finding(
        source=source, entries=entries, cause="" if entries else "answers, but holds no entry"
    )


def _entries(polls: list[StoredPoll]) -> int:
    """Entries of the last document that was read in full."""
    for poll in polls:
        if poll.outcome in {Outcome.OK, Outcome.EMPTY}:
            return poll.seen
        if not poll.outcome.is_success:
            return 0
    return 0


def _settle(session: Session, finding: Finding, *, as_json: bool) -> None:
    source, was_active = finding.source, finding.source.state is SourceState.ACTIVE
    if not finding.cause and not was_active:
        note = note_of(source.state_reason)
        session.database.set_source_state(source.id, SourceState.ACTIVE, note)
    state = source.state if finding.cause else SourceState.ACTIVE
    if as_json:
        record = {"id": source.id, "name": source.name, "state": state.value}
        session.emit(record | {"entries": finding.entries, "cause": finding.cause})
        return
    said = finding.cause or f"{finding.entries} entries; active"
    session.out.print(
        f"{source.id:<5} {one_line(source.name, 40):<40} {one_line(said, 120)}", soft_wrap=True
    )
