"""`monitor health`: which sources need a person."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from rich.table import Table

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, short, stamp
from monitor.jobs.health import Health, examine


@click.command()
@click.option("--all", "is_all", is_flag=True, help="Healthy and paused ones too.")
@json_option
@pass_session
def health(session: Session, is_all: bool, as_json: bool) -> int:
    """
    Say how each source is doing; exit 1 if any needs a person.

    \b
    Examples:
      monitor health
      monitor health --json | jq 'select(.needs_a_person)'
    """
    database = session.database
    found = examine(database.sources(), database.last_seen_by_source(), now=datetime.now(UTC))
    troubled = [one for one in found if one.condition.needs_a_person]
    if as_json:
        session.emit_all(_record(one) for one in found)
    else:
        _show(session, found if is_all else troubled)
        session.say(f"{len(found)} sources, {len(troubled)} need a person.")
    return 1 if troubled else 0


def _record(one: Health) -> dict[str, object]:
    return {
        "id": one.source.id,
        "name": one.source.name,
        "condition": one.condition.value,
        "needs_a_person": one.condition.needs_a_person,
        "last_polled_at": stamp(one.source.last_polled_at),
        "newest_at": stamp(one.newest_at),
        "failures": one.source.failures,
        "cause": one.source.last_error,
        "advice": one.advice,
    }


def _show(session: Session, found: list[Health]) -> None:
    if not found:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "condition", "source", "last poll", "newest", "cause and advice"):
        table.add_column(name)
    for one in found:
        table.add_row(
            str(one.source.id),
            one.condition.value,
            one_line(one.source.name, 36),
            short(one.source.last_polled_at),
            short(one.newest_at),
            one_line(f"{one.source.last_error} {one.advice}".strip(), 100),
        )
    session.out.print(table)
