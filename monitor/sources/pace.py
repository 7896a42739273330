"""
How soon to ask a source again by what is known of its rhythm: two answers, in seconds.

*When is a poll worth it?* All sources share one budget of polls. At r items a day, asked every
T days, the items that come in a day wait r*T/2 together, for 1/T polls. The least sum of waits
over all sources for a number of polls has, by Lagrange's multiplier m, r/2 = m/T^2 for each:
T = sqrt(2m/r), the square-root rule. In other words: a poll is due when the items that came
since the last one have together waited for m. In this form it also holds for a rate that
changes with the hour: it is due at the t that solves integral of r(u) * (t - u) du = m.
`schedule.default_interval` fixes m: it is the interval of a source with `REFERENCE_PER_DAY`
items a day that come evenly.

*When might an item be lost?* See `peaks`: its span is stretched over hours in which less comes
than on average.

Source:
    Sia, Cho, Cho 2007, "Efficient Monitoring Algorithm for Fast News Alerts" (the rule, and
    daily profiles); Cho, Garcia-Molina 2003, "Effective Page Refresh Policies for Web
    Crawlers" (polls under a budget).
"""

from __future__ import annotations

import math

from monitor.sources import peaks
from monitor.sources.rhythm import BURST_S, DAY_S, REFERENCE_PER_DAY, Rhythm, steps

#: Items that make a burst believed.
BURST_PRIOR = 2.0

#: In quiet hours a safe span is at most so many times as long.
QUIET = 4.0


def news_s(rhythm: Rhythm, default_s: float, longest_s: float) -> float:
    """
    Seconds until the items that may have come have waited long enough together.

    Args:
        default_s: the interval of a source at the reference rate.
        longest_s: no answer is longer.
    """
    patience = REFERENCE_PER_DAY / DAY_S * default_s**2 / 2
    # What a first document says of the past is tried before it is relied on.
    longest_s = min(longest_s, max(2 * default_s, rhythm.at - rhythm.first))
    profile, base, excess = rhythm.profile(), rhythm.rate() / DAY_S, _excess(rhythm)
    waited = came = 0.0
    for passed, step in steps(rhythm.at, longest_s):
        burst = 1 + excess * math.exp(-passed / BURST_S)
        rate = base * profile.share(rhythm.at + passed) * burst
        after = waited + came * step + rate * step * step / 2
        if after >= patience:
            left = patience - waited
            # The root of rate/2 * t^2 + came * t = left, in the form that divides by no zero.
            return passed + 2 * left / (came + math.sqrt(came * came + 2 * rate * left))
        waited, came = after, came + rate * step
    return longest_s


def safe_s(rhythm: Rhythm, default_s: float) -> float:
    """
    Seconds within which the document is not filled anew, at the fastest pace ever seen.

    Args:
        default_s: the answer while nothing is known. No longer span than was watched, or than
            the dates of the first document cover, is relied on.
    """
    if rhythm.size < 1:
        return default_s
    watched = rhythm.at - rhythm.since
    if rhythm.since >= rhythm.first:
        watched = max(watched, default_s)
    safe = min(peaks.safe_s(rhythm.peaks, rhythm.size), watched)
    profile = rhythm.profile()
    filled = 0.0
    for passed, step in steps(rhythm.at, safe * QUIET):
        pace = min(1.0, profile.share(rhythm.at + passed)) / safe
        if filled + pace * step >= 1:
            return passed + (1 - filled) / pace
        filled += pace * step
    return safe * QUIET


def _excess(rhythm: Rhythm) -> float:
    """How many times more than usual comes just now, less one; never below 0."""
    return max(0.0, (rhythm.burst + BURST_PRIOR) / (rhythm.expected + BURST_PRIOR) - 1)
