"""Rules of the users: what they do, who changed them, and what a new one would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.deliver import rule_orders
from monitor.deliver.rule_orders import Trial
from monitor.enrich.rules import FIELDS
from monitor.errors import BadInput
from monitor.model import Filter, Recipient, Role
from monitor.model.rules import NewRule, Rule, RuleAction
from monitor.ports import Store
from monitor.web.desk import desk_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import msgid, words_of
from monitor.web.pages import page, see_other, tell

#: Stored articles that a trial asks, how old they may be, and how many it shows.
ASKED, WITHIN, SHOWN = 500, timedelta(days=90), 25

#: What a rule can do, so that the words are found for translation.
ACTION_WORDS = {
    RuleAction.TAG: msgid("put a tag on the story"),
    RuleAction.RAISE: msgid("raise the relevance"),
    RuleAction.LOWER: msgid("lower the relevance"),
    RuleAction.MUTE: msgid("mute: it is not relevant"),
    RuleAction.ALERT: msgid("alert a recipient"),
}

#: What a field of an article is, likewise; the others are said by `FIELDS` in English.
_EXAMPLES = (
    "mineral:tungsten AND country:KZ",
    'company:"Cove Capital" OR title~"joint\\s+venture"',
    "claim.kind:stake AND claim.value>50",
    "event:export_control AND NOT source:12 AND relevance>=0.3",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that the page shows."""

    rules: Sequence[Rule]
    versions: Mapping[int, Sequence[Rule]]
    counts: Mapping[int, int]
    recipients: Sequence[Recipient]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was filled in."""

    #: 0 = a new rule.
    id: int = 0
    #: The version that it is based on.
    version: int = 0
    name: str = ""
    expression: str = ""
    action: RuleAction = RuleAction.TAG
    value: str = ""


async def rules(request: Request) -> Response:
    """All rules, with their versions."""
    known = await desk_of(request).runner.read(_known)
    return page(
        request,
        "desk_rules.html",
        known=known,
        acting=[rule for rule in known.rules if rule.is_active],
        removed=[rule for rule in known.rules if not rule.is_active],
        may_change=reader_of(request).role.may(Role.ANALYST),
        blank=Filled(),
        filled=_filled_of,
        **_words(),
    )


async def change(request: Request) -> Response:
    """One step, by the form's `action`: tried, kept, removed, taken back."""
    require(request, Role.ANALYST)
    form = await posted(request)
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    step = fields.get("step", "")
    if step == "try":
        return await _try(request, _read(fields))
    if step == "save":
        return await _save(request, _read(fields))
    if step in {"remove", "undo"}:
        return await _step_back(request, step, fields)
    raise BadInput("is nothing that can be done here.", subject=step[:40] or "the form")


async def _try(request: Request, filled: Filled) -> Response:
    """What a rule would do with stored articles, and the form to keep it."""
    desk = desk_of(request)
    threshold = desk.settings.relevance.threshold
    query = Filter(since=desk.now() - WITHIN, include_irrelevant=True, limit=ASKED)
    trial, fault = Trial(asked=0, found=()), ""
    try:
        wanted = rule_orders.trial_of(_new(filled), rule_id=filled.id, now=desk.now())
        trial = await desk.runner.read(
            lambda store: rule_orders.try_out(
                store, filled.expression, query, threshold=threshold, trial=wanted
            )
        )
    except BadInput as error:
        fault = str(error)
    recipients = await desk.runner.read(lambda store: store.recipients())
    return page(
        request,
        "desk_rules_try.html",
        status=400 if fault else 200,
        form=filled,
        trial=trial,
        fault=fault,
        shown=SHOWN,
        days=WITHIN.days,
        recipients=recipients,
        **_words(),
    )


async def _save(request: Request, filled: Filled) -> Response:
    desk, reader = desk_of(request), reader_of(request)
    saved = await desk.runner.write(
        lambda store: rule_orders.save_rule(
            store,
            filled.id,
            _new(filled),
            who=reader.name,
            now=desk.now(),
            version=filled.version or None,
        )
    )
    said = words_of(request).gettext("Saved as r%(id)s; it acts on what is stored from now on.")
    return tell(request, see_other("/rules"), said % {"id": saved.id})


async def _step_back(request: Request, step: str, fields: Mapping[str, str]) -> Response:
    """Remove a rule, or make it what it was before its last change."""
    desk, reader = desk_of(request), reader_of(request)
    filled = _read(fields)

    def work(store: Store) -> Rule:
        rule = rule_orders.rule_named(store, f"r{filled.id}")
        who, now = reader.name, desk.now()
        if step == "undo":
            return rule_orders.take_back(store, rule, who=who, now=now)
        return rule_orders.change_rule(
            store, rule, who=who, now=now, version=filled.version or None, is_active=False
        )

    await desk.runner.write(work)
    said = msgid("Removed.") if step == "remove" else msgid("As it was before.")
    return tell(request, see_other("/rules"), words_of(request).gettext(said))


def _known(store: Store) -> _Known:
    found = store.rules()
    return _Known(
        rules=found,
        versions={rule.id: store.rule_versions(rule.id)[::-1] for rule in found},
        counts=store.rule_counts(),
        recipients=store.recipients(),
    )


def _words() -> dict[str, Any]:
    """What both pages say of the language."""
    return {
        "actions": ACTION_WORDS,
        "fields": FIELDS,
        "examples": _EXAMPLES,
        "effect": rule_orders.effect_text,
    }


def _filled_of(rule: Rule) -> Filled:
    return Filled(
        id=rule.id,
        version=rule.version,
        name=rule.name,
        expression=rule.expression,
        action=rule.action,
        value=rule.value,
    )


def _read(fields: Mapping[str, str]) -> Filled:
    """
    A form as it was filled in.

    Raises:
        BadInput: it is no form of this page.
    """
    action = fields.get("action", RuleAction.TAG.value)
    if action not in set(RuleAction):
        raise BadInput("is nothing that a rule does.", subject=action[:40])
    return Filled(
        id=_number(fields, "id"),
        version=_number(fields, "version"),
        name=fields.get("name", ""),
        expression=fields.get("expression", "").strip(),
        action=RuleAction(action),
        value=fields.get("value", ""),
    )


def _number(fields: Mapping[str, str], name: str) -> int:
    text = fields.get(name, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput("is no whole number.", subject=name)
    return int(text)


def _new(filled: Filled) -> NewRule:
    return NewRule(
        name=filled.name,
        expression=filled.expression,
        action=filled.action,
        value=filled.value,
    )


routes: list[BaseRoute] = [
    Route("/rules", rules, methods=["GET"], name="rules"),
    Route("/rules", change, methods=["POST"]),
]
