"""
What polls teach about how a source publishes: how much, at which hours, how fast at most.

A small memory that is kept as JSON with the source. Counts decay, so that a change of habit
is learned within weeks; all of it is by our own observation, and dates are believed where
they fit it: an item dated before the last poll was not there then, so it came since.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.sources.peaks import NO_COUNTS, Counts, first_peaks, further_peaks

DAY_S = 86_400.0

#: A source that nothing is known of counts as one with so many items a day.
REFERENCE_PER_DAY = 22.0

#: What was seen counts half after so long.
HALF_LIFE_S = 14 * DAY_S

#: Older dates of a first document teach nothing.
PAST_S = 28 * DAY_S

#: Prior knowledge of the rate, in items.
PRIOR_ITEMS = 0.5

#: Prior knowledge of the hours and of the days of the week, in items: all are alike.
PRIOR_HOURS, PRIOR_WEEK = 12.0, 14.0

#: Days of watching before the hours, and the days of the week, are trusted.
DAYS_FOR_HOURS, DAYS_FOR_WEEK = 2.0, 9.0

#: No hour is believed to be quieter than this share of the average.
LEAST_SHARE = 0.1

#: How long a burst is expected to go on.
BURST_S = 2 * 3600.0

#: An item that comes with a date so long before the last poll was no news when it came.
LATE_S, LATE_WEIGHT = 3 * DAY_S, 0.25

#: Dates of one document that are looked at, the newest.
MOST_DATES = 200

#: A document that is smaller than before is believed by this share each time.
SHRINK = 0.1

_FLAT_HOURS, _FLAT_WEEK = (1.0,) * 24, (1.0,) * 7


@dataclass(frozen=True, slots=True)
class Profile:
    """How much more than on average comes in each hour of the day and on each weekday."""

    hours: Sequence[float] = _FLAT_HOURS
    week: Sequence[float] = _FLAT_WEEK

    def share(self, moment: float) -> float:
        """How much more than on average comes at a moment."""
        return self.hours[_hour(moment)] * self.week[_weekday(moment)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source publishes; times in seconds since 1970, counts decay."""

    #: The last poll that was learned from; 0 = none.
    at: float = 0.0
    #: The first one.
    first: float = 0.0
    #: From here on every item is known, as far as we can tell.
    since: float = 0.0
    #: Days watched, and items that came.
    days: float = 0.0
    items: float = 0.0
    #: Items by hour of the day, and by day of the week from Monday, in UTC.
    hours: tuple[float, ...] = (0.0,) * 24
    week: tuple[float, ...] = (0.0,) * 7
    #: The most items within each span of `peaks.SPANS_S`; and those within the last one.
    peaks: Counts = NO_COUNTS
    running: Counts = NO_COUNTS
    #: Items of late, and how many were expected.
    burst: float = 0.0
    expected: float = 0.0
    #: Items that a document holds; 0 = unknown.
    size: float = 0.0
    #: What the publisher wished last, in seconds: in the document, in the headers.
    ttl: float = 0.0
    fresh: float = 0.0

    @classmethod
    def of(cls, remembered: Mapping[str, Any], now: float) -> Rhythm:
        """
        What `json` wrote; a part that is damaged is forgotten.

        Args:
            now: nothing was learned later than this.
        """
        found: dict[str, Any] = {
            name: _numbers(remembered.get(name), len(default))
            if isinstance(default, tuple)
            else _numbers([remembered.get(name)], 1)[0]
            for name, default in _DEFAULTS.items()
        }
        rhythm = cls(**found)
        if not 0 < rhythm.first <= now or not rhythm.at:
            return cls()
        return replace(rhythm, at=min(rhythm.at, now), since=min(rhythm.since, now))

    def json(self) -> dict[str, Any]:
        """As JSON, less than 1 kB."""
        return {
            name: [round(one, 3) for one in value] if isinstance(value, tuple) else round(value, 3)
            for name in _DEFAULTS
            for value in (getattr(self, name),)
        }

    def rate(self) -> float:
        """Items a day, on average."""
        return (self.items + PRIOR_ITEMS) / (self.days + PRIOR_ITEMS / REFERENCE_PER_DAY)

    def profile(self) -> Profile:
        """By hour and weekday, as far as it was watched long enough; neighbours lend a hand."""
        if self.days < DAYS_FOR_HOURS:
            return Profile()
        near = [
            (self.hours[k - 1] + 2 * self.hours[k] + self.hours[(k + 1) % 24]) / 4
            for k in range(24)
        ]
        is_long = self.days >= DAYS_FOR_WEEK
        week = _shares(self.week, PRIOR_WEEK) if is_long else _FLAT_WEEK
        return Profile(_shares(near, PRIOR_HOURS), week)


def learned(
    old: Rhythm, *, now: float, published: Sequence[float], new: Sequence[float | None], size: int
) -> Rhythm:
    """
    What is known after a poll that was a success.

    Args:
        now: of the poll.
        published: dates of the document's items; none when it was not read.
        new: of the items that were not known, their dates.
        size: items of the document; 0 = not told.
    """
    dated = heapq.nlargest(MOST_DATES, (one for one in published if 0 < one <= now))
    size = size or max(len(published), len(new))
    if not old.first:
        return _begun(now, dated, size)
    gap = now - old.at
    timed = sorted((one for one in new if one is not None and old.at < one <= now), reverse=True)
    late = sum(one is not None and one < old.at - LATE_S for one in new)
    vague = len(new) - len(timed) - (1 - LATE_WEIGHT) * late
    came = [(one, 1.0) for one in timed] + [(now - gap / 2, vague)]
    keep, fade = 0.5 ** (gap / HALF_LIFE_S), math.exp(-gap / BURST_S)
    most, running = further_peaks(
        old.peaks, old.running, gap=gap, dated=dated, timed=timed, new=len(new)
    )
    hours, week = _counted(came, [n * keep for n in old.hours], [n * keep for n in old.week])
    return replace(
        old,
        at=now,
        days=old.days * keep + gap / DAY_S,
        items=old.items * keep + len(timed) + vague,
        hours=hours,
        week=week,
        peaks=most,
        running=running,
        burst=old.burst * fade + len(timed) + vague,
        expected=old.expected * fade + _expected(old, gap),
        size=_sized(old.size, size),
    )


def steps(begin: float, length: float) -> Iterator[tuple[float, float]]:
    """A length of time cut at full hours: seconds after `begin`, and seconds of each piece."""
    passed = 0.0
    while passed < length:
        step = min(3600.0 - (begin + passed) % 3600.0, length - passed)
        yield passed, step
        passed += step


def _begun(now: float, dated: Sequence[float], size: int) -> Rhythm:
    """What a first document tells, if its dates differ: else they are of the document."""
    begun = Rhythm(at=now, first=now, since=now, size=float(size))
    if len(dated) < 2 or dated[0] - dated[-1] < 1:
        return begun
    span = min(now - dated[-1], PAST_S)
    came = [(one, 0.5 ** ((now - one) / HALF_LIFE_S)) for one in dated if one >= now - span]
    hours, week = _counted(came, list(begun.hours), list(begun.week))
    most, running = first_peaks(dated, now)
    return replace(
        begun,
        since=now - span,
        days=HALF_LIFE_S / DAY_S / math.log(2) * (1 - 0.5 ** (span / HALF_LIFE_S)),
        items=sum(weight for _, weight in came),
        hours=begun.hours if _are_days(dated) else hours,
        week=week,
        peaks=most,
        running=running,
    )


def _counted(
    came: Sequence[tuple[float, float]], hours: list[float], week: list[float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    for moment, weight in came:
        hours[_hour(moment)] += weight
        week[_weekday(moment)] += weight
    return tuple(hours), tuple(week)


def _expected(old: Rhythm, gap: float) -> float:
    """Items that were to be expected since the last poll, as far as a burst remembers."""
    profile, base = old.profile(), old.rate() / DAY_S
    pieces = steps(old.at, min(gap, 4 * BURST_S))
    return base * sum(step * profile.share(old.at + passed) for passed, step in pieces)


def _are_days(moments: Sequence[float]) -> bool:
    """Whether the dates are days without a time: most are the same second of their day."""
    _, times = Counter(int(one % DAY_S) for one in moments).most_common(1)[0]
    return len(moments) > 2 and times > len(moments) / 2


def _sized(old: float, size: int) -> float:
    if not size:
        return old
    return float(size) if size >= old else old + SHRINK * (size - old)


def _shares(counts: Sequence[float], prior: float) -> Sequence[float]:
    """Counts as shares of their average, drawn towards it by the prior."""
    number = len(counts)
    scale = (1 - LEAST_SHARE) * number / (sum(counts) + prior)
    return [LEAST_SHARE + scale * (count + prior / number) for count in counts]


def _hour(moment: float) -> int:
    return int(moment // 3600) % 24


def _weekday(moment: float) -> int:
    # 1 January 1970 was a Thursday.
    return (int(moment // DAY_S) + 3) % 7


def _numbers(value: object, length: int) -> tuple[float, ...]:
    """As many numbers that can be counted with; zeros where there are none."""
    if isinstance(value, list | tuple) and len(value) == length:
        try:
            # The sum finds what is not a number.
            if min(value) >= 0 and max(value) < 1e12 and sum(value) < 1e14:
                return tuple(float(one) for one in value)
        except (TypeError, OverflowError):
            pass
    return (0.0,) * length


_DEFAULTS: dict[str, Any] = {name: getattr(Rhythm(), name) for name in Rhythm.__dataclass_fields__}
