"""`monitor stories repair` and `repairs`: what came early joins its neighbours; the log of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import number_of
from monitor.deliver.records import time_text
from monitor.model.repairs import Regrouping
from monitor.repair import WINDOW_DAYS, repair
from monitor.wording import counted, one_line, short


@click.command("repair")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and change nothing.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=WINDOW_DAYS,
    show_default=True,
    help="Ask articles of so many days.",
)
@json_option
@pass_session
def repair_command(session: Session, dry_run: bool, days: int, as_json: bool) -> int:
    """
    Ask articles that stand alone again where they belong, as the daemon does each night.

    What an analyst merged, split or called no copy is never touched.

    \b
    Examples:
      monitor stories repair --dry-run
      monitor stories repair --days 90
    """
    done = repair(session.database, datetime.now(UTC), days, is_kept=not dry_run)
    _show(session, done, as_json=as_json)
    if not as_json:
        verb = "would stand" if dry_run else "stands" if len(done) == 1 else "stand"
        session.say(f"{counted(len(done), 'article')} {verb} elsewhere")
    return 0


@click.command("repairs")
@click.argument("identifier", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@pass_session
def repairs_command(session: Session, identifier: str | None, limit: int, as_json: bool) -> int:
    """
    Show what repairs did, the last first; with a story's id: in that story.

    \b
    Examples:
      monitor stories repairs
      monitor stories repairs s12 --json
    """
    story_id = number_of(identifier, "s") if identifier else 0
    found = session.database.regroupings(story_id=story_id, limit=limit)
    _show(session, found, as_json=as_json)
    if not found and not as_json:
        session.say("No repair changed anything yet")
    return 0


def regrouping_record(one: Regrouping) -> dict[str, Any]:
    """One step of a repair, for programs."""
    other = "s" if one.action == "merge" else "d"
    return {
        "at": time_text(one.at),
        "action": one.action,
        "article": f"a{one.article_id}",
        "story": f"s{one.story_id}",
        "from": f"{other}{one.other_id}",
        "development": f"d{one.details['development']}" if "development" in one.details else "",
        "why": one.why,
    }


def regrouping_text(one: Regrouping) -> str:
    """One step of a repair in a line, without its reason."""
    if one.action == "merge":
        return f"a{one.article_id} brought s{one.other_id} into s{one.story_id}"
    home = one.details.get("development", "?")
    return f"a{one.article_id} went from d{one.other_id} to d{home} of s{one.story_id}"


def _show(session: Session, found: Sequence[Regrouping], *, as_json: bool) -> None:
    if as_json:
        session.emit_all(map(regrouping_record, found))
        return
    for one in found:
        session.out.print(f"{short(one.at)}  {regrouping_text(one)}")
        session.out.print(f"      {one_line(one.why, 300)}")
