"""What goes out in parts and comes back as one batch; alike on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Choice, Filter, Placement, ReviewState, StoryQuery
from monitor.review.importing import Base, Edit
from monitor.review.taking import take
from tests.store.records import NOW, hours, stored

#: An edit of the second story.
EDIT = Edit(
    row=2,
    story_id=2,
    version=1,
    state=ReviewState.KEPT,
    assignee="ann",
    tags=("deal",),
    note="ask",
    was=Base(state="new", assignee="", tags=()),
)


@pytest.fixture
def told(database):
    """Three stories, the last one irrelevant to tungsten."""
    for number, mineral in ((1, "tungsten"), (2, "tungsten"), (3, "tin")):
        stored(
            database,
            f"k{number}",
            Placement(),
            title=f"Title {number}",
            minerals=(mineral,),
            seen_at=hours(number),
        )
    while refresh(database):
        pass
    return database


def test_ids_in_order(told):
    """Newest update first, by either kind of query; limits hold."""
    assert told.story_ids(Filter(mineral="tungsten", limit=9)) == [2, 1]
    assert told.story_ids(Filter(limit=1)) == [3]
    assert sorted(told.article_ids(Filter(limit=9))) == [1, 2, 3]
    query = StoryQuery(minerals=("tungsten",))
    assert told.chosen_ids(query, now=NOW, limit=9) == [2, 1]


def test_parts_in_the_asked_order(told):
    """Those that were merged away are missing."""
    told.merge_stories(1, 3, who="ann", now=hours(5))
    assert [story.id for story in told.stories_of([3, 2, 1, 77])] == [2, 1]
    assert [article.id for article in told.articles_of([3, 1])] == [3, 1]


def test_standings_follow_merges(told):
    """By the id that was asked for; with who did what last; unknown ids are missing."""
    told.decide([Choice(story_id=1, action="tag", value="deal")], who="bob", now=hours(4))
    told.merge_stories(1, 3, who="ann", now=hours(5))
    found = told.standings([3, 1, 77])
    assert {asked: one.story_id for asked, one in found.items()} == {3: 1, 1: 1}
    assert (found[1].tags, found[1].changed_by) == (("deal",), "ann")


def test_the_poll_that_brought_something(told):
    """The last one before it, not one of another day."""
    poll = told.poll_before(1, hours(2))
    assert (poll.started_at, poll.outcome.value) == (hours(2), "ok")
    assert told.poll_before(1, hours(30)) is None
    assert told.poll_before(1, hours(1) - timedelta(minutes=1)) is None


def test_an_import_is_one_batch(told):
    """All of a file is taken together, and taken back together."""
    version = told.standings([2])[2].version
    edit = replace(EDIT, version=version)
    taken = take(told, [edit], who="ann", now=hours(6))
    assert [one.action for one in taken.decisions] == ["state", "assign", "tag", "note"]
    assert {one.batch for one in taken.decisions} == {taken.batch}
    told.undo_review(who="ann", now=hours(7), batch=taken.batch)
    now = told.standings([2])[2]
    assert (now.state, now.assignee, now.tags, now.notes) == (ReviewState.NEW, "", (), ())


def test_nothing_is_taken_of_a_clash_or_beside_a_fault(told):
    """An outdated version takes nothing of its row; an unknown story holds back everything."""
    clash = take(told, [replace(EDIT, version=99)], who="ann", now=hours(6))
    assert (clash.decisions, len(clash.plan.clashes)) == ((), 1)
    good = replace(EDIT, version=told.standings([2])[2].version)
    held = take(told, [good, replace(EDIT, row=3, story_id=77)], who="ann", now=hours(6))
    assert (held.decisions, len(held.plan.faults)) == ((), 1)
    assert told.standings([2])[2].state is ReviewState.NEW
