"""
What rules make of an article: its relevance with their points, or silence, and tags.

The points are added to the score of the words, in the order of the rules, and the sum is kept
within 0 and 1; so every rule sees the same article, and no order of rules changes what they do.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.enrich.rules.checking import SIGNS, points_of
from monitor.enrich.rules.expression import Node
from monitor.enrich.rules.judging import holds
from monitor.enrich.rules.parsing import parse
from monitor.errors import BadInput
from monitor.model.news import Enrichment
from monitor.model.rules import Facts, Rule, RuleAction, RuleHit

#: The part of a score that keeps it within its bounds, in words.
BOUNDED = "kept within 0 and 1"

_PART = re.compile(r"([+-]\d\.\d\d) (.*)", re.DOTALL)
_OF_RULE = re.compile(r"(?:muted by )?rule r\d+ ")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an article says, as the rules leave it, and which of them were about it."""

    said: Enrichment
    hits: tuple[RuleHit, ...] = ()


def apply(rules: Sequence[Rule], facts: Facts, *, threshold: float) -> Judged:
    """
    Let rules act on an article.

    Args:
        facts: with the score of the words alone, and with all figures.
        threshold: relevance from which an article is relevant.

    Returns:
        What it says, with the rules' parts among its reasons; the figures of an article that is
        not relevant are left out, and its story gets no tags.
    """
    acting = [rule for rule in rules if rule.is_active and is_about(rule, facts)]
    said = facts.said
    relevance, parts = _score(said.relevance, acting)
    muting = [rule for rule in acting if rule.action is RuleAction.MUTE]
    relevant = relevance >= threshold and not muting
    silenced = tuple(f"muted by {_named(rule)}" for rule in muting)
    return Judged(
        said=replace(
            said,
            relevance=relevance,
            relevant=relevant,
            reasons=(*said.reasons, *parts, *silenced),
            claims=said.claims if relevant else (),
        ),
        hits=tuple(
            RuleHit(rule_id=rule.id, version=rule.version, tag=rule.tag if relevant else "")
            for rule in acting
        ),
    )


def is_about(rule: Rule, facts: Facts) -> bool:
    """Whether a rule is about an article; one that cannot be read is about none."""
    tree = _tree(rule.expression)
    return tree is not None and holds(tree, facts)


def score_of_words(said: Enrichment) -> float:
    """The score of a stored article before any rule: what its other reasons add up to."""
    parts = [part for reason in said.reasons if (part := _PART.match(reason))]
    own = [part for part in parts if not _OF_RULE.match(part[2]) and part[2] != BOUNDED]
    if len(own) == len(parts):
        return said.relevance
    return min(1.0, max(0.0, round(sum(float(part[1]) for part in own), 2)))


def _score(relevance: float, acting: Iterable[Rule]) -> tuple[float, tuple[str, ...]]:
    """The score with the points of rules, and these as parts in words; all parts sum to it."""
    parts = [
        (sign * points_of(rule.value), _named(rule))
        for rule in acting
        if (sign := SIGNS.get(rule.action))
    ]
    total = round(relevance + sum(points for points, _ in parts), 2) if parts else relevance
    bounded = min(1.0, max(0.0, total))
    if bounded != total:
        parts.append((round(bounded - total, 2), BOUNDED))
    return bounded, tuple(f"{points:+.2f} {words}" for points, words in parts)


def _named(rule: Rule) -> str:
    return f"{rule.label} '{rule.name}'"


@lru_cache(512)
def _tree(expression: str) -> Node | None:
    try:
        return parse(expression)
    except BadInput as error:
        log.warning("a rule cannot be read and does nothing: %s", error)
        return None
