"""
Figures that a text states, each with its quote: a small grammar over sentences.

A quantity becomes a claim of the kind whose words stand nearest to it in its sentence.
What a mass is a mass of (WO3, contained metal, ore, …) is read from the words at the
figure, and is left empty when they do not say it: an unstated basis is never guessed.
Both ends of a range are claims.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.enrich.numbers import Grammar, Quantity
from monitor.enrich.vocabulary import Hit, Name, Vocabulary, folded, longest
from monitor.model import Claim, Mention

#: Characters of a text that are read for figures.
READ_CHARS = 60_000

#: Claims of one text at most.
MOST_CLAIMS = 60

#: A quote is at most this long; longer sentences are cut around the figure.
QUOTE_CHARS = 320

#: Words of a kind this far from the figure do not speak of it (characters).
REACH = 90

#: How far the words of a basis may stand behind and before a figure.
BASIS_BEHIND, BASIS_BEFORE = 45, 40

#: Words before the figure speak of it a little rather than those behind.
BEHIND_COSTS = 8

#: Nor do words of another clause, least of all those of the next.
CLAUSE_COSTS, BEHIND_CLAUSE_COSTS = 10, 40

#: "Miners may extract 250 Mt under the quota": what is allowed is meant, not what is done.
PREFERRED = 60

#: Kinds of mention that a figure may be about.
SUBJECTS = frozenset({"mineral", "company", "deposit", "state_body"})

#: What figures are told apart from others by, and not worth a claim: "up 12 %".
UNCLAIMED = frozenset({"change"})

#: Characters before a mass in which words make it an amount a year.
YEAR_BEFORE = 30

#: How far before the price of a unit a word may stand by which it is a cost.
COST_BEFORE = 40

#: How far behind a sum the noun may stand that it belongs to: "A$1.65 billion federal loan".
HEAD_BEHIND = 26

_HEAD = re.compile(r"[ \u00a0-]?(?:[^\W\d]+[ -])?")
#: Another figure's clause stands between: "年产能10万吨,铜资源量520万吨".
_OTHER_FIGURE = re.compile(r"\d[^\d]*[,;，；、]\s*\D")
_SIGNED = re.compile(r"(?<!\d)[+\u2212\u2013-]\s?$")
_CLAUSE = re.compile(r"[,;，；:]| and | и | und | y | et | және ")
_OF = re.compile(r"\s*(?:of|от|des|der|de|del|du)\s([^.;,:]{0,60})", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\W[A-ZА-Я]\.)(?<!тыс\.)(?<!млн\.)(?<!млрд\.)(?<!руб\.)(?<!Mio\.)(?<!Mrd\.)(?<!etc\.)[\"»”’)]*\s+"
    r"(?=[\"«“‘(]?[A-ZА-ЯӘҒҚҢӨҰҮҺІÀ-Þ0-9])|(?<=[。！？；])|\n+"
)


class ClaimReader:
    """The grammar compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._grammar = Grammar(data)
        self._kinds = {sort: _vocabulary(found) for sort, found in data["kinds"].items()}
        self._basis = _vocabulary(data["basis"])
        self._stages = _vocabulary(data["stages"])
        self._share_after = _vocabulary({"share": data["share_after"]["words"]})
        self._annual = _vocabulary({"t/y": data["per_year_before"]["words"]})
        self._matters: Mapping[str, Mapping[str, str]] = data["matters"]
        self._reached = _vocabulary({"reached": data["reached"]["words"]})
        self._grade_of = _vocabulary({"grade": data["grade_of"]["words"]}, is_cased=True)
        self._no_sums = _vocabulary({"": data["no_sums"]["words"]})
        self._unit_costs = _vocabulary(data["unit_costs"])
        self._heads = _vocabulary(data["heads"])

    def quantities(self, text: str, language: str) -> Iterator[Quantity]:
        """The numbers of a text with their units, in order, whatever they are about."""
        return self._grammar.quantities(text, language)

    def read(self, text: str, language: str, mentions: Sequence[Mention]) -> tuple[Claim, ...]:
        """
        The claims of `title + "\\n" + text`, in order of their figures.

        Args:
            text: that very string; quotes and offsets refer to it.
            mentions: of the same string; those in a claim's sentence are its subjects.
        """
        found: dict[tuple[str, float, str, str], Claim] = {}
        events = tuple(dict.fromkeys(m.concept for m in mentions if m.kind == "event"))
        countries = {m.concept for m in mentions if m.kind == "country"}
        is_yen = "JP" in countries and "CN" not in countries
        named = [m for m in mentions if m.kind in SUBJECTS]
        named.sort(key=lambda m: m.start)
        starts = [m.start for m in named]
        for start, end in sentences(text[:READ_CHARS]):
            told = named[bisect_left(starts, start) : bisect_left(starts, end)]
            subjects = tuple(dict.fromkeys(m.concept for m in told))
            for claim in self._of_sentence(
                text, start, end, language, subjects, events, is_yen=is_yen
            ):
                found.setdefault((claim.kind, claim.value, claim.unit, claim.basis), claim)
            if len(found) >= MOST_CLAIMS:
                break
        return tuple(found.values())[:MOST_CLAIMS]

    def _of_sentence(
        self,
        text: str,
        start: int,
        end: int,
        language: str,
        subjects: tuple[str, ...],
        events: tuple[str, ...],
        *,
        is_yen: bool,
    ) -> Iterator[Claim]:
        sentence = text[start:end]
        quantities = list(self._grammar.quantities(sentence, language))
        if not quantities:
            return
        lower = folded(sentence)
        stage = next(iter(self._stages.scan(sentence, lower)), None)
        known: dict[str, list[Hit[str]]] = {}
        for one in quantities:
            quantity = _in_yen(one) if is_yen and sentence[one.start] == "¥" else one
            quantity = self._annual_or_not(quantity, sentence, lower)
            kind = self._kind(quantity, sentence, lower, known)
            if not kind and subjects:
                kind = self._by_matter(quantity.sort, events)
            if not kind or kind in UNCLAIMED:
                continue
            left, right = _quote(start, end, start + quantity.start, start + quantity.end)
            yield Claim(
                kind=kind,
                value=quantity.value,
                unit=quantity.unit,
                basis=self._basis_of(quantity, sentence, lower),
                stage=stage.meaning if stage else "",
                subjects=subjects,
                quote=text[left:right],
                start=left,
                end=right,
            )

    def _annual_or_not(self, quantity: Quantity, sentence: str, lower: str) -> Quantity:
        """A mass behind `annual` is an amount a year."""
        if quantity.unit != "t":
            return quantity
        begin = max(0, quantity.start - YEAR_BEFORE)
        before = slice(begin, quantity.start)
        hits = self._annual.scan(sentence[before], lower[before])
        # "2023年产金5.9吨" is the output of a year, not of each.
        if not any(
            not sentence[begin + hit.start - 1 : begin + hit.start].isdigit()
            and not _OTHER_FIGURE.search(sentence, begin + hit.end, quantity.start)
            for hit in hits
        ):
            return quantity
        return Quantity(start=quantity.start, end=quantity.end, value=quantity.value, unit="t/y")

    def _kind(
        self, quantity: Quantity, sentence: str, lower: str, known: dict[str, list[Hit[str]]]
    ) -> str:
        """
        The kind whose word stands nearest; '' when none of the sort's words is near.

        Args:
            known: the sentence's words by sort, found once.
        """
        if quantity.sort == "price":
            return "change" if self._is_cost(quantity, sentence, lower) else "price"
        if quantity.sort == "money" and (head := self._head(quantity, sentence, lower)):
            return head
        if quantity.sort == "other":
            return {"g/t": "grade", "MW": "capacity"}.get(quantity.unit, "")
        if quantity.sort == "percent":
            if _SIGNED.search(sentence, max(0, quantity.start - 2), quantity.start):
                return "change"
            if self._is_share(quantity, sentence, lower):
                return "share"
            if self._is_grade(quantity, sentence, lower):
                return "grade"
        if quantity.sort not in known:
            known[quantity.sort] = self._kind_words(quantity.sort, sentence, lower)
        near = [(_distance(hit, quantity, sentence), hit.meaning) for hit in known[quantity.sort]]
        distance, kind = min(near, default=(REACH + 1, ""))
        if distance > REACH:
            kind = "capacity" if quantity.sort == "mass_per_year" else ""
        if quantity.sort == "mass_per_year" and kind == "production":
            kind = kind if any(self._reached.scan(sentence, lower)) else "capacity"
        return kind

    def _is_cost(self, quantity: Quantity, sentence: str, lower: str) -> bool:
        """Whether the price of a unit is what it costs to make: "C1 costs were US$512 a tonne"."""
        before = slice(max(0, quantity.start - COST_BEFORE), quantity.start)
        hits = sorted(self._unit_costs.scan(sentence[before], lower[before]), key=lambda h: h.end)
        return bool(hits) and hits[-1].meaning == "costs"

    def _head(self, quantity: Quantity, sentence: str, lower: str) -> str:
        """The kind of a sum by the noun that it stands before; '' where there is none."""
        behind = slice(quantity.end, quantity.end + HEAD_BEHIND)
        hits = self._heads.scan(sentence[behind], lower[behind])
        return next((h.meaning for h in hits if _HEAD.fullmatch(sentence[behind], 0, h.start)), "")

    def _by_matter(self, sort: str, events: Sequence[str]) -> str:
        """The kind that the article's matter suggests, where no word of the sentence does."""
        suggested = self._matters.get(sort, {})
        return next((suggested[event] for event in events if event in suggested), "")

    def _kind_words(self, sort: str, sentence: str, lower: str) -> list[Hit[str]]:
        hits = list(self._kinds[sort].scan(sentence, lower))
        if sort != "money":
            return hits
        hits += self._no_sums.scan(sentence, lower)
        return [hit for hit in longest(hits) if hit.meaning]

    def _is_share(self, quantity: Quantity, sentence: str, lower: str) -> bool:
        """`70 % of the country's reserves`: what directly follows says so."""
        following = _OF.match(sentence, quantity.end)
        if following is None:
            return False
        clause = slice(following.start(1), following.end(1))
        return any(True for _ in self._share_after.scan(sentence[clause], lower[clause]))

    def _is_grade(self, quantity: Quantity, sentence: str, lower: str) -> bool:
        """`0.2 % WO3`: a form directly behind."""
        behind = slice(quantity.end, quantity.end + BASIS_BEHIND)
        hits = self._grade_of.scan(sentence[behind], lower[behind])
        return any(not sentence[behind][: hit.start].strip() for hit in hits)

    def _basis_of(self, quantity: Quantity, sentence: str, lower: str) -> str:
        """What the mass is a mass of: the words behind it, else those before it."""
        if quantity.sort not in {"mass", "mass_per_year"}:
            return ""
        begin = max(0, quantity.start - BASIS_BEFORE)
        behind = slice(quantity.end, quantity.end + BASIS_BEHIND)
        before = slice(begin, quantity.start)
        hits = _longest_at(self._basis, sentence[behind], lower[behind])
        if hits and not re.search(r"[\d;]", sentence[behind][: hits[0].start]):
            return _form(hits)
        ending = _longest_at(self._basis, sentence[before], lower[before])
        if ending and not re.search(r"[\d,;，]", sentence[before][ending[-1].end :]):
            return ending[-1].meaning
        return ""


@cache
def reader() -> ClaimReader:
    """The reader of the grammar that comes with the monitor."""
    source = files("monitor.enrich").joinpath("data", "claims.toml")
    return ClaimReader(tomllib.loads(source.read_text(encoding="utf-8")))


def sentences(text: str) -> list[tuple[int, int]]:
    """Where sentences begin and end, without the white space between them."""
    found, at = [], 0
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[at:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            found.append((at + lead, at + len(piece.rstrip())))
        at = match.end() if match else end
    return found


def _in_yen(quantity: Quantity) -> Quantity:
    """`¥` in news of Japan that does not speak of China."""
    unit = quantity.unit.replace("CNY", "JPY", 1)
    return Quantity(start=quantity.start, end=quantity.end, value=quantity.value, unit=unit)


def _quote(start: int, end: int, figure: int, figure_end: int) -> tuple[int, int]:
    """The sentence, or as much of a long one as is allowed around the figure."""
    if end - start <= QUOTE_CHARS:
        return start, end
    half = (QUOTE_CHARS - (figure_end - figure)) // 2
    left = max(start, min(figure - half, end - QUOTE_CHARS))
    return left, min(end, left + QUOTE_CHARS)


def _form(hits: Sequence[Hit[str]]) -> str:
    """The basis of the first hit; a metal directly before `ore` or `concentrate` is that."""
    first, *rest = hits
    if rest and rest[0].meaning in {"ore", "concentrate"} and rest[0].start - first.end <= 1:
        return rest[0].meaning
    return first.meaning


def _distance(hit: Hit[str], quantity: Quantity, sentence: str) -> int:
    """Characters between a word and a figure, and what stands between them costs more."""
    is_behind = hit.start >= quantity.end
    between = (
        sentence[quantity.end : hit.start] if is_behind else sentence[hit.end : quantity.start]
    )
    cost = len(between) + (BEHIND_COSTS if is_behind else 0)
    if _CLAUSE.search(between):
        cost += BEHIND_CLAUSE_COSTS if is_behind else CLAUSE_COSTS
    return cost - (PREFERRED if hit.meaning == "quota" else 0)


def _longest_at(vocabulary: Vocabulary[str], text: str, lower: str) -> list[Hit[str]]:
    """Hits in order; of those that overlap, the longest (`tungsten trioxide`)."""
    chosen: list[Hit[str]] = []
    for hit in sorted(vocabulary.scan(text, lower), key=lambda hit: (hit.start, -hit.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def _vocabulary(
    by_meaning: Mapping[str, Sequence[str]], *, is_cased: bool = False
) -> Vocabulary[str]:
    return Vocabulary(
        Name(word, meaning, is_proper=is_cased)
        for meaning, words in by_meaning.items()
        for word in words
    )
