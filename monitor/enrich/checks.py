"""
Arithmetic that cannot hold among the figures of one text, in words.

Only what is stated is compared: tonnes of metal with ounces of the same, ore times grade with
the metal it is said to hold, parts with their whole, shares of one venture with 100 %. A doubt
is a note on the figures that it is about; it never removes or changes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.model import Claim

#: Grams in a troy ounce.
OUNCE_G = 31.1034768

#: What rounding explains.
ROUNDING = 1.06

#: Above and below this the figures are not meant as one thing told twice.
FAR = 3.0

#: Shares that go over this are more than rounding.
WHOLE = 100.5

#: Characters between the figures of a deposit: tonnage, grade and content are told together.
TOGETHER = 160

_ESTIMATES = ("resource", "reserve")
_GRADES = {"%": 0.01, "g/t": 1e-6}


def doubted(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims, each with what cannot hold about it."""
    doubts: dict[int, list[str]] = {}
    for words, places in (*_ounces(claims), *_contents(claims), *_shares(claims)):
        for place in places:
            doubts.setdefault(place, []).append(words)
    return tuple(
        replace(claim, doubts=tuple(dict.fromkeys(doubts[at]))) if at in doubts else claim
        for at, claim in enumerate(claims)
    )


Doubt = tuple[str, tuple[int, ...]]


def _ounces(claims: Sequence[Claim]) -> Iterator[Doubt]:
    """Tonnes and ounces of one thing: 100.6 t are 3.23 Moz, not 3.5."""
    for at, tonnes in enumerate(claims):
        if tonnes.unit not in ("t", "t/y"):
            continue
        for other, ounces in enumerate(claims):
            is_same = ounces.unit == tonnes.unit.replace("t", "oz", 1) and _are_one(tonnes, ounces)
            if not is_same or not ounces.value:
                continue
            right = tonnes.value * 1e6 / OUNCE_G
            ratio = max(right, ounces.value) / min(right, ounces.value) if right else 0.0
            if ROUNDING < ratio < FAR:
                said = _ounces_text(ounces.value)
                yield (
                    f"{_number(tonnes.value)} t are {_ounces_text(right)}, not {said}",
                    (at, other),
                )


def _contents(claims: Sequence[Claim]) -> Iterator[Doubt]:
    """Tonnage of ore times grade against the metal it is said to hold, where all are told."""
    for at, grade in enumerate(claims):
        if grade.kind != "grade" or grade.unit not in _GRADES:
            continue
        near = [
            (place, claim)
            for place, claim in enumerate(claims)
            if claim.kind in _ESTIMATES
            and claim.unit == "t"
            and claim.figure_end > 0
            and abs(claim.figure_start - grade.figure_start) <= TOGETHER
        ]
        ores = [(p, c) for p, c in near if c.basis in ("", "ore")]
        metals = [(p, c) for p, c in near if c.basis and c.basis == grade.basis]
        if len(ores) != 1 or len(metals) != 1 or len({c.kind for _, c in near}) != 1:
            continue
        (place, ore), (other, metal) = ores[0], metals[0]
        right = ore.value * grade.value * _GRADES[grade.unit]
        if not right or not metal.value or ore.value <= metal.value:
            continue
        ratio = max(right, metal.value) / min(right, metal.value)
        if ratio > 2 * ROUNDING - 1 + 0.1:
            words = (
                f"{_number(ore.value)} t at {grade.value:g} {grade.unit} are "
                f"{_number(float(f'{right:.3g}'))} t, not {_number(metal.value)}"
            )
            yield words, (place, at, other)


def _shares(claims: Sequence[Claim]) -> Iterator[Doubt]:
    """Stakes that one sentence parts a venture into, and that are more than it."""
    by_quote: dict[tuple[int, int], list[int]] = {}
    for at, claim in enumerate(claims):
        if claim.kind == "stake" and claim.unit == "%" and claim.value < 100:
            by_quote.setdefault((claim.start, claim.end), []).append(at)
    for places in by_quote.values():
        total = sum(claims[at].value for at in places)
        if len(places) > 1 and WHOLE < total <= 2 * WHOLE and _parts_a_whole(claims, places):
            yield f"the stakes add up to {total:g} %", tuple(places)
    for at, claim in enumerate(claims):
        if claim.unit == "%" and claim.kind in ("stake", "share", "grade") and claim.value > 100:
            yield f"{claim.value:g} % is more than the whole", (at,)


def _parts_a_whole(claims: Sequence[Claim], places: Sequence[int]) -> bool:
    """Whether stakes are told as parts: each is below what the others leave only by the sum."""
    quote = claims[places[0]].quote.lower()
    return any(word in quote for word in _REST)


#: Words by which a stake is the rest of a whole.
_REST = (
    "remaining", "the rest", "the other", "respectively", "остальн", "оставш", "соответственно",
    "其余", "余下", "剩余", "分别", "restlich", "übrig", "verbleib", "restant", "reste", "restante",
    "resto", "қалған", "решт", "kalan", "qolgan", "pozostał", "나머지", "残り",
    "المتبقي", "sisanya", "còn lại",
)  # fmt: skip


def _are_one(one: Claim, other: Claim) -> bool:
    """Whether two figures can be one thing told in two units."""
    near = abs(one.figure_start - other.figure_start) <= TOGETHER
    bases = {one.basis, other.basis} - {""}
    return near and one.kind == other.kind and len(bases) <= 1


def _number(value: float) -> str:
    return f"{value:,.6g}" if value < 1e6 else f"{value / 1e6:,.6g} million"


def _ounces_text(value: float) -> str:
    return f"{value / 1e6:.3g} Moz" if value >= 1e5 else f"{value:,.3g} oz"
