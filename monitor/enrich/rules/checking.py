"""What a user asks of a rule, made sure that it can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from monitor.enrich.meaning import meant
from monitor.enrich.rules.expression import And, Node, Not, Or, Term, printed
from monitor.enrich.rules.fields import FIELDS
from monitor.enrich.rules.parsing import LONGEST, parse
from monitor.errors import BadInput
from monitor.model.rules import NewRule, RuleAction
from monitor.text import single_line

#: Actions that change the score, and in which direction.
SIGNS: Mapping[RuleAction, int] = {RuleAction.RAISE: 1, RuleAction.LOWER: -1}

#: Longest name and value.
LONGEST_NAME = 100


def expression_of(text: str) -> Node:
    """
    The tree of an expression whose minerals, countries and so on the taxonomy knows.

    Raises:
        BadInput: it is none, or a name in it is unknown.
    """
    tree = parse(text)
    for term in _terms(tree):
        concept = FIELDS[term.field].concept
        if concept and term.operator == ":" and concept != "company":
            meant(concept, term.value)
    return tree


def checked(new: NewRule) -> NewRule:
    """
    The rule in its plainest form.

    Raises:
        BadInput: something of it cannot be.
    """
    name = single_line(new.name, LONGEST_NAME + 1)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"is empty or longer than {LONGEST_NAME} characters.", subject="the name")
    plain = printed(expression_of(new.expression))
    return replace(
        new,
        name=name,
        # Blanks and quotes that the plain form has more may make it too long.
        expression=plain if len(plain) <= LONGEST else new.expression,
        value=_value(new.action, new.value),
    )


def points_of(value: str) -> float:
    """
    Points of a rule that raises or lowers.

    Raises:
        BadInput: they are none.
    """
    try:
        points = round(float(value), 2) if len(value) <= 10 else 0.0
    except ValueError:
        points = 0.0
    if not 0.01 <= points <= 1.0:
        raise BadInput(
            f"{single_line(value, 20)!r} is no number of points.",
            subject="the points",
            advice="Write from 0.01 to 1: the relevance that an article needs is 0.5 or so.",
        )
    return points


def _value(action: RuleAction, value: str) -> str:
    if action is RuleAction.MUTE:
        return ""
    if action in SIGNS:
        return f"{points_of(value):.2f}"
    text = single_line(value, LONGEST_NAME + 1)
    noun = "the tag" if action is RuleAction.TAG else "the recipient"
    if not text or len(text) > LONGEST_NAME:
        raise BadInput(f"is empty or longer than {LONGEST_NAME} characters.", subject=noun)
    return text


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case Not():
            yield from _terms(node.part)
        case And() | Or():
            for part in node.parts:
                yield from _terms(part)
