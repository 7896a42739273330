"""`monitor review`: an analyst's decisions, their log, and their undo."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import narrowing, number_of, unknown
from monitor.cli.story_list import make_cards, story_query
from monitor.errors import BadInput
from monitor.model import Decision, ReviewState
from monitor.wording import one_line, short, stamp


@click.command()
@click.argument("target", required=False, default="")
@click.option("--keep", "decided", flag_value=ReviewState.KEPT.value, help="Keep the story.")
@click.option("--dismiss", "decided", flag_value=ReviewState.DISMISSED.value, help="Dismiss it.")
@click.option("--flag", "decided", flag_value=ReviewState.FLAGGED.value, help="Flag it.")
@click.option("--note", help="Add a note.")
@click.option("--tag", multiple=True, help="Add a tag; may be repeated.")
@click.option("--assign", help="Whose it is.")
@click.option("--not-a-copy", is_flag=True, help="Of an article: it is a telling of its own.")
@click.option("--interactive", is_flag=True, help="Open stories one by one, decided by a key.")
@click.option("--batch", type=click.IntRange(1), help="For undo: what was decided together.")
@click.option("--who", default=None, help="Your name; default: the login name.")
@narrowing
@json_option
@pass_session
def review(
    session: Session,
    /,
    target: str,
    decided: str | None,
    note: str | None,
    tag: tuple[str, ...],
    assign: str | None,
    not_a_copy: bool,
    interactive: bool,
    batch: int | None,
    who: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """
    Decide on a story, or take the last decision back; a story alone shows its log.

    \b
    Examples:
      monitor review s12 --keep --tag tungsten
      monitor review s12 --note "ask Astana"
      monitor review s12
      monitor review a34 --not-a-copy
      monitor review undo
      monitor review --interactive --mineral tungsten
    """
    who, now = who or getpass.getuser(), datetime.now(UTC)
    if interactive:
        return _interactive(session, target, options, who=who, as_json=as_json)
    if target == "undo":
        return _undo(session, who, batch or 0, as_json=as_json)
    if not_a_copy:
        return _not_a_copy(session, target, who, as_json=as_json)
    wishes = [("state", decided), ("note", note), ("assign", assign)]
    wishes += [("tag", one) for one in tag]
    actions = [(action, value) for action, value in wishes if value]
    if not actions:
        return _log(session, target, as_json=as_json)
    story_id = number_of(target, "s")
    for action, value in actions:
        decision = session.database.review(story_id, action=action, value=value, who=who, now=now)
        _show(session, decision, as_json=as_json)
    return 0


def _interactive(
    session: Session, target: str, options: dict[str, Any], *, who: str, as_json: bool
) -> int:
    """Open stories, or those of a state, one by one."""
    from monitor.cli.review_screen import Review  # loaded when it is used: start-up time

    for word, is_given in ((target, target), ("--source", options["source"]), ("--json", as_json)):
        if is_given:
            raise BadInput("has no meaning with --interactive.", subject=word)
    make_cards(session)
    query = story_query(options, is_open=not options["state"])
    Review(session, query, who=who).run()
    return 0


def _undo(session: Session, who: str, batch: int, *, as_json: bool) -> int:
    undone = session.database.undo_review(who=who, now=datetime.now(UTC), batch=batch)
    if not undone:
        session.say(f"There is nothing of {who} to undo.")
    for decision in undone:
        _show(session, decision, as_json=as_json)
    return 0


def _not_a_copy(session: Session, target: str, who: str, *, as_json: bool) -> int:
    number = number_of(target, "a")
    if session.database.article(number) is None:
        raise unknown(target, "a")
    decision = session.database.retract_copy(number, who=who, now=datetime.now(UTC))
    if decision is None:
        session.say(f"a{number} is folded under nothing already.")
    else:
        _show(session, decision, as_json=as_json)
    return 0


def _log(session: Session, target: str, *, as_json: bool) -> int:
    """Every decision on one story, oldest first."""
    if not target:
        raise BadInput(
            "no story was named.", subject="review", advice="Name one, or go through: --interactive"
        )
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
