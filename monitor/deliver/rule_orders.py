"""
Rules as a person orders them: made, changed, taken back, put away; the same for commands and pages.

A rule that alerts puts its own tag on stories (`rule r3`). A view of that tag and an alert of
that view, both under the same name, do the rest, and go when the rule does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.deliver import orders
from monitor.enrich.rules import apply, checked, expression_of, holds, score_of_words
from monitor.errors import BadInput
from monitor.model import Filter, StoredArticle, StoryQuery
from monitor.model.rules import Facts, NewRule, Rule, RuleAction
from monitor.ports import Store

#: Longest number of a rule.
_DIGITS = 9

#: Stored articles of which a trial reads texts in one go.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A stored article that a rule is about, and what it would be."""

    article: StoredArticle
    #: In [0, 1].
    after: float
    is_relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Which stored articles a rule is about."""

    #: Articles that were asked, newest first.
    asked: int
    found: tuple[Tried, ...]

    @property
    def relevant(self) -> int:
        """How many of those found are relevant now."""
        return sum(one.article.enrichment.relevant for one in self.found)

    @property
    def becoming(self) -> int:
        """How many would become relevant."""
        return sum(o.is_relevant and not o.article.enrichment.relevant for o in self.found)

    @property
    def leaving(self) -> int:
        """How many would not be relevant any more."""
        return sum(o.article.enrichment.relevant and not o.is_relevant for o in self.found)


def try_out(
    store: Store, expression: str, query: Filter, *, threshold: float, trial: Rule | None = None
) -> Trial:
    """
    Which stored articles an expression is about, without saving anything.

    Args:
        trial: a rule with this expression, whose effect is told beside that of those that act;
            None = the expression alone.

    Raises:
        BadInput: it is no expression.
    """
    tree = expression_of(expression)
    others = [rule for rule in store.acting_rules() if trial is None or rule.id != trial.id]
    acting = [*others, trial] if trial else []
    numbers = store.article_ids(query)
    found: list[Tried] = []
    for at in range(0, len(numbers), _AT_ONCE):
        for article in store.articles_of(numbers[at : at + _AT_ONCE]):
            facts = facts_of(article)
            if holds(tree, facts):
                said = article.enrichment
                if acting:
                    said = apply(acting, facts, threshold=threshold).said
                found.append(
                    Tried(article=article, after=said.relevance, is_relevant=said.relevant)
                )
    return Trial(asked=len(numbers), found=tuple(found))


def trial_of(new: NewRule, *, rule_id: int = 0, now: datetime) -> Rule:
    """
    A rule that is not kept, to be tried out.

    Raises:
        BadInput: something of it cannot be.
    """
    plain = checked(replace(new, name=new.name if new.name.strip() else "?"))
    return Rule(
        id=rule_id,
        version=0,
        name=plain.name,
        expression=plain.expression,
        action=plain.action,
        value=plain.value,
        created_at=now,
        created_by="",
    )


def facts_of(article: StoredArticle) -> Facts:
    """What a rule can ask of a stored article; one that is not relevant has no figures stored."""
    said = article.enrichment
    return Facts(
        title=article.title,
        text=article.text,
        site=article.site,
        url=article.url,
        authors=article.authors,
        flags=article.flags,
        published_at=article.published_at,
        source_id=article.source_id,
        source=article.source,
        said=replace(said, relevance=score_of_words(said)),
    )


def save_rule(
    store: Store,
    rule_id: int,
    new: NewRule,
    *,
    who: str,
    now: datetime,
    version: int | None = None,
) -> Rule:
    """
    Keep a rule as a new version, with what it needs to alert; 0 = a new rule.

    Raises:
        BadInput: something of it cannot be; there is no such rule or recipient.
        Outdated: it has another version by now.
    """
    with store.together():
        plain = checked(new)
        recipient = 0
        if plain.action is RuleAction.ALERT and plain.is_active:
            one = orders.named(store.recipients(), plain.value, "recipient")
            recipient, plain = one.id, replace(plain, value=one.name)
        rule = store.put_rule(rule_id, plain, who=who, now=now, version=version)
        _settle_alert(store, rule, recipient, who=who, now=now)
        return rule


def change_rule(
    store: Store, rule: Rule, *, who: str, now: datetime, version: int | None = None, **changes: Any
) -> Rule:
    """
    Keep a rule with some of its fields changed.

    Raises:
        BadInput: something of it cannot be, or nothing would change.
        Outdated: it has another version by now.
    """
    old = _bare(rule)
    new = replace(old, **changes)
    if checked(new) == old:
        raise BadInput("nothing to change.", subject=f"r{rule.id}")
    return save_rule(store, rule.id, new, who=who, now=now, version=version)


def take_back(store: Store, rule: Rule, *, who: str, now: datetime, to: int = 0) -> Rule:
    """
    Make a rule what an earlier version was: the one before the present, or that of a number.

    Raises:
        BadInput: there is no such version, or it can be kept no more.
    """
    versions = {one.version: one for one in store.rule_versions(rule.id)}
    wanted = versions.get(to or rule.version - 1)
    if wanted is None or wanted.version == rule.version:
        raise BadInput(
            f"has no earlier version {to}." if to else "has no earlier version.",
            subject=f"r{rule.id}",
            advice=f"See: monitor rules history r{rule.id}",
        )
    return save_rule(store, rule.id, _bare(wanted), who=who, now=now, version=rule.version)


def rule_named(store: Store, given: str) -> Rule:
    """
    A rule by its number, `r3` or `3`, or its name; of several of one name the one that acts.

    Raises:
        BadInput: there is none.
    """
    known = store.rules()
    wanted = " ".join(given.split()).casefold()
    number = wanted.removeprefix("r")
    if number.isascii() and number.isdigit() and len(number) <= _DIGITS:
        for rule in known:
            if rule.id == int(number):
                return rule
    for rule in sorted(known, key=lambda rule: not rule.is_active):
        if rule.name.casefold() == wanted:
            return rule
    raise BadInput("there is no such rule.", subject=given[:80], advice="See: monitor rules list")


def effect_text(rule: NewRule) -> str:
    """What a rule does, in words: `raise 0.20`, `tag Kazakh tungsten`."""
    return f"{rule.action.value} {rule.value}".strip()


def _bare(rule: Rule) -> NewRule:
    return NewRule(
        name=rule.name,
        expression=rule.expression,
        action=rule.action,
        value=rule.value,
        is_active=rule.is_active,
    )


def _settle_alert(store: Store, rule: Rule, recipient_id: int, *, who: str, now: datetime) -> None:
    """The view and the alert of a rule that alerts; none of a rule that does not."""
    view = next((one for one in store.views() if one.name == rule.label), None)
    alert = next((one for one in store.alerts() if one.name == rule.label), None)
    if not recipient_id:
        if alert is not None:
            store.remove_alert(alert.id, now=now)
        if view is not None:
            store.remove_view(view.id, now=now)
        return
    if view is None:
        view = store.add_view(rule.label, StoryQuery(tags=(rule.label,)), owner=who, now=now)
    if alert is None:
        fields = orders.alert_fields(
            store, name=rule.label, view_id=view.id, recipient_id=recipient_id
        )
        orders.add_alert(store, fields, now=now)
    else:
        store.change_alert(alert.id, recipient_id=recipient_id, view_id=view.id)
