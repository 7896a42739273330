"""Stories by day, outlets by who told first, decisions by day; both databases alike."""

from datetime import date, timedelta

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Choice, Copy, Placement
from monitor.model.overview import Tellings
from tests.store.records import NOW, hours, stored

DAY = date(2026, 3, 2)
YEAR = {"since": NOW - timedelta(days=365), "until": NOW + timedelta(days=30)}
COPY = Placement(
    development_id=1, story_id=1, copy=Copy(original_id=1, containment=0.9, why="90 % of it")
)


@pytest.fixture
def told(database):
    """One story of three outlets, one of which copies; and a story of one outlet, a day later."""
    stored(database, "a", site="First", published_at=NOW)
    stored(database, "b", COPY, site="Echo", published_at=hours(1), seen_at=hours(1))
    same = Placement(development_id=1, story_id=1)
    stored(database, "c", same, site="Later", published_at=hours(2), seen_at=hours(2))
    more = {"site": "First", "minerals": ("antimony",), "language": "ru"}
    stored(database, "d", published_at=hours(14), seen_at=hours(14), **more)
    refresh(database, limit=100)
    return database


def counted(counts):
    """Counts as a plain mapping."""
    return {(one.day, one.value): one.count for one in counts}


def test_stories_are_counted_by_day_and_mineral(told):
    """A story counts once a mineral, on the day on which something last happened in it."""
    assert counted(told.story_days("mineral", ahead_s=0, **YEAR)) == {
        (DAY, "tungsten"): 1,
        (DAY, "antimony"): 1,
    }
    assert counted(told.story_days("", ahead_s=0, **YEAR)) == {(DAY, ""): 2}
    assert counted(told.story_days("country", ahead_s=0, **YEAR)) == {(DAY, "KZ"): 2}


def test_days_are_the_readers(told):
    """What happened at 23:00 UTC is of the next day in Almaty, and of the same in New York."""
    ahead = counted(told.story_days("mineral", ahead_s=5 * 3600, **YEAR))
    assert ahead[DAY + timedelta(days=1), "antimony"] == 1
    behind = counted(told.story_days("mineral", ahead_s=-10 * 3600, **YEAR))
    assert behind[DAY, "antimony"] == 1
    assert behind[DAY, "tungsten"] == 1


def test_bounds_are_those_of_queries(told):
    """From a moment on, and until before one."""
    late = told.story_days("", since=hours(14), until=hours(15), ahead_s=0)
    assert [one.count for one in late] == [1]
    assert told.story_days("", since=hours(3), until=hours(14), ahead_s=0) == []


def test_a_merged_story_counts_once(told):
    """What was merged away is no story of its own."""
    told.merge_stories(1, 2, who="ann", now=hours(20))
    refresh(told, limit=100)
    assert sum(one.count for one in told.story_days("", ahead_s=0, **YEAR)) == 1


def test_who_is_first_and_who_copies(told):
    """Of a story told by several the earliest is first, a copy never; alone is no first."""
    found = told.outlets_told(since=YEAR["since"], most=100)
    assert sorted(found, key=lambda one: (one.outlet, one.language)) == [
        Tellings(outlet="Echo", language="en", told=1, copies=1),
        Tellings(outlet="First", language="en", told=1, first=1),
        Tellings(outlet="First", language="ru", told=1, alone=1),
        Tellings(outlet="Later", language="en", told=1),
    ]
    assert next(one.later for one in found if one.outlet == "Later") == 1


def test_what_a_source_told(told):
    """The same of one source; of one without articles, nothing."""
    source_id = told.sources()[0].id
    assert told.source_told(source_id, since=YEAR["since"], most=100) == Tellings(
        told=4, first=1, alone=1, copies=1
    )
    assert told.source_told(source_id, since=YEAR["since"], most=1).told == 1
    assert told.source_told(99, since=YEAR["since"], most=100) == Tellings()


def test_the_newest_articles_of_a_source(told):
    """Newest first, each with whether it is a copy."""
    found = told.source_articles(told.sources()[0].id, limit=3)
    assert [one.url[-1] for one in found] == ["d", "c", "b"]
    assert [one.is_copy for one in found] == [False, False, True]
    assert [one.story_id for one in found] == [2, 1, 1]


def test_decisions_are_counted_by_day(told):
    """By the state that was given; what was undone never was."""
    told.decide([Choice(story_id=1, action="state", value="kept")], who="ann", now=hours(4))
    told.decide([Choice(story_id=2, action="state", value="dismissed")], who="bob", now=hours(30))
    told.decide([Choice(story_id=2, action="note", value="no")], who="bob", now=hours(31))
    assert counted(told.decision_days(ahead_s=0, **YEAR)) == {
        (DAY, "kept"): 1,
        (DAY + timedelta(days=1), "dismissed"): 1,
    }
    wait = told.median_wait(since=YEAR["since"], most=100)
    assert wait == timedelta(hours=10)  # of 4 h, and of 16 h
    told.undo_review(who="ann", now=hours(40))
    assert (DAY, "kept") not in counted(told.decision_days(ahead_s=0, **YEAR))


def test_without_decisions_there_is_no_wait(told):
    """Nothing was decided: no median."""
    assert told.median_wait(since=YEAR["since"], most=100) is None
