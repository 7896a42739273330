"""
How two groupings of the same items compare: B³, pairs, and merges that should not be.

Source: Bagga and Baldwin 1998, "Algorithms for scoring coreference chains" (B³).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from monitor.evaluate.measures import Part, by_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An item in its labelled group and in the one that was said."""

    #: What is drawn anew for intervals: the story above both.
    unit: Hashable
    gold: Hashable
    said: Hashable
    language: str = ""


def b_cubed(members: Sequence[Member]) -> list[Part]:
    """B³: of each item's group, the share that belongs there, and the share that is there."""
    both = Counter((m.gold, m.said) for m in members)
    gold, said = Counter(m.gold for m in members), Counter(m.said for m in members)
    return by_unit(
        (
            m.unit,
            Part(both[m.gold, m.said] / said[m.said], 1, both[m.gold, m.said] / gold[m.gold], 1),
        )
        for m in members
    )


def same_group(members: Sequence[Member], *, across_languages: bool = False) -> list[Part]:
    """
    Pairs of items that stand in one group; half of a pair counts for each one's unit.

    Args:
        across_languages: only pairs of items in two languages.
    """
    return by_unit(
        (unit, Part(hit / 2, (one.said == other.said) / 2, hit / 2, (one.gold == other.gold) / 2))
        for one, other in _pairs(members)
        if not across_languages or one.language != other.language
        for hit in (one.said == other.said and one.gold == other.gold,)
        for unit in (one.unit, other.unit)
    )


def merged(members: Sequence[Member]) -> list[Part]:
    """Pairs of one unit and two labelled groups: how many stand in one group."""
    units: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        units[member.unit].append(member)
    return by_unit(
        (unit, Part(one.said == other.said, 1))
        for unit, inside in units.items()
        for one, other in combinations(inside, 2)
        if one.gold != other.gold
    )


def _pairs(members: Sequence[Member]) -> Iterator[tuple[Member, Member]]:
    """Pairs that share the labelled group or the one said, each once."""
    gold: dict[Hashable, list[Member]] = defaultdict(list)
    said: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        gold[member.gold].append(member)
        said[member.said].append(member)
    for inside in gold.values():
        yield from combinations(inside, 2)
    for inside in said.values():
        yield from (pair for pair in combinations(inside, 2) if pair[0].gold != pair[1].gold)
