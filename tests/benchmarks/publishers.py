"""
Publishers for the simulation of the schedule: when their entries come, and how they show them.

Three families. `everyday` is the one on which the constants of the schedule were chosen.
`strange` was written to be unlike it: rates spread evenly over the logarithm, entries that set
off others, dates without a time, entries that appear long after their date, documents that
hold a day and not a number, a change of the clocks and a change of pace within the month. What
it showed led to two rules (a source that fails is asked no less often than its window allows;
the least interval is approached, not run into), to no constant. `other` was written last, and
nothing was changed after it had been run: few large and many small publishers, newsletters,
batches three times a day, long waves of news, feeds that were just begun.
"""

from __future__ import annotations

import bisect
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.model import Outcome

DAY, HOUR, MINUTE = 86_400.0, 3600.0, 60.0

#: A Monday, 2025-10-13 00:00 UTC; Europe changes its clocks on day 13.
START = 1_760_313_600.0
DAYS = 30

RATES = (1 / 30, 300.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Time during which a publisher answers with an error."""

    begins: float
    ends: float
    outcome: Outcome = Outcome.FAILED
    retryable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """All that a publisher does in a month; times in seconds since 1970."""

    pattern: str
    #: Entries a day, as meant.
    rate: float
    #: When each entry appears, ascending; some before the month begins.
    arrivals: Sequence[float]
    #: The date that each carries, or None.
    stated: Sequence[float | None]
    #: Entries that the document holds.
    window: int
    #: It holds those of so many last seconds instead, when that is more; 0 = no.
    window_s: float = 0.0
    outages: Sequence[Outage] = ()
    ttl_s: float = 0.0
    fresh_s: float = 0.0
    #: Old entries that are shown in turn besides, with their dates.
    evergreen: Sequence[float] = ()
    _ends: Sequence[float] = field(default=(), repr=False)

    def oldest(self, at: float) -> int:
        """Index of the oldest entry in the document at a time."""
        end = self.newest(at)
        oldest = max(0, end - self.window)
        if self.window_s:
            oldest = min(oldest, bisect.bisect_left(self.arrivals, at - self.window_s))
        return oldest

    def newest(self, at: float) -> int:
        """Index after the newest entry in the document at a time."""
        return bisect.bisect_right(self.arrivals, at)

    def turn(self, at: float) -> list[int]:
        """Which of the old entries it shows at a time."""
        if not self.evergreen:
            return []
        begin = int(at // (6 * HOUR)) * 7
        return [(begin + k) % len(self.evergreen) for k in range(6)]

    def outage(self, at: float) -> Outage | None:
        """The outage at a time, if there is one."""
        k = bisect.bisect_right(self._ends, at)
        if k < len(self.outages) and self.outages[k].begins <= at:
            return self.outages[k]
        return None

    def available(self, at: float) -> float:
        """When what came at a time can be had."""
        while (outage := self.outage(at)) is not None:
            at = outage.ends
        return at


Pace = Callable[[float], float]


def _thinned(dice: random.Random, pace: Pace, most: float, begin: float, end: float) -> list[float]:
    """Times of a Poisson process whose rate (a day) varies and is at most `most`."""
    found = []
    at = begin
    while True:
        at += dice.expovariate(most) * DAY
        if at >= end:
            return found
        if dice.random() * most < pace(at):
            found.append(at)


def _office(zone_h: float, night: float, weekend: float, peak_h: float, width_h: float) -> Pace:
    """Day and night, weekdays and weekends of a place; 1 on average."""
    bell = [
        night + math.exp(-(min(abs(h - peak_h), 24 - abs(h - peak_h)) ** 2) / (2 * width_h**2))
        for h in range(24)
    ]
    mean = sum(bell) / 24 * (5 + 2 * weekend) / 7

    def pace(at: float) -> float:
        local = at + zone_h * HOUR
        is_weekend = (int(local // DAY) + 3) % 7 >= 5
        return bell[int(local // HOUR) % 24] * (weekend if is_weekend else 1) / mean

    return pace


def _with_bursts(dice: random.Random, pace: Pace, begin: float, end: float) -> Pace:
    """Once in some days, a few hours in which several times as much is published."""
    bursts = []
    at = begin
    while at < end:
        at += dice.expovariate(1 / (4 * DAY))
        bursts.append((at, at + dice.uniform(1, 4) * HOUR, dice.uniform(4, 12)))
    starts = [one[0] for one in bursts]

    def busy(now: float) -> float:
        k = bisect.bisect_right(starts, now) - 1
        factor = bursts[k][2] if k >= 0 and now < bursts[k][1] else 1.0
        return pace(now) * factor

    return busy


def _outages(dice: random.Random, pattern: str) -> tuple[Outage, ...]:
    if pattern == "dies for two days":
        begins = START + dice.uniform(3, 25) * DAY
        return (Outage(begins=begins, ends=begins + 2 * DAY, retryable=False),)
    if pattern == "dies for good":
        begins = START + dice.uniform(3, 25) * DAY
        return (Outage(begins=begins, ends=START + 400 * DAY, retryable=False),)
    if pattern == "flaps":
        found, at = [], START
        while at < START + DAYS * DAY:
            at += dice.expovariate(1 / (12 * HOUR))
            length = dice.choice((2, 5, 20, 60)) * MINUTE * dice.uniform(0.5, 2)
            found.append(Outage(begins=at, ends=at + length))
            at += length
        return tuple(found)
    return ()


def _publisher(pattern: str, arrivals: Sequence[float], **rest: object) -> Publisher:
    outages: Sequence[Outage] = rest.get("outages", ())  # type: ignore[assignment]
    stated = rest.pop("stated", None) or list(arrivals)
    return Publisher(
        pattern=pattern,
        arrivals=arrivals,
        stated=stated,
        _ends=[one.ends for one in outages],
        **rest,
    )


def everyday(number: int, seed: int) -> Publisher:
    """One of the family that was tuned on."""
    dice = random.Random(f"everyday {seed} {number}")
    rate = min(max(dice.lognormvariate(math.log(3.0), 1.7), RATES[0]), RATES[1])
    window = dice.choice((10, 10, 10, 15, 20, 20, 25, 30, 50, 100))
    pattern = dice.choices(
        (
            "steady", "office hours", "bursts", "each morning", "undated", "evergreen",
            "asks for rest", "flaps", "dies for two days", "dies for good",
        ),
        (10, 38, 12, 6, 8, 4, 12, 5, 3, 2),
    )[0]  # fmt: skip
    begin = START - max(35.0, 1.3 * window / rate) * DAY
    end = START + (DAYS + 2) * DAY
    pace: Pace = _office(
        dice.choice((-8, -5, 0, 1, 2, 5, 5, 8, 10)),
        dice.uniform(0.02, 0.3),
        dice.uniform(0.05, 0.7),
        dice.uniform(9, 16),
        dice.uniform(2.5, 5),
    )
    if pattern == "steady":
        arrivals = _thinned(dice, lambda at: rate, rate, begin, end)
    elif pattern == "each morning":
        arrivals, window, rate = _each_morning(dice, window, begin, end)
    else:
        most = 20.0
        if pattern == "bursts":
            pace, most = _with_bursts(dice, pace, begin, end), 60.0
        arrivals = _thinned(dice, lambda at: rate * pace(at), rate * most, begin, end)
    ttl, fresh = 0.0, 0.0
    if pattern == "asks for rest":
        ttl = dice.choice((0, 15, 30, 60, 60, 60, 1440, 525_600)) * MINUTE
        fresh = dice.choice((0, 0, 300, 600, 900)) if ttl else dice.choice((300, 900, 3600))
    old = [START - dice.uniform(60, 2000) * DAY for _ in range(150)]
    return _publisher(
        pattern,
        arrivals,
        rate=rate,
        window=window,
        stated=[None] * len(arrivals) if pattern == "undated" else None,
        outages=_outages(dice, pattern),
        ttl_s=ttl,
        fresh_s=float(fresh),
        evergreen=old if pattern == "evergreen" else (),
    )


def _each_morning(
    dice: random.Random, window: int, begin: float, end: float
) -> tuple[list[float], int, float]:
    """Ten at once each working day, within minutes."""
    hour, spread = dice.uniform(3, 12), dice.uniform(0, 20)
    arrivals = []
    day = math.floor(begin / DAY)
    while day * DAY < end:
        if (day + 3) % 7 < 5:
            first = day * DAY + hour * HOUR + dice.gauss(0, 8) * MINUTE
            arrivals += [first + dice.uniform(0, spread) * MINUTE for _ in range(10)]
        day += 1
    return sorted(arrivals), max(window, 10), 10 * 5 / 7


def strange(number: int, seed: int) -> Publisher:
    """One of the family that was not tuned on."""
    dice = random.Random(f"strange {seed} {number}")
    rate = math.exp(dice.uniform(math.log(RATES[0]), math.log(RATES[1])))
    window = dice.randint(10, 100)
    pattern = dice.choices(
        (
            "two peaks", "echoes", "days without time", "appears late", "last day only",
            "new pace", "clocks change", "fills by the hour", "asks for rest", "flaps",
            "dies for two days",
        ),
        (20, 16, 8, 10, 8, 8, 10, 8, 6, 4, 2),
    )[0]  # fmt: skip
    begin = START - max(40.0, 1.3 * window / rate) * DAY
    end = START + (DAYS + 2) * DAY
    zone = dice.choice((-7, -3, 0, 1, 3, 5, 5.5, 8, 9))
    peaks = dice.uniform(7, 11), dice.uniform(14, 21)
    office = [_office(zone, 0.1, dice.uniform(0, 1), peak, 1.5) for peak in peaks]
    change = START + dice.uniform(8, 22) * DAY

    def pace(at: float) -> float:
        at += HOUR if pattern == "clocks change" and at < START + 13 * DAY else 0
        slow = 0.25 if pattern == "new pace" and at < change else 1.0
        return slow * (office[0](at) + office[1](at)) / 2

    if pattern == "echoes":
        arrivals = _echoes(dice, rate, pace, begin, end)
    else:
        arrivals = _thinned(dice, lambda at: rate * pace(at), rate * 12, begin, end)
    if pattern == "fills by the hour":
        # A job of theirs writes the feed each hour.
        minute = dice.uniform(0, 60) * MINUTE
        arrivals = [math.ceil((at - minute) / HOUR) * HOUR + minute for at in arrivals]
    stated: list[float | None] = list(arrivals)
    if pattern == "days without time":
        stated = [math.floor((at + zone * HOUR) / DAY) * DAY - zone * HOUR for at in arrivals]
    if pattern == "appears late":
        stated = [at - dice.expovariate(1 / (3 * HOUR)) for at in arrivals]
    wish = dice.choice((10, 20, 30, 45, 60, 120, 240)) * MINUTE
    return _publisher(
        pattern,
        arrivals,
        rate=rate,
        window=1 if pattern == "last day only" else window,
        window_s=DAY if pattern == "last day only" else 0.0,
        stated=stated,
        outages=_outages(dice, pattern),
        fresh_s=wish if pattern == "asks for rest" else 0.0,
    )


def other(number: int, seed: int) -> Publisher:
    """One of the family that was looked at only when all was decided."""
    dice = random.Random(f"other {seed} {number}")
    rate = min(0.4 * dice.paretovariate(0.9), RATES[1])
    window = dice.choice((10, 12, 20, 40, 60, 100))
    pattern = dice.choices(
        ("weekly letter", "three batches", "long waves", "just begun", "nine to five",
         "round the clock", "undated batches", "flaps", "dies for two days"),
        (8, 12, 18, 10, 26, 12, 6, 5, 3),
    )[0]  # fmt: skip
    begin = START - max(30.0, 1.2 * window / rate) * DAY
    end = START + (DAYS + 2) * DAY
    office = _office(dice.uniform(-8, 10), 0.05, dice.uniform(0, 0.5), dice.uniform(10, 14), 3)
    phase = dice.uniform(0, 6) * DAY

    def pace(at: float) -> float:
        if pattern == "round the clock":
            return rate
        wave = 1 + 0.9 * math.sin((at + phase) / (5 * DAY) * 2 * math.pi)
        return rate * office(at) * (wave if pattern == "long waves" else 1)

    if pattern == "weekly letter":
        rate = dice.choice((1, 1, 3, 8)) / 7
        arrivals = _at_hours(dice, begin, end, [dice.uniform(6, 16)], round(rate * 7), every=7)
    elif pattern in {"three batches", "undated batches"}:
        arrivals = _at_hours(dice, begin, end, [6.5, 11.0, 17.0], max(1, round(rate / 3)), every=1)
    else:
        arrivals = _thinned(dice, pace, rate * 20, begin, end)
    if pattern == "just begun":
        arrivals = [at for at in arrivals if at > START - dice.uniform(0, 3) * DAY]
    return _publisher(
        pattern,
        arrivals,
        rate=rate,
        window=max(window, round(rate)) if "batches" in pattern else window,
        stated=[None] * len(arrivals) if pattern == "undated batches" else None,
        outages=_outages(dice, pattern),
        ttl_s=dice.choice((0.0, 0.0, 0.0, 3600.0)),
        fresh_s=dice.choice((0.0, 0.0, 300.0, 600.0)),
    )


def _at_hours(
    dice: random.Random, begin: float, end: float, hours: Sequence[float], size: int, *, every: int
) -> list[float]:
    """So many at once, within minutes, at hours of every so many days."""
    first = math.floor(begin / DAY)
    return sorted(
        day * DAY + hour * HOUR + (dice.gauss(0, 10) + dice.uniform(0, 10)) * MINUTE
        for day in range(first, math.ceil(end / DAY), every)
        for hour in hours
        for _ in range(size)
    )


def _echoes(dice: random.Random, rate: float, pace: Pace, begin: float, end: float) -> list[float]:
    """Each entry sets off others within the hour (a Hawkes process with mean offspring 0.5)."""
    first = _thinned(dice, lambda at: rate / 2 * pace(at), rate * 6, begin, end)
    found, open_ = list(first), list(first)
    while open_:
        at = open_.pop()
        while dice.random() < 1 / 3:
            child = at + dice.expovariate(1 / (30 * MINUTE))
            if child < end:
                found.append(child)
                open_.append(child)
    return sorted(found)


FAMILIES: dict[str, Callable[[int, int], Publisher]] = {
    "everyday": everyday,
    "strange": strange,
    "other": other,
}
