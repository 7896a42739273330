"""
What two figures are to each other, and why: every rule by which they are compared, in order.

Two figures contradict each other only when all that is stated of them is the same, but the
value: subject, kind, class, standard, date, stage and, after a shown conversion, the basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import combinations

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger.bases import Comparison, Likeness, compare
from monitor.deliver.ledger.sides import DATE, Side, are_apart, day_of, differences

#: Kinds of which one matter may well state several that are all true.
MANY_PER_MATTER = frozenset({"grade", "share"})

#: Kinds of which each actor has its own: the loan of one bank is not that of another.
OF_ACTORS = frozenset(
    {
        "stake", "loan", "production", "capacity", "exports", "imports", "offtake", "stockpile",
        "equity", "revenue", "profit", "dividend", "grant", "guidance",
    }
)  # fmt: skip

#: Kinds that go on, so that without a date each time has its own.
FLOWS = frozenset(
    ["production", "exports", "imports", "revenue", "profit", "dividend", "offtake", "guidance"]
)

#: Told so far apart, two figures that go on are of different times; prices change by the day.
FLOW_APART, PRICE_APART = timedelta(days=45), timedelta(days=2)


#: Offers of money that outlets add up, the sums that these are told as, and how many are added.
_OFFERED = frozenset({"loan", "grant"})
_MONEY = _OFFERED | {"capex", "price", "equity"}
MOST_ADDED = 12


class Relation(StrEnum):
    """What two figures are to each other."""

    #: They are about different things.
    APART = "apart"
    AGREES = "agrees"
    #: Shares of one whole: 70 % and 30 %.
    SPLIT = "split"
    BOTH_MAY_HOLD = "both may hold"
    DRIFT = "drift"
    INCOMPARABLE = "incomparable"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of two figures, and the values that decided, in words."""

    relation: Relation
    note: str = ""
    #: The larger divided by the smaller, on one basis; 0 where they cannot be compared.
    factor: float = 0.0
    #: What differs beside the value (class, date, stage, standard) lets both hold.
    is_qualified: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures of one family, their comparison, and in what else they differ."""

    one: Side
    other: Side
    compared: Comparison
    differing: tuple[str, ...]
    #: Independent tellings of each, and of what it equals on another basis.
    tellings: tuple[frozenset[int], frozenset[int]]
    #: That one is the sum of the other and a third, in words.
    added: str = ""


def pair_of(one: Side, other: Side) -> Pair:
    """Two figures of one family, compared."""
    return Pair(
        one, other, _compared(one, other), differences(one, other), (one.roots, other.roots)
    )


def judge(pair: Pair) -> Judged:
    """Say what two figures are to each other."""
    return next(found for rule in _RULES if (found := rule(pair)))


def _compared(one: Side, other: Side) -> Comparison:
    if DATE not in {one.unit, other.unit}:
        return compare(one.measure, other.measure)
    days = day_of(one.value), day_of(other.value)
    if one.value == other.value or not all(days) or one.unit != other.unit:
        return Comparison(Likeness.EQUAL if one.value == other.value else Likeness.OTHER)
    apart = abs((days[0] - days[1]).days) if days[0] and days[1] else 0
    return Comparison(Likeness.DIFFERENT, f"{apart} days apart", 1.0)


def _about_others(pair: Pair) -> Judged | None:
    """Different minerals, deposits, elements; different actors where each has its own."""
    names = pair.one.names, pair.other.names
    is_other_element = pair.compared.likeness is Likeness.OTHER and pair.one.unit == pair.other.unit
    if are_apart(*names) or is_other_element:
        return Judged(Relation.APART)
    if _are_of_others(pair) and pair.one.kind in OF_ACTORS:
        return Judged(Relation.APART)
    return None


def _are_of_others(pair: Pair) -> bool:
    one, other = pair.one.names, pair.other.names
    is_shared = bool(one.deposits & other.deposits or one.actors & other.actors)
    return bool(one.actors and other.actors) and not is_shared


def _split(pair: Pair) -> Judged | None:
    """Two shares that make up the whole."""
    one, other = pair.one, pair.other
    is_whole = abs(one.value + other.value - 100) < 0.05
    if one.kind == other.kind == "stake" and one.unit == other.unit == "%" and is_whole:
        return Judged(
            Relation.SPLIT, f"{_amount(one)} and {_amount(other)}: two sides of one split"
        )
    return None


def _equal(pair: Pair) -> Judged | None:
    if pair.compared.likeness is not Likeness.EQUAL:
        return None
    is_stage_alone = all(one.startswith("stage: ") for one in pair.differing)
    if pair.differing and is_stage_alone and pair.one.kind not in _OFFERED:
        # The matter went on, and the figure stayed.
        return Judged(Relation.AGREES, "; ".join(pair.differing), 1.0)
    if pair.differing:
        return Judged(
            Relation.BOTH_MAY_HOLD,
            f"the same value; {'; '.join(pair.differing)}",
            1.0,
            is_qualified=True,
        )
    return Judged(Relation.AGREES, pair.compared.note, 1.0)


def _qualified(pair: Pair) -> Judged | None:
    """What is stated of them differs in class, standard, date or stage."""
    if not pair.differing:
        return None
    note = "; ".join(filter(None, (*pair.differing, pair.compared.note)))
    return Judged(
        Relation.BOTH_MAY_HOLD, note, pair.compared.factor, is_qualified=not _side_by_side(pair)
    )


def _sum_of_it(pair: Pair) -> Judged | None:
    return Judged(Relation.BOTH_MAY_HOLD, pair.added, pair.compared.factor) if pair.added else None


def _one_of_many(pair: Pair) -> Judged | None:
    if pair.one.kind in MANY_PER_MATTER:
        return Judged(Relation.BOTH_MAY_HOLD, "several of this kind may be true at once")
    return None


def _at_other_times(pair: Pair) -> Judged | None:
    """Prices of different days; output of different times, where no date is stated."""
    one, other = pair.one, pair.other
    if one.as_of and other.as_of:
        return None
    is_price = one.kind == "price" and "/" in one.unit
    if not is_price and one.kind not in FLOWS:
        return None
    apart = max(one.first.at, other.first.at) - min(one.last.at, other.last.at)
    if apart <= (PRICE_APART if is_price else FLOW_APART):
        return None
    return Judged(
        Relation.BOTH_MAY_HOLD, f"told {apart.days} days apart, and of no stated date",
        pair.compared.factor, is_qualified=True,
    )  # fmt: skip


def _not_of_one_form(pair: Pair) -> Judged | None:
    """Different currencies; ore and what is in it."""
    if pair.compared.likeness is Likeness.SAME_NUMBER:
        return Judged(Relation.CONTRADICTION, pair.compared.note, 1.0)
    if pair.compared.likeness in {Likeness.OTHER, Likeness.CARRIER}:
        return Judged(Relation.BOTH_MAY_HOLD, pair.compared.note)
    return None


def _side_by_side(pair: Pair) -> Judged | None:
    """Tellings that state both tell them apart for all others."""
    both = len(pair.tellings[0] & pair.tellings[1])
    rarer = min(map(len, pair.tellings))
    if 2 * both < rarer:
        return None
    note = f"told side by side in {both} of {rarer}"
    return Judged(Relation.BOTH_MAY_HOLD, note, pair.compared.factor)


def _part_of_whole(pair: Pair) -> Judged | None:
    one, other = sorted((pair.one, pair.other), key=lambda side: len(side.names.deposits))
    if one.names.deposits and one.names.deposits < other.names.deposits:
        part, whole = (", ".join(sorted(side.names.deposits)) for side in (one, other))
        note = f"{part} alone, and {whole}"
        return Judged(Relation.BOTH_MAY_HOLD, note, pair.compared.factor)
    return None


def _of_others(pair: Pair) -> Judged | None:
    if not _are_of_others(pair):
        return None
    told = (", ".join(sorted(side.names.actors)) for side in (pair.one, pair.other))
    return Judged(Relation.BOTH_MAY_HOLD, f"told of {' and of '.join(told)}", pair.compared.factor)


def _unstated(pair: Pair) -> Judged | None:
    if pair.compared.likeness is Likeness.UNSTATED:
        return Judged(Relation.INCOMPARABLE, pair.compared.note)
    return None


def _drifted(pair: Pair) -> Judged | None:
    """Whoever told the earlier one tells the later one since, and no longer the earlier."""
    earlier, later = sorted((pair.one, pair.other), key=lambda side: side.first.at)
    if not earlier.origin_keys <= later.origin_keys:
        return None
    for origin in earlier.origin_keys:
        was = [s for s in earlier.statements if s.origin.key == origin]
        now = [s for s in later.statements if s.origin.key == origin]
        if was[-1].at >= now[0].at or {s.root for s in was} & {s.root for s in now}:
            return None
    note = f"{_amount(earlier)} → {_amount(later)}, by the same {_who(earlier)}"
    return Judged(Relation.DRIFT, _with(note, pair), pair.compared.factor)


def _contradicting(pair: Pair) -> Judged:
    return Judged(Relation.CONTRADICTION, pair.compared.note, pair.compared.factor)


#: In this order; the first that finds something decides.
_RULES: tuple[Callable[[Pair], Judged | None], ...] = (
    _about_others,
    _split,
    _equal,
    _sum_of_it,
    _qualified,
    _one_of_many,
    _at_other_times,
    _not_of_one_form,
    _side_by_side,
    _part_of_whole,
    _of_others,
    _unstated,
    _drifted,
    _contradicting,
)


def sums(sides: Sequence[Side]) -> Iterator[tuple[Side, Side, Side]]:
    """Amounts of money that are two offers added up, with these: nobody promised the sum."""
    money = [side for side in sides if side.kind in _MONEY]
    offers = [side for side in money if side.kind in _OFFERED][:MOST_ADDED]
    for one, other in combinations(offers, 2):
        if one.unit == other.unit and one.value != other.value:
            total = one.value + other.value
            yield from ((side, one, other) for side in money if _is_total(side, total, one.unit))


def _is_total(side: Side, total: float, unit: str) -> bool:
    return side.unit == unit and abs(side.value - total) <= 1e-6 * total


def _with(note: str, pair: Pair) -> str:
    return f"{note} ({pair.compared.note})" if pair.compared.note else note


def _who(side: Side) -> str:
    names = side.origins
    return f"{names[0]}" if len(names) == 1 else f"{len(names)} origins"


def _amount(side: Side) -> str:
    return f"{amount_text(side.value, side.unit)} {side.basis}".rstrip()
