"""`monitor calendar`: what takes effect and what lapses, day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.deliver.calendar import MOST, Wanted, chosen, record
from monitor.deliver.rule_words import STAGES, line
from monitor.enrich.meaning import meant
from monitor.errors import BadInput
from monitor.wording import one_line

#: Days at most: some rules are told decades ahead.
MOST_DAYS = 36_500


@click.command()
@click.option("--country", default="", help="Whose rules: KZ, CN, EU, …")
@click.option("--mineral", default="", help="Only rules about it.")
@click.option("--stage", type=click.Choice([*STAGES]), help="As it stands by now.")
@click.option("--days", default=90, show_default=True, help="Days ahead; with --past, days back.")
@click.option("--past", is_flag=True, help="What took effect and lapsed, the latest first.")
@json_option
@pass_session
def calendar(
    session: Session,
    country: str,
    mineral: str,
    stage: str | None,
    days: int,
    past: bool,
    as_json: bool,
) -> int:
    """
    List rules of states by the day on which they take effect or lapse.

    \b
    Examples:
      monitor calendar
      monitor calendar --country KZ --days 365
      monitor calendar --past --json
    """
    if not 0 < days <= MOST_DAYS:
        raise BadInput(f"{days} is not between 1 and {MOST_DAYS}.", subject="--days")
    today = datetime.now(UTC).date()
    span = timedelta(days=days)
    since, until = (today - span, today - timedelta(days=1)) if past else (today, today + span)
    found = session.database.calendar(since=since, until=until, limit=MOST)
    wanted = Wanted(
        country=meant("country", country), mineral=meant("mineral", mineral), stage=stage or ""
    )
    shown = chosen(found, wanted, today=today)
    if past:
        shown.reverse()
    if as_json:
        session.emit_all(record(one, today=today) for one in shown)
        return 0
    for one in shown:
        session.out.print(one_line(line(one, today=today), 400))
        session.out.print(f"      s{one.instrument.story_id} {one_line(one.title, 140)}")
    if not shown:
        session.say(f"No rule takes effect or lapses in these {days} days. More: --days 365")
    return 0
