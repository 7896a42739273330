"""
The nightly repair: what came before its neighbours did is asked again where it belongs.

Articles are placed as they come, each by those that came before it; the first two tellings of a
matter may find each other only through a third. Over the open window an article that stands
alone is asked the same question again (`match.place`), and joins where the answer says so. What
an analyst grouped is never touched; every step is logged with the values that decided; a step
joins groups and parts none, so that it comes to an end, and a second run does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model.repairs import Regrouping
from monitor.placing import place_stored
from monitor.ports import Store

#: Days in which a matter is open.
WINDOW_DAYS = 30

#: Articles that are asked again in one night, at most: some seconds.
MOST_ASKED = 2000

#: Times that all are asked: where one joined, its neighbours may follow.
PASSES = 4


def repair(
    store: Store, now: datetime, window_days: int = WINDOW_DAYS, *, is_kept: bool = True
) -> list[Regrouping]:
    """
    Ask the articles of the window that stand alone again where they belong.

    Args:
        now: the window ends here; articles dated later are asked too.
        is_kept: False tells what the first step of each would be, and changes nothing.

    Returns:
        What was done, in order.
    """
    done: list[Regrouping] = []
    for _ in range(PASSES if is_kept else 1):
        found = repair_some(store, to_ask(store, now, window_days), now, is_kept=is_kept)
        done += found
        if not found:
            break
    return done


def to_ask(store: Store, now: datetime, window_days: int = WINDOW_DAYS) -> list[int]:
    """The articles that are asked, in order of time."""
    return store.lonely(since=now - timedelta(days=window_days), limit=MOST_ASKED)


def repair_some(
    store: Store, article_ids: Sequence[int], now: datetime, *, is_kept: bool = True
) -> list[Regrouping]:
    """Ask these articles again; each step is a transaction of its own."""
    done = []
    for number in article_ids:
        placement = place_stored(store, number)
        if placement and placement.story_id:
            step = store.regroup(number, placement, now=now, is_kept=is_kept)
            done += [step] if step else []
    return done
