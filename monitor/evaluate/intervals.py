"""
How sure a figure is: 95 % intervals by drawing the units again.

Source: Efron 1979, "Bootstrap methods: another look at the jackknife" (percentile interval).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

from monitor.evaluate.measures import Part, figures_of, from_sums

#: Draws of one interval, and what they begin from: the same items give the same interval.
DRAWS, SEED = 1000, 20260302

#: Share of the draws left out at each end.
TAIL = 0.025


def intervals(
    parts: Sequence[Part], *, is_share: bool = False, draws: int = DRAWS
) -> dict[str, tuple[float, float]]:
    """
    Figure to the interval in which it would lie for 95 of 100 such sets of items.

    Args:
        parts: one a unit; as many are drawn, with repetition, in each draw.

    Returns:
        (low, high), widened where need be so that the figure itself lies inside.
    """
    if not parts:
        return {}
    columns = list(zip(*parts, strict=True))
    columns = columns[:2] if is_share else columns
    drawn = [
        from_sums([sum(map(column.__getitem__, chosen)) for column in columns], is_share=is_share)
        for chosen in _choices(len(parts), draws)
    ]
    point = figures_of(parts, is_share=is_share)
    return {name: _ends([one[name] for one in drawn], figure) for name, figure in point.items()}


def _ends(drawn: Sequence[float], point: float) -> tuple[float, float]:
    ordered = sorted(drawn)
    cut = int(TAIL * len(ordered))
    return min(ordered[cut], point), max(ordered[-1 - cut], point)


@lru_cache(maxsize=4)
def _choices(units: int, draws: int) -> list[list[int]]:
    """Numbers of the units of each draw; most measures are over the same number of units."""
    rng = random.Random(SEED)  # noqa: S311 - repeatable, no secret
    return [rng.choices(range(units), k=units) for _ in range(draws)]
