"""`monitor import`: decisions from an edited workbook or table, seen before they are taken."""

from __future__ import annotations

import asyncio
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.story_list import make_cards
from monitor.deliver.tables import foreign
from monitor.errors import BadInput
from monitor.model import Decision
from monitor.review.importing import Change, Clash, Fault, Plan, Sheet, edits_of
from monitor.review.taking import planned, take
from monitor.wording import counted, one_line, short

#: Lines of each kind that are shown before the rest is counted.
SHOWN = 60


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Take it without asking.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be read; take the rest.")
@click.option("--who", default=None, help="Your name; default: the login name.")
@json_option
@pass_session
def import_(
    session: Session,
    file: Path,
    dry_run: bool,
    yes: bool,
    skip_bad: bool,
    who: str | None,
    as_json: bool,
) -> int:
    """
    Take states, tags, notes and assignees from an edited export of stories.

    Shows what would change first. A story that changed since the export is shown and left as it
    is. All of it is one step: monitor review undo

    \b
    Examples:
      monitor import week.xlsx
      monitor import week.csv --dry-run
      monitor import week.xlsx --yes --skip-bad
    """
    who = who or getpass.getuser()
    sheet = asyncio.run(_read(file))
    edits, faults = edits_of(sheet)
    make_cards(session)
    made = planned(session.database, edits)
    bad = [*faults, *made.faults]
    _show(session, sheet, made, bad, as_json=as_json)
    if bad and not skip_bad:
        raise BadInput(
            f"{counted(len(bad), 'fault')}; nothing was imported.",
            subject=str(file),
            advice="Correct them, or leave those rows out: --skip-bad",
        )
    status = 1 if bad or made.clashes else 0
    if dry_run or not made.changes or not _may(session, made, yes=yes):
        return status
    taken = take(
        session.database, edits, who=who, now=datetime.now(UTC), skip_bad=skip_bad or not bad
    )
    _tell(session, taken.decisions)
    return 1 if bad or taken.plan.clashes else 0


async def _read(file: Path) -> Sheet:
    """The file, read in a worker that can be killed."""
    from monitor.parse.pool import Workers  # loaded when it is used: start-up time
    from monitor.review.reading import read_safely

    workers = Workers(1)
    try:
        return await read_safely(workers, file)
    finally:
        await asyncio.to_thread(workers.close)


def _may(session: Session, made: Plan, *, yes: bool) -> bool:
    """Whether to go on; who is not at a terminal must have said so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        session.say("Nothing was changed. To take it: --yes")
        return False
    question = f"Take {counted(len(made.changes), 'change')} in {counted(made.stories, 'story')}?"
    return click.confirm(question, err=True)


def _show(session: Session, sheet: Sheet, made: Plan, bad: list[Fault], *, as_json: bool) -> None:
    if as_json:
        for record in [
            *map(_change_record, made.changes),
            *map(_clash_record, made.clashes),
            *map(_fault_record, bad),
        ]:
            session.emit(record)
        return
    for title, lines in (
        ("WOULD CHANGE", [_change_line(change) for change in made.changes]),
        (
            "NOT TAKEN: the story changed since it was exported",
            list(map(_clash_line, made.clashes)),
        ),
        ("CANNOT BE READ", [f"row {f.row:<6} {one_line(f.subject, 70)}: {f.what}" for f in bad]),
    ):
        if lines:
            session.out.print(title, style="bold")
        for line in lines[:SHOWN]:
            session.out.print(f"  {line}", soft_wrap=True)
        if len(lines) > SHOWN:
            session.out.print(f"  and {len(lines) - SHOWN} more")
    same = sheet.untouched + made.unchanged
    session.say(f"{counted(same, 'row')} as exported, or as it is already.")
    if others := foreign(sheet):
        session.say(f"Columns that are not looked at: {one_line(', '.join(others), 160)}")


def _change_line(change: Change) -> str:
    choice = change.choice
    before = f"{one_line(change.before, 40)} → " if change.before else ""
    value = one_line(choice.value, 80) or "nobody"
    return (
        f"row {change.row:<6} s{choice.story_id:<6} {choice.action:<7} {before}{value}"
        f"   {one_line(change.title, 60)}"
    )


def _clash_line(clash: Clash) -> str:
    wanted = one_line(", ".join(clash.wanted), 80)
    return (
        f"row {clash.row:<6} s{clash.story_id:<6} {wanted}; meanwhile, {short(clash.at)} UTC: "
        f"{one_line(f'{clash.who} {clash.what}'.strip(), 80)}   {one_line(clash.title, 50)}"
    )


def _change_record(change: Change) -> dict[str, Any]:
    choice = change.choice
    return {
        "kind": "change",
        "row": change.row,
        "story": f"s{choice.story_id}",
        "action": choice.action,
        "before": change.before,
        "after": choice.value,
    }


def _clash_record(clash: Clash) -> dict[str, Any]:
    return {
        "kind": "conflict",
        "row": clash.row,
        "story": f"s{clash.story_id}",
        "wanted": list(clash.wanted),
        "who": clash.who,
        "what": clash.what,
    }


def _fault_record(fault: Fault) -> dict[str, Any]:
    return {"kind": "fault", "row": fault.row, "subject": fault.subject, "what": fault.what}


def _tell(session: Session, decisions: tuple[Decision, ...]) -> None:
    stories = len({decision.story_id for decision in decisions})
    if decisions:
        session.say(
            f"{counted(len(decisions), 'change')} in {counted(stories, 'story')} taken. "
            "To take them back: monitor review undo"
        )
    else:
        session.say("Nothing was changed.")
