"""
When to ask a source again: pure deciders, given what it said and what it did.

Success: the shortest of the operator's wish, the publisher's wish and a fraction of the
span its document covers, within bounds. Failure: doubling waits, so that a dead source
costs little and a passing fault is noticed soon. Jitter keeps sources from marching in step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.settings import ScheduleSettings

#: A document must be read this many times within the span that it covers.
READS_PER_SPAN = 4

#: Share of the interval that jitter may add.
JITTER = 0.1

#: Doublings after which failures are no longer waited for longer.
MAX_DOUBLINGS = 6


def after_success(
    *,
    now: datetime,
    source_id: int,
    every_s: int,
    ttl_s: int,
    published: Sequence[datetime],
    rules: ScheduleSettings,
) -> datetime:
    """
    Next poll of a source that answered.

    Args:
        every_s: the operator's interval in seconds; 0 = let us choose.
        ttl_s: the publisher's wish in seconds; 0 = none.
        published: dates of the document's entries, any order.
    """
    wait = float(every_s or _adaptive(now, ttl_s, published, rules))
    wait = min(max(wait, rules.min_interval), rules.max_interval)
    return now + timedelta(seconds=wait * (1 + JITTER * _dice(source_id, now)))


def after_failure(
    *, now: datetime, source_id: int, failures: int, rules: ScheduleSettings
) -> datetime:
    """Next poll of a source that failed `failures` times in a row, this one included."""
    doublings = min(max(failures - 1, 0), MAX_DOUBLINGS)
    wait = min(rules.min_interval * 2**doublings, rules.max_interval)
    return now + timedelta(seconds=wait * (1 + JITTER * _dice(source_id, now)))


def _adaptive(
    now: datetime, ttl_s: int, published: Sequence[datetime], rules: ScheduleSettings
) -> float:
    past = [moment for moment in published if moment <= now]
    wait = float(rules.default_interval)
    if len(past) > 1:
        span = (max(past) - min(past)).total_seconds()
        wait = min(wait, span / READS_PER_SPAN) if span > 0 else wait
    return max(wait, ttl_s)


def _dice(source_id: int, now: datetime) -> float:
    """A number in [0, 1) that differs from source to source and poll to poll."""
    seed = f"{source_id}:{now.isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest(), "big") / 2**32
