"""
Numbers as languages write them: in figures of any script, and Chinese numerals.

Source of the notations: Unicode CLDR number patterns. What the language leaves open
(`1.250` in a Spanish text is 1250 in Santiago, and so it is in Madrid, but `1,250` is 1250 in
Lima only) is decided by what is plausible: nobody writes three decimals that end in a nought.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Languages that write a decimal comma.
DECIMAL_COMMA = frozenset(
    "ru uk be kk ky uz tg tk az de es fr pt it tr pl cs sk sl hr sr bs mk sq el ro hu bg sv no "  # noqa: SIM905 - a list of codes
    "nb nn da fi et lv lt nl id vi ka hy ca gl eu is".split()
)

#: Of these, the ones that are also written with a point and comma groups, as in Lima.
EITHER = frozenset({"es"})

#: A longer number in figures is an identifier.
MOST_DIGITS = 18

_SPACES = " \u00a0\u2007\u2009\u202f'’"
_FIGURES = re.compile(
    rf"(?<!\d)\d{{1,3}}(?:[{_SPACES}]\d{{3}}(?!\d))+(?:[.,٫]\d+)?"
    r"|[۰-۹]+/[۰-۹]+"
    r"|[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])"
    r"|\d+(?:[.,·٫٬．]\d+)*"
)
#: A cheap look before the dear one: where figures run on.
_RUN = re.compile(rf"\d[\d{_SPACES}.,·٫٬．，/]*")
_GROUPS = re.compile(rf"[{_SPACES}]")
#: Marks of other scripts, by the ones that they stand for.
_MARKS = str.maketrans({"٫": ".", "·": ".", "．": ".", "/": ".", "٬": ",", "，": ","})

_HAN_DIGITS = "零一二三四五六七八九"
_HAN = {char: number for number, char in enumerate(_HAN_DIGITS)} | {"〇": 0, "两": 2, "兩": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN_NUMBER = re.compile(
    r"(?<![\d十百千万萬亿億])[零〇一二三四五六七八九十百千两兩]"
    r"[零〇一二三四五六七八九十百千万萬亿億两兩]{0,15}(?:点[零〇一二三四五六七八九]{1,6})?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number where it stands."""

    start: int
    end: int
    value: float


def numerals(text: str, language: str) -> Iterator[Numeral]:
    """The numbers of a text in figures, in order; what is no number (addresses) is left out."""
    for run in _RUN.finditer(text):
        for match in _FIGURES.finditer(text, run.start(), run.end()):
            value = value_of(match[0], language)
            if not math.isnan(value):
                yield Numeral(match.start(), match.end(), value)


def han_numerals(text: str) -> Iterator[Numeral]:
    """Chinese numerals: `三千二百`, `一亿`, `十二点五`."""
    for match in _HAN_NUMBER.finditer(text):
        yield Numeral(match.start(), match.end(), han_value(match[0]))


def han_value(number: str) -> float:
    """`三千二百` -> 3200; `二〇二五`, digits one by one, -> 2025."""
    whole, _, fraction = number.partition("点")
    if len(whole) > 1 and all(char in _HAN for char in whole):
        value = float("".join(str(_HAN[char]) for char in whole))
    else:
        value = float(_han_whole(whole))
    digits = "".join(str(_HAN.get(char, 0)) for char in fraction)
    return value + (float(f"0.{digits}") if digits else 0.0)


def _han_whole(number: str) -> int:
    total, section, digit = 0, 0, 0
    for char in number:
        if char in _HAN:
            digit = _HAN[char]
        elif char in _HAN_TENS:
            section += (digit or 1) * _HAN_TENS[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _HAN_MYRIADS[char]
            section = digit = 0
    return total + section + digit


def value_of(number: str, language: str) -> float:
    """
    The value of a number as the language writes it: `1.400` is 1400 in German.

    Not a number for what only looks like one: network addresses, versions, dates.
    """
    if len(number) > MOST_DIGITS:
        return math.nan
    digits = _GROUPS.sub("", number).translate(_MARKS)
    if not digits.isascii():
        digits = "".join(_ascii(char) for char in digits)
    commas, points = digits.count(","), digits.count(".")
    if not commas and not points:
        return float(digits)
    if commas and points:
        return _of_both(digits)
    mark = "," if commas else "."
    if points == 3 and language not in DECIMAL_COMMA:
        return math.nan  # an address
    if commas + points > 1:
        return float(digits.replace(mark, "")) if _is_grouped(digits, mark) else math.nan
    head, _, tail = digits.partition(mark)
    if _is_group(head, tail, mark, language):
        return float(head + tail)
    return float(f"{head}.{tail}")


def _is_group(head: str, tail: str, mark: str, language: str) -> bool:
    """Whether the only mark of a number parts thousands, rather than decimals."""
    if len(tail) != 3 or len(head) > 3 or head.startswith("0"):
        return False
    if mark != ("," if language in DECIMAL_COMMA else "."):
        return True
    if language in EITHER:
        return True
    # Its own decimal mark: but "25.000" in English, "410,000" in Russian is no decimal.
    return tail == "000" if mark == "." and len(head) > 1 else mark == "," and tail[-1] == "0"


def _of_both(digits: str) -> float:
    """`1,234,567.8` and `1.234.567,8`: the last mark is the decimal one."""
    decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    group = "," if decimal == "." else "."
    head, _, tail = digits.rpartition(decimal)
    if decimal in head or not _is_grouped(head, group):
        return math.nan
    return float(f"{head.replace(group, '')}.{tail}")


def _is_grouped(digits: str, mark: str) -> bool:
    """Whether the marks part thousands, or lakhs and crores."""
    first, *others = digits.split(mark)
    is_last = len(others[-1]) == 3
    return (
        is_last
        and 1 <= len(first) <= 3
        and (all(len(part) == 3 for part in others) or all(len(part) == 2 for part in others[:-1]))
    )


def _ascii(char: str) -> str:
    return char if char in ".," else str(unicodedata.digit(char))
