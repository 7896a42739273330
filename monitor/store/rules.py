"""Rules of the users: append-only versions, the articles that they were about, their tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput, Outdated
from monitor.model.rules import NewRule, Rule, RuleAction, RuleHit, RuleTags
from monitor.store.reviews import apply, log_entry
from monitor.store.rows import Rows, chunks, clean
from monitor.store.tables import articles, decisions, rule_hits, rules, story_facets

#: Rules that may act at once: each of them is asked of every article.
MOST_RULES = 200

#: Who has decided, where it was a rule.
BY_RULE = re.compile(r"rule r\d+")

#: The version of a rule that made a hit.
_OF_HIT = sa.and_(rules.c.id == rule_hits.c.rule_id, rules.c.version == rule_hits.c.version)

_LATEST = sa.select(rules.c.id, sa.func.max(rules.c.version).label("version")).group_by(rules.c.id)


class RuleRows(Rows):
    """See `ports.Rules`."""

    def rules(self) -> list[Rule]:
        """The latest version of each, removed ones too, by number."""
        with self.reading() as connection:
            return _latest(connection)

    def acting_rules(self) -> tuple[Rule, ...]:
        """Those that act on what is stored from now on."""
        return tuple(rule for rule in self.rules() if rule.is_active)

    def rule_versions(self, rule_id: int) -> list[Rule]:
        """All versions of one, the first first; empty when there is no such rule."""
        query = sa.select(rules).where(rules.c.id == rule_id).order_by(rules.c.version)
        with self.reading() as connection:
            return [_rule(row) for row in connection.execute(query)]

    def put_rule(
        self, rule_id: int, new: NewRule, *, who: str, now: datetime, version: int | None = None
    ) -> Rule:
        """
        Keep a rule, checked before, as a new version; 0 = a new rule.

        Raises:
            BadInput: there is no such rule, another one of that name, or too many.
            Outdated: it has another version by now.
        """
        with self.together(), self.writing() as connection:
            known = {rule.id: rule for rule in _latest(connection)}
            old = known.get(rule_id)
            if rule_id and old is None:
                raise no_such_rule(f"r{rule_id}")
            if old is not None and version not in {None, old.version}:
                raise Outdated(
                    f"was changed by {old.created_by} since you looked (version {old.version}, "
                    f"yours {version}).",
                    subject=f"r{rule_id}",
                    advice="Look again and decide anew.",
                )
            _refuse_if_taken(new, [rule for rule in known.values() if rule.id != rule_id])
            number = rule_id or max(known, default=0) + 1
            connection.execute(
                sa.insert(rules).values(
                    id=number,
                    version=old.version + 1 if old else 1,
                    name=clean(new.name),
                    expression=clean(new.expression),
                    action=new.action.value,
                    value=clean(new.value),
                    is_active=new.is_active,
                    created_at=now,
                    created_by=clean(who),
                )
            )
            return next(rule for rule in _latest(connection) if rule.id == number)

    def rule_counts(self) -> Mapping[int, int]:
        """Rule to the number of articles that it was about."""
        query = sa.select(rule_hits.c.rule_id, sa.func.count().label("hits")).group_by(
            rule_hits.c.rule_id
        )
        with self.reading() as connection:
            return {row.rule_id: row.hits for row in connection.execute(query)}

    def put_rule_hits(
        self, article_id: int, hits: Sequence[RuleHit], *, now: datetime
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """
        Keep which rules are about an article, and let its story have their tags.

        Returns:
            The tags that came, and those that went.
        """
        with self.writing() as connection:
            keep_hits(connection, article_id, hits)
            story_id = connection.execute(
                sa.select(articles.c.story_id).where(articles.c.id == article_id)
            ).scalar_one()
            return settle_tags(connection, story_id, now)

    def rule_hits(self, article_ids: Sequence[int]) -> dict[int, list[RuleHit]]:
        """Which rules were about these articles when they were read last."""
        found: dict[int, list[RuleHit]] = {}
        with self.reading() as connection:
            for part in chunks(article_ids):
                for row in connection.execute(_hits(rule_hits.c.article_id.in_(part))):
                    found.setdefault(row.article_id, []).append(
                        RuleHit(rule_id=row.rule_id, version=row.version, tag=_tag(row))
                    )
        return found

    def rule_tags(self, story_ids: Sequence[int]) -> dict[int, RuleTags]:
        """What rules have put on these stories."""
        with self.reading() as connection:
            return {number: _tags(connection, number) for number in dict.fromkeys(story_ids)}


def no_such_rule(given: str) -> BadInput:
    """The error for a rule that nobody made."""
    return BadInput("there is no such rule.", subject=given, advice="See: monitor rules list")


def keep_hits(connection: sa.Connection, article_id: int, hits: Sequence[RuleHit]) -> None:
    """Replace which rules are about an article."""
    connection.execute(sa.delete(rule_hits).where(rule_hits.c.article_id == article_id))
    if hits:
        connection.execute(
            sa.insert(rule_hits),
            [
                {"article_id": article_id, "rule_id": hit.rule_id, "version": hit.version}
                for hit in hits
            ],
        )


def settle_tags(
    connection: sa.Connection, story_id: int, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let a story have the tags that rules give its articles; those that came, and went."""
    known = _tags(connection, story_id)
    givers = _givers(connection, story_id)
    coming = sorted(set(givers) - known.tags - known.refused)
    if coming:
        coming = [tag for tag in coming if tag not in _refused_before(connection, story_id)]
    going = sorted(known.by_rules - set(givers))
    for action, tags in (("tag", coming), ("untag", going)):
        for tag in tags:
            who = givers.get(tag) or _putter(connection, story_id, tag)
            log_entry(
                connection,
                story_id,
                action=action,
                before="",
                after=tag,
                who=who,
                now=now,
                details={"story": story_id, "had": action == "untag"},
            )
            apply(connection, story_id, action, tag)
    return tuple(coming), tuple(going)


def _latest(connection: sa.Connection) -> list[Rule]:
    last = _LATEST.subquery()
    query = sa.select(rules).join(
        last, sa.and_(last.c.id == rules.c.id, last.c.version == rules.c.version)
    )
    return [_rule(row) for row in connection.execute(query.order_by(rules.c.id))]


def _rule(row: Any) -> Rule:
    return Rule(
        id=row.id,
        version=row.version,
        name=row.name,
        expression=row.expression,
        action=RuleAction(row.action),
        value=row.value,
        is_active=row.is_active,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def _refuse_if_taken(new: NewRule, others: Sequence[Rule]) -> None:
    """
    Raises:
        BadInput: another rule that acts has the name, or there are too many.
    """
    acting = [rule for rule in others if rule.is_active]
    if not new.is_active:
        return
    if len(acting) >= MOST_RULES:
        raise BadInput(f"there may be {MOST_RULES} rules.", advice="Remove one first.")
    for rule in acting:
        if rule.name.casefold() == new.name.casefold():
            raise BadInput(f"is the name of r{rule.id}.", subject=new.name)


def _hits(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Hits with the version of the rule that made them."""
    return (
        sa.select(rule_hits, rules.c.action, rules.c.value, rules.c.is_active)
        .join(rules, _OF_HIT)
        .where(condition)
        .order_by(rule_hits.c.article_id, rule_hits.c.rule_id)
    )


def _tag(row: Any) -> str:
    """The tag that a rule's version gives; see `model.rules.Rule.tag`."""
    if row.action == RuleAction.ALERT.value:
        return f"rule r{row.rule_id}"
    return row.value if row.action == RuleAction.TAG.value else ""


def _given(connection: sa.Connection, story_id: int) -> Sequence[Any]:
    """Hits of the story's relevant articles."""
    members = sa.select(articles.c.id).where(articles.c.story_id == story_id, articles.c.relevant)
    return connection.execute(_hits(rule_hits.c.article_id.in_(members))).all()


def _givers(connection: sa.Connection, story_id: int) -> dict[str, str]:
    """Tag to the rule that gives it."""
    found: dict[str, str] = {}
    for row in _given(connection, story_id):
        if tag := _tag(row):
            found.setdefault(clean(tag), f"rule r{row.rule_id}")
    return found


def _tags(connection: sa.Connection, story_id: int) -> RuleTags:
    tagged = sa.select(story_facets.c.value).where(
        story_facets.c.kind == "tag", story_facets.c.story_id == story_id
    )
    tags = frozenset(connection.execute(tagged).scalars())
    last = _last_words(connection, story_id)
    carriers: dict[int, frozenset[str]] = {}
    for row in _given(connection, story_id):
        if tag := _tag(row):
            carriers[row.article_id] = carriers.get(row.article_id, frozenset()) | {clean(tag)}
    return RuleTags(
        tags=tags,
        by_rules=frozenset(
            tag for tag in tags if tag in last and last[tag].action == "tag" and _is_rule(last[tag])
        ),
        refused=frozenset(
            tag
            for tag, row in last.items()
            if row.action == "untag" and not _is_rule(row) and tag not in tags
        ),
        carriers=carriers,
    )


def _last_words(
    connection: sa.Connection, story_id: int, *, before: int | None = None
) -> dict[str, Any]:
    """Tag to the last decision on it that stands, of those before one."""
    query = sa.select(decisions).where(
        decisions.c.story_id == story_id,
        decisions.c.action.in_(["tag", "untag"]),
        ~decisions.c.undone,
    )
    if before is not None:
        query = query.where(decisions.c.id < before)
    return {row.after: row for row in connection.execute(query.order_by(decisions.c.id))}


def _refused_before(connection: sa.Connection, story_id: int) -> set[str]:
    """Tags that an analyst took off the story of which this one was split."""
    split = connection.execute(
        sa.select(decisions).where(
            decisions.c.story_id == story_id,
            decisions.c.action == "split-off",
            ~decisions.c.undone,
        )
    ).first()
    if split is None:
        return set()
    words = _last_words(connection, int(split.before.removeprefix("s")), before=split.id)
    return {tag for tag, row in words.items() if row.action == "untag" and not _is_rule(row)}


def _putter(connection: sa.Connection, story_id: int, tag: str) -> str:
    """The rule that has put a tag there."""
    last = _last_words(connection, story_id).get(tag)
    return last.who if last else ""


def _is_rule(row: Any) -> bool:
    return BY_RULE.fullmatch(row.who) is not None
