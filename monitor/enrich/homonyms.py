"""
Whether a name that was found stands for its concept here, by the words around it.

A weak name wants a word of the trade beside it, and no more words of other worlds. A name of
`names.csv` may want one of its own words instead (`needs`), and is none beside others
(`never`): Vietnamese `đồng` is no copper in `triệu đồng`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.enrich.concepts import Concept
from monitor.enrich.taxonomy import Taxonomy
from monitor.enrich.vocabulary import Hit, count_near, folded

#: A weak name needs a word of the trade this near (characters).
NEAR = 120

#: Metals that Russian writes like a country or a part of the world.
_COUNTRIES_TOO = frozenset({"indium", "germanium", "europium", "samarium"})

#: Cases in which the metal and the country differ: `германий`, `германием`.
_METAL_ONLY = re.compile("и(?:й|ем)")

_SENTENCE_STARTS = frozenset('.!?…\n«“"')


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The words around the names of one text."""

    text: str
    #: `folded(text)`.
    lower: str
    taxonomy: Taxonomy
    #: Where words of the trade stand, and where those of other worlds do; both sorted.
    trade: Sequence[int]
    worlds: Sequence[int]

    def meant(self, language: str) -> list[Hit[Concept]]:
        """The names of the text that stand for their concepts, overlapping ones too."""
        return list(self._meant(language))

    def _meant(self, language: str) -> Iterator[Hit[Concept]]:
        seen: set[tuple[int, int, str, str, bool]] = set()
        for hit in self.taxonomy.concepts.scan(self.text, self.lower):
            concept = hit.meaning
            if concept.language not in {"", language}:
                continue
            key = (hit.start, hit.end, concept.kind, concept.id, concept.is_listed)
            if key not in seen and self._is_meant(hit):
                seen.add(key)
                yield hit

    @cached_property
    def _clues(self) -> list[Hit[str]]:
        """Words that single names need or shun; looked for when such a name was found."""
        return list(self.taxonomy.clues.scan(self.text, self.lower))

    def _is_meant(self, hit: Hit[Concept]) -> bool:
        concept = hit.meaning
        if concept.never and self._is_shunned(hit):
            return False
        if concept.kind == "mineral" and _is_name_of_country(hit, self.text):
            return False
        if concept.is_weak and self._is_of_trade(hit):
            return True
        if concept.needs:
            return any(clue.meaning in concept.needs for clue in self._near(hit))
        return not concept.is_weak

    def _is_shunned(self, hit: Hit[Concept]) -> bool:
        """Whether a phrase that excludes the name holds it, or stands near and holds it not."""
        name = folded(hit.written.rstrip("*~"))
        return any(
            clue.start < hit.end and hit.start < clue.end
            if name in folded(clue.meaning)
            else clue.end + NEAR > hit.start and clue.start < hit.end + NEAR
            for clue in self._clues
            if clue.meaning in hit.meaning.never
        )

    def _near(self, hit: Hit[Concept]) -> Iterator[Hit[str]]:
        for clue in self._clues:
            is_beside = clue.end <= hit.start or hit.end <= clue.start
            if is_beside and clue.end + NEAR > hit.start and clue.start < hit.end + NEAR:
                yield clue

    def _is_of_trade(self, hit: Hit[Concept]) -> bool:
        near = count_near(_slice(self.trade, hit), hit.start, hit.end, NEAR)
        against = count_near(_slice(self.worlds, hit), hit.start, hit.end, NEAR)
        return near > against


def _is_name_of_country(hit: Hit[Concept], text: str) -> bool:
    """Cyrillic languages write a metal small inside a sentence; `Индия` is a country."""
    surface = text[hit.start : hit.end]
    if not ("\u0400" <= surface[0] <= "\u04ff" and surface[0].isupper()):
        return False
    is_country_too = hit.meaning.id in _COUNTRIES_TOO and not _METAL_ONLY.search(surface)
    if not (hit.meaning.is_weak or is_country_too):
        return False
    before = text[max(0, hit.start - 3) : hit.start].rstrip(" ")
    # At the beginning of a sentence the country is far likelier.
    return bool(before and before[-1] not in _SENTENCE_STARTS) or is_country_too


def _slice(places: Sequence[int], hit: Hit[Concept]) -> Sequence[int]:
    """The sorted offsets that may be near: keeps long texts linear."""
    left = bisect_left(places, hit.start - NEAR)
    return places[left : bisect_left(places, hit.end + NEAR, left)]
