"""`monitor review`: an analyst's decisions, and their undo."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import number_of, stamp
from monitor.errors import BadInput
from monitor.model import Decision, ReviewState


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
    Decide on a story, or take the last decision back: `monitor review undo`.

    \b
    Examples:
      monitor review s12 --keep --tag tungsten
      monitor review s12 --note "ask Astana"
      monitor review undo
    """
    who, now = who or getpass.getuser(), datetime.now(UTC)
    if target == "undo":
        undone = session.database.undo_review(who=who, now=now)
        if undone is None:
            session.say("There is nothing to undo.")
            return 0
        _show(session, undone, as_json=as_json)
        return 0
    story_id = number_of(target, "s")
    wishes = [("state", state), ("note", note), ("assign", assign)]
    wishes += [("tag", one) for one in tag]
    actions = [(action, value) for action, value in wishes if value]
    if not actions:
        raise BadInput("says no decision.", subject=target, advice="Try --keep or --dismiss.")
    for action, value in actions:
        decision = session.database.review(story_id, action=action, value=value, who=who, now=now)
        _show(session, decision, as_json=as_json)
    return 0


def _show(session: Session, decision: Decision, *, as_json: bool) -> None:
    if as_json:
        session.emit(
            {
                "story": f"s{decision.story_id}",
                "at": stamp(decision.at),
                "who": decision.who,
                "action": decision.action,
                "before": decision.before,
                "after": decision.after,
            }
        )
        return
    change = f"{decision.before} → {decision.after}" if decision.before else decision.after
    session.out.print(f"s{decision.story_id}  {decision.action}: {change}")
