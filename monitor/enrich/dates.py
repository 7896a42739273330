"""
From which day and until which day a rule holds, and of which date a figure is.

A day beside "from" or "takes effect" is the first of a rule, one beside "until" or "expires"
the last, where the sentence or the title speaks of rules at all. "For six months" behind a
first day gives the last. A day without a year is of the year of publication or the next one;
where that is unknown it is left out, as nothing is guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitor.enrich.days import Day, Days
from monitor.enrich.lookup import Lookup, listed
from monitor.enrich.reading import Quantity
from monitor.enrich.sentences import Sentence
from monitor.enrich.wordbook import Wordbook

#: Days that are read in one sentence.
MOST_DAYS = 12

#: How far from a day the verb may stand that makes it the first or the last one.
VERB_NEAR = 60

#: How far from a figure its year may stand.
YEAR_NEAR = 60

#: A day without a year lies at most this long before the day of publication.
PAST = timedelta(days=120)

#: Kinds that are of a date.
DATED = frozenset(
    {"production", "exports", "imports", "guidance", "revenue", "profit", "resource", "reserve"}
    | {"stockpile", "share", "quota", "dividend"}
)

#: Endings of a date that mean "until".
_UNTIL = ("gacha", "гача", "gaqadar")
_YEAR = re.compile(r"(?<![\d.,/$-])((?:19|20)\d\d)(?![\d.,/%]*\d|[%-]\d)")
_DIGITS = re.compile(r"(\d{1,2})[ -]?$")
_THE = re.compile(r" ?(?:the|dem|den|le|el|la|il|o|ngày|dnia|tanggal)? ?$")


@dataclass(frozen=True, slots=True)
class RuleDay:
    """The first or the last day of a rule, and where it stands in its sentence."""

    #: `effective` or `expiry`.
    kind: str
    start: int
    end: int
    #: 20261110.
    value: float
    #: As far as it is told: `2026-11-10`.
    iso: str


class Calendar:
    """The words of dates compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any], rules: Sequence[str]) -> None:
        """
        Args:
            data: `dates.toml`.
            rules: words of rules.
        """
        self._days = Days(data["months"])
        self._beside = {
            ("effective", False): Lookup(listed(data["first_before"]), cased=0),
            ("effective", True): Lookup(listed(data["first_behind"]), cased=0),
            ("expiry", False): Lookup(listed(data["last_before"]), cased=0),
            ("expiry", True): Lookup(listed(data["last_behind"]), cased=0),
        }
        verbs = {"effective": data["first_verbs"]["words"], "expiry": data["last_verbs"]["words"]}
        self._book = Wordbook(
            {"rules": {"rule": rules}, "verbs": verbs, "durations": data["durations"]}
        )
        self._as_of = Lookup(listed(data["as_of_before"]), cased=0)
        self._as_of_behind = Lookup(listed(data["as_of_behind"]), cased=0)
        self._so_long = Lookup(listed(data["durations_before"]), cased=0)
        self._numbers = Lookup(
            (word, int(number)) for number, words in data["small_numbers"].items() for word in words
        )

    def rules(
        self, sentence: Sentence, told: Sequence[Sentence], on: date | None
    ) -> Iterator[RuleDay]:
        """First and last days of rules that a sentence tells of, in order."""
        days = self._of(sentence)
        if not days or not self._speaks_of_rules(sentence, told[0]):
            return
        first: date | None = None
        for day in days:
            kind = self._kind(day, sentence)
            when = _date(day, on, is_last=kind == "expiry") if kind else None
            if when is None:
                continue
            if kind == "effective":
                first = when
            iso = when.isoformat() if day.day else when.isoformat()[: len("2026-01")]
            yield RuleDay(kind, day.start, day.end, _value(when), iso)
        if first is not None:
            yield from self._lasting(first, sentence)

    def as_of(self, kind: str, quantity: Quantity, sentence: Sentence) -> str:
        """The date that a figure is of, as far as its sentence tells; else ''."""
        if kind not in DATED:
            return ""
        for day in self._of(sentence):
            if day.year and self._is_as_of(day, sentence):
                return day.iso
        near = [
            (min(abs(m.start() - quantity.end), abs(quantity.start - m.end())), m[1])
            for m in _YEAR.finditer(sentence.text)
            if not quantity.start <= m.start() < quantity.end
        ]
        distance, year = min(near, default=(YEAR_NEAR + 1, ""))
        return year if distance <= YEAR_NEAR else ""

    def _of(self, sentence: Sentence) -> Sequence[Day]:
        if sentence.days is None:
            sentence.days = self._days.read(sentence.text, sentence.lower)[:MOST_DAYS]
        return sentence.days

    def _speaks_of_rules(self, sentence: Sentence, title: Sentence) -> bool:
        return bool(sentence.words(self._book, "rules") or title.words(self._book, "rules"))

    def _is_as_of(self, day: Day, sentence: Sentence) -> bool:
        return bool(
            self._before(self._as_of, day.start, sentence)
            or self._behind(self._as_of_behind, day.end, sentence)
        )

    def _kind(self, day: Day, sentence: Sentence) -> str:
        """`effective` or `expiry` by the words beside a day, else by the verb near it."""
        for (kind, is_behind), words in self._beside.items():
            look = self._behind if is_behind else self._before
            if look(words, day.end if is_behind else day.start, sentence):
                return kind
        if sentence.lower.endswith(_UNTIL, 0, day.end):
            return "expiry"
        near = [
            (max(hit.start - day.end, day.start - hit.end, 0), hit.meaning)
            for hit in sentence.words(self._book, "verbs")
        ]
        distance, kind = min(near, default=(VERB_NEAR + 1, ""))
        return kind if distance <= VERB_NEAR else ""

    def _before(self, words: Lookup[str], at: int, sentence: Sentence) -> bool:
        """Whether one of the words stands before a place, articles between allowed."""
        between = _THE.search(sentence.lower, max(0, at - 9), at)
        for end in dict.fromkeys((at, between.start() if between else at, at - 1)):
            if end > 0 and words.before(sentence.text, sentence.lower, end, sentence.language):
                return True
        return False

    def _behind(self, words: Lookup[str], at: int, sentence: Sentence) -> bool:
        """Whether one of the words stands behind a place: at once, after a space or an ending."""
        lower = sentence.lower
        places = [at, at + 1] if lower[at : at + 1] == " " else [at]
        places += [at + step.end() + 1 for step in [_ENDING.match(lower, at)] if step]
        return any(words.at(sentence.text, lower, place, sentence.language) for place in places)

    def _lasting(self, first: date, sentence: Sentence) -> Iterator[RuleDay]:
        """`for six months`: the last day by the first."""
        for hit in sentence.words(self._book, "durations"):
            found = self._count(hit.start, sentence)
            if found is None:
                continue
            count, start = found
            if not self._before(self._so_long, start, sentence):
                continue
            months = count * (12 if hit.meaning == "year" else 1)
            last = _later(first, months)
            if last is not None:
                yield RuleDay("expiry", start, hit.end, _value(last), last.isoformat())
                return

    def _count(self, end: int, sentence: Sentence) -> tuple[int, int] | None:
        """The number before a word for months, and where it begins."""
        if match := _DIGITS.search(sentence.lower, max(0, end - 4), end):
            return int(match[1]), match.start()
        for place in (end, end - 1):
            word = self._numbers.before(sentence.text, sentence.lower, place) if place > 0 else None
            if word is not None:
                return word.value, word.start
        return None


_ENDING = re.compile(
    r"[^\W\d_]{1,5}(?= )| (?:года|год|году|р|г|року|жылғы|жылдың|yil|ның)\b\.?(?= |,)"
)


def _date(day: Day, on: date | None, *, is_last: bool) -> date | None:
    """The day in the calendar; of a month its first or last; None where the year is unknown."""
    years = [day.year] if day.year else [on.year, on.year + 1] if on else []
    for year in years:
        most = monthrange(year, day.month)[1]
        if day.day > most:
            continue
        found = date(year, day.month, day.day or (most if is_last else 1))
        if day.year or on is None or found >= on - PAST:
            return found
    return None


def _later(first: date, months: int) -> date | None:
    """The day so many months later: 31 August and six months are 28 February."""
    place = first.year * 12 + first.month - 1 + months
    year, month = place // 12, place % 12 + 1
    if not 0 < months <= 1200 or year > date.max.year:
        return None
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def _value(day: date) -> float:
    return float(day.year * 10_000 + day.month * 100 + day.day)
