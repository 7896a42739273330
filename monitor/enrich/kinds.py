"""
What a figure is a figure of: the kind whose words stand nearest to it in its sentence.

Words of seven languages count in every text, those of other languages in their own. Where no
word is near, the matter of the article decides, and last the sort of the unit: a number of
tonnes is worth telling whatever language it is told in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.enrich.reading import Quantity
from monitor.enrich.sentences import Sentence
from monitor.enrich.vocabulary import Hit, longest
from monitor.enrich.wordbook import Wordbook

#: Words of a kind this far from the figure do not speak of it (characters).
REACH = 90

#: Words before the figure speak of it a little rather than those behind.
BEHIND_COSTS = 8

#: Nor do words of another clause, least of all those of the next.
CLAUSE_COSTS, BEHIND_CLAUSE_COSTS = 10, 40

#: "Miners may extract 250 Mt under the quota": what is allowed is meant, not what is done.
PREFERRED = 60

#: What figures are told apart from others by, and not worth a claim: "up 12 %".
UNCLAIMED = frozenset({"change"})

#: How far before the price of a unit a word may stand by which it is a cost.
COST_BEFORE = 40

#: How far behind a sum the noun may stand that it belongs to: "A$1.65 billion federal loan".
HEAD_BEHIND = 26

#: How far behind a part of a whole the words may stand that make it a share.
PART_BEHIND = 30

#: A per cent of a metal of at most this is rather a grade than anything else.
MOST_GRADE = 75.0

#: Less of it directly before the metal is surely one: "1.31 % zinc".
SURE_GRADE = 15.0

#: How far behind a per cent its metal stands, so that it is the grade of it.
METAL_BEHIND = 4

#: How far before a figure "by" and the verb may stand: "output fell in June by about 5,000 t".
BY_CHARS, CHANGE_BEFORE = 16, 50

#: Least sums and masses that are told where no word says what they are.
LEAST_SUM, LEAST_MASS, LEAST_KNOWN = 1e6, 1.0, 1e6

#: A smaller sum is the price of something of which the unit is not told, and no deal's.
LEAST_DEAL = 1e5

#: A per cent of this and more directly before a concentrate is what it is sold as, no grade.
LEAST_SPECIFIED = 15.0

#: How far behind a mass its grade may stand: "41.2 Mt at 0.68 %".
GRADE_BEHIND = 32

_HEAD = re.compile(r"[ \u00a0-]?(?:[^\W\d]+[ -])?")
_SIGNED = re.compile(r"(?<!\d)[+\u2212\u2013-]\s?$")
_CLAUSE = re.compile(
    r"[,;，；:、،؛]| and | и | und | y | et | және | і | та | ve | dan | va | i | oraz | e "
)
_OF = re.compile(
    r"\s*(?:of|от|des|der|de|del|du|da|do|dos|das|dei|della|del|dari|của|από)\s([^.;,:]{0,60})",
    re.IGNORECASE,
)
#: A concentrate of so many per cent.
_SPECIFIED = re.compile(
    r"[^,.;:\d，。、]{0,24}?(?:精矿|精礦|concentrate|концентрат|konzentrat|concentré|concentrado|konsentrat|정광|精鉱)"
)
_AT = re.compile(
    r"[^.;。；\d]{0,20}?(?:\bat\b|@|\bgrading|\baveraging|\bà\b|\ba\b|\bcon\b|\bcom\b|\bmit\b|\bс\b|\bз\b|ley|teor|品位"
    r"|содержани|вміст|құрам)[^.;。；\d]{0,24}$"
)
#: "A quarter of the shares".
_STAKE = re.compile(
    r" ?(?:of (?:the |its )?)?(?:stake|interest|shares|equity|акци|доли|der Anteile|de las acciones"
    r"|des parts|股权|股份)"
)
_ESTIMATES = frozenset({"resource", "reserve"})
#: By how much: "by 5,000 t", "на 3 %".
_BY = re.compile(
    r"(?:\bby|\bна|\bum|\ben|\bde|\bdi|\bpor|\bsebesar|上调|下调|上涨|下跌|涨|跌|增加|减少)"
    r"(?: about| around| almost| почти| около| casi|了|约)? ?$"
)


class Kinds:
    """The words of kinds compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any], book: Wordbook) -> None:
        """
        Args:
            data: `claims.toml`.
            book: its words.
        """
        self._book = book
        self._own = {language: Wordbook({"": found}) for language, found in data["words"].items()}
        self._sorts = {sort: frozenset(kinds) for sort, kinds in data["sorts"].items()}
        self._otherwise: Mapping[str, str] = data["otherwise"]
        self._matters: Mapping[str, Mapping[str, str]] = data["matters"]

    def of(self, quantity: Quantity, sentence: Sentence) -> str:
        """The kind of a figure; '' where it is no claim."""
        found = self._told(quantity, sentence)
        if quantity.is_part or found in UNCLAIMED:
            return "" if found in UNCLAIMED else found
        return found or self._by_matter(quantity, sentence)

    def _told(self, quantity: Quantity, sentence: Sentence) -> str:
        """The kind that the words around a figure tell; '' = none."""
        if quantity.sort != "percent" and self._is_change(quantity, sentence):
            return "change"
        if quantity.sort == "price":
            return "change" if self._is_cost(quantity, sentence) else "price"
        if quantity.sort == "other":
            return "capacity" if quantity.unit == "MW" else "grade"
        if quantity.sort == "money":
            if quantity.value < LEAST_DEAL:
                return "change"
            if head := self._head(quantity, sentence):
                return head
        if quantity.is_part:
            return self._part(quantity, sentence)
        if quantity.sort == "percent" and (said := self._percent(quantity, sentence)):
            return said
        kind = self._nearest(quantity, sentence)
        if quantity.unit == "t" and kind not in _ESTIMATES and _is_graded(quantity, sentence):
            return "resource"
        if quantity.sort == "mass_per_year" and kind == "production":
            is_reached = quantity.unit == "oz/y" or any(sentence.words(self._book, "reached"))
            kind = kind if is_reached else "capacity"
        return kind

    def _percent(self, quantity: Quantity, sentence: Sentence) -> str:
        """The kind of a per cent by what it directly stands beside."""
        if _SIGNED.search(sentence.text, max(0, quantity.start - 2), quantity.start):
            return "change"
        if quantity.value >= LEAST_SPECIFIED and _SPECIFIED.match(sentence.lower, quantity.end):
            return "change"
        if self._is_share(quantity, sentence):
            return "share"
        return "grade" if self._is_grade(quantity, sentence) else ""

    def _nearest(self, quantity: Quantity, sentence: Sentence) -> str:
        words = self._words(quantity.sort, sentence)
        near = [(_distance(hit, quantity, sentence.text), hit.meaning) for hit in words]
        if quantity.sort == "percent" and self._is_of_metal(quantity, sentence):
            near.append((-1 if quantity.value < SURE_GRADE else REACH // 3, "grade"))
        distance, kind = min(near, default=(REACH + 1, ""))
        return kind if distance <= REACH else ""

    def _words(self, sort: str, sentence: Sentence) -> list[Hit[str]]:
        hits = list(sentence.words(self._book, sort))
        own = self._own.get(sentence.language)
        if own is not None:
            kinds = self._sorts[sort]
            hits += [hit for hit in sentence.words(own, "") if hit.meaning in kinds]
        if sort != "money":
            return hits
        hits += sentence.words(self._book, "no_sums")
        return [hit for hit in longest(hits) if hit.meaning]

    def _part(self, quantity: Quantity, sentence: Sentence) -> str:
        """`a third of world output`, `a quarter of the shares`: only directly before such words."""
        if _STAKE.match(sentence.text, quantity.end):
            return "stake"
        end = quantity.end + PART_BEHIND
        is_share = any(quantity.end <= h.start < end for h in sentence.words(self._book, "part_of"))
        return "share" if is_share else ""

    def _is_cost(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether the price of a unit is what it costs to make: "C1 costs were US$512 a tonne"."""
        begin = max(0, quantity.start - COST_BEFORE)
        hits = [
            h
            for h in sentence.words(self._book, "unit_costs")
            if begin <= h.start and h.end <= quantity.start
        ]
        return bool(hits) and max(hits, key=lambda hit: hit.end).meaning == "costs"

    def _head(self, quantity: Quantity, sentence: Sentence) -> str:
        """The kind of a sum by the noun that it stands before; '' where there is none."""
        end = quantity.end + HEAD_BEHIND
        return next(
            (
                hit.meaning
                for hit in sentence.words(self._book, "heads")
                if quantity.end <= hit.start
                and hit.end <= end
                and _HEAD.fullmatch(sentence.text, quantity.end, hit.start)
            ),
            "",
        )

    def _is_share(self, quantity: Quantity, sentence: Sentence) -> bool:
        """`70 % of the country's reserves`: what directly follows says so."""
        following = _OF.match(sentence.text, quantity.end)
        if following is None:
            return False
        start, end = following.span(1)
        return any(
            start <= h.start and h.end <= end for h in sentence.words(self._book, "share_after")
        )

    def _is_grade(self, quantity: Quantity, sentence: Sentence) -> bool:
        """`0.2 % WO3`: a form directly behind."""
        return any(
            hit.start >= quantity.end and not sentence.text[quantity.end : hit.start].strip()
            for hit in sentence.words(self._book, "grade_of")
        )

    def _is_of_metal(self, quantity: Quantity, sentence: Sentence) -> bool:
        """`1.31 % zinc`: a metal directly behind."""
        return quantity.value <= MOST_GRADE and any(
            mention.kind == "mineral"
            and 0 <= mention.start - sentence.start - quantity.end <= METAL_BEHIND
            and not sentence.text[quantity.end : mention.start - sentence.start].strip(" \u00a0-")
            for mention in sentence.mentions
        )

    def _by_matter(self, quantity: Quantity, sentence: Sentence) -> str:
        """The kind that the article's matter suggests, where no word of the sentence does."""
        sort = quantity.sort
        suggested = self._matters.get(sort, {})
        for event in sentence.events:
            if event in suggested:
                return suggested[event]
        least = LEAST_SUM if sort == "money" else LEAST_MASS
        # Where the words are known, a mass beside none of them is a lorry's or a bridge's.
        if sort == "mass" and sentence.language in self._own:
            least = LEAST_KNOWN
        return self._otherwise.get(sort, "") if quantity.value >= least else ""

    def _is_change(self, quantity: Quantity, sentence: Sentence) -> bool:
        """`rose by 5,000 t`, `上调3000元`: by how much something changed."""
        by = _BY.search(sentence.text, max(0, quantity.start - BY_CHARS), quantity.start)
        if by is None:
            return False
        begin = max(0, quantity.start - CHANGE_BEFORE)
        return any(
            hit.meaning == "change" and begin <= hit.start and hit.end <= quantity.start
            for hit in self._words("percent", sentence)
        )


def _is_graded(quantity: Quantity, sentence: Sentence) -> bool:
    """`41.2 Mt at 0.68 % Nb2O5`: a grade directly behind a mass makes it one of ore."""
    return any(
        0 < other.start - quantity.end <= GRADE_BEHIND
        and (other.unit == "g/t" or (other.unit == "%" and other.value < MOST_GRADE))
        and _AT.fullmatch(sentence.lower, quantity.end, other.start)
        for other in sentence.quantities
    )


def _distance(hit: Hit[str], quantity: Quantity, text: str) -> int:
    """Characters between a word and a figure, and what stands between them costs more."""
    is_behind = hit.start >= quantity.end
    between = text[quantity.end : hit.start] if is_behind else text[hit.end : quantity.start]
    cost = len(between) + (BEHIND_COSTS if is_behind else 0)
    if cost <= REACH + PREFERRED and _CLAUSE.search(between):
        cost += BEHIND_CLAUSE_COSTS if is_behind else CLAUSE_COSTS
    return cost - (PREFERRED if hit.meaning == "quota" else 0)
