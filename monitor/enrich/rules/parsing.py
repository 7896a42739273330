"""
Text to an expression, by recursive descent; every error points at its column.

    expression = all { "OR" all }
    all        = one { "AND" one }
    one        = "NOT" one | "(" expression ")" | field operator value
    value      = a word | "words with \\" and \\\\ in quotes"
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from datetime import date

from monitor.enrich.rules import patterns
from monitor.enrich.rules.expression import BARE, JOINING, And, Node, Not, Or, Term
from monitor.enrich.rules.fields import FIELDS, OPERATORS, Kind
from monitor.errors import BadInput
from monitor.text import words

#: Longest expression in characters, deepest nesting, most terms, most regular expressions.
LONGEST, DEEPEST, MOST_TERMS, MOST_PATTERNS = 2000, 20, 100, 10

#: Characters that are shown around the place of an error.
AROUND = 20

_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"[A-Za-z][A-Za-z.]*")
_OPERATOR = re.compile(r"<=|>=|[:~=<>]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_ADVICE = "A rule looks like: mineral:tungsten AND (country:KZ OR title:Almaty)"


class BadRule(BadInput):
    """A text that is no expression; it says where."""

    def __init__(self, message: str, text: str, at: int, *, advice: str = "") -> None:
        """
        Args:
            at: offset of the place in `text`.
        """
        #: From 1, in code points.
        self.column = at + 1
        before, after = text[max(0, at - AROUND) : at], text[at : at + AROUND]
        place = f" Here: {'…' if at > AROUND else ''}{before}▸{after}" if text.strip() else ""
        super().__init__(f"{message}.{place}", subject=f"column {self.column}", advice=advice)


def parse(text: str) -> Node:
    """
    The tree of an expression.

    Raises:
        BadRule: it is none, or it is too long or too deep.
    """
    if len(text) > LONGEST:
        raise BadRule(f"{len(text)} characters are too many: at most {LONGEST}", text, LONGEST)
    reader = _Reader(text)
    found = reader.expression(1)
    reader.end()
    return found


@dataclass(slots=True)
class _Reader:
    """Where in a text the reading stands."""

    text: str
    at: int = 0
    terms: int = 0
    patterns: int = 0

    def expression(self, depth: int) -> Node:
        return self._joined("or", depth)

    def end(self) -> None:
        self._skip()
        if self.at < len(self.text):
            what = "no bracket is open for this one" if self._sees(")") else "write AND or OR here"
            raise BadRule(what, self.text, self.at)

    def _joined(self, word: str, depth: int) -> Node:
        """Parts with this word between them; those of the same kind become one."""
        made, below = (Or, self._all) if word == "or" else (And, self._one)
        parts = [below(depth)]
        while self._takes_word(word):
            parts.append(below(depth))
        if len(parts) == 1:
            return parts[0]
        flat = [p for part in parts for p in (part.parts if isinstance(part, made) else (part,))]
        return made(tuple(flat))

    def _all(self, depth: int) -> Node:
        return self._joined("and", depth)

    def _one(self, depth: int) -> Node:
        self._skip()
        if depth > DEEPEST:
            raise BadRule(f"nested more than {DEEPEST} deep", self.text, self.at)
        if self._takes_word("not"):
            return Not(self._one(depth + 1))
        if not self._sees("("):
            return self._term()
        opened = self.at
        self.at += 1
        found = self.expression(depth + 1)
        self._skip()
        if not self._sees(")"):
            is_over = self.at >= len(self.text)
            what = "this bracket is never closed" if is_over else "write AND, OR or ) here"
            raise BadRule(what, self.text, opened if is_over else self.at)
        self.at += 1
        return found

    def _term(self) -> Term:
        start = self.at
        name = self._field()
        self._skip()
        operator = _OPERATOR.match(self.text, self.at)
        field = FIELDS[name]
        allowed = OPERATORS[field.kind]
        if operator is None or operator[0] not in allowed:
            raise BadRule(f"{name} wants one of {' '.join(allowed)} here", self.text, self.at)
        self.at = operator.end()
        self._skip()
        place, value = self.at, self._value(name)
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise BadRule(f"more than {MOST_TERMS} terms", self.text, start)
        self._check(field.kind, operator[0], value, place)
        return Term(name, operator[0], value)

    def _field(self) -> str:
        found = _FIELD.match(self.text, self.at)
        name = found[0].lower() if found else ""
        if name in FIELDS:
            self.at += len(name)
            return name
        if not found or name in JOINING:
            missing = "a field is missing here: mineral:, country:, title:, …"
            raise BadRule(missing, self.text, self.at, advice="" if self.text.strip() else _ADVICE)
        near = difflib.get_close_matches(name, FIELDS, n=1)
        known = f"Did you mean {near[0]}?" if near else f"There are {', '.join(FIELDS)}."
        raise BadRule(f"there is no field {name[:30]}", self.text, self.at, advice=known)

    def _value(self, name: str) -> str:
        quoted = _QUOTED.match(self.text, self.at)
        bare = None if quoted else BARE.match(self.text, self.at)
        found = quoted or bare
        if found is None:
            what = "these quotes are never closed" if self._sees('"') else f"{name} wants a value"
            raise BadRule(f"{what} here", self.text, self.at)
        value = _ESCAPED.sub(r"\1", quoted[1]) if quoted else found[0]
        if not value.strip() or (bare and value.lower() in JOINING):
            raise BadRule(f"{name} wants a value here", self.text, self.at)
        self.at = found.end()
        return value

    def _check(self, kind: Kind, operator: str, value: str, place: int) -> None:
        """
        Raises:
            BadRule: it is no value of that kind.
        """
        if operator == "~":
            self.patterns += 1
            if self.patterns > MOST_PATTERNS:
                what = f"more than {MOST_PATTERNS} regular expressions"
                raise BadRule(what, self.text, place)
            if fault := patterns.fault(value):
                raise BadRule(f"no regular expression: {fault}", self.text, place)
        elif kind is Kind.NUMBER and not (_NUMBER.fullmatch(value) and math.isfinite(float(value))):
            raise BadRule("a number is wanted here: 0.3, 50, 1.1e9", self.text, place)
        elif kind is Kind.DAY and not _is_day(value):
            raise BadRule("a day is wanted here: 2026-01-31", self.text, place)
        elif kind is Kind.WORDS and not words(value):
            raise BadRule("there is no word in it", self.text, place)

    def _takes_word(self, word: str) -> bool:
        """Whether this joining word comes next; then it is passed."""
        self._skip()
        found = _FIELD.match(self.text, self.at)
        if found is None or found[0].lower() != word:
            return False
        after = self.text[found.end() : found.end() + 1]
        if after and not (after.isspace() or after in "()"):
            return False
        self.at = found.end()
        return True

    def _skip(self) -> None:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at

    def _sees(self, char: str) -> bool:
        return self.text.startswith(char, self.at)


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False
