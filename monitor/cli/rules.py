"""`monitor rules`: what users want done with articles that an expression is about."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from shlex import quote
from typing import Any

import click
from click.shell_completion import CompletionItem

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import moment
from monitor.deliver import rule_orders
from monitor.enrich.rules import FIELDS
from monitor.errors import BadInput
from monitor.model import Filter
from monitor.model.rules import NewRule, Rule, RuleAction
from monitor.wording import one_line, short, stamp

#: Stored articles that a trial asks, unless another number is given.
ASKED = 2000

#: Articles that a trial shows.
SHOWN = 20

_AGAIN = "What is stored stays as it is until: monitor rescore --apply"


@click.group()
def rules() -> None:
    """
    Tag, raise, lower, mute or alert on articles: list, add, edit, remove, test rules.

    A rule is an expression over an article's facts, and what follows from it. See docs/rules.md.

    \b
    Examples:
      monitor rules test 'mineral:tungsten AND (country:KZ OR company:"Cove Capital")'
      monitor rules add 'Kazakh tungsten' 'mineral:tungsten AND country:KZ' --raise 0.2
      monitor rules add Jewels 'title:"gold ring" AND NOT event:production' --mute
      monitor rules history r1
    """


class _Expression(click.ParamType[str]):
    """An expression; a shell completes the fields."""

    name = "expression"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Fields that begin as the last word does."""
        head, _, last = incomplete.rpartition(" ")
        bracket = "(" if last.startswith("(") else ""
        began = f"{head} {bracket}" if head else bracket
        return [
            CompletionItem(f"{began}{field}", help=about.about)
            for field, about in FIELDS.items()
            if field.startswith(last.removeprefix("("))
        ]


EXPRESSION = _Expression()


def _actions(command: Any) -> Any:
    for option in reversed(
        [
            click.option("--tag", help="Put this tag on the story."),
            click.option("--raise", "raise_", metavar="POINTS", help="Add to the relevance: 0.2."),
            click.option("--lower", metavar="POINTS", help="Take from the relevance: 0.2."),
            click.option("--mute", is_flag=True, help="Make it irrelevant."),
            click.option("--alert", metavar="RECIPIENT", help="Tell this recipient of the story."),
        ]
    ):
        command = option(command)
    return command


@rules.command("list")
@click.option("--all", "is_all", is_flag=True, help="Those that were removed too.")
@json_option
@pass_session
def list_(session: Session, is_all: bool, as_json: bool) -> int:
    """
    List the rules, with how many stored articles each was about.

    \b
    Example:
      monitor rules list --json
    """
    found = [rule for rule in session.database.rules() if rule.is_active or is_all]
    counts = session.database.rule_counts()
    if as_json:
        session.emit_all({**_record(rule), "articles": counts.get(rule.id, 0)} for rule in found)
        return 0
    for rule in found:
        state = "" if rule.is_active else "  [removed]"
        session.out.print(
            f"r{rule.id:<4} {one_line(rule.name, 60)}: "
            f"{one_line(rule_orders.effect_text(rule), 60)}{state}"
        )
        session.out.print(f"      {one_line(rule.expression, 300)}")
        session.out.print(
            f"      {counts.get(rule.id, 0)} articles; version {rule.version}, "
            f"{short(rule.created_at)} UTC, {one_line(rule.created_by, 40)}"
        )
    if not found:
        session.say("There are no rules. Add one: monitor rules add NAME EXPRESSION --tag TAG")
    return 0


@rules.command("add")
@click.argument("name")
@click.argument("expression", type=EXPRESSION)
@_actions
@json_option
@pass_session
def add(session: Session, /, name: str, expression: str, as_json: bool, **given: Any) -> int:
    """
    Add a rule, which acts on what is stored from now on.

    Try the expression first: monitor rules test EXPRESSION.

    \b
    Examples:
      monitor rules add 'Kazakh tungsten' 'mineral:tungsten AND country:KZ' --tag kz-tungsten
      monitor rules add Stakes 'claim.kind:stake AND claim.value>50' --alert desk
    """
    asked = _asked(given)
    if asked is None:
        raise BadInput("needs one of --tag, --raise, --lower, --mute, --alert.", subject="a rule")
    new = NewRule(name=name, expression=expression, action=asked[0], value=asked[1])
    rule = rule_orders.save_rule(
        session.database, 0, new, who=getpass.getuser(), now=datetime.now(UTC)
    )
    _saved(session, rule, as_json=as_json)
    return 0


@rules.command("edit")
@click.argument("rule_name", metavar="RULE")
@click.option("--name", help="What it is called.")
@click.option("--when", "expression", type=EXPRESSION, help="Another expression.")
@click.option("--on/--off", "is_active", default=None, help="Off: it does nothing.")
@click.option("--undo", is_flag=True, help="As it was before its last change.")
@click.option("--version", type=click.IntRange(1), help="As it was in this version.")
@_actions
@json_option
@pass_session
def edit(
    session: Session,
    /,
    rule_name: str,
    undo: bool,
    version: int | None,
    as_json: bool,
    **given: Any,
) -> int:
    """
    Change a rule: a new version, and the old ones stay. RULE is its number or name.

    \b
    Examples:
      monitor rules edit r3 --raise 0.3
      monitor rules edit r3 --when 'mineral:tungsten AND (country:KZ OR country:UZ)'
      monitor rules edit r3 --undo
    """
    database, who, now = session.database, getpass.getuser(), datetime.now(UTC)
    rule = rule_orders.rule_named(database, rule_name)
    asked = _asked(given)
    changes = {key: given[key] for key in ("name", "expression", "is_active")}
    changes = {key: value for key, value in changes.items() if value is not None}
    if asked:
        changes |= {"action": asked[0], "value": asked[1]}
    if undo or version:
        if changes or (undo and version):
            raise BadInput("takes nothing beside it.", subject="--undo" if undo else "--version")
        made = rule_orders.take_back(database, rule, who=who, now=now, to=version or 0)
    else:
        made = rule_orders.change_rule(database, rule, who=who, now=now, **changes)
    _saved(session, made, as_json=as_json)
    return 0


@rules.command("remove")
@click.argument("rule_name", metavar="RULE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove(session: Session, rule_name: str, yes: bool) -> int:
    """
    Remove a rule; its versions stay, and --undo brings it back.

    \b
    Examples:
      monitor rules remove r3 --yes
      monitor rules edit r3 --undo
    """
    rule = rule_orders.rule_named(session.database, rule_name)
    if not rule.is_active:
        raise BadInput("is removed already.", subject=f"r{rule.id}")
    if not yes:
        click.confirm(f"Remove r{rule.id}, {one_line(rule.name, 60)}?", abort=True, err=True)
    rule_orders.change_rule(
        session.database, rule, who=getpass.getuser(), now=datetime.now(UTC), is_active=False
    )
    session.say(f"Removed r{rule.id}. {_AGAIN}")
    return 0


@rules.command("test")
@click.argument("expression", type=EXPRESSION)
@click.option("--since", help="Only articles of 36h, 7d, 2w, or since a date.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=ASKED,
    show_default=True,
    help="The newest so many articles are asked.",
)
@_actions
@json_option
@pass_session
def test(
    session: Session,
    /,
    expression: str,
    since: str | None,
    limit: int,
    as_json: bool,
    **given: Any,
) -> int:
    """
    Which stored articles an expression is about; nothing is saved.

    With one of --raise, --lower, --mute it shows what these would be.

    \b
    Examples:
      monitor rules test 'mineral:tungsten AND title~"joint\\s+venture"' --raise 0.2
      monitor rules test 'claim.kind:stake AND claim.value>50' --since 30d --json
    """
    now, asked = datetime.now(UTC), _asked(given)
    wanted = None
    if asked:
        new = NewRule(name="", expression=expression, action=asked[0], value=asked[1])
        wanted = rule_orders.trial_of(new, now=now)
    query = Filter(
        since=moment(since, now=now) if since else None, include_irrelevant=True, limit=limit
    )
    trial = rule_orders.try_out(
        session.database,
        expression,
        query,
        threshold=session.settings.relevance.threshold,
        trial=wanted,
    )
    if as_json:
        session.emit(
            {
                "asked": trial.asked,
                "found": len(trial.found),
                "relevant": trial.relevant,
                "becoming_relevant": trial.becoming,
                "no_longer_relevant": trial.leaving,
                "articles": [_article(one) for one in trial.found],
            }
        )
        return 0
    _show(session, trial.found)
    session.say(
        f"{len(trial.found)} of the {trial.asked} newest articles, {trial.relevant} of them "
        "relevant now."
    )
    if trial.becoming or trial.leaving:
        session.say(f"{trial.becoming} would become relevant, {trial.leaving} no longer be so.")
    return 0


@rules.command("history")
@click.argument("rule_name", metavar="RULE")
@json_option
@pass_session
def history(session: Session, rule_name: str, as_json: bool) -> int:
    """
    All versions of a rule, with who made them and when.

    \b
    Example:
      monitor rules history r3
    """
    rule = rule_orders.rule_named(session.database, rule_name)
    versions = session.database.rule_versions(rule.id)
    if as_json:
        session.emit_all(map(_record, versions))
        return 0
    for one in versions:
        state = "" if one.is_active else "  [removed]"
        session.out.print(
            f"{one.version:>3}  {short(one.created_at)} UTC  {one_line(one.created_by, 40)}{state}"
        )
        session.out.print(
            f"     {one_line(one.name, 60)}: {one_line(rule_orders.effect_text(one), 60)}"
        )
        session.out.print(f"     {one_line(one.expression, 300)}")
    session.say(f"Back to one of them: monitor rules edit r{rule.id} --version N")
    return 0


def _asked(given: dict[str, Any]) -> tuple[RuleAction, str] | None:
    """
    The action that was asked for, with its value.

    Raises:
        BadInput: there are several.
    """
    values = {
        RuleAction.TAG: given["tag"],
        RuleAction.RAISE: given["raise_"],
        RuleAction.LOWER: given["lower"],
        RuleAction.MUTE: "" if given["mute"] else None,
        RuleAction.ALERT: given["alert"],
    }
    asked = [(action, value) for action, value in values.items() if value is not None]
    if len(asked) > 1:
        raise BadInput(
            "does one thing.",
            subject="a rule",
            advice=f"Make a rule for each of {', '.join(f'--{action}' for action, _ in asked)}.",
        )
    return asked[0] if asked else None


def _saved(session: Session, rule: Rule, *, as_json: bool) -> None:
    if as_json:
        session.emit(_record(rule))
        return
    session.say(f"Saved as r{rule.id}, version {rule.version}: {rule.expression}")
    if rule.action is RuleAction.ALERT and rule.is_active:
        session.say(
            f"It puts the tag {rule.label!r} on stories; the alert of that name tells "
            f"{rule.value} of them. Change its gap or quiet hours: "
            f"monitor alerts edit {quote(rule.label)}"
        )
    session.say(_AGAIN)


def _show(session: Session, found: Sequence[rule_orders.Tried]) -> None:
    for one in found[:SHOWN]:
        article, said = one.article, one.article.enrichment
        after = f" → {one.after:.2f}" if one.after != said.relevance else ""
        state = "" if one.is_relevant else "  [not relevant]"
        if one.is_relevant != said.relevant:
            state = "  [becomes relevant]" if one.is_relevant else "  [no longer relevant]"
        session.out.print(
            f"a{article.id:<6} {said.relevance:.2f}{after}  {one_line(article.title, 110)}"
            f"  ({one_line(article.site, 40)}){state}"
        )
    if len(found) > SHOWN:
        session.say(f"… and {len(found) - SHOWN} more; all of them: --json")


def _article(one: rule_orders.Tried) -> dict[str, Any]:
    article, said = one.article, one.article.enrichment
    return {
        "id": f"a{article.id}",
        "story": f"s{article.story_id}",
        "title": article.title,
        "url": article.url,
        "site": article.site,
        "relevance": {"before": said.relevance, "after": one.after},
        "relevant": {"before": said.relevant, "after": one.is_relevant},
    }


def _record(rule: Rule) -> dict[str, Any]:
    return {
        "id": f"r{rule.id}",
        "version": rule.version,
        "name": rule.name,
        "expression": rule.expression,
        "action": rule.action.value,
        "value": rule.value,
        "active": rule.is_active,
        "changed_at": stamp(rule.created_at),
        "changed_by": rule.created_by,
    }
