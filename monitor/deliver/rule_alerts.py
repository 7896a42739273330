"""
What an alert tells of rules: those that take effect or lapse within its days, each day once.

What was told is remembered by the articles that a rule rests on, which keep their ids whatever
happens to their stories: a rule in a story that was merged or split is not told again. Another
date of the same rule is another thing, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.model import Alert, Mark
from monitor.model.instruments import Dated
from monitor.ports import Store

#: Days before, at most; rules and days that are looked at in one go.
MOST_DAYS, LOOKED_AT = 365, 1000

#: Articles of a rule by which it is known again, and by which it is remembered.
KNOWN_BY, REMEMBERED_BY = 100, 12

#: Stories of a view whose rules are told.
MOST_STORIES = 5000


def upcoming(store: Store, *, days: int, view_id: int, now: datetime, zone: str) -> list[Dated]:
    """
    What takes effect and what lapses from today on, within so many days.

    Args:
        view_id: only in stories of this view; 0 = in all.
        zone: IANA name; whose day is today.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    found = store.calendar(since=today, until=today + timedelta(days=days), limit=LOOKED_AT)
    # The end of what is only planned is nothing that happens.
    found = [o for o in found if not (o.event == "lapse" and o.term.stage == "draft")]
    if not view_id or not found:
        return found
    view = store.view(view_id)
    if view is None:
        return []
    chosen = set(store.chosen_ids(view.query, now=now, limit=MOST_STORIES))
    return [one for one in found if one.instrument.story_id in chosen]


def untold(store: Store, alert: Alert, found: Iterable[Dated]) -> list[Dated]:
    """Those that the alert has not told, each once."""
    listed = list(found)
    subjects = [subject for one in listed for subject in _subjects(one)]
    known = set(store.alert_marks(alert.id, subjects)) if subjects else set()
    fresh: list[Dated] = []
    for one in listed:
        names = set(_subjects(one))
        if not names & known:
            fresh.append(one)
            # Two stories that were not merged yet may share an article's rule.
            known |= names
    return fresh


def marks(found: Iterable[Dated], *, now: datetime) -> list[Mark]:
    """What is remembered once these are told."""
    subjects = dict.fromkeys(s for one in found for s in _subjects(one)[:REMEMBERED_BY])
    return [Mark(subject=subject, told_until=now) for subject in subjects]


def key_of(found: Iterable[Dated]) -> list[tuple[str, ...]]:
    """What a message that tells these is known by."""
    return [tuple(_subjects(one)[:1]) for one in found]


def today_in(zone: str, now: datetime) -> date:
    """The day that it is there."""
    return now.astimezone(ZoneInfo(zone)).date()


def _subjects(one: Dated) -> list[str]:
    """By each of its articles, the oldest first: the rule, what happens, and when."""
    rule = one.instrument
    what = f"{rule.country}:{rule.what}:{rule.direction}"
    return [
        f"rule:a{article}:{what}:{one.event}:{one.day.isoformat()}"
        for article in sorted(rule.articles)[:KNOWN_BY]
    ]
