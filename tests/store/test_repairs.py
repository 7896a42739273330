"""The repair of groups: who joins whom, what analysts said stays, and what is logged."""

from datetime import timedelta

import pytest

from monitor.model import Choice, Copy, Placement, ReviewState
from monitor.repair import repair
from tests.store.records import NOW, hours, stake, stored

WHY = "shares with a1 tungsten 2.5: evidence 12.0, 80% of the poorer, 0.1 days apart"


def to(development_id, story_id):
    """What the matcher says of an article that belongs there."""
    return Placement(development_id=development_id, story_id=story_id, reasons=(WHY,))


@pytest.fixture
def two(database):
    """Two articles that stand alone: a1 in s1, a2 in s2."""
    stored(database, "g1")
    stored(database, "g2")
    return database


def test_an_article_alone_brings_its_story(two):
    """The development takes it, the old id leads to the story, and the log says why."""
    done = two.regroup(2, to(1, 1), now=hours(1))
    assert (done.action, done.story_id, done.other_id, done.article_id) == ("merge", 1, 2, 2)
    assert done.why == WHY
    story = two.story(2)
    assert (story.id, story.developments) == (1, (1,))
    assert [article.id for article in story.articles] == [1, 2]
    assert two.regroupings() == [done]
    assert two.regroupings(story_id=1) == [done]


def test_copies_come_along(two):
    """An article with copies is alone all the same."""
    edge = Copy(original_id=2, containment=0.9, why="90 % of its text")
    stored(two, "g3", Placement(copy=edge))
    assert 2 in two.lonely(since=NOW - timedelta(days=1), limit=9)
    two.regroup(2, to(1, 1), now=hours(1))
    assert [article.id for article in two.story(1).articles] == [1, 2, 3]
    assert two.story(1).developments == (1,)


def test_one_alone_in_its_development_joins_another(two):
    """Within one story only the development changes."""
    stored(two, "g3", Placement(story_id=1))
    done = two.regroup(3, to(1, 1), now=hours(1))
    assert (done.action, done.story_id, done.other_id) == ("move", 1, 3)
    assert done.details == {"development": 1}
    assert two.story(1).developments == (1,)


def test_what_would_be_done_changes_nothing(two):
    """A preview is what would be logged, without an id."""
    done = two.regroup(2, to(1, 1), now=hours(1), is_kept=False)
    assert (done.id, done.action) == (0, "merge")
    assert two.story(2).id == 2
    assert two.regroupings() == []


def test_states_that_differ_must_be_checked(two):
    """States, tags and notes are kept as when an analyst merges."""
    choices = [
        Choice(story_id=2, action="state", value="kept"),
        Choice(story_id=2, action="tag", value="apt"),
        Choice(story_id=2, action="note", value="ask"),
    ]
    two.decide(choices, who="ann", now=hours(1))
    two.regroup(2, to(1, 1), now=hours(2))
    story = two.story(1)
    assert (story.state, story.tags, story.notes) == (ReviewState.NEEDS_CHECK, ("apt",), ("ask",))


def test_a_further_development_calls_for_attention(two):
    """Who kept both stories sees that something came."""
    choices = [Choice(story_id=n, action="state", value="kept") for n in (1, 2)]
    two.decide(choices, who="ann", now=hours(1))
    two.regroup(2, to(0, 1), now=hours(2))
    story = two.story(1)
    assert (story.state, story.needs_attention) == (ReviewState.KEPT, True)
    assert len(story.developments) == 2


def test_what_was_split_stays_apart(two):
    """Neither part of a split is asked, nor joined; taken back, it is free again."""
    stored(two, "g3", to(1, 1))
    two.split_story(1, [3], who="ann", now=hours(1))
    assert two.lonely(since=NOW - timedelta(days=1), limit=9) == [2]
    assert two.regroup(3, to(1, 1), now=hours(2)) is None
    assert two.regroup(2, to(1, 1), now=hours(2)) is None
    two.undo_review(who="ann", now=hours(3))
    assert two.regroup(2, to(1, 1), now=hours(4)) is not None


def test_what_was_merged_stays_as_it_is(two):
    """A development of a merged story joins no other by itself."""
    two.merge_stories(1, 2, who="ann", now=hours(1))
    assert two.lonely(since=NOW - timedelta(days=1), limit=9) == []
    assert two.regroup(2, to(1, 1), now=hours(2)) is None


def test_no_copy_stays_no_copy(two):
    """An article that an analyst took out of a development does not come back."""
    stored(two, "g3", Placement(copy=Copy(original_id=1, containment=0.9, why="much")))
    two.retract_copy(3, who="ann", now=hours(1))
    assert two.lonely(since=NOW - timedelta(days=1), limit=9) == [2]
    assert two.regroup(3, to(1, 1), now=hours(2)) is None


def test_one_to_which_others_came_stays(two):
    """It was alone when it was asked, and is not any more."""
    stored(two, "g3", to(2, 2))
    assert two.regroup(2, to(1, 1), now=hours(1)) is None


def test_only_the_newest_are_asked_in_order_of_time(two):
    """The work of a night is bounded, and old matters are closed."""
    stored(two, "g3", published_at=NOW - timedelta(days=50))
    stored(two, "g4", published_at=NOW - timedelta(days=2))
    month = NOW - timedelta(days=30)
    assert two.lonely(since=month, limit=9) == [4, 1, 2]
    assert two.lonely(since=month, limit=2) == [1, 2]
    stored(two, "g5", relevant=False)
    assert 5 not in two.lonely(since=month, limit=9)


def test_a_second_repair_does_nothing(database):
    """Articles that say the same and were not compared find each other, once."""
    for key in ("g1", "g2"):
        stored(database, key, tokens=("mineral:tungsten",), claims=(stake(73.5),))
    planned = repair(database, hours(1), is_kept=False)
    assert {step.article_id for step in planned} == {1, 2}
    done = repair(database, hours(1))
    assert [(step.action, step.story_id, step.other_id) for step in done] == [("merge", 2, 1)]
    assert "shares with a2" in done[0].why
    assert "73.5% 4.4" in done[0].why
    assert repair(database, hours(2)) == []
    assert database.regroupings() == done
