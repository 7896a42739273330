"""
How two labellings compare: what each unit adds, and the figures made of the sums.

A unit is what is drawn anew for an interval: an item, or of a grouping a whole story, because
the items of one story are not independent. Every figure is a ratio of two sums over the units,
so that drawing again costs a few additions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Part(NamedTuple):
    """What one unit adds: `right` of `said` for precision, `found` of `gold` for recall."""

    right: float
    said: float
    found: float = 0.0
    gold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a simple way of doing it scores, or why it was not tried."""

    method: str
    figures: Mapping[str, float] = field(default_factory=dict)
    #: Why there are no figures, and what to do for them.
    missing: str = ""

    @property
    def judged(self) -> float:
        """The one figure that a comparison goes by: F1, else the share."""
        return judged(self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure over some items."""

    #: `precision`, `recall` and `f1`, or `share`; in [0, 1].
    figures: Mapping[str, float]
    #: Over how many labels (items, pairs, figures).
    count: int
    #: The share is one of faults: less is better.
    is_fault: bool = False
    #: Figure to its 95 % interval; empty when none was asked for.
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    baselines: tuple[Baseline, ...] = ()

    @property
    def judged(self) -> float:
        """The one figure that a comparison goes by: F1, else the share."""
        return judged(self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure as what each unit adds to it."""

    parts: Sequence[Part]
    count: int
    #: Only the first two columns count: so many of so many.
    is_share: bool = False
    is_fault: bool = False
    #: Simple method to what each unit adds by it, or in words why it was not tried.
    simple: Mapping[str, Sequence[Part] | str] = field(default_factory=dict)


def judged(figures: Mapping[str, float]) -> float:
    """F1, else the share."""
    return figures["f1"] if "f1" in figures else figures["share"]


def figures_of(parts: Iterable[Part], *, is_share: bool = False) -> dict[str, float]:
    """The figures over all units."""
    columns = list(zip(*parts, strict=True)) or [()] * len(Part._fields)
    return from_sums([sum(column) for column in columns], is_share=is_share)


def from_sums(sums: Sequence[float], *, is_share: bool = False) -> dict[str, float]:
    """
    Precision, recall and F1 (or the share) from sums in the order of `Part`.

    Of nothing said nothing is wrong, and of nothing labelled nothing is missed: 1.
    """
    precision = _ratio(sums[0], sums[1])
    if is_share:
        return {"share": precision}
    recall = _ratio(sums[2], sums[3])
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def of_answers(pairs: Iterable[tuple[bool, bool]]) -> list[Part]:
    """A yes or no of each item; pairs are (gold, said)."""
    return [Part(gold and said, said, gold and said, gold) for gold, said in pairs]


def of_sets(pairs: Iterable[tuple[set[str], set[str]]]) -> list[Part]:
    """Label sets of each item, all labels alike (micro average); pairs are (gold, said)."""
    return [Part(len(gold & said), len(said), len(gold & said), len(gold)) for gold, said in pairs]


def of_checks(checks: Iterable[bool]) -> list[Part]:
    """A check of each item that held or did not."""
    return [Part(held, 1) for held in checks]


def by_unit(parts: Iterable[tuple[Hashable, Part]]) -> list[Part]:
    """The parts added up by unit, in the order in which units are met."""
    sums: dict[Hashable, list[float]] = {}
    for unit, part in parts:
        mine = sums.setdefault(unit, [0.0] * len(part))
        for at, number in enumerate(part):
            mine[at] += number
    return [Part(*mine) for mine in sums.values()]
