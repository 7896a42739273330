"""
Due times after the wall clock was set: pure deciders over what the store knows.

A wait that was agreed in hours is still that many hours: due times move along with the clock,
so that neither all sources become due at once nor none for hours. A time that a cron
expression names is the clock's own, and stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from monitor.health.look import AHEAD
from monitor.model import Source, SourceState
from monitor.sources import cron

#: Source -> when it is due, and before when no request may be sent.
Times = dict[int, tuple[datetime | None, datetime | None]]

#: A wait that the stored times do not tell, or tell beyond reason.
USUAL_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)


def moved(
    sources: Sequence[Source],
    jump: timedelta,
    *,
    now: datetime,
    lately: timedelta,
    in_hand: Collection[int] = (),
) -> Times:
    """
    Due times after the clock was set by `jump`.

    Args:
        now: by the clock as it is now.
        lately: when it was set, at most this long ago; what was polled since is right already.
        in_hand: sources that crawls are about to commit.
    """
    times: Times = {}
    for source in sources:
        polled = source.last_polled_at
        is_right = polled is not None and now - lately <= polled <= now
        if source.state is not SourceState.ACTIVE or source.id in in_hand or is_right:
            continue
        due = source.next_poll_at and source.next_poll_at + jump
        if "cron" in source.options:
            due = _by_cron(source, now)
        held = source.not_before and source.not_before + jump
        times[source.id] = (due, held)
    return times


def stranded(sources: Sequence[Source], *, now: datetime) -> Times:
    """
    Due times of sources that were polled in the future: the clock was set back, unseen.

    Each is due within the wait that it had, at a moment of its own.
    """
    times: Times = {}
    for source in sources:
        polled = source.last_polled_at
        if source.state is not SourceState.ACTIVE or polled is None or polled - now <= AHEAD:
            continue
        wait = (source.next_poll_at or polled + USUAL_WAIT) - polled
        wait = wait if timedelta() < wait <= LONGEST_WAIT else USUAL_WAIT
        due: datetime | None = now + wait * _dice(source.id, polled)
        if "cron" in source.options:
            due = _by_cron(source, now)
        held = min(source.not_before, now + wait) if source.not_before else None
        times[source.id] = (due, held)
    return times


def _by_cron(source: Source, now: datetime) -> datetime | None:
    """What the expression names from now on; what is overdue already stays so."""
    zone = source.options.get("timezone", "")
    named = cron.next_time(source.options["cron"], zone, after=now)
    known = [time for time in (named, source.next_poll_at) if time is not None]
    return min(known, default=None)


def _dice(source_id: int, polled: datetime) -> float:
    """A number in [0, 1) that differs from source to source."""
    seed = f"{source_id}:{polled.isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest(), "big") / 2**32
