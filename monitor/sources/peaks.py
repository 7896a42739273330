"""
The most items that came within spans of several lengths: how fast a document may fill anew.

A document shows the last N items of its source. A poll loses nothing if it comes before N
more have appeared, so what matters is not the average but the fastest pace: the most items
that ever came within 7.5 minutes, 15, 30 … 32 hours. The next poll comes before `HEADROOM`
times as many would fill the document. Where already the smallest span has seen more (ten at
once each morning), asking sooner would not help; then the longest span with no more counts.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Spans whose most items are remembered, seconds.
SPANS_S: tuple[float, ...] = tuple(450.0 * (1 << k) for k in range(9))

#: The document must hold so many times the items that ever came within the interval.
HEADROOM = 2.5

#: A span is crowded when it saw more than this share of the document.
CROWDED = 0.8

#: Peaks count half after so long, seconds.
HALF_LIFE_S = 30 * 86_400.0

Counts = tuple[float, ...]

NO_COUNTS: Counts = (0.0,) * len(SPANS_S)


def first_peaks(moments: Sequence[float], now: float) -> tuple[Counts, Counts]:
    """
    What the dates of a first document show.

    Args:
        moments: seconds since 1970, descending.

    Returns:
        The most items within each span; the items within the last one of each.
    """
    most = tuple(float(within(moments, span)) for span in SPANS_S)
    return most, tuple(float(sum(one > now - span for one in moments)) for span in SPANS_S)


def further_peaks(
    peaks: Counts,
    running: Counts,
    *,
    gap: float,
    dated: Sequence[float],
    timed: Sequence[float],
    new: int,
) -> tuple[Counts, Counts]:
    """
    Peaks and running counts after a further poll.

    Args:
        peaks, running: as they were.
        gap: seconds since the poll before.
        dated: dates of the document's items, descending.
        timed: dates of the new items that came in the gap, descending.
        new: all new items; when the others came in the gap is not known.
    """
    keep = 0.5 ** (gap / HALF_LIFE_S)
    if not new:
        leaks = (max(0.0, 1 - gap / span) for span in SPANS_S)
        still = tuple(old * leak for old, leak in zip(running, leaks, strict=True))
        return tuple(old * keep for old in peaks), still
    vague = new - len(timed)
    lately = [one for one in dated if one > dated[0] - gap - SPANS_S[-1]]
    most, inside = [], []
    for k, span in enumerate(SPANS_S):
        if gap <= span:
            count = seen = running[k] * (1 - gap / span) + new
        else:
            # Those without a time came perhaps twice as densely as evenly.
            seen = min(float(new), within(timed, span) + 2 * vague * span / gap)
            count = new * span / gap
        most.append(max(seen, float(within(lately, span)), peaks[k] * keep))
        inside.append(count)
    return tuple(most), tuple(inside)


def safe_s(peaks: Counts, size: float) -> float:
    """
    Seconds within which a document is not filled anew, at the fastest pace.

    Args:
        size: items of the document.
    """
    if peaks[0] > CROWDED * size and peaks[1] > peaks[0] / CROWDED:
        # Not one batch but a stream, too fast even for the smallest span.
        return SPANS_S[0] * size / HEADROOM / peaks[0]
    allowed = max(size / HEADROOM, peaks[0])
    for k in range(1, len(SPANS_S)):
        if peaks[k] > allowed:
            share = (allowed - peaks[k - 1]) / (peaks[k] - peaks[k - 1])
            return SPANS_S[k - 1] + max(0.0, share) * (SPANS_S[k] - SPANS_S[k - 1])
    return SPANS_S[-1]


def within(descending: Sequence[float], span: float) -> int:
    """The most of the moments that lie within one span of that length."""
    if not descending:
        return 0
    if descending[0] - descending[-1] <= span:
        return len(descending)
    most = newest = 0
    for last, moment in enumerate(descending):
        while descending[newest] - moment > span:
            newest += 1
        most = max(most, last - newest + 1)
    return most
