"""
How long a source may be silent before that is unlikely, by its own history.

A history is the days on which something new came, as far as we were there to see it; a young
source's history is what the dates of its entries taught the scheduler (`sources.rhythm`).
From either follows, for each day of the week, the chance that it brings something: a paper
that rests at the weekend is not missed on Sunday. Silence is unlikely from the day on which
the chance that all days since were silent falls below one in a thousand, and it must outweigh
earlier silences by half: holidays come again. Silences are weighed by the logarithm of their
chance, so that a free weekend weighs nearly nothing. Three times the longest silence is enough
in any case: what comes every Monday need not be awaited for a quarter of a year.

Days are told as `date.toordinal()`, in UTC; the present day is not over, so it is no silent one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.sources.rhythm import DAY_S, HALF_LIFE_S, Rhythm

#: A silence of less than this chance is unlikely.
UNLIKELY = 0.001

#: A silence must weigh so many times as much as any before it; so many times its days are enough.
OUTWEIGH, ENOUGH = 1.5, 3

#: Fewer silent days are never unlikely.
LEAST_SILENCE = 2

#: A history is this many days long and knows so many days with news, or there is none.
LEAST_SPAN, LEAST_NEWS = 14, 5

#: Of a document's dates a shorter past, and so many entries, are enough: they are of one mind.
LEAST_PAST, LEAST_ENTRIES = 7.0, 5.0

#: A day of the week is believed as far as it was seen, in comparison to so many average days.
AVERAGE_DAYS = 2.0

#: The same in entries.
AVERAGE_ENTRIES = 14.0

#: Nothing is more certain.
MOST_CERTAIN = 0.99

#: No silence is computed further.
LONGEST = 1000

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How often a source brings something new."""

    #: What a silent day weighs, from Monday to Sunday: the logarithm of its chance, negated.
    weights: tuple[float, ...]
    #: Days from one day with news to the next, on average.
    every: float
    #: The same, at most, and what the heaviest silence weighed; 0 = not known.
    longest: int = 0
    heaviest: float = 0.0

    def allowed(self, last: int) -> int:
        """
        How many silent days after the day `last` are no wonder.

        Returns:
            At least `LEAST_SILENCE`.
        """
        most = ENOUGH * self.longest if self.longest else LONGEST
        bound = max(-math.log(UNLIKELY), OUTWEIGH * self.heaviest)
        weight, days = 0.0, 0
        while weight < bound and days < most:
            weight += self.weights[(last + days) % _WEEK]
            days += 1
        return max(days, LEAST_SILENCE)


def _weights(chances: Iterable[float]) -> tuple[float, ...]:
    """What silent days weigh, by the chance of each day of the week to bring something."""
    return tuple(-math.log(1 - min(chance, MOST_CERTAIN)) for chance in chances)


def of_days(days: Sequence[int]) -> Habit | None:
    """
    The habit that days with news show; None when they are too few.

    Args:
        days: ascending. The first one is left out: it brought what had gathered before us.
    """
    if len(days) <= LEAST_NEWS or days[-1] - days[0] < LEAST_SPAN:
        return None
    span, news = days[-1] - days[0], len(days) - 1
    came = [0] * _WEEK
    for day in days[1:]:
        came[(day - 1) % _WEEK] += 1
    average = news / (span + 1)
    weights = _weights(
        (number + AVERAGE_DAYS * average) / (_times(weekday, days[0], span) + AVERAGE_DAYS)
        for weekday, number in enumerate(came)
    )
    gaps = [(after - day, day) for day, after in pairwise(days) if after - day > 1]
    return Habit(
        weights=weights,
        every=span / news,
        longest=max(gaps)[0] if gaps else 1,
        heaviest=max((_silence(weights, day, gap - 1) for gap, day in gaps), default=0.0),
    )


def _silence(weights: Sequence[float], last: int, days: int) -> float:
    """What so many silent days after the day `last` weigh."""
    weeks, rest = divmod(days, _WEEK)
    return weeks * sum(weights) + sum(weights[(last + day) % _WEEK] for day in range(rest))


def _times(weekday: int, start: int, span: int) -> int:
    """How often a day of the week comes within `span` days after `start`."""
    return (span - (weekday - start) % _WEEK + _WEEK - 1) // _WEEK


def of_rhythm(rhythm: Rhythm, last: float) -> Habit | None:
    """
    The habit that the dates of entries show; None when they tell too little.

    What was seen long ago counts less, so the silence itself would make the rate fall: it is
    taken out of the days that the entries came in.

    Args:
        last: date of the newest entry, seconds since 1970.
    """
    kept = 0.5 ** (max(0.0, rhythm.at - last) / HALF_LIFE_S)
    silent = HALF_LIFE_S / DAY_S / math.log(2) * (1 - kept)
    days = rhythm.days - silent
    past = (last - rhythm.since) / DAY_S
    if past < LEAST_PAST or rhythm.items < LEAST_ENTRIES * kept or days <= 0:
        return None
    rate = rhythm.items / days
    total = sum(rhythm.week) + AVERAGE_ENTRIES
    shares = [(one + AVERAGE_ENTRIES / _WEEK) / total for one in rhythm.week]
    chances = (1 - math.exp(-_WEEK * rate * share) for share in shares)
    return Habit(weights=_weights(chances), every=max(1.0, 1 / rate))
