"""
Figures that a text states, each with its quote.

`quantities` reads numbers with their units, `kinds` what they are figures of, `forms` on which
basis, `standing` how binding; `dates` reads the days from which and until which rules hold,
`checks` does the sums. Both ends of a range are claims. Never a figure without its quote.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from monitor.enrich.checks import doubted
from monitor.enrich.dates import Calendar
from monitor.enrich.forms import Forms
from monitor.enrich.kinds import UNCLAIMED, Kinds
from monitor.enrich.quantities import Grammar
from monitor.enrich.reading import Quantity
from monitor.enrich.sentences import Sentence, sentences
from monitor.enrich.standing import Standing
from monitor.enrich.vocabulary import Hit, folded
from monitor.enrich.wordbook import Wordbook
from monitor.model import Claim, Mention

#: Characters of a text that are read for figures.
READ_CHARS = 60_000

#: Claims of one text at most.
MOST_CLAIMS = 60

#: A quote is at most this long; longer sentences are cut around the figure.
QUOTE_CHARS = 320

#: Kinds of mention that a figure may be about.
SUBJECTS = frozenset({"mineral", "company", "deposit", "state_body"})

#: Of these a figure is about the nearest one.
NEAREST = frozenset({"mineral", "deposit"})

#: Words between a figure and a subject before it count less than those behind: "5 t of copper".
BEFORE_COSTS = 5


class _Article(NamedTuple):
    """What is read, and what its figures are read by."""

    text: str
    #: Its sentences, the title first.
    told: Sequence[Sentence]
    mentions: Sequence[Mention]
    #: Codes of estimates that it names.
    codes: Sequence[Hit[str]]
    #: The day of publication; None = unknown.
    on: date | None


class ClaimReader:
    """The grammar compiled; safe to share between threads."""

    def __init__(
        self, numbers: Mapping[str, Any], kinds: Mapping[str, Any], days: Mapping[str, Any]
    ) -> None:
        """
        Args:
            numbers, kinds, days: `numbers.toml`, `claims.toml`, `dates.toml`.
        """
        self._grammar = Grammar(numbers)
        book = _book(kinds)
        self._kinds = Kinds(kinds, book)
        self._forms = Forms(kinds, book)
        self._standing = Standing(kinds, book)
        self._calendar = Calendar(days, kinds["rules"]["words"])

    def quantities(self, text: str, language: str) -> Iterator[Quantity]:
        """The numbers of a text with their units, in order, whatever they are about."""
        yield from self._grammar.quantities(text, language)

    def read(
        self,
        text: str,
        language: str,
        mentions: Sequence[Mention],
        *,
        on: date | None = None,
    ) -> tuple[Claim, ...]:
        """
        The claims of `title + "\\n" + text`, in order of their figures.

        Args:
            text: that very string; quotes and offsets refer to it.
            mentions: of the same string; those in a claim's sentence are its subjects.
            on: the day of publication, for dates without a year; None leaves those out.
        """
        shown = text[:READ_CHARS]
        lower = folded(shown)
        told = self._sentences(shown, lower, language, mentions)
        article = _Article(text, told, mentions, self._standing.codes(shown, lower), on)
        found: dict[tuple[str, float, str, str], Claim] = {}
        for claim in (claim for one in told for claim in self._of_sentence(one, article)):
            found.setdefault((claim.kind, claim.value, claim.unit, claim.basis), claim)
            if len(found) >= MOST_CLAIMS:
                break
        return doubted(tuple(found.values()))

    def _sentences(
        self, text: str, lower: str, language: str, mentions: Sequence[Mention]
    ) -> list[Sentence]:
        """The sentences with the quantities and names in them; the title is the first line's."""
        countries = {m.concept for m in mentions if m.kind == "country"}
        events = tuple(dict.fromkeys(m.concept for m in mentions if m.kind == "event"))
        quantities = self._grammar.quantities(text, language, countries, lower)
        named = sorted((m for m in mentions if m.kind in SUBJECTS), key=lambda m: m.start)
        at = [q.start for q in quantities]
        starts = [m.start for m in named]
        return [
            Sentence(
                start=start,
                text=text[start:end],
                lower=lower[start:end],
                language=language,
                quantities=[
                    replace(q, start=q.start - start, end=q.end - start)
                    for q in quantities[bisect_left(at, start) : bisect_left(at, end)]
                    if q.end <= end
                ],
                mentions=named[bisect_left(starts, start) : bisect_left(starts, end)],
                events=events,
            )
            for start, end in sentences(text)
        ]

    def _of_sentence(self, sentence: Sentence, article: _Article) -> Iterator[Claim]:
        for quantity in sentence.quantities:
            kind = self._standing.estimate(self._kinds.of(quantity, sentence), quantity, sentence)
            if kind and kind not in UNCLAIMED:
                yield self._claim(kind, quantity, sentence, article)
        for day in self._calendar.rules(sentence, article.told, article.on):
            figure = Quantity(start=day.start, end=day.end, value=day.value, unit="date")
            yield self._claim(day.kind, figure, sentence, article, as_of=day.iso)

    def _claim(
        self,
        kind: str,
        quantity: Quantity,
        sentence: Sentence,
        article: _Article,
        as_of: str = "",
    ) -> Claim:
        start, end = sentence.start, sentence.start + len(sentence.text)
        figure = start + quantity.start, start + quantity.end
        left, right = _quote(start, end, *figure)
        return Claim(
            kind=kind,
            value=quantity.value,
            unit=_unit(kind, quantity),
            basis=self._forms.of(quantity, kind, sentence, _alone(sentence, article)),
            stage=self._standing.stage(kind, quantity, sentence, article.told[0]),
            subjects=_subjects(quantity, sentence, article.told),
            category=self._standing.category(kind, quantity, sentence),
            standard=self._standing.standard(kind, sentence, article.codes),
            as_of=as_of or self._calendar.as_of(kind, quantity, sentence),
            quote=article.text[left:right],
            start=left,
            end=right,
            figure_start=figure[0],
            figure_end=figure[1],
        )


@cache
def reader() -> ClaimReader:
    """The reader of the grammar that comes with the monitor."""
    numbers, kinds, days = (
        tomllib.loads(files("monitor.enrich").joinpath("data", name).read_text(encoding="utf-8"))
        for name in ("numbers.toml", "claims.toml", "dates.toml")
    )
    return ClaimReader(numbers, kinds, days)


def _book(kinds: Mapping[str, Any]) -> Wordbook:
    """The words of `claims.toml` that are looked for beside figures, in one pass."""
    lists = ("share_after", "part_of", "reached", "grade_of")
    return Wordbook(
        {
            **kinds["kinds"],
            **{name: {name: kinds[name]["words"]} for name in lists},
            # Meaning nothing: a sum that is none.
            "no_sums": {"": kinds["no_sums"]["words"]},
            **{
                name: kinds[name]
                for name in ("unit_costs", "heads", "basis", "stages", "categories")
            },
        },
        cased=("grade_of", "categories"),
        symbols=("basis",),
    )


def _unit(kind: str, quantity: Quantity) -> str:
    """What a company guides for is an amount a year."""
    is_amount = kind == "guidance" and quantity.sort == "mass"
    return f"{quantity.unit}/y" if is_amount else quantity.unit


def _alone(sentence: Sentence, article: _Article) -> str:
    """The only mineral of the title, else of the sentence, else of the text; '' = none."""
    for named in (article.told[0].mentions, sentence.mentions, article.mentions):
        found = {m.concept for m in named if m.kind == "mineral"}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _subjects(quantity: Quantity, sentence: Sentence, told: Sequence[Sentence]) -> tuple[str, ...]:
    """
    What a figure is about: of minerals and deposits the nearest one, of those who act all.

    A sentence that names nothing is about what the title names.
    """
    named = sentence.mentions or told[0].mentions
    offset = sentence.start if sentence.mentions else 0
    kept: list[Mention] = []
    for kind in dict.fromkeys(m.kind for m in named):
        some = [m for m in named if m.kind == kind]
        if kind in NEAREST and sentence.mentions:
            some = [min(some, key=lambda m: _gap(m.start - offset, m.end - offset, quantity))]
        kept += some
    return tuple(dict.fromkeys(m.concept for m in sorted(kept, key=lambda m: m.start)))


def _gap(start: int, end: int, quantity: Quantity) -> int:
    return start - quantity.end if start >= quantity.end else quantity.start - end + BEFORE_COSTS


def _quote(start: int, end: int, figure: int, figure_end: int) -> tuple[int, int]:
    """The sentence, or as much of a long one as is allowed around the figure."""
    if end - start <= QUOTE_CHARS:
        return start, end
    half = max(0, QUOTE_CHARS - (figure_end - figure)) // 2
    left = max(start, min(figure - half, end - QUOTE_CHARS))
    return left, min(end, max(left + QUOTE_CHARS, figure_end))
