"""`monitor sources show`: one source, how it is doing, what it brought, and its last polls."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from monitor.cli.arrivals import WEEKS, share_text, source_bars
from monitor.cli.charts import bars, is_plain
from monitor.cli.session import Session, json_option, pass_session
from monitor.deliver.records import source_record
from monitor.health.arrivals import DAYS, by_day, share
from monitor.health.look import Health, look
from monitor.model import Arrivals, Source, SourceDay, SourceState, StoredPoll
from monitor.sources import due
from monitor.wording import counted, one_line, short, stamp

#: Polls that are told of.
SHOWN_POLLS = 10


@click.command()
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> int:
    """
    Show one source: how it is doing, what it brought, its last polls.

    NAME is its id, its address, or a part of its name that no other has.

    \b
    Example:
      monitor sources show 12
    """
    now, database = datetime.now(UTC), session.database
    source = database.source_by(name)
    (health,) = look(database, source, now=now)
    since = (now - timedelta(weeks=WEEKS)).date()
    polls = database.polls(source.id, limit=SHOWN_POLLS)
    if as_json:
        days = database.source_days(since, source_id=source.id)
        session.emit(_record(health, days, polls))
        return 0
    found = database.arrivals(since, source_id=source.id).get(source.id, Arrivals())
    told = _told(source, due.explained(source, session.settings.schedule))
    for key, value in (told | _told_health(health, found, now)).items():
        if value:
            session.out.print(f"{key:<12} {one_line(value, 400)}")
    if found.days:
        drawn = source_bars(found, until=now.date())
        for line in bars(drawn, width=session.out.width, plain=is_plain(sys.stdout)):
            click.echo(line)
    for line in _poll_lines(polls):
        session.out.print(line)
    return 0


def _record(
    health: Health, days: Sequence[SourceDay], polls: Sequence[StoredPoll]
) -> dict[str, Any]:
    source = health.source
    new, kept = sum(day.new for day in days), sum(day.kept for day in days)
    return source_record(source) | {
        "every": source.every_s,
        "options": dict(source.options),
        "health": {
            "condition": health.condition.value,
            "needs_a_person": health.needs_a_person,
            "since": stamp(health.since) or None,
            "cause": health.cause,
            "advice": health.advice,
            "note": health.note,
        },
        "new": new,
        "kept": kept,
        "yield": share(new, kept),
        "days": [_day_record(day) for day in days],
        "polls": [_poll_record(poll) for poll in polls],
    }


def _day_record(day: SourceDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "polls": day.polls,
        "failures": day.failures,
        "new": day.new,
        "kept": day.kept,
    }


def _poll_record(poll: StoredPoll) -> dict[str, Any]:
    return {
        "started_at": poll.started_at.isoformat().replace("+00:00", "Z"),
        "outcome": poll.outcome.value,
        "cause": poll.cause,
        "status": poll.status,
        "bytes": poll.bytes,
        "seen": poll.seen,
        "new": poll.new,
        "updated": poll.updated,
        "seconds": round(poll.elapsed_s, 3),
    }


def _told(source: Source, polled: str) -> dict[str, str]:
    """A source's fields as a person reads them; empty ones are left out."""
    next_poll = source.next_poll_at if source.state is SourceState.ACTIVE else None
    options = ", ".join(f"{key}={value}" for key, value in source.options.items())
    return {
        "id": str(source.id),
        "name": source.name,
        "kind": source.kind.value,
        "url": source.url,
        "homepage": source.homepage,
        "language": source.language,
        "region": source.region,
        "scope": source.scope.value,
        "tags": ", ".join(source.tags),
        "options": options,
        "state": source.state.value,
        "note" if source.state is SourceState.ACTIVE else "reason": source.state_reason,
        "polled": polled,
        "next poll": f"{short(next_poll)} UTC" if next_poll else "",
        "last outcome": f"{source.last_outcome.value if source.last_outcome else 'never polled'}"
        f"{f': {source.last_error}' if source.last_error else ''}",
        "failures": f"{source.failures} in a row" if source.failures else "",
    }


def _told_health(health: Health, found: Arrivals, now: datetime) -> dict[str, str]:
    """How it is doing, and what it brought, as a person reads it."""
    since = f" since {short(health.since)} UTC" if health.since else ""
    cause = f": {health.cause}" if health.cause else ""
    news, keeps = by_day(found, until=now.date())
    new, kept = sum(news), sum(keeps)
    return {
        "moving": health.note,
        "health": f"{health.condition.value}{since}{cause}",
        "to do": health.advice,
        "newest": f"{short(health.newest_at)} UTC" if health.newest_at else "",
        "brought": f"{new} new in {DAYS} days, {kept} kept ({share_text(new, kept)})",
    }


def _poll_lines(polls: Sequence[StoredPoll]) -> Iterator[str]:
    if polls:
        yield f"last {counted(len(polls), 'poll')}, times in UTC"
    for poll in polls:
        yield (
            f"  {short(poll.started_at)} {poll.outcome.value:<12} {poll.status or '':<4} "
            f"{poll.seen} seen, {poll.new} new  {one_line(poll.cause, 120)}"
        )
