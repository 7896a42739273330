"""`monitor review`: an analyst's decisions, their log, and their undo."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import number_of
from monitor.errors import BadInput
from monitor.model import Decision, ReviewState
from monitor.wording import one_line, short, stamp


@click.command()
@click.argument("target")
@click.option("--keep", "state", flag_value=ReviewState.KEPT.value, help="Keep the story.")
@click.option("--dismiss", "state", flag_value=ReviewState.DISMISSED.value, help="Dismiss it.")
@click.option("--flag", "state", flag_value=ReviewState.FLAGGED.value, help="Flag it.")
@click.option("--note", help="Add a note.")
@click.option("--tag", multiple=True, help="Add a tag; may be repeated.")
@click.option("--assign", help="Whose it is.")
@click.option("--who", default=None, help="Your name; default: the login name.")
@json_option
@pass_session
def review(
    session: Session,
    target: str,
    state: str | None,
    note: str | None,
    tag: tuple[str, ...],
    assign: str | None,
    who: str | None,
    as_json: bool,
) -> int:
    """
    Decide on a story, or take the last decision back; a story alone shows its log.

    \b
    Examples:
      monitor review s12 --keep --tag tungsten
      monitor review s12 --note "ask Astana"
      monitor review s12
      monitor review undo
    """
    who, now = who or getpass.getuser(), datetime.now(UTC)
    if target == "undo":
        undone = session.database.undo_review(who=who, now=now)
        if not undone:
            session.say(f"There is nothing of {who} to undo.")
        for decision in undone:
            _show(session, decision, as_json=as_json)
        return 0
    wishes = [("state", state), ("note", note), ("assign", assign)]
    wishes += [("tag", one) for one in tag]
    actions = [(action, value) for action, value in wishes if value]
    if not actions:
        return _log(session, target, as_json=as_json)
    story_id = number_of(target, "s")
    for action, value in actions:
        decision = session.database.review(story_id, action=action, value=value, who=who, now=now)
        _show(session, decision, as_json=as_json)
    return 0


def _log(session: Session, target: str, *, as_json: bool) -> int:
    """Every decision on one story, oldest first."""
    story = session.database.story(number_of(target, "s"))
    if story is None:
        raise BadInput(
            "there is no such story.", subject=target, advice="See: monitor stories list"
        )
    log = session.database.decisions(story.id)
    for decision in log:
        _show(session, decision, as_json=as_json, is_log=True)
    if not log and not as_json:
        session.say(f"No decision on s{story.id} yet. Try --keep or --dismiss.")
    return 0


def _show(session: Session, decision: Decision, *, as_json: bool, is_log: bool = False) -> None:
    if as_json:
        session.emit(
            {
                "story": f"s{decision.story_id}",
                "at": stamp(decision.at),
                "who": decision.who,
                "action": decision.action,
                "before": decision.before,
                "after": decision.after,
                "undone": decision.undone,
            }
        )
        return
    before, after = one_line(decision.before, 60), one_line(decision.after, 200)
    change = f"{before} → {after}" if before else after
    undone = "undone: " if decision.undone else ""
    head = f"{short(decision.at)}  {one_line(decision.who, 20)}  " if is_log else ""
    session.out.print(f"{head}s{decision.story_id}  {undone}{decision.action}: {change}")
