"""
Numbers in words: `ten` per cent, `half a` million, `fünfundzwanzig` Prozent, `двести` тысяч.

They are read backwards from a word that only a number stands before (per cent, million), so
that the many small words of a text cost nothing. Parts of a whole (`a third`) are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.enrich.lookup import Lookup, Step, is_unspaced, listed
from monitor.enrich.numbers import Numeral, han_value
from monitor.enrich.vocabulary import Hit, Name, Vocabulary

#: Words of one number at most: "two hundred and twenty-five".
MOST_WORDS = 6

#: Shortest word that a number in words is looked for before.
LEAST_HEAD = 4

#: Multipliers that are a number by themselves: `миллиард долларов`, `полмиллиона тонн`.
_ONE = frozenset(
    "миллион миллиард мільйон мільярд триллион полмиллиона полмиллиарда "  # noqa: SIM905 - a list of words
    "півмільйона півмільярда".split()
)

#: Between the words of one number.
_JOINTS = (" and ", " und ", " y ", " et ", " e ", "-et-", " ", "-")
_HAN_PART = re.compile(r"([一二三四五六七八九十百千两]{1,4})分之([一二三四五六七八九十两]{1,4})")
#: Of no certain number: "several hundred million".
_VAGUE = re.compile(
    r"(?:several|few|many|some|несколько|сотни|десятки|кілька|mehrere|einige|plusieurs"
    r"|quelques|varios|vários|birkaç|bir necha|beberapa|бірнеше)[ -]$"
)


class Spelled:
    """The words of numbers compiled; safe to share between threads."""

    def __init__(
        self,
        numbers: Mapping[str, Sequence[str]],
        fractions: Mapping[str, Sequence[str]],
        *,
        multipliers: Sequence[str],
        percents: Sequence[str],
        masses: Sequence[str],
    ) -> None:
        """
        Args:
            multipliers, percents, masses: words that a number stands before.
        """
        words = [(word, float(number)) for word, number in listed(numbers)]
        self._atoms = Lookup([*words, *_german(words)])
        heads: list[tuple[str, float | None]] = [(w, None) for w in multipliers if _is_word(w)]
        heads += [(w, 0.0) for w in (*percents, *masses) if _is_word(w)]
        parts = [(word, float(percent)) for word, percent in listed(fractions)]
        #: None: a multiplier; 0: per cent or tonnes; else the part of a whole, per cent.
        self._words: Vocabulary[float | None] = Vocabulary(
            Name(word.partition(":")[2] or word, meaning) for word, meaning in [*heads, *parts]
        )

    def read(
        self, text: str, lower: str, language: str
    ) -> tuple[list[Numeral], list[tuple[int, int, float]]]:
        """
        Numbers in words, and parts of a whole as start, end, per cent; each in any order.

        Args:
            lower: `folded(text)`.
        """
        found: dict[int, Numeral] = {}
        parts: list[tuple[int, int, float]] = []
        for hit in self._words.scan(text, lower):
            if hit.meaning:
                parts.append((hit.start, hit.end, hit.meaning))
            elif not text[max(0, hit.start - 2) : hit.start].strip(" -").isdigit():
                one = self._number(text, lower, hit.start, language, is_unit=hit.meaning == 0)
                if one is None and _is_alone(lower, hit):
                    one = Numeral(hit.start, hit.start, 1.0)
                if one is not None:
                    found[one.end] = one
        if "分之" in text:
            parts += _han_parts(text)
        return list(found.values()), parts

    def _number(
        self, text: str, lower: str, end: int, language: str, *, is_unit: bool
    ) -> Numeral | None:
        """The number whose words end before this place."""
        steps = list(self._backwards(text, lower, end, language))
        if not steps or _VAGUE.search(lower, max(0, steps[-1].start - 12), steps[-1].start):
            return None
        value = _composed([step.value for step in reversed(steps)])
        is_article = len(steps) == 1 and value == 1 and len(steps[0].word) <= len("eine")
        if is_unit and is_article and steps[0].word not in {"one", "один", "eins"}:
            return None
        return Numeral(steps[-1].start, steps[0].end, value)

    def _backwards(self, text: str, lower: str, end: int, language: str) -> Iterator[Step[float]]:
        joints: Sequence[str] = (" ", "-")
        for _ in range(MOST_WORDS):
            for joint in joints:
                if not lower.endswith(joint, 0, end):
                    continue
                step = self._atoms.before(text, lower, end - len(joint), language)
                if step is not None:
                    break
            else:
                return
            yield step
            end, joints = step.start, _JOINTS


def _is_alone(lower: str, hit: Hit[float | None]) -> bool:
    """Whether a multiplier is in the singular, and not of several: "несколько миллионов"."""
    is_vague = _VAGUE.search(lower, max(0, hit.start - 12), hit.start)
    return lower[hit.start : hit.end] in _ONE and not is_vague


def _composed(values: Sequence[float]) -> float:
    """`2, 100, 20, 5` -> 225; what cannot be one number begins anew: `4, 5` -> 5."""
    total = 0.0
    for value in values:
        if (value == 100 and 1 < total < 10) or (value == 1000 and 1 < total < 1000):
            total *= value
        elif total and _may_add(total, value):
            total += value
        else:
            total = value
    return total


def _may_add(total: float, value: float) -> bool:
    """`200` and `25`, `20` and `5`, `10` and `5` (Kazakh), `60` and `15` (French)."""
    if any(total % size == 0 and value < size for size in (1000, 100)):
        return True
    return total % 10 == 0 and (value < 10 or (total % 100 in (60, 80) and value < 20))


def _german(words: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """`fünfundzwanzig`: written as one word."""
    values = dict(words)
    for one in ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"):
        for ten in _GERMAN_TENS:
            yield f"{one}und{ten}", values.get(one, 1.0) + values[ten]


_GERMAN_TENS = (
    "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
)  # fmt: skip


def _han_parts(text: str) -> Iterator[tuple[int, int, float]]:
    """`三分之一`; `百分之…` is a per cent and read elsewhere."""
    for match in _HAN_PART.finditer(text):
        whole = han_value(match[1])
        if match[1] != "百" and whole:
            yield match.start(), match.end(), 100.0 * han_value(match[2]) / whole


def _is_word(word: str) -> bool:
    bare = word.partition(":")[2] or word
    return len(bare) >= LEAST_HEAD and bare[0].isalpha() and not is_unspaced(bare[0])
