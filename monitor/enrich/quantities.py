"""
Numbers with their multipliers, units and currencies, in any language's notation.

The core knows no language's sentences: a number is read forwards (multiplier, unit, "per
tonne", "a year") and a little backwards (sign of a currency, "per tonne" where it stands
first). What carries no unit (years, document numbers, times, addresses) is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from monitor.enrich.lookup import Lookup, Step, is_unspaced, listed, needs_border
from monitor.enrich.numbers import Numeral, han_numerals, numerals
from monitor.enrich.rates import Rates
from monitor.enrich.reading import STOP, Quantity, Reading, may_begin, word_before, word_behind
from monitor.enrich.spelled import Spelled
from monitor.enrich.vocabulary import folded

#: How far before a sum the unit may stand that it is the price of: "an ounce now costs $4,100",
#: and the largest sum that a unit costs.
UNIT_BEFORE, MOST_PRICE = 45, 3e6

#: How far before a number a word that compares may stand.
COMPARES_BEFORE = 16

#: Least value that a number without a multiplier has when it is compared with the one before.
LEAST_COMPARED = 1000

#: Numbers of one text that are read.
MOST_NUMBERS = 800

#: Units of amounts, by which a year makes `t/y`.
AMOUNTS = frozenset({"t", "lb", "oz", "st"})

_BLANK = str.maketrans({"\u2007": " ", "\u2009": " "})
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN = re.compile(r"[一二三四五六七八九十百千]")
_DASH = "-–—−~～〜∼至到"
#: Words that part the ends of a range only behind `between`.
_PAIRS = frozenset({"and", "und", "y", "e", "et", "и", "і", "та", "dan", "ile", "i", "o"})
_BETWEEN = re.compile(
    r"(?:between|zwischen|entre|между|між|tra|fra|między|antara|mellan|mellem|tussen|giữa|بين|بین)"
    r" [^\d]{0,12}$"
)
#: Letters behind a Chinese tenth by which it is a word: `三成` is 30 %, `一成立` nothing.
_NO_TENTH = frozenset("立为本员功交果熟长就品都分色因份套型")
#: Signs of the yuan and of the yen; metric or million tonnes.
_YEN, _EITHER_TONNE = frozenset("¥￥"), frozenset({"mt", "MT"})


class _Figure(NamedTuple):
    """A number as far as it can be read by itself."""

    start: int
    end: int
    value: float
    #: The product of its multipliers.
    scale: float
    #: '' where it has none.
    unit: str
    #: Whether a sign of a currency stands before it.
    is_signed: bool
    #: How many numbers of the text it is made of: `1亿2000万` is of two.
    parts: int


class Grammar:
    """The words that make a number a quantity, compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """
        Args:
            data: `numbers.toml`.
        """
        multipliers = list(listed(data["multipliers"]))
        self._multipliers = Lookup((word, float(key)) for word, key in multipliers)
        self._vague = Lookup(listed(data["vague"]))
        self._fillers = Lookup(listed(data["fillers"]))
        self._signs = Lookup([*_scaled(data), *_plain(data["currency_signs"])])
        units = {
            word: (unit, float(factor))
            for unit, by_factor in data["units"].items()
            for word, factor in listed(by_factor)
        }
        currencies = {word: (key, 1.0) for word, key in listed(data["currencies"])}
        cents = {word: (key, 0.01) for word, key in listed(data["cents"])}
        behind = dict(_scaled(data))
        self._local = {w.strip("*"): found for w, found in data["currencies_by_country"].items()}
        local = {word: (f"?{word.strip('*')}", 1.0) for word in data["currencies_by_country"]}
        self._units = Lookup(({**local, **cents, **currencies, **behind, **units}).items())
        self._cents = frozenset(cents)
        self._percent_first = Lookup(listed(data["percent_before"]))
        self._rates = Rates(data)
        self._per_unit = Lookup((word, key) for word, key in listed(data["per_unit"]))
        self._per_unit_first = Lookup((word, key) for word, key in listed(data["per_unit_before"]))
        self._compares = Lookup(listed(data["compares"]))
        self._between = Lookup(listed(data["between"]))
        percents = [word for _, words in data["units"]["%"].items() for word in words]
        self._spelled = Spelled(
            data["number_words"],
            data["fractions"],
            multipliers=[word for word, _ in multipliers],
            percents=percents,
            masses=list(data["units"]["t"]["1"]),
        )

    def quantities(
        self, text: str, language: str, countries: Collection[str] = (), lower: str = ""
    ) -> list[Quantity]:
        """
        Quantities of a text, in order; numbers without a unit (years, ids) are none.

        Args:
            countries: that the text speaks of; they decide whose pesos are meant.
            lower: `folded(text)`, where the caller has it.
        """
        one = Reading(text, (lower or folded(text)).translate(_BLANK), language, countries)
        spelled, parts = self._spelled.read(one.text, one.lower, language)
        numbers = _in_order([*numerals(text, language), *spelled, *_han(text)])
        found = self._of_numbers(one, numbers[:MOST_NUMBERS])
        taken = [(q.start, q.end) for q in found]
        found += [
            Quantity(start=start, end=end, value=percent, unit="%", is_part=True)
            for start, end, percent in _longest(parts)
            if not any(start < right and left < end for left, right in taken)
        ]
        return sorted(found, key=lambda quantity: quantity.start)

    def _of_numbers(self, one: Reading, numbers: Sequence[Numeral]) -> list[Quantity]:
        found: list[Quantity] = []
        at = 0
        end = 0
        while at < len(numbers):
            if numbers[at].start < end:
                at += 1
                continue
            figure = self._figure(one, numbers, at)
            if figure is None:
                at += 1
                continue
            then = at + figure.parts
            ends = self._range(one, numbers, figure, then) if then < len(numbers) else None
            if ends is not None:
                found += self._ends(one, ends)
                at, end = then + ends[1].parts, ends[1].end
                continue
            if figure.unit:
                quantity = self._quantity(one, figure, found[-1] if found else None)
                if "/" in quantity.unit and found and _is_unit_of(one, found[-1], quantity):
                    found.pop()
                found.append(quantity)
            elif found and (compared := self._compared(one, figure, found[-1])):
                found.append(compared)
            at, end = then, figure.end
        return [quantity for quantity in found if quantity.unit and "none" not in quantity.unit]

    def _figure(
        self,
        one: Reading,
        numbers: Sequence[Numeral],
        at: int,
        sign: Step[tuple[str, float]] | None = None,
    ) -> _Figure | None:
        """
        The number at this place of the list, with what stands around it.

        Args:
            sign: of the number before it, in a range of money.
        """
        number = numbers[at]
        start = number.start
        own = self._sign(one, start)
        if own is None and not _is_free(one.text, number):
            return None
        sign = own or sign
        value, scale, end, parts = self._multiplied(one, numbers, at)
        if sign is not None:
            currency, times = sign.value
            if sign.word in _YEN and _is_japanese(one):
                currency = "JPY"
            again, end = self._currency_again(one, end)
            start = min(start, own.start) if own else start
            currency = again if again and sign.word == "$" else currency
            unit = _of_country(currency, one.countries, self._local)
            return self._priced(
                one, _Figure(start, end, value * times, scale * times, unit, True, parts)
            )
        if found := self._unit(one, end):
            unit, factor = found.value
            if self._is_misread(one, found):
                return None
            if found.word in _EITHER_TONNE and _are_megatonnes(one, number, found, scale):
                factor = 1e6
            unit = _of_country(unit, one.countries, self._local)
            if found.word == "成" and one.text[found.end : found.end + 1] == "半":
                value += 0.5
            figure = _Figure(start, found.end, value * factor, scale * factor, unit, False, parts)
            if unit[:3].isupper() and len(unit) == len("USD"):
                priced = self._priced(one, figure)
                return priced if found.word not in self._cents or "/" in priced.unit else None
            return figure
        if first := word_before(self._percent_first, one, start):
            return _Figure(first.start, end, value, scale, "%", False, parts)
        return _Figure(start, end, value, scale, "", False, parts)

    def _sign(self, one: Reading, start: int) -> Step[tuple[str, float]] | None:
        """The sign of a currency before a number."""
        found = word_before(self._signs, one, start)
        if found is None:
            return None
        # "5 $ 10 t": it belongs to the number before it.
        before = one.text[max(0, found.start - 2) : found.start].rstrip()
        is_taken = found.end < start and before[-1:].isdigit()
        return None if is_taken else found

    def _multiplied(
        self, one: Reading, numbers: Sequence[Numeral], at: int
    ) -> tuple[float, float, int, int]:
        """The value with its multipliers, their product, where they end, numbers taken."""
        number = numbers[at]
        scale, end = self._multipliers_at(one, number.end)
        value, parts = number.value * scale, 1
        while scale > 1 and at + parts < len(numbers):
            more = numbers[at + parts]
            gap = more.start - end
            is_unspaced_scale = is_unspaced(one.text[end - 1])
            if gap < 0 or gap > 1 or one.lower[end : more.start].strip():
                break
            times, after = self._multipliers_at(one, more.end)
            if more.value * times >= scale or (times == 1 and (gap or not is_unspaced_scale)):
                break
            value, scale, end, parts = value + more.value * times, times, after, parts + 1
        return value, scale, end, parts

    def _multipliers_at(self, one: Reading, end: int) -> tuple[float, int]:
        scale = 1.0
        for _ in range(3):
            step = word_behind(self._multipliers, one, self._past_vague(one, end))
            if step is None:
                break
            # "тыс.": abbreviations carry a full stop.
            stop = one.lower.startswith(".", step.end) and len(step.word) <= len("млрд")
            scale, end = scale * step.value, step.end + stop
        return scale, end

    def _past_vague(self, one: Reading, end: int) -> int:
        """`30多万`: a word that says about how much."""
        step = self._vague.at(one.text, one.lower, end)
        return step.end if step and is_unspaced(one.text[end]) else end

    def _unit(self, one: Reading, end: int) -> Step[tuple[str, float]] | None:
        """The unit or currency behind a number, past words that change nothing."""
        end = self._past_vague(one, end)
        for _ in range(3):
            if found := word_behind(self._units, one, end):
                return found
            filler = word_behind(self._fillers, one, end)
            if filler is None:
                return None
            end = filler.end
        return None

    def _is_misread(self, one: Reading, unit: Step[tuple[str, float]]) -> bool:
        """`一成立` is no tenth."""
        return unit.word == "成" and one.text[unit.end : unit.end + 1] in _NO_TENTH

    def _currency_again(self, one: Reading, end: int) -> tuple[str, int]:
        """`$5 million AUD`, `人民币5亿元`: the currency that is said twice, and where it ends."""
        found = self._unit(one, end)
        if found is None or len(found.value[0]) != len("USD") or not found.value[0].isupper():
            return "", end
        return found.value[0], found.end

    def _priced(self, one: Reading, figure: _Figure) -> _Figure:
        """A sum of money with the unit that it is the price of, if it is one."""
        end = figure.end
        if one.lower.startswith(".", end) and one.lower[end - 1].isalpha():
            end += 1  # "долл. за тонну"
        if per := word_behind(self._per_unit, one, end):
            return figure._replace(end=per.end, unit=f"{figure.unit}/{per.value}")
        start = figure.start
        while start and one.text[start - 1] in "约近超逾达为至破約到的":
            start -= 1
        first = word_before(self._per_unit_first, one, start)
        unit = first.value if first else self._unit_before(one, figure)
        return figure._replace(unit=f"{figure.unit}/{unit}") if unit else figure

    def _unit_before(self, one: Reading, figure: _Figure) -> str:
        """`унция стоила 4 127 долларов`, `das Kilogramm jetzt 4.950 €`: '' = no unit."""
        if figure.value > MOST_PRICE:
            return ""
        begin = max(0, figure.start - UNIT_BEFORE)
        stops = [match.end() for match in STOP.finditer(one.lower, begin, figure.start)]
        unit = ""
        for at in range(stops[-1] if stops else begin, figure.start):
            if at and not may_begin(one.lower, at):
                continue
            for words in (self._per_unit, self._per_unit_first):
                step = words.at(one.text, one.lower, at, one.language)
                if step and len(step.word) > 2 and step.word[0] != "/" and step.end < figure.start:
                    unit = step.value
        return unit

    def _range(
        self, one: Reading, numbers: Sequence[Numeral], first: _Figure, then: int
    ) -> tuple[_Figure, _Figure] | None:
        """`50,000-100,000 t`, `$5-6 million`: what one end lacks the other one gives."""
        between = word_behind(self._between, one, first.end)
        if between is None or numbers[then].start - between.end > len(" US$ "):
            return None
        gap = one.text[between.end : numbers[then].start].strip()
        is_dash = between.word in _DASH
        if first.unit and not first.is_signed and not first.unit[:3].isupper():
            return None
        if between.word in _PAIRS and not _BETWEEN.search(
            one.lower, max(0, first.start - 26), first.start
        ):
            return None
        sign = None
        if first.is_signed:
            sign = Step(first.start, first.start, "", (first.unit.partition("/")[0], 1.0))
        second = self._figure(one, numbers, then, sign)
        if second is None or not second.unit:
            return None
        if gap and not second.is_signed:
            return None
        if not first.unit and _YEAR.fullmatch(
            one.text, numbers[then - 1].start, numbers[then - 1].end
        ):
            plain = second.value / second.scale
            if not is_dash or not first.value < plain < 3 * first.value or plain < 2100:
                return None
        return self._completed(one, first, second)

    def _completed(
        self, one: Reading, first: _Figure, second: _Figure
    ) -> tuple[_Figure, _Figure] | None:
        """The first end with the unit, and, where it has none, the scale of the second."""
        if first.unit and first.unit.partition("/")[0] != second.unit.partition("/")[0]:
            return None
        value = first.value
        plain = second.value / second.scale
        is_small = first.value <= max(plain, 1.0) or first.value < 1000
        if first.scale == 1 and second.scale != 1 and is_small:
            value *= second.scale
        if "/" not in second.unit and second.unit[:3].isupper():
            second = self._priced(one, first._replace(unit=second.unit))._replace(
                start=second.start, end=second.end, value=second.value, parts=second.parts
            )
        unit = second.unit if not first.unit or "/" not in first.unit else first.unit
        return first._replace(value=value, unit=unit), second

    def _compared(self, one: Reading, figure: _Figure, last: Quantity) -> Quantity | None:
        """`29,697 tonnes from 32,777`: what is compared has the unit of the one before."""
        if last.sort not in {"mass", "mass_per_year"}:
            return None
        before = word_before(self._compares, one, figure.start)
        if before is None:
            words = one.lower.rfind(" ", max(0, figure.start - 9), max(0, figure.start - 1))
            before = word_before(self._compares, one, words + 1) if words > 0 else None
        is_year = figure.scale == 1 and one.text[figure.start : figure.end].isdigit()
        if before is None or is_year or figure.value < LEAST_COMPARED:
            return None
        return Quantity(start=figure.start, end=figure.end, value=figure.value, unit=last.unit)

    def _ends(self, one: Reading, ends: tuple[_Figure, _Figure]) -> list[Quantity]:
        """Both ends of a range; what makes one an amount a year does so with the other."""
        first, second = (self._quantity(one, end) for end in ends)
        if (
            first.unit != second.unit
            and first.unit.partition("/")[0] == second.unit.partition("/")[0]
        ):
            unit = max(first.unit, second.unit, key=len)
            return [replace(end, unit=unit) for end in (first, second)]
        return [first, second]

    def _quantity(self, one: Reading, figure: _Figure, last: Quantity | None = None) -> Quantity:
        value = float(f"{figure.value:.12g}")  # 1.023 times a billion
        found = Quantity(start=figure.start, end=figure.end, value=value, unit=figure.unit)
        if figure.unit not in AMOUNTS:
            return found
        return replace(found, unit=figure.unit + self._rates.of(one, found, last))


def _is_japanese(one: Reading) -> bool:
    return one.language == "ja" or ("JP" in one.countries and "CN" not in one.countries)


def _are_megatonnes(
    one: Reading, number: Numeral, unit: Step[tuple[str, float]], scale: float
) -> bool:
    """`5.2mt` of ore are million tonnes, `692,000 mt` metric ones."""
    figures = one.text[number.start : number.end]
    is_small = scale == 1 and number.value < 1000
    return is_small and ("." in figures or unit.start == number.end)


def _is_unit_of(one: Reading, unit: Quantity, price: Quantity) -> bool:
    """`1キログラム720ドル`: the one unit that a price is of is no mass of its own."""
    return (
        one.text[unit.start : unit.start + 1] in ("1", "１", "一")
        and 0 <= price.start - unit.end <= 1
        and unit.sort == "mass"
    )


def _is_free(text: str, number: Numeral) -> bool:
    """Whether a number stands by itself: not in `F-35`, `U3O8`, `12:30`, `30/06`, `№ 7`."""
    before = text[number.start - 1 : number.start]
    behind = text[number.end : number.end + 2]
    if behind[:1] in ("/", ":") and behind[1:].isdigit():
        return False
    if not before:
        return True
    if needs_border(before) or before in "/:#№&=_@":
        return False
    if before in "-–.," and number.start > 1:
        other = text[number.start - 2]
        return not (needs_border(other) and not (before in "-–" and other.isdigit()))
    return True


def _han(text: str) -> Iterable[Numeral]:
    """Chinese numerals that are no vague ones (`数十亿`)."""
    if not _HAN.search(text):
        return ()
    return (
        number
        for number in han_numerals(text)
        if text[max(0, number.start - 1) : number.start] not in ("数", "几", "幾", "第", "若", "上")
    )


def _in_order(numbers: Iterable[Numeral]) -> list[Numeral]:
    """Numbers in order of place, without those inside others."""
    found: list[Numeral] = []
    for number in sorted(numbers, key=lambda number: (number.start, -number.end)):
        if not found or number.start >= found[-1].end:
            found.append(number)
    return found


def _longest(parts: Iterable[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    for part in sorted(parts, key=lambda part: (part[0], -part[1])):
        if not found or part[0] >= found[-1][1]:
            found.append(part)
    return found


def _scaled(data: Mapping[str, Any]) -> list[tuple[str, tuple[str, float]]]:
    """`M€` -> EUR, a million."""
    found = []
    for word, key in listed(data["scaled_signs"]):
        currency, _, times = key.partition(" ")
        found.append((word, (currency, float(times))))
    return found


def _plain(signs: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, float]]]:
    return [(word, (currency, 1.0)) for word, currency in listed(signs)]


def _of_country(
    unit: str, countries: Collection[str], local: Mapping[str, Mapping[str, str]]
) -> str:
    """Whose pesos: those of the only country of the text that has them; '' = unknown."""
    if not unit.startswith("?"):
        return unit
    found = {code for country, code in local[unit[1:]].items() if country in countries}
    return found.pop() if len(found) == 1 else ""
