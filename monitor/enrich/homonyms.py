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

#: Up to this length a name may be a part of another word by chance.
SHORT_HANGUL, SHORT_KATAKANA = 2, 2

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
        for hit in self.taxonomy.concepts.scan(self.text, self.lower, language):
            concept = hit.meaning
            key = (hit.start, hit.end, concept.kind, concept.id, concept.is_listed)
            if key not in seen and not self.objection(hit, language):
                seen.add(key)
                yield hit

    def objection(self, hit: Hit[Concept], language: str) -> str:
        """
        Why a name that was found does not stand for its concept here; '' when it does.

        Args:
            language: of the text, as the data name it.
        """
        concept = hit.meaning
        if concept.language not in {"", language}:
            return f"counts in texts in {concept.language!r} only"
        if concept.never and (clue := self._shunned(hit)):
            return f"is something else beside {clue!r}"
        if _is_inside(hit, self.text):
            return "is part of another word"
        if concept.kind == "mineral" and _is_name_of_country(hit, self.text):
            return "is the name of a country"
        if concept.is_weak and self._is_of_trade(hit):
            return ""
        if concept.needs:
            is_near = any(clue.meaning in concept.needs for clue in self._near(hit))
            return "" if is_near else "wants a word of the trade, or one of its own, near it"
        return "wants more words of the trade near it than of other worlds" * concept.is_weak

    @cached_property
    def _clues(self) -> list[Hit[str]]:
        """Words that single names need or shun; looked for when such a name was found."""
        return list(self.taxonomy.clues.scan(self.text, self.lower))

    def _shunned(self, hit: Hit[Concept]) -> str:
        """The phrase that excludes the name: it holds the name, or stands near it."""
        name = folded(hit.written.rstrip("*~"))
        for clue in self._clues:
            if clue.meaning not in hit.meaning.never:
                continue
            reach = 0 if name in folded(clue.meaning) else NEAR
            if clue.start - reach < hit.end and hit.start - reach < clue.end:
                return clue.meaning
        return ""

    def _near(self, hit: Hit[Concept]) -> Iterator[Hit[str]]:
        for clue in self._clues:
            is_beside = clue.end <= hit.start or hit.end <= clue.start
            if is_beside and clue.end + NEAR > hit.start and clue.start < hit.end + NEAR:
                yield clue

    def _is_of_trade(self, hit: Hit[Concept]) -> bool:
        near = count_near(_slice(self.trade, hit), hit.start, hit.end, NEAR)
        against = count_near(_slice(self.worlds, hit), hit.start, hit.end, NEAR)
        return near > against


def _is_inside(hit: Hit[Concept], text: str) -> bool:
    """
    Whether a Korean or Japanese name is the end or the middle of a longer word.

    `아연` is no zinc in `고려아연`, nor `スズ` tin in `スズキ`; particles follow a Korean word.
    Longer names of minerals are parts of words that speak of them: `리튬` in `탄산리튬`.
    """
    concept, length = hit.meaning, hit.end - hit.start
    before, after = text[max(0, hit.start - 1) : hit.start], text[hit.end : hit.end + 1]
    is_name = concept.kind not in {"mineral", "nothing"}
    if _is_hangul(text[hit.start]):
        return (is_name or length <= SHORT_HANGUL) and _is_hangul(before)
    is_short = is_name or length <= SHORT_KATAKANA
    if not is_short or not _is_katakana(text[hit.start]):
        return False
    return _is_katakana(before) or _is_katakana(after)


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _is_katakana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30fc" and char != "\u30fb"


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
