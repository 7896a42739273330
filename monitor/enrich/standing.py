"""
Where a figure's matter stands, and for resources their class and the code of the estimate.

A letter of interest is no loan, a plan no decision: the stage is read from the figure's own
sentence, the less binding word winning, else from the title. Which stages a kind can be at is
data; the cost of a mine is not "a letter of interest" though a loan in its sentence is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.enrich.reading import Quantity
from monitor.enrich.sentences import Sentence
from monitor.enrich.vocabulary import Hit
from monitor.enrich.wordbook import Wordbook

#: Where a sentence tells of several sums, the words of a stage stand this near (characters).
NEAR = 90

#: How far from its figure a class may stand.
CLASS_NEAR = 70

#: Between classes that are told as one: "measured and indicated".
ONE_CLASS = 8

#: "71.4 Mt, Indicated, with 142 kt of WO3": the class is rather that of the whole.
PART_COSTS = 20

#: Kinds that have a class and a code.
ESTIMATES = frozenset({"resource", "reserve"})


_OF_RESOURCES = frozenset({"measured", "indicated", "inferred", "P1", "P2", "P3", "forecast"})
_OF_RESERVES = frozenset({"proven", "probable", "A", "B", "C1", "C2", "balance"})


#: Behind a whole: what it holds.
_WITH = re.compile(
    r"\b(?:with|containing|including|mit|avec|con|com|с|включая|содержащ\w*)\b|含|其中"
)


class Standing:
    """The words of stages, classes and codes compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any], book: Wordbook) -> None:
        """
        Args:
            data: `claims.toml`.
            book: its words.
        """
        self._book = book
        self._order = {stage: place for place, stage in enumerate(data["stages"])}
        self._kinds = {stage: frozenset(kinds) for stage, kinds in data["stages_of"].items()}
        self._class_order = {name: place for place, name in enumerate(data["categories"])}
        self._standards = Wordbook({"standards": data["standards"]})

    def stage(
        self, kind: str, quantity: Quantity, sentence: Sentence, title: Sentence | None
    ) -> str:
        """Where the matter of a figure stands; '' = not stated."""
        hits = self._of_kind(kind, sentence)
        if len(sentence.quantities) > 1 and len({hit.meaning for hit in hits}) > 1:
            hits = [hit for hit in hits if _gap(hit, quantity) <= NEAR] or hits
        # A plan is said of much that the title tells more of.
        is_vague = all(hit.meaning == "plan" for hit in hits)
        if is_vague and title is not None and title is not sentence:
            hits = self._of_kind(kind, title) + hits
        return min((h.meaning for h in hits), key=self._order.__getitem__, default="")

    def estimate(self, kind: str, quantity: Quantity, sentence: Sentence) -> str:
        """What is measured or inferred is a resource, what is proven a reserve."""
        for name in self.category(kind, quantity, sentence).split("+"):
            if name in _OF_RESOURCES:
                return "resource"
            if name in _OF_RESERVES:
                return "reserve"
        return kind

    def category(self, kind: str, quantity: Quantity, sentence: Sentence) -> str:
        """Class of a resource or reserve, joined with `+`; '' = not stated."""
        if kind not in ESTIMATES or quantity.sort != "mass":
            return ""
        others = [q for q in sentence.quantities if q is not quantity and q.sort == "mass"]
        found = {
            hit.meaning
            for group in _together(sentence.words(self._book, "categories"))
            for hit in group
            if (gap := _group_gap(group, quantity, sentence)) <= CLASS_NEAR
            and all(gap <= _group_gap(group, other, sentence) for other in others)
        }
        return "+".join(sorted(found, key=self._class_order.__getitem__))

    def codes(self, text: str, lower: str) -> list[Hit[str]]:
        """The codes of estimates that a text names, in order."""
        return self._standards.scan(text, lower).get("standards", [])

    def standard(self, kind: str, sentence: Sentence, codes: Sequence[Hit[str]]) -> str:
        """
        By which code it was estimated: the sentence's, else the only one of the text.

        Args:
            codes: of the whole text.
        """
        if kind not in ESTIMATES or not codes:
            return ""
        end = sentence.start + len(sentence.text)
        own = {hit.meaning for hit in codes if sentence.start <= hit.start < end}
        found = own or {hit.meaning for hit in codes}
        return found.pop() if len(found) == 1 else ""

    def _of_kind(self, kind: str, sentence: Sentence) -> list[Hit[str]]:
        return [
            hit for hit in sentence.words(self._book, "stages") if kind in self._kinds[hit.meaning]
        ]


def _together(hits: Sequence[Hit[str]]) -> list[list[Hit[str]]]:
    """`measured and indicated`, `C1+C2`: classes that are told as one."""
    groups: list[list[Hit[str]]] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        if groups and hit.start - groups[-1][-1].end <= ONE_CLASS:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    return groups


def _group_gap(group: Sequence[Hit[str]], quantity: Quantity, sentence: Sentence) -> int:
    """Characters between classes and a figure; of a part of the whole they are told less."""
    gap = min(_gap(hit, quantity) for hit in group)
    is_part = group[-1].end <= quantity.start and _WITH.search(
        sentence.lower, group[-1].end, quantity.start
    )
    return gap + PART_COSTS if is_part else gap


def _gap(hit: Hit[str], quantity: Quantity) -> int:
    return max(hit.start - quantity.end, quantity.start - hit.end, 0)
