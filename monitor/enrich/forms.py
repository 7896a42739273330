"""
What a figure is a figure of: WO3 or tungsten, ore or concentrate, lithium oxide or carbonate.

The words at the figure say so, and what they do not say is left empty: an unstated basis is
never guessed. Only of metals that trade in one form (copper, gold) is an output without a
word the metal that alone is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.enrich.reading import Quantity
from monitor.enrich.sentences import Sentence
from monitor.enrich.vocabulary import Hit
from monitor.enrich.wordbook import Wordbook

#: How far the words of a basis may stand behind and before a figure.
BEHIND, BEFORE, FAR_BEFORE = 45, 40, 75

#: Between the ends of a range.
RANGE = 5

#: Materials that a metal's name before them makes its form: "tungsten concentrate".
MATERIALS = frozenset({"ore", "concentrate"})

_BREAK = re.compile(r"[\d;；。,，、]")
_FIGURE, _CLAUSE = re.compile(r"[\d,;，、；]"), re.compile(r",(?!\d)|[;，、；]")


class Forms:
    """The words of forms compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any], book: Wordbook) -> None:
        """
        Args:
            data: `claims.toml`.
            book: its words.
        """
        self._book = book
        self._symbols: Mapping[str, str] = data["symbols"]
        self._plain = frozenset(data["one_form"]["symbols"])

    def of(self, quantity: Quantity, kind: str, sentence: Sentence, alone: str) -> str:
        """
        The basis of a figure; '' where it is not stated.

        Args:
            alone: the mineral that the article alone speaks of; '' = several or none.
        """
        if kind not in self._kinds(quantity.sort):
            return ""
        start, end = _whole(quantity, sentence)
        if sentence.text[start:end].endswith("tU"):
            return "U"
        hits = self._hits(sentence)
        if kind == "grade":
            hits = [hit for hit in hits if hit.meaning not in MATERIALS]
        behind = [hit for hit in hits if end <= hit.start <= end + BEHIND]
        if behind and not _BREAK.search(sentence.text, end, behind[0].start):
            return _form(behind)
        reach, stop = (FAR_BEFORE, _CLAUSE) if quantity.sort == "price" else (BEFORE, _FIGURE)
        before = [hit for hit in hits if start - reach <= hit.start and hit.end <= start]
        if before and not stop.search(sentence.text, before[-1].end, start):
            return before[-1].meaning
        is_first = all(q.start >= start or q.sort != quantity.sort for q in sentence.quantities)
        return self._alone(quantity, kind, alone) if is_first else ""

    def _kinds(self, sort: str) -> frozenset[str]:
        return _OF_SORT.get(sort, frozenset())

    def _alone(self, quantity: Quantity, kind: str, alone: str) -> str:
        symbol = self._symbols.get(alone, "")
        is_ounces = quantity.unit.startswith("oz") and symbol in _IN_OUNCES
        return symbol if is_ounces or (symbol in self._plain and kind in _ALONE) else ""

    def _hits(self, sentence: Sentence) -> list[Hit[str]]:
        """Words of forms, and names of minerals by their symbols, none within another."""
        found = _longest(sentence.words(self._book, "basis"))
        taken = [(hit.start, hit.end) for hit in found]
        for mention in sentence.mentions:
            symbol = self._symbols.get(mention.concept) if mention.kind == "mineral" else None
            if symbol:
                start, end = mention.start - sentence.start, mention.end - sentence.start
                if not any(start < right and left < end for left, right in taken):
                    found.append(Hit(start, end, symbol, mention.surface))
        return _longest(found)


_MASS = frozenset(
    {
        "resource",
        "reserve",
        "production",
        "capacity",
        "guidance",
        "quota",
        "exports",
        "imports",
        "stockpile",
        "offtake",
    }
)
_OF_SORT = {
    "mass": _MASS,
    "mass_per_year": _MASS,
    "percent": frozenset({"grade"}),
    "other": frozenset({"grade"}),
    "price": frozenset({"price"}),
}
#: Metals that ounces are always of.
_IN_OUNCES = frozenset({"Au", "Ag", "Pt", "Pd", "Rh"})
#: Kinds that take the only metal of the article, where it trades in one form.
_ALONE = frozenset({"production", "guidance", "price", "grade"})


def _longest(hits: Sequence[Hit[str]]) -> list[Hit[str]]:
    """Hits in order of place, without those inside others."""
    chosen: list[Hit[str]] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def _form(hits: Sequence[Hit[str]]) -> str:
    """The basis of the first hit; a metal directly before `ore` or `concentrate` is that."""
    first, *rest = hits
    if rest and rest[0].meaning in MATERIALS and rest[0].start - first.end <= 1:
        return rest[0].meaning
    return first.meaning


def _whole(quantity: Quantity, sentence: Sentence) -> tuple[int, int]:
    """Where the range begins and ends that a figure is an end of; else the figure itself."""
    start, end = quantity.start, quantity.end
    for other in sentence.quantities:
        if other.unit == quantity.unit and 0 < quantity.start - other.end <= RANGE:
            start = other.start
        if other.unit == quantity.unit and 0 < other.start - quantity.end <= RANGE:
            end = other.end
    return start, end
