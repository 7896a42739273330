"""
How long to leave a source alone that failed, by the kind of its failure.

What may pass (a timeout, a 5xx, a name that is not found) is tried again within minutes, then
hours. What looks lasting (removed, a page that cannot be read) is tried again within hours,
then days, for as long as it takes: active feeds do return 404 and come back. What was refused
is asked for once a day. As long as a source is awaited, it is not left alone for longer than
its own pace allows, so that little is lost when it returns.
"""

from __future__ import annotations

from datetime import timedelta

from monitor.model import Outcome

#: What may pass: first wait at most, growth, longest wait; seconds.
SOFT_FIRST_S, SOFT_GROWTH, SOFT_LONGEST_S = 1800.0, 2.0, 4 * 3600.0

#: What looks lasting: first wait, growth, longest wait.
HARD_FIRST_S, HARD_GROWTH, HARD_LONGEST_S = 3600.0, 1.25, 86_400.0

#: What was refused: first wait, then the wait of all others.
REFUSED_FIRST_S, REFUSED_S = 6 * 3600.0, 86_400.0

#: So long is a source awaited that fails.
AWAITED = timedelta(days=7)

#: It is then asked at most so many times less often than one that answers.
SLOWER = 4.0

#: Doublings and the like that are counted.
_MOST_FAILURES = 60


def wait_s(
    outcome: Outcome,
    *,
    retryable: bool,
    failures: int,
    failing: timedelta,
    pace_s: float,
    safe_s: float,
) -> tuple[float, float, str]:
    """
    Seconds to wait, the least that jitter may make of it, and the kind of failure in words.

    Never shorter after more failures, nor after failing for longer.

    Args:
        failures: polls in a row that failed, this one included; from 1.
        failing: since the first of them.
        pace_s: its interval when it answers.
        safe_s: its document is not filled anew within this.
    """
    grown = min(failures - 1, _MOST_FAILURES)
    is_awaited = failing < AWAITED
    if retryable:
        first = min(pace_s / 4, SOFT_FIRST_S)
        longest = SOFT_LONGEST_S if is_awaited else HARD_LONGEST_S
        wait = first * SOFT_GROWTH**grown
        if is_awaited:
            longest = min(longest, max(pace_s, min(SLOWER * pace_s, safe_s)))
        return min(wait, longest), 0.0, "it may pass"
    if outcome in {Outcome.BLOCKED, Outcome.REFUSED}:
        wait = REFUSED_FIRST_S if failures == 1 else REFUSED_S
        return wait, REFUSED_FIRST_S, "refused"
    longest = SOFT_LONGEST_S if outcome is Outcome.CHANGED else HARD_LONGEST_S
    if is_awaited:
        longest = min(longest, max(HARD_FIRST_S, min(SLOWER * pace_s, safe_s)))
    return min(HARD_FIRST_S * HARD_GROWTH**grown, longest), HARD_FIRST_S, "it looks lasting"
