"""
Numbers with their multipliers, units and currencies, by the notation of each language.

Source of the notations: Unicode CLDR number patterns (decimal comma in Russian, Kazakh,
German, Spanish, French, …; point in English and Chinese).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from monitor.enrich.vocabulary import ENDING

#: Languages that write a decimal comma.
DECIMAL_COMMA = frozenset(
    "ru kk de es fr pt it uk uz ky tr pl cs sv no fi nl id be bg sr mn az".split()  # noqa: SIM905 - a list of codes
)

_NUMBER = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[ \u00a0\u202f,.'’]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
)
_CJK_BEFORE = re.compile(r"(?<=[\u3400-\u9fff])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)")
_RANGE = re.compile(r"\s?(?:-|–|—|~|至|到|to|до|bis|a|à|hasta|and|und|y|и|ден)\s?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What every word for per cent has; a cheap look before the dear one. `%` follows figures only.
_PER_CENT = re.compile(r"cent|pct|процент|пайыз|prozent|ciento|百分之", re.IGNORECASE)
_CHINESE_PER_CENT = re.compile(
    r"百分之([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_CHINESE_DIGITS = "零一二三四五六七八九"
#: Multipliers that are units of length, or grades, as well.
_SHORT = frozenset({"m", "b", "mm", "M", "B", "MM", "k", "K"})
_GROUPS = re.compile(r"[ \u00a0\u202f'’]")

#: How far behind a mass "a year" may stand: "tonnes of cathode a year".
YEAR_BEHIND = 45

#: How far before a number a word that compares may stand.
COMPARES_BEFORE = 16

#: Least value that a number without a multiplier has when it is compared with the one before.
LEAST_COMPARED = 1000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, in base units."""

    start: int
    end: int
    value: float
    #: `%`, `t`, `t/y`, `g/t`, an ISO 4217 code, or a price such as `USD/t`.
    unit: str

    @property
    def sort(self) -> str:
        """`percent`, `money`, `price`, `mass`, `mass_per_year` or `other`."""
        if self.unit == "%":
            return "percent"
        if "/" in self.unit and self.unit[:3].isupper():
            return "price"
        if len(self.unit) == len("USD") and self.unit.isupper():
            return "money"
        if self.unit in {"t", "lb", "oz"}:
            return "mass"
        return "mass_per_year" if self.unit.endswith("/y") else "other"


class Grammar:
    """The words of `claims.toml` that make a number a quantity, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._multipliers = _choice({word: float(key) for key, word in _words(data["multipliers"])})
        self._signs = _choice_before({word: key for key, word in _words(data["currency_signs"])})
        self._currencies = _choice({word: key for key, word in _words(data["currencies"])})
        units = {
            word: (unit, float(factor))
            for unit, by_factor in data["units"].items()
            for factor, word in _words(by_factor)
        }
        self._units = _choice(units)
        self._per_year = _choice({word: key for key, word in _words(data["per_year"])})
        later = _any([word for _, word in _words(data["per_year"]) if len(word) > 1])
        self._per_year_later = re.compile(
            rf"[^\d.;:,，。；]{{0,{YEAR_BEHIND}}}?[\s/](?:{later})(?!\s\d)"
        )
        self._per_unit = _choice({word: key for key, word in _words(data["per_unit"])})
        first = {word: key for key, word in _words(data["per_unit_before"])}
        self._per_unit_first = _choice_before(first, closing="[约近超逾达为至破]{0,2}")
        self._compares = _choice_before(
            {word: word for word in data["compares"]["words"]}, closing=r" (?:[^\W\d]{1,6} )?"
        )
        self._words = {word: float(number) for number, word in _words(data["number_words"])}
        percent = _any([word for _, word in _words(data["units"]["%"])])
        numerals = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
        self._worded = re.compile(rf"\b({numerals})[ \u00a0-]+(?:{percent})", re.IGNORECASE)

    def quantities(self, text: str, language: str) -> Iterator[Quantity]:
        """Quantities of a text, in order; numbers without a unit (years, ids) are none."""
        yield from self._in_words(text)
        numbers = sorted(
            {(m.start(), m.end()) for p in (_NUMBER, _CJK_BEFORE) for m in p.finditer(text)}
        )
        last: Quantity | None = None
        # What has several decimal signs is an address or a version, and no number.
        numbers = [n for n in numbers if not math.isnan(value_of(text[slice(*n)], language))]
        for at, (start, end) in enumerate(numbers):
            found = self._read(text, start, end, language)
            if found is None and at + 1 < len(numbers):
                found = self._first_of_range(text, (start, end), numbers[at + 1], language)
            if found is None and last is not None:
                found = self._compared(text, start, end, language, last)
            if found is not None:
                yield found
                last = found

    def _in_words(self, text: str) -> Iterator[Quantity]:
        if not _PER_CENT.search(text):
            return
        for match in self._worded.finditer(text):
            value = self._words[match[1].lower()]
            yield Quantity(start=match.start(), end=match.end(), value=value, unit="%")
        for match in _CHINESE_PER_CENT.finditer(text):
            value = _chinese(match[1])
            yield Quantity(start=match.start(), end=match.end(), value=value, unit="%")

    def _first_of_range(
        self, text: str, first: tuple[int, int], second: tuple[int, int], language: str
    ) -> Quantity | None:
        """`50,000-100,000 t`: the first number has the unit of the second."""
        between = _RANGE.fullmatch(text, first[1], second[0])
        if between is None or _YEAR.fullmatch(text, *first):
            return None
        closing = self._read(text, *second, language)
        plain = value_of(text[second[0] : second[1]], language)
        if closing is None or not plain:
            return None
        opening = value_of(text[first[0] : first[1]], language) * (closing.value / plain)
        return Quantity(start=first[0], end=first[1], value=opening, unit=closing.unit)

    def _compared(
        self, text: str, start: int, end: int, language: str, last: Quantity
    ) -> Quantity | None:
        """`29,697 tonnes from 32,777`: what is compared has the unit of the one before."""
        if not self._compares.search(text, max(0, start - COMPARES_BEFORE), start):
            return None
        value, after = self._multiplied(text, start, end, language, is_money=False)
        is_year = after == end and text[start:end].isdigit()
        if last.sort not in {"mass", "mass_per_year"} or is_year or value < LEAST_COMPARED:
            return None
        return Quantity(start=start, end=after, value=value, unit=last.unit)

    def _multiplied(
        self, text: str, start: int, end: int, language: str, *, is_money: bool
    ) -> tuple[float, int]:
        """The value with its multipliers, and where they end."""
        value, at = value_of(text[start:end], language), end
        while step := self._multipliers.match(text, at):
            # "5 m" are metres, unless money or tonnes are counted.
            if step.word in _SHORT and not (is_money or self._is_counted(text, step.end)):
                break
            value *= step.value
            at = step.end
        return value, at

    def _is_counted(self, text: str, at: int) -> bool:
        """Whether a unit of mass or money stands here."""
        unit = self._units.match(text, at)
        return bool(unit and unit.value[0] != "%") or self._currencies.match(text, at) is not None

    def _read(self, text: str, start: int, end: int, language: str) -> Quantity | None:
        before = self._signs.search(text, max(0, start - 5), start)
        value, at = self._multiplied(text, start, end, language, is_money=before is not None)
        if before is not None:
            return self._money(text, before.start, at, value, before.value)
        if unit := self._units.match(text, at):
            name, factor = unit.value
            if name == "t" and self._is_yearly(text, unit.end):
                name = "t/y"
            return Quantity(start=start, end=unit.end, value=value * factor, unit=name)
        if currency := self._currencies.match(text, at):
            return self._money(text, start, currency.end, value, currency.value)
        return None

    def _is_yearly(self, text: str, end: int) -> bool:
        return bool(self._per_year.match(text, end) or self._per_year_later.match(text, end))

    def _money(self, text: str, start: int, end: int, value: float, currency: str) -> Quantity:
        per = self._per_unit.match(text, end)
        if per is None:
            first = self._per_unit_first.search(text, max(0, start - COMPARES_BEFORE), start)
            unit = f"{currency}/{first.value}" if first else currency
            return Quantity(start=start, end=end, value=value, unit=unit)
        return Quantity(start=start, end=per.end, value=value, unit=f"{currency}/{per.value}")


def _chinese(number: str) -> int:
    """`五十一` -> 51; up to 99."""
    tens, ten, ones = number.rpartition("十")
    return (_CHINESE_DIGITS.index(tens or "一") * 10 if ten else 0) + (
        _CHINESE_DIGITS.index(ones) if ones else 0
    )


def value_of(number: str, language: str) -> float:
    """
    The value of a number as the language writes it: `1.400` is 1400 in German.

    Not a number for what only looks like one: network addresses, versions, dates.
    """
    try:
        return _value_of(number, language)
    except ValueError:
        return math.nan


def _value_of(number: str, language: str) -> float:
    digits = _GROUPS.sub("", number)
    if language in DECIMAL_COMMA:
        whole, comma, fraction = digits.rpartition(",")
        if comma and len(fraction) == 3 and ("," in whole or fraction == "000"):
            return float(digits.replace(",", "").replace(".", ""))
        digits = _without_groups(digits, ".").replace(",", ".")
        return float(digits)
    digits = _without_groups(digits, ",")
    return float(digits.replace(",", ".") if digits.count(",") == 1 else digits.replace(",", ""))


def _without_groups(digits: str, separator: str) -> str:
    """Without separators before exactly three digits; other ones are decimal signs."""
    return re.sub(rf"(?<=\d)\{separator}(?=\d{{3}}(?!\d))", "", digits)


@dataclass(frozen=True, slots=True)
class _Step(Generic[Value]):
    start: int
    end: int
    word: str
    value: Value


class _Choice(Generic[Value]):
    """The longest of some words, behind a space or directly."""

    def __init__(self, values: Mapping[str, Value], pattern: str) -> None:
        self._values = dict(values)
        self._stems = list(values)
        self._pattern = re.compile(pattern)

    def match(self, text: str, at: int) -> _Step[Value] | None:
        """The word at this place, if one is there."""
        return self._step(self._pattern.match(text, at))

    def search(self, text: str, start: int, end: int) -> _Step[Value] | None:
        """The word that ends at `end`, if one does."""
        return self._step(self._pattern.search(text, start, end))

    def _step(self, match: re.Match[str] | None) -> _Step[Value] | None:
        if match is None or match.lastindex is None:
            return None
        word = self._stems[match.lastindex - 1]
        return _Step(match.start(match.lastindex), match.end(), word, self._values[word])


def _choice(values: Mapping[str, Value]) -> _Choice[Value]:
    words = _in_order(values)
    found = _any(words, "({})")
    # Abbreviations carry a full stop: "тыс. т", "Mio. Euro", "Mrd. €".
    stop = r"(?:(?<=[а-яodl])\.(?= ?[\w€$£¥₽₸]))?"
    pattern = rf"[ \u00a0\u202f-]?(?:de |d['’])?(?:{found}){stop}"
    return _Choice({word: values[word] for word in words}, pattern)


def _choice_before(values: Mapping[str, Value], closing: str = r"[ \u00a0]?") -> _Choice[Value]:
    ordered = dict(sorted(values.items(), key=lambda item: -len(item[0])))
    found = "|".join(f"({re.escape(word)})" for word in ordered)
    return _Choice(ordered, rf"(?<![^\W\d_\u3400-\u9fff])(?:{found}){closing}$")


#: Behind a word: no further letter or digit. Once for all words: it takes long to compile.
_BORDER = r"(?![^\W_\u3400-\u9fff])"


def _in_order(words: Iterable[str]) -> list[str]:
    """Longer words first; those that end at a word's border before ideographs and signs."""
    return sorted(words, key=lambda word: (not _has_border(word), -len(word.rstrip("*"))))


def _has_border(word: str) -> bool:
    last = word.rstrip("*")[-1]
    return last.isalnum() and not "\u3400" <= last <= "\u9fff"


def _any(words: Iterable[str], form: str = "{}") -> str:
    """
    The pattern of any of these words.

    Args:
        form: what stands around the pattern of one word: `({})` makes it a group.
    """
    bordered = [form.format(_body(word)) for word in words if _has_border(word)]
    others = [form.format(_body(word)) for word in words if not _has_border(word)]
    found = [f"(?:{'|'.join(bordered)}){_BORDER}"] if bordered else []
    return "|".join(found + others)


def _body(word: str) -> str:
    """The pattern of one word: case matters only for the short ones (`Mt`, `mt`, `m`)."""
    body = rf"[^\W\d_]{{0,{ENDING}}}".join(re.escape(part) for part in word.split("*"))
    return body if len(word) <= len("bln") else f"(?i:{body})"


def _words(data: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for key, found in data.items():
        for word in found:
            yield key, word
