"""
Names in a text, all in one pass, by the notation of the data files.

A name is written as it stands in texts. `*` takes any ending of one word (`запас*`), `~` only
a case ending of Russian or Kazakh (`Казцинк~`: Казцинком, but no other word). Names in short
capitals (`JV`, `APT`) are meant in capitals; a proper name that is written with a
capital is meant with one. Alphabetic names begin and end at word borders; ideographs need
none. Matching is by Aho and Corasick 1975, "Efficient string matching".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from unicodedata import category

import ahocorasick_rs

from monitor.enrich.endings import is_ending

#: Letters that `*` takes at most: German compounds are long.
ENDING = 18

#: Capitals up to this length are an acronym.
ACRONYM = 5

#: Letters that are written for one another. Replaced one by one: ten times as fast as a table.
_ONE_TO_ONE = (
    *((char, " ") for char in "\u00a0\u202f\u2009"),
    *((char, "-") for char in "\u2010\u2011\u2013"),
    # Apostrophes, and the Uzbek letters that are written with one.
    *((char, "'") for char in "\u2018\u2019\u02bb\u02bc`"),
    ("ё", "е"),
    # Arabic and Persian letters that keyboards exchange.
    *((char, "ا") for char in "أإآ"),
    *((char, "ي") for char in "ىی"),
    ("ک", "ك"),
    ("ة", "ه"),
)

#: What Arabic writes together with the word that follows: and, the, with, to.
_PROCLITIC = re.compile("(?<![\u0620-\u064a])[وف]?(?:[بكل]?ال|لل|[بكلس])?$")
_PROCLITIC_CHARS = 5

#: Letters of two scripts that look alike, in small letters. A word that mixes the scripts is
#: a misspelling or a disguise: it is read in the script of its other letters.
_LOOKS_LATIN = str.maketrans("аеорсухкмтвніѕј", "aeopcyxkmtbhisj")
_LOOKS_CYRILLIC = str.maketrans("aeopcyxkmtbhij", "аеорсухкмтвніј")
_MIXED = re.compile(
    r"(?<![a-z\u0400-\u04ff])"  # only from its first letter: endless letters cost no more
    r"(?:[a-z]++[\u0400-\u04ff]|[\u0400-\u04ff]++[a-z])[a-z\u0400-\u04ff]*"
)

#: Where a name's word ends in any way, or in a case ending.
_WILD = re.compile(r"([*~])")

#: An ending: letters and vowel signs of scripts that are written with spaces.
_ENDING = re.compile(
    r"(?:[^\W\d\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
    r"|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0951-\u0963])"
    rf"{{0,{ENDING}}}"
)

#: Characters whose nature is remembered.
CHARS = 4096

#: What parts the words of a name.
_WORDS = re.compile("[ -]")

Meaning = TypeVar("Meaning")


def folded(text: str) -> str:
    """The text in lower case and one script a word, character for character: offsets stay."""
    # Turkish: its lower case is two characters.
    lower = text.replace("\u0130", "i").lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    for char, read_as in _ONE_TO_ONE:
        lower = lower.replace(char, read_as)
    return _MIXED.sub(_one_script, lower)


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    latin = word.translate(_LOOKS_LATIN)
    return latin if latin.isascii() else word.translate(_LOOKS_CYRILLIC)


class Name(NamedTuple, Generic[Meaning]):
    """A name, what it means, and how its letters must be cased."""

    written: str
    meaning: Meaning
    #: A proper name: a capital in the data asks for one in the text.
    is_proper: bool = False
    #: The only language in whose texts it is looked for; '' = any.
    language: str = ""


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
        self._names = [name for name in names if name.written.strip("*~ ")]
        # Folded together: a tenth of the time.
        lines = "\n".join(name.written.replace("\n", " ") for name in self._names)
        self._folded = folded(lines).split("\n") if lines else []
        literals: dict[str, list[int]] = {}
        for number, lower in enumerate(self._folded):
            literals.setdefault(lower.partition("*")[0].partition("~")[0], []).append(number)
        self._groups = list(literals.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(literals)) if literals else None
        # Of names that were met once; most never are.
        self._shapes: dict[int, tuple[Sequence[str], _Casing]] = {}

    @property
    def names(self) -> Sequence[Name[Meaning]]:
        """What is looked for."""
        return self._names

    @property
    def spellings(self) -> Sequence[str]:
        """The names as they are compared, in the order of `names`."""
        return self._folded

    def scan(self, text: str, lower: str, language: str | None = None) -> Iterator[Hit[Meaning]]:
        """
        Every name in the text, overlapping ones too, in order of their ends.

        Args:
            lower: `folded(text)`, which callers share.
            language: of the text; names of other languages are left out. None: none are.
        """
        if self._automaton is None:
            return
        names, spoken = self._names, {"", language}
        last, is_begin = -1, False
        for group, start, _ in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            if start != last:
                last, is_begin = start, _may_begin(lower, start)
            if not is_begin:
                continue
            for number in self._groups[group]:
                name = names[number]
                if language is not None and name.language not in spoken:
                    continue
                parts, casing = self._shapes.get(number) or self._shape(number)
                end = _end(parts, lower, start)
                if end and _is_cased(casing, text[start:end]):
                    yield Hit(start, end, name.meaning, name.written)

    def _shape(self, number: int) -> tuple[Sequence[str], _Casing]:
        """The literals and wild cards of a name, and how it is cased."""
        shape = _WILD.split(self._folded[number]), _casing(self._names[number])
        self._shapes[number] = shape
        return shape


def longest(hits: Iterable[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """
    Hits that do not overlap, longer ones first chosen, in order of their place.

    A name that has several meanings (`NdPr`) has them all.
    """
    chosen: list[Hit[Meaning]] = []
    spans: set[tuple[int, int]] = set()
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        span = (hit.start, hit.end)
        if span in spans or not any(at in taken for at in (hit.start, hit.end - 1)):
            taken.update(range(hit.start, hit.end))
            spans.add(span)
            chosen.append(hit)
    return sorted(chosen, key=lambda hit: hit.start)


def count_near(places: Sequence[int], start: int, end: int, reach: int) -> int:
    """How many of these offsets lie within `reach` of a span, outside of it."""
    return sum(start - reach <= at < end + reach and not start <= at < end for at in places)


@lru_cache(CHARS)
def is_ideograph(char: str) -> bool:
    """Whether words of this script stand without spaces."""
    return (
        "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7af"
        or "\u0e00" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
    )


def _end(parts: Sequence[str], lower: str, start: int) -> int:
    """
    Where a name that begins here ends; 0 when it does not stand here.

    Args:
        parts: literals and wild cards in turn, beginning with a literal.
    """
    at = start + len(parts[0])
    for wild, part in zip(parts[1::2], parts[2::2], strict=True):
        begin, at = at, _after_ending(lower, at)
        if (wild == "~" and not is_ending(lower[begin:at])) or not lower.startswith(part, at):
            return 0
        at += len(part)
    follows = lower[at : at + 1]
    return 0 if follows and not is_ideograph(lower[at - 1]) and _is_letter(follows) else at


def _may_begin(lower: str, start: int) -> bool:
    """Whether a name may begin here."""
    return not start or not _is_letter(lower[start - 1]) or _begins_inside(lower, start)


def _begins_inside(lower: str, start: int) -> bool:
    """Whether a name may begin behind a letter: it needs no space, or follows an article."""
    if is_ideograph(lower[start]):
        return True
    if not "\u0620" <= lower[start] <= "\u064a":
        return False
    return _PROCLITIC.search(lower, max(0, start - _PROCLITIC_CHARS), start) is not None


def _after_ending(lower: str, at: int) -> int:
    ending = _ENDING.match(lower, at)
    return ending.end() if ending else at


@lru_cache(CHARS)
def _is_letter(char: str) -> bool:
    """Part of a word that is written between spaces."""
    if is_ideograph(char):
        return False
    # Vowel signs of Indian and Arabic scripts are marks.
    return char.isalnum() or char == "_" or (char > "\u0300" and category(char)[0] == "M")


#: What a surface must be or how its words must begin; None: any case will do.
_Casing = str | tuple[bool, ...] | None


def _casing(name: Name[Meaning]) -> _Casing:
    """The very letters of an acronym, or which words of a proper name have a capital."""
    letters = [char for char in name.written if char.isalpha()]
    if 1 < len(letters) <= ACRONYM and sum(char.isupper() for char in letters) > 1:
        return None if "*" in name.written else name.written.rstrip("~")
    capitals = tuple(word[:1].isupper() for word in _WORDS.split(name.written))
    return capitals if name.is_proper and any(capitals) else None


def _is_cased(casing: _Casing, surface: str) -> bool:
    if casing is None or isinstance(casing, str):
        return casing is None or surface == casing
    shown = _WORDS.split(surface)
    return len(shown) != len(casing) or all(
        word[:1].isupper() or not is_capital for word, is_capital in zip(shown, casing, strict=True)
    )
