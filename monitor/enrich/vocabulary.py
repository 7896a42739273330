"""
Names in a text, all in one pass, by the notation of the data files.

A name is written as it stands in texts. `*` takes any ending of one word (`запас*`). Names in
short capitals (`JV`, `APT`) are meant in capitals; a proper name that is written with a
capital is meant with one. Alphabetic names begin and end at word borders; ideographs need
none. Matching is by Aho and Corasick 1975, "Efficient string matching".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick_rs

#: Letters that `*` takes at most: German compounds are long.
ENDING = 18

#: Capitals up to this length are an acronym.
ACRONYM = 5

_ONE_TO_ONE = str.maketrans(
    {"ё": "е", "\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-", "’": "'"}
)

Meaning = TypeVar("Meaning")


def folded(text: str) -> str:
    """The text in lower case, character for character, so that offsets stay."""
    lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lower.translate(_ONE_TO_ONE)


@dataclass(frozen=True, slots=True)
class Name(Generic[Meaning]):
    """A name, what it means, and how its letters must be cased."""

    written: str
    meaning: Meaning
    #: A proper name: a capital in the data asks for one in the text.
    is_proper: bool = False


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meaning]):
    """A name found, by code points."""

    start: int
    end: int
    meaning: Meaning
    written: str


class Vocabulary(Generic[Meaning]):
    """Names compiled for scanning; safe to share between threads."""

    def __init__(self, names: Iterable[Name[Meaning]]) -> None:
        self._names = [name for name in names if name.written.strip("* ")]
        literals: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            literals.setdefault(folded(name.written).split("*")[0], []).append(number)
        self._groups = list(literals.values())
        self._parts = [folded(name.written).split("*") for name in self._names]
        self._automaton = ahocorasick_rs.AhoCorasick(list(literals)) if literals else None

    def scan(self, text: str, lower: str) -> Iterator[Hit[Meaning]]:
        """
        Every name in the text, overlapping ones too, in order of their ends.

        Args:
            lower: `folded(text)`, which callers share.
        """
        if self._automaton is None:
            return
        for group, start, _ in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            for number in self._groups[group]:
                name, end = self._names[number], _end(self._parts[number], lower, start)
                if end and _is_cased(name, text[start:end]):
                    yield Hit(start, end, name.meaning, name.written)


def longest(hits: Iterable[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """Hits that do not overlap, longer ones first chosen, in order of their place."""
    chosen: list[Hit[Meaning]] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if not any(at in taken for at in (hit.start, hit.end - 1)):
            taken.update(range(hit.start, hit.end))
            chosen.append(hit)
    return sorted(chosen, key=lambda hit: hit.start)


def count_near(places: Sequence[int], start: int, end: int, reach: int) -> int:
    """How many of these offsets lie within `reach` of a span, outside of it."""
    return sum(start - reach <= at < end + reach and not start <= at < end for at in places)


def is_ideograph(char: str) -> bool:
    """Whether words of this script stand without spaces."""
    return (
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"
    )


def _end(parts: Sequence[str], lower: str, start: int) -> int:
    """Where a name that begins here ends; 0 when it does not stand here."""
    if not is_ideograph(lower[start]) and start and _is_letter(lower[start - 1]):
        return 0
    at = start
    for number, part in enumerate(parts):
        if number:
            at = _after_ending(lower, at)
        if not lower.startswith(part, at):
            return 0
        at += len(part)
    follows = lower[at : at + 1]
    return 0 if follows and not is_ideograph(lower[at - 1]) and _is_letter(follows) else at


def _after_ending(lower: str, at: int) -> int:
    end = min(len(lower), at + ENDING)
    while at < end and lower[at].isalpha() and not is_ideograph(lower[at]):
        at += 1
    return at


def _is_letter(char: str) -> bool:
    """Part of a word that is written between spaces."""
    return (char.isalnum() or char == "_") and not is_ideograph(char)


def _is_cased(name: Name[Meaning], surface: str) -> bool:
    letters = [char for char in name.written if char.isalpha()]
    is_acronym = 1 < len(letters) <= ACRONYM and sum(c.isupper() for c in letters) > 1
    if is_acronym:
        return surface == name.written.rstrip("*") or "*" in name.written
    if name.is_proper and letters and letters[0].isupper():
        return any(char.isupper() for char in surface[:1])
    return True
