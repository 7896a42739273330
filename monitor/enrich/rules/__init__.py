"""
Rules of the users: an expression over an article's facts, and what follows from it.

    parse ─► a tree ─► holds(tree, facts) ─► apply: points, tags, silence, each with its reason

The language is described in docs/rules.md.
"""

from monitor.enrich.rules.applying import Judged, apply, score_of_words
from monitor.enrich.rules.checking import checked, expression_of
from monitor.enrich.rules.expression import And, Node, Not, Or, Term, printed
from monitor.enrich.rules.fields import FIELDS
from monitor.enrich.rules.judging import holds
from monitor.enrich.rules.parsing import BadRule, parse

__all__ = [
    "FIELDS",
    "And",
    "BadRule",
    "Judged",
    "Node",
    "Not",
    "Or",
    "Term",
    "apply",
    "checked",
    "expression_of",
    "holds",
    "parse",
    "printed",
    "score_of_words",
]
