"""
Whether an expression holds for an article.

Terms about figures (`claim.…`) that stand together in an AND are about one and the same figure:
`claim.kind:stake AND claim.value>50` is a stake of more than 50, not a stake and any figure of
more than 50. A NOT that stands alone says that there is no such figure.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC
from functools import lru_cache
from typing import Any

from monitor.enrich.meaning import meant
from monitor.enrich.rules.expression import And, Node, Not, Or, Term
from monitor.enrich.rules.fields import FIELDS, Kind
from monitor.enrich.rules.patterns import is_found
from monitor.errors import BadInput
from monitor.model.news import Claim
from monitor.model.rules import Facts
from monitor.text import normalised, words

#: Characters of a text that are looked at, as of those that are read for names.
READ_CHARS = 100_000

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

#: Scripts without spaces: a name is found inside of a run.
_UNSPACED = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\u0e00-\u0e7f]")


def holds(node: Node, facts: Facts) -> bool:
    """Whether an expression holds."""
    match node:
        case Term():
            if _is_of_claim(node):
                return any(_holds_of(node, claim) for claim in facts.said.claims)
            return _holds(node, facts)
        case Not():
            return not holds(node.part, facts)
        case Or():
            return any(holds(part, facts) for part in node.parts)
        case And():
            return _all_hold(node, facts)


def _all_hold(node: And, facts: Facts) -> bool:
    figures = [part for part in node.parts if _is_of_claim(part)]
    if all(isinstance(part, Not) for part in figures):
        figures = []
    others = [part for part in node.parts if part not in figures]
    if not all(holds(part, facts) for part in others):
        return False
    return not figures or any(
        all(_holds_of(part, claim) for part in figures) for claim in facts.said.claims
    )


@lru_cache(1024)
def _is_of_claim(node: Node) -> bool:
    """Whether all of it is about figures."""
    match node:
        case Term():
            return node.field.startswith("claim.")
        case Not():
            return _is_of_claim(node.part)
        case And() | Or():
            return all(map(_is_of_claim, node.parts))


def _holds_of(node: Node, claim: Claim) -> bool:
    """Whether it holds of one figure."""
    match node:
        case Term():
            return _term_of(node, claim)
        case Not():
            return not _holds_of(node.part, claim)
        case And():
            return all(_holds_of(part, claim) for part in node.parts)
        case Or():
            return any(_holds_of(part, claim) for part in node.parts)


def _holds(term: Term, facts: Facts) -> bool:
    field = FIELDS[term.field]
    if field.kind is Kind.NUMBER:
        return _COMPARED[term.operator](facts.said.relevance, float(term.value))
    if field.kind is Kind.DAY:
        at = facts.published_at
        day = at.astimezone(UTC).date().isoformat() if at else ""
        return bool(day) and _COMPARED[term.operator](day, term.value)
    assert field.of is not None
    return _among(term, field.of(facts))


def _term_of(term: Term, claim: Claim) -> bool:
    field = FIELDS[term.field]
    if field.kind is Kind.NUMBER:
        return _COMPARED[term.operator](claim.value, float(term.value))
    assert field.of_claim is not None
    return _among(term, field.of_claim(claim))


def _among(term: Term, said: Iterable[str]) -> bool:
    """Whether one of the texts or names is what the term wants."""
    if term.operator == "~":
        return any(is_found(term.value, text[:READ_CHARS]) for text in said)
    field = FIELDS[term.field]
    if field.kind is Kind.WORDS:
        return any(_has_words(text[:READ_CHARS], term.value) for text in said)
    wanted = _names(field.concept, term.value)
    return any(text.casefold() in wanted for text in said if text)


@lru_cache(1024)
def _names(concept: str, value: str) -> frozenset[str]:
    """What a name may be called: as it was given, and as the taxonomy calls it."""
    found = {value.casefold()}
    if concept:
        # One of another taxonomy is looked for as it stands.
        with suppress(BadInput):
            found.add(meant(concept, value).casefold())
    return frozenset(found)


def _has_words(text: str, wanted: str) -> bool:
    """Whether the words stand in the text, in this order; `*` at the end is any ending."""
    if _UNSPACED.search(wanted):
        return normalised(wanted.rstrip("*")) in normalised(text)
    is_open = wanted.endswith("*")
    sought = f" {' '.join(words(wanted))}" + ("" if is_open else " ")
    return sought in _spaced(text)


@lru_cache(64)
def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "
