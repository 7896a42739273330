"""A text that is read for figures, and the words beside a place of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from monitor.enrich.lookup import Lookup, Step, needs_border

#: What parts a figure from words of another one.
STOP = re.compile(r"(?<![^\W\d_])\d|[.;:,،，。；、!?()]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, in base units."""

    start: int
    end: int
    value: float
    #: `%`, `t`, `t/y`, `g/t`, an ISO 4217 code, or a price such as `USD/t`.
    unit: str
    #: A part of a whole in words ("a third"), which only its surroundings make a figure.
    is_part: bool = False

    @property
    def sort(self) -> str:
        """`percent`, `money`, `price`, `mass`, `mass_per_year` or `other`."""
        if self.unit == "%":
            return "percent"
        if len(self.unit) >= len("USD") and self.unit[:3].isupper() and self.unit[:3].isalpha():
            return "price" if "/" in self.unit else "money"
        if self.unit in {"t", "lb", "oz", "st"}:
            return "mass"
        return "mass_per_year" if self.unit.endswith(("/y", "/d")) else "other"


class Reading(NamedTuple):
    """A text, and how it is read."""

    text: str
    #: `folded(text)`.
    lower: str
    language: str
    countries: Collection[str]


def word_before(words: Lookup[Any], one: Reading, start: int) -> Step[Any] | None:
    """One of the words before a place, behind at most one space."""
    if start and (found := words.before(one.text, one.lower, start, one.language)):
        return found
    if start > 1 and one.lower[start - 1] == " ":
        return words.before(one.text, one.lower, start - 1, one.language)
    return None


def word_behind(words: Lookup[Any], one: Reading, end: int) -> Step[Any] | None:
    """One of the words at a place, behind a space or a hyphen, or `de`."""
    lower = one.lower
    if found := words.at(one.text, lower, end, one.language):
        return found
    if lower[end : end + 1] in (" ", "-"):
        end += 1
        return words.at(one.text, lower, end, one.language)
    return None


def may_begin(lower: str, at: int) -> bool:
    """Whether a word may begin here."""
    return not needs_border(lower[at - 1]) and not lower[at].isspace()
