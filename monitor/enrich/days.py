"""
Days as languages write them: `30 October 2025`, `1 января 2026 года`, `2025年10月30日`, `1.1.2027`.

A day without a year, and a month without a day, are read as far as they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.enrich.wordbook import Wordbook

_DIGIT, _MARKED = re.compile(r"\d"), re.compile(r"\d[./-]\d")
_HAN = re.compile(
    r"(?:(?P<y>\d{4})\s?[年년]\s?)?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日日號号일])?"
)
_PLAIN = re.compile(
    r"(?<![\d.,/-])(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})(?P<mark>[./-])(?P<m2>\d{1,2})(?P=mark)(?P<y2>(?:19|20)\d\d))(?![\d/-])"
)
_DAY_BEFORE = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:\.|er|ère|º|°|ª|-го|-е|-ші|-шы|-і|-ы|th|st|nd|rd|-|'|ж\.)?\s?"
    r"(?:ngày |of |de |del |di |d'|do )?$",
    re.IGNORECASE,
)
_DAY_BEHIND = re.compile(
    r"\.?\s?(\d{1,2})(?:st|nd|rd|th|-да|-ден|-на|-дан)?(?![\d%.:]|\s?(?:тыс|млн|%))"
)
_YEAR_BEHIND = re.compile(
    r"(?:'?\w{0,3})?,?\s{0,2}(?:de |del |do |năm |of |d'|роц\w{1,2} |году )?((?:19|20)\d\d)(?!\d)"
)
_YEAR_BEFORE = re.compile(
    r"((?:19|20)\d\d)(?:-|\.)?\s?(?:жыл\w{0,5}|жыл|yil\w{0,4}|год\w?|оны|он|il\w{0,3}|m\.|év)?"
    r"[ ,.-]{1,2}(?:\d{1,2}(?:\.|-)?\s?)?$"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a month, where it stands; 0 = not told."""

    start: int
    end: int
    year: int
    month: int
    #: 0: the whole month.
    day: int

    @property
    def iso(self) -> str:
        """`2026-01-31`, or as far as it is told: `2026-01`."""
        return f"{self.year:04}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


class Days:
    """The names of the months compiled."""

    def __init__(self, months: Mapping[str, Sequence[str]]) -> None:
        self._months = Wordbook({"months": months})

    def read(self, text: str, lower: str) -> list[Day]:
        """The days of a text, in order, none within another."""
        if not _DIGIT.search(text):
            return []
        found = [*self._named(text, lower), *_written(text)]
        kept: list[Day] = []
        for day in sorted(found, key=lambda day: (day.start, -day.end)):
            if _is_possible(day) and (not kept or day.start >= kept[-1].end):
                kept.append(day)
        return kept

    def _named(self, text: str, lower: str) -> Iterator[Day]:
        for hit in self._months.scan(text, lower).get("months", ()):
            month = int(hit.meaning)
            start, end, number, year = hit.start, hit.end, 0, 0
            if before := _DAY_BEFORE.search(lower, max(0, hit.start - 12), hit.start):
                number, start = int(before[1]), before.start()
            behind = None if number else _DAY_BEHIND.match(lower, hit.end)
            if behind and not lower.startswith(("年", "-ж"), behind.end()):
                number, end = int(behind[1]), behind.end()
            if first := _YEAR_BEFORE.search(lower, max(0, hit.start - 22), hit.start):
                year, start = int(first[1]), first.start()
            elif after := _YEAR_BEHIND.match(lower, end):
                year, end = int(after[1]), after.end()
            if number or year:
                yield Day(start, end, year, month, number)


def _written(text: str) -> Iterator[Day]:
    for match in _HAN.finditer(text) if "月" in text or "월" in text else ():
        day = int(match["d"] or 0)
        if day or match["y"]:
            yield Day(match.start(), match.end(), int(match["y"] or 0), int(match["m"]), day)
    for match in _PLAIN.finditer(text) if _MARKED.search(text) else ():
        parts = (match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
        yield Day(match.start(), match.end(), *map(int, parts))


def _is_possible(day: Day) -> bool:
    return 1 <= day.month <= 12 and 0 <= day.day <= 31
