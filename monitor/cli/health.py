"""`monitor health`: which sources need a person."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import click
from rich.table import Table

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, short, stamp
from monitor.cli.troubles import since, trouble_lines, troubles
from monitor.deliver.chapters import counted
from monitor.jobs.health import Condition, Health, examine


@click.command()
@click.option("--all", "is_all", is_flag=True, help="Healthy and paused ones too.")
@json_option
@pass_session
def health(session: Session, is_all: bool, as_json: bool) -> int:
    """
    Say which sources need a person, since when and what to do; exit 1 if any does.

    \b
    Examples:
      monitor health
      monitor health --all
      monitor health --json | jq 'select(.needs_a_person)'
    """
    database = session.database
    found = examine(database.sources(), now=datetime.now(UTC))
    began = {one.source.id: since(database, one) for one in found}
    needing = troubles(found, began)
    if as_json:
        session.emit_all(_record(one, began[one.source.id]) for one in found)
        return 1 if needing else 0
    for trouble in needing:
        for line in trouble_lines(trouble):
            session.out.print(line)
    if is_all:
        _show_others(session, [one for one in found if not one.condition.needs_a_person])
    session.say(_summary(found))
    return 1 if needing else 0


def _record(one: Health, began: datetime | None) -> dict[str, object]:
    return {
        "id": one.source.id,
        "name": one.source.name,
        "condition": one.condition.value,
        "needs_a_person": one.condition.needs_a_person,
        "since": stamp(began) or None,
        "last_polled_at": stamp(one.source.last_polled_at),
        "newest_at": stamp(one.newest_at),
        "failures": one.source.failures,
        "cause": one.source.last_error,
        "advice": one.advice,
    }


def _show_others(session: Session, found: list[Health]) -> None:
    if not found:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("condition", no_wrap=True)
    table.add_column("source", overflow="fold")
    for name in ("last poll, UTC", "newest, UTC"):
        table.add_column(name, no_wrap=True)
    table.add_column("why", overflow="fold")
    for one in sorted(found, key=lambda one: one.condition):
        table.add_row(
            one.condition.value,
            f"{one_line(one.source.name, 36)} ({one.source.id})",
            short(one.source.last_polled_at),
            short(one.newest_at),
            one_line(one.source.last_error or one.source.state_reason, 80),
        )
    session.out.print(table)


def _summary(found: list[Health]) -> str:
    """Like `19 sources: 17 healthy, 1 blocked, 1 gone. 2 need a person.`"""
    if not found:
        return "There are no sources yet. Start with: monitor init"
    count = Counter(one.condition for one in found)
    states = ", ".join(f"{number} {condition.value}" for condition, number in count.most_common())
    needing = sum(one.condition.needs_a_person for one in found)
    end = {0: "None needs a person.", 1: "1 needs a person."}.get(
        needing, f"{needing} need a person."
    )
    unpolled = " Never polled yet: monitor crawl" if count[Condition.NEW] else ""
    return f"{counted(len(found), 'source')}: {states}. {end}{unpolled}"
