"""
How two labellings compare: precision, recall, F1.

Source: Bagga and Baldwin 1998, "Algorithms for scoring coreference chains" (B³).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision and recall in [0, 1], and over how many items, pairs or labels."""

    precision: float
    recall: float
    items: int

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def binary(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Precision and recall of a yes or no; pairs are (gold, said)."""
    pairs = list(pairs)
    return counted(
        hits=sum(gold and said for gold, said in pairs),
        said=sum(said for _, said in pairs),
        gold=sum(gold for gold, _ in pairs),
        items=len(pairs),
    )


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> Score:
    """B³ of a grouping; pairs are (gold group, said group), one an item."""
    both, gold, said = Counter(pairs), Counter(g for g, _ in pairs), Counter(s for _, s in pairs)
    count = len(pairs)
    return Score(
        precision=_share(sum(n * n / said[s] for (_, s), n in both.items()), count),
        recall=_share(sum(n * n / gold[g] for (g, _), n in both.items()), count),
        items=count,
    )


def same_group(pairs: Sequence[tuple[Hashable, Hashable]]) -> Score:
    """Precision and recall over pairs of items that stand in one group; 1 where there are none."""
    both, gold, said = Counter(pairs), Counter(g for g, _ in pairs), Counter(s for _, s in pairs)
    hits, in_said, in_gold = (
        sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, said, gold)
    )
    return Score(
        precision=hits / in_said if in_said else 1.0,
        recall=hits / in_gold if in_gold else 1.0,
        items=in_gold,
    )


def set_score(pairs: Sequence[tuple[set[str], set[str]]]) -> Score:
    """Micro-averaged precision and recall of label sets; pairs are (gold, said)."""
    return counted(
        hits=sum(len(gold & said) for gold, said in pairs),
        said=sum(len(said) for _, said in pairs),
        gold=sum(len(gold) for gold, _ in pairs),
        items=len(pairs),
    )


def counted(*, hits: int, said: int, gold: int, items: int) -> Score:
    """A score from counts."""
    return Score(precision=_share(hits, said), recall=_share(hits, gold), items=items)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
