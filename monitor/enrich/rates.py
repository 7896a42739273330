"""
Amounts a year and a day: what stands behind a mass (`a year`) or before it (`annual output of`).

`2023年产金5.9吨` is the output of a year and no rate; `5,000 t a year earlier` is none either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.enrich.lookup import Lookup, listed
from monitor.enrich.reading import STOP, Quantity, Reading, may_begin, word_before, word_behind

#: How far behind a mass "a year" may stand: "tonnes of cathode a year"; how far before it.
YEAR_BEHIND, YEAR_BEFORE = 45, 30

#: Between two masses of one clause, which are amounts a year together.
TOGETHER = 26

#: `연 6만t`: a word of one syllable, which is part of many others.
_KOREAN_YEAR = re.compile(r"(?<!\w)연 ?$")
#: The same amount in other words: "640,000 t of ore a year, or about 2,300 t of concentrate".
_OR = re.compile(r", (?:or|или|або|oder|ou|o|soit|то есть) ")
_EARLIER = re.compile(
    r" (?:earlier|ago|before|later|назад|ранее|раніше|zuvor|früher|plus tôt|auparavant|antes|atrás)"
)


class Rates:
    """The words of rates compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """
        Args:
            data: `numbers.toml`.
        """
        self._per_year = Lookup(listed(data["per_year"]))
        self._per_year_first = Lookup(listed(data["per_year_before"]))
        self._per_day = Lookup(listed(data["per_day"]))

    def of(self, one: Reading, mass: Quantity, last: Quantity | None) -> str:
        """
        `/y` of an amount a year, `/d` of one a day; '' of any other.

        Args:
            last: the quantity before it.
        """
        if self._is_yearly_behind(one, mass.end):
            return "/y"
        is_daily = word_before(self._per_day, one, mass.start)
        if is_daily or word_behind(self._per_day, one, mass.end):
            return "/d"
        if self._is_yearly_before(one, mass.start):
            return "/y"
        is_more = (
            last is not None
            and last.unit == f"{mass.unit}/y"
            and 0 <= mass.start - last.end <= TOGETHER
            and (
                not STOP.search(one.lower, last.end, mass.start)
                or _OR.search(one.lower, last.end, mass.start)
            )
        )
        return "/y" if is_more else ""

    def _is_yearly_behind(self, one: Reading, end: int) -> bool:
        """`tonnes a year`, `tonnes of cathode a year`."""
        if step := word_behind(self._per_year, one, end):
            return not _EARLIER.match(one.lower, step.end)
        window = one.lower[end : end + YEAR_BEHIND]
        stop = STOP.search(window)
        window = window[: stop.start()] if stop else window
        for offset, char in enumerate(window):
            if char not in " /" or not window[offset + 1 : offset + 2].strip():
                continue
            at = end + offset + (char == " ")
            step = self._per_year.at(one.text, one.lower, at, one.language)
            if step and step.end - step.start > 1:
                return not _EARLIER.match(one.lower, step.end) and not _is_dated(one, step.end)
        return False

    def _is_yearly_before(self, one: Reading, start: int) -> bool:
        """`annual output of 5,000 t`, `年产10万吨`; `2023年产金5.9吨` is the output of a year."""
        if _KOREAN_YEAR.search(one.lower, max(0, start - 4), start):
            return True
        begin = max(0, start - YEAR_BEFORE)
        window = one.lower[begin:start]
        stops = [match.end() for match in STOP.finditer(window)]
        begin += stops[-1] if stops else 0
        for at in range(begin, start):
            is_free = not one.lower[at].isspace() and (at == begin or may_begin(one.lower, at))
            step = is_free and self._per_year_first.at(one.text, one.lower, at, one.language)
            if step and not one.text[max(0, at - 1) : at].isdigit():
                return True
        return False


def _is_dated(one: Reading, end: int) -> bool:
    return one.lower[end : end + 2].strip().isdigit()
