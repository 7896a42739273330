"""
How the figures that are said compare to those that are labelled.

A figure is found when value and unit agree; each labelled one is found once, and the same figure
said twice of an item counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.evaluate.items import Item, Pair
from monitor.evaluate.measures import Part

#: Two figures this near (share of the larger) are one: rounding in labels.
SAME_FIGURE = 0.005

#: Units in which a number is a name, and near is not the same.
EXACT = frozenset({"date"})

#: Ways of writing one basis.
_BASES = {"treo": "reo", "w metal": "w", "contained": ""}

_SMALL_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

Figure = Mapping[str, Any]
Matches = list[tuple[Figure, Figure]]


def of_figures(
    pairs: Sequence[Pair], *, kind: str | None = None, is_kind: bool = False
) -> list[Part]:
    """
    Figures by value and unit.

    Args:
        is_kind: the kind must agree too.
        kind: only figures of that kind, on both sides.
    """
    parts = []
    for item, prediction in pairs:
        gold, said = sides(item, prediction["claims"], kind)
        gold, said = _distinct(gold, is_kind=is_kind), _distinct(said, is_kind=is_kind)
        hits = len(matches(gold, said, is_kind=is_kind))
        parts.append(Part(hits, len(said), hits, len(gold)))
    return parts


def of_field(pairs: Sequence[Pair], field: str) -> list[Part]:
    """Of the figures that were found and have that label (`basis`, `stage`): is it right?"""
    parts = []
    for item, prediction in pairs:
        found = [
            (str(gold[field]), str(said.get(field) or ""))
            for gold, said in matches(*sides(item, prediction["claims"]))
            if gold.get(field)
        ]
        if found:
            right = sum(plain_label(gold) == plain_label(said) for gold, said in found)
            parts.append(Part(right, len(found)))
    return parts


def of_quotes(pairs: Sequence[Pair]) -> list[Part]:
    """Of all quotes: how many stand verbatim where their offsets say."""
    parts = []
    for item, prediction in pairs:
        whole = f"{item['title']}\n{item['text']}"
        claims = prediction["claims"]
        right = sum(bool(c["quote"]) and c["quote"] == whole[c["start"] : c["end"]] for c in claims)
        if claims:
            parts.append(Part(right, len(claims)))
    return parts


def sides(
    item: Item, said: Sequence[Figure], kind: str | None = None
) -> tuple[list[Figure], list[Figure]]:
    """
    What is labelled and what is said of one item.

    A labelled figure that stands neither in the text nor in the title cannot be found: it is
    not asked for, and saying it is neither right nor wrong.
    """
    whole = f"{item['title']}\n{item['text']}"
    labelled = [one for one in item["quantities"] if kind in {None, one["kind"]}]
    asked = [one for one in labelled if one.get("in_text", True) or _quote(one) in whole]
    beyond = [one for one in labelled if one not in asked]
    kept = [one for one in said if kind in {None, one["kind"]}]
    return asked, [c for c in kept if not any(is_same(one, c) for one in beyond)]


def matches(gold: Sequence[Figure], said: Sequence[Figure], *, is_kind: bool = False) -> Matches:
    """Each labelled figure with the one that was said for it, the most alike first chosen."""
    able = [
        (one["kind"] != claim["kind"], not _overlaps(one, claim), _distance(one, claim), g, s)
        for g, one in enumerate(gold)
        for s, claim in enumerate(said)
        if is_same(one, claim) and not (is_kind and one["kind"] != claim["kind"])
    ]
    return [(gold[g], said[s]) for g, s in _once(able)]


def _once(able: Sequence[tuple[bool, bool, float, int, int]]) -> Iterator[tuple[int, int]]:
    """The best pairs in which nothing stands twice."""
    taken_gold, taken_said = set(), set()
    for *_, g, s in sorted(able):
        if g not in taken_gold and s not in taken_said:
            taken_gold.add(g)
            taken_said.add(s)
            yield g, s


def is_same(gold: Figure, said: Figure) -> bool:
    """Whether value and unit agree."""
    if gold["unit"] != said["unit"]:
        return False
    return _distance(gold, said) <= (0 if gold["unit"] in EXACT else SAME_FIGURE)


def plain_label(label: str) -> str:
    """A basis or stage as it is compared: case, spaces and small digits do not matter."""
    plain = label.strip().translate(_SMALL_DIGITS).casefold().replace("_", " ")
    return _BASES.get(plain, plain)


def _quote(gold: Figure) -> str:
    """Its quote; where it has none, what stands nowhere."""
    return str(gold.get("quote") or "\0")


def _distance(gold: Figure, said: Figure) -> float:
    larger = max(abs(gold["value"]), abs(said["value"]))
    return float(abs(gold["value"] - said["value"]) / larger) if larger else 0.0


def _overlaps(gold: Figure, said: Figure) -> bool:
    return _quote(gold) in str(said.get("quote", ""))


def _distinct(claims: Sequence[Figure], *, is_kind: bool) -> list[Figure]:
    keys = {(c["kind"] if is_kind else "", c["value"], c["unit"]): c for c in claims}
    return list(keys.values())
