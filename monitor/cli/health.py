"""`monitor health`: which sources need a person."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.health.arrivals import DAYS, by_day, share, summed
from monitor.health.conditions import Condition
from monitor.health.look import Health, look
from monitor.wording import counted, stamp

if TYPE_CHECKING:  # loaded when it is used: start-up time
    from monitor.cli.health_table import Row


@click.command()
@click.option("--all", "is_all", is_flag=True, help="A table of all, with what they brought.")
@click.option("--arrivals", "is_chart", is_flag=True, help="A chart of what all brought, by day.")
@json_option
@pass_session
def health(session: Session, is_all: bool, is_chart: bool, as_json: bool) -> int:
    """
    Say which sources need a person, since when and what to do; exit 1 if any does.

    \b
    Examples:
      monitor health
      monitor health --all
      monitor health --arrivals
      monitor health --json | jq 'select(.needs_a_person)'
    """
    now = datetime.now(UTC)
    found = look(session.database, now=now)
    if as_json:
        _emit(session, found, now, is_chart=is_chart)
    else:
        if is_chart:
            _show_chart(session, _rows(session, found, now), now)
        else:
            _show_troubles(session, found)
        if is_all:
            _show_table(session, _rows(session, found, now))
        session.say(_summary(found))
    return 1 if any(one.needs_a_person for one in found) else 0


def _emit(session: Session, found: Sequence[Health], now: datetime, *, is_chart: bool) -> None:
    rows = _rows(session, found, now)
    if not is_chart:
        session.emit_all(health_record(row) for row in rows)
        return
    first = now.date() - timedelta(days=DAYS - 1)
    news, keeps = summed(row.news for row in rows), summed(row.keeps for row in rows)
    session.emit_all(
        {"day": (first + timedelta(days=number)).isoformat(), "new": new, "kept": kept}
        for number, (new, kept) in enumerate(zip(news, keeps, strict=True))
    )


def _show_troubles(session: Session, found: Sequence[Health]) -> None:
    from monitor.health.troubles import quiet_text, trouble_lines, troubles

    lines = [line for trouble in troubles(found) for line in trouble_lines(trouble)]
    if quiet := quiet_text(found):
        lines.append(f"{Condition.QUIET.value:<10} {quiet}; nobody is needed yet")
    if lines:
        session.out.print("\n".join(lines))


def _show_table(session: Session, rows: Sequence[Row]) -> None:
    from monitor.cli.charts import is_plain
    from monitor.cli.health_table import table

    for line in table(rows, width=session.out.width, plain=is_plain(sys.stdout)):
        click.echo(line)


def _show_chart(session: Session, rows: Sequence[Row], now: datetime) -> None:
    from monitor.cli.charts import is_plain
    from monitor.cli.health_chart import chart

    width, plain = session.out.width, is_plain(sys.stdout)
    for line in chart(rows, until=now.date(), width=width, plain=plain):
        click.echo(line)


def _rows(session: Session, found: Sequence[Health], now: datetime) -> list[Row]:
    """Each source with what it brought on each of the last days."""
    from monitor.cli.health_table import Row

    today = now.date()
    arrivals = session.database.arrivals(today - timedelta(days=DAYS - 1))
    rows = []
    for one in found:
        news, keeps = by_day(arrivals.get(one.source.id), until=today)
        rows.append(Row(one, news, keeps, sum(news), sum(keeps)))
    return rows


def health_record(row: Row) -> dict[str, Any]:
    """One source's condition as `--json` tells it: names are a contract."""
    one, source = row.health, row.health.source
    part = share(row.new, row.kept)
    return {
        "id": source.id,
        "name": source.name,
        "condition": one.condition.value,
        "needs_a_person": one.needs_a_person,
        "since": stamp(one.since) or None,
        "last_polled_at": stamp(source.last_polled_at),
        "newest_at": stamp(one.newest_at),
        "failures": source.failures,
        "cause": one.cause,
        "advice": one.advice,
        "note": one.note,
        "answered_at": stamp(source.answered_at),
        "changed_at": stamp(source.changed_at),
        "new_at": stamp(source.new_at),
        "next_poll_at": stamp(source.next_poll_at),
        "new_in_30_days": row.new,
        "kept_in_30_days": row.kept,
        "yield": None if part is None else round(part, 4),
        "arrivals": row.news,
    }


def _summary(found: Sequence[Health]) -> str:
    """Like `19 sources: 17 healthy, 1 blocked, 1 gone. 2 need a person.`"""
    if not found:
        return "There are no sources yet. Start with: monitor init"
    count = Counter(one.condition for one in found)
    states = ", ".join(f"{number} {condition.value}" for condition, number in count.most_common())
    needing = sum(one.needs_a_person for one in found)
    end = {0: "None needs a person.", 1: "1 needs a person."}.get(
        needing, f"{needing} need a person."
    )
    unpolled = " Never polled yet: monitor crawl" if count[Condition.NEW] else ""
    return f"{counted(len(found), 'source')}: {states}. {end}{unpolled}"
