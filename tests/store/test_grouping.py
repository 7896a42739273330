"""Merging and splitting stories, and taking copies back: what moves, what stays, what is refused."""

import pytest

from monitor.deliver.cards import refresh
from monitor.errors import BadInput, Outdated
from monitor.model import Choice, Copy, Placement, ReviewState, StoryQuery
from tests.store.records import NOW, hours, stored
from tests.store.standing import groups, moves, place


def copy_of(article_id):
    """What the matcher says of a copy."""
    return Placement(copy=Copy(original_id=article_id, containment=0.97, why="97 % of its text"))


def open_lines(database):
    """The stories that the inbox shows, after its cards were made."""
    for _ in range(9):
        if not refresh(database):
            break
    found = database.lines(StoryQuery(), reader="ann", now=NOW, limit=50)
    return [line.card.story_id for line in found.lines]


def test_a_merged_story_leaves_the_inbox(database):
    """The story that went has no card and no facets, none is left to make, and undo brings it back."""
    stored(database)
    stored(database, "g2")
    assert sorted(open_lines(database)) == [1, 2]
    database.merge_stories(1, 2, who="ann", now=hours(1))
    assert database.lines_of([2], reader="ann") == []
    assert open_lines(database) == [1]
    assert refresh(database) == 0, "the cards never get done"
    database.undo_review(who="ann", now=hours(2))
    assert sorted(open_lines(database)) == [1, 2]


def test_a_merge_joins_what_was_decided(database):
    """Tags, a star and who is assigned come along; the notes of both are one log."""
    stored(database)
    stored(database, "g2")
    for action, value in (("tag", "apt"), ("star", "1"), ("assign", "bob"), ("note", "ask")):
        database.review(2, action=action, value=value, who="bob", now=NOW)
    database.merge_stories(1, 2, who="ann", now=hours(1))
    story = database.story(1)
    assert (story.tags, story.is_starred, story.assignee, story.notes) == (
        ("apt",),
        True,
        "bob",
        ("ask",),
    )
    database.undo_review(who="ann", now=hours(2))
    story, other = database.story(1), database.story(2)
    assert (story.tags, story.is_starred, story.assignee, story.notes) == ((), False, "", ())
    assert (other.tags, other.is_starred, other.assignee, other.notes) == (
        ("apt",),
        True,
        "bob",
        ("ask",),
    )


def test_a_merge_of_what_was_merged(database):
    """Chains of merges lead to one story, and are undone one by one."""
    for key in ("g1", "g2", "g3"):
        stored(database, key)
    before = groups(database, [1, 2, 3])
    database.merge_stories(2, 3, who="ann", now=hours(1))
    database.merge_stories(1, 3, who="ann", now=hours(2))
    assert [database.story(number).id for number in (1, 2, 3)] == [1, 1, 1]
    with pytest.raises(BadInput, match="is that story already"):
        database.merge_stories(3, 2, who="ann", now=hours(3))
    database.undo_review(who="ann", now=hours(3))
    assert [database.story(number).id for number in (1, 2, 3)] == [1, 2, 2]
    database.undo_review(who="ann", now=hours(4))
    assert groups(database, [1, 2, 3]) == before


def test_a_merge_of_another_version(database):
    """Who looked at an older version, or at a story that went, is told what happened."""
    for key in ("g1", "g2", "g3"):
        stored(database, key)
    version = database.story(1).version
    database.review(1, action="state", value="dismissed", who="bob", now=hours(1))
    with pytest.raises(Outdated, match="bob state: dismissed"):
        database.merge_stories(1, 2, who="ann", now=hours(2), version=version)
    database.merge_stories(3, 1, who="bob", now=hours(3))
    version = database.story(3).version
    with pytest.raises(Outdated, match="bob merge: s3"):
        database.merge_stories(1, 2, who="ann", now=hours(4), version=version)
    assert database.story(2).id == 2


def test_a_decision_on_a_story_that_went(database):
    """It is a conflict even where the version of what it went into happens to be the same."""
    stored(database)
    stored(database, "g2")
    database.merge_stories(1, 2, who="bob", now=hours(1))
    choice = Choice(
        story_id=2, action="state", value="dismissed", version=database.story(1).version
    )
    decided = database.decide([choice], who="ann", now=hours(2))
    assert decided.decisions == ()
    assert [(c.story_id, c.who, c.what) for c in decided.conflicts] == [(1, "bob", "merge: s1")]


def test_choices_made_together_are_one_look(database):
    """Several decisions on one story, based on one version, do not stand in each other's way."""
    stored(database)
    version = database.story(1).version
    choices = [
        Choice(story_id=1, action=action, value=value, version=version)
        for action, value in (("state", "kept"), ("assign", "bob"), ("tag", " a \n b "))
    ]
    decided = database.decide([*choices, choices[0]], who="ann", now=NOW)
    assert (len(decided.decisions), decided.conflicts) == (3, ())
    story = database.story(1)
    assert (story.state, story.assignee, story.tags) == (ReviewState.KEPT, "bob", ("a b",))
    assert len(database.undo_review(who="ann", now=NOW)) == 3
    assert database.story(1).state is ReviewState.NEW


def test_news_of_a_merged_story(database):
    """What comes in after a merge goes with its development when the merge is undone."""
    stored(database)
    two = stored(database, "g2")
    database.merge_stories(1, 2, who="ann", now=hours(1))
    told = Placement(development_id=two.development_id, story_id=2)
    assert stored(database, "g3", told, seen_at=hours(2)).story_id == 1
    assert stored(database, "g4", copy_of(1), seen_at=hours(2)).story_id == 1
    database.undo_review(who="ann", now=hours(3))
    assert place(database, 3)[0] == 2
    assert place(database, 4)[0] == 1
    assert moves(database) == []


def test_a_split_takes_copies_along(database):
    """Copies follow their original into the new story, copies of copies too."""
    stored(database)
    stored(database, "g2", Placement(story_id=1))
    stored(database, "g3", copy_of(2))
    new = int(database.split_story(1, [2], who="ann", now=hours(1)).after[1:])
    assert {number: place(database, number)[0] for number in (1, 2, 3)} == {1: 1, 2: new, 3: new}
    assert database.article(3).copy.original_id == 2
    assert moves(database) == []


def test_a_copy_that_is_split_off(database):
    """It stands by itself there; undo folds it again, for the reason that it was folded for."""
    stored(database)
    stored(database, "g2", copy_of(1))
    stored(database, "g3", copy_of(1))
    before = groups(database, [1, 2, 3])
    new = int(database.split_story(1, [3], who="ann", now=hours(1)).after[1:])
    assert (place(database, 3)[0], database.article(3).copy) == (new, None)
    assert place(database, 3)[1] != place(database, 1)[1]
    database.undo_review(who="ann", now=hours(2))
    assert groups(database, [1, 2, 3]) == before
    assert database.article(3).copy.why == "97 % of its text"
    assert database.story(new).id == 1, "the new story's address leads back"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [([], "no article was chosen"), ([1], "left empty"), ([1, 2], "left empty"), ([9], "not in")],
)
def test_splits_that_make_no_sense(database, chosen, words):
    """Nothing chosen, all chosen with its copies, another story's article: nothing happens."""
    stored(database)
    stored(database, "g2", copy_of(1))
    with pytest.raises(BadInput, match=words):
        database.split_story(1, chosen, who="ann", now=hours(1))
    assert len(database.story(1).articles) == 2


def test_a_split_copies_how_the_story_stands(database):
    """State, tags and assignee are the old one's; who has seen the old one has seen the new."""
    stored(database)
    stored(database, "g2", Placement(story_id=1))
    for action, value in (("state", "kept"), ("tag", "apt"), ("assign", "bob")):
        database.review(1, action=action, value=value, who="bob", now=NOW)
    database.mark_seen("bob", [1], now=hours(1))
    new = int(database.split_story(1, [2], who="ann", now=hours(2)).after[1:])
    open_lines(database)
    (line,) = database.lines_of([new], reader="bob")
    assert (line.state, line.tags, line.assignee) == (ReviewState.KEPT, ("apt",), "bob")
    assert (line.seen_at, line.news) == (hours(1), ())


def test_stories_begin_with_their_first_article(database):
    """After a merge or a split, and after their undo, a story begins when its first article came."""
    stored(database)
    stored(database, "g2", seen_at=hours(5))
    stored(database, "g3", Placement(story_id=2), seen_at=hours(7))
    database.merge_stories(2, 1, who="ann", now=hours(8))
    assert database.story(2).first_seen_at == NOW
    database.undo_review(who="ann", now=hours(9))
    assert database.story(2).first_seen_at == hours(5)
    new = int(database.split_story(2, [2], who="ann", now=hours(10)).after[1:])
    assert [database.story(number).first_seen_at for number in (2, new)] == [hours(7), hours(5)]


def test_news_that_joins_a_split(database):
    """What joined the part that was split off goes back with it, into its old development."""
    one = stored(database)
    same = Placement(development_id=one.development_id, story_id=1)
    stored(database, "g2", same)
    new = int(database.split_story(1, [2], who="ann", now=hours(1)).after[1:])
    story, part = place(database, 2)
    assert story == new
    stored(database, "g3", Placement(development_id=part, story_id=new), seen_at=hours(2))
    database.review(new, action="note", value="look here", who="bob", now=hours(3))
    database.undo_review(who="ann", now=hours(4))
    assert {place(database, number) for number in (1, 2, 3)} == {(1, one.development_id)}
    assert database.story(1).notes == ("look here",)
    assert moves(database) == []


def test_what_was_decided_on_a_part_is_kept(database):
    """A state that another gave to the split-off part asks for a look after the split is undone."""
    stored(database)
    stored(database, "g2", Placement(story_id=1))
    new = int(database.split_story(1, [2], who="ann", now=hours(1)).after[1:])
    database.review(new, action="state", value="dismissed", who="bob", now=hours(2))
    database.review(new, action="tag", value="old", who="bob", now=hours(2))
    database.undo_review(who="ann", now=hours(3))
    story = database.story(1)
    assert (story.state, story.tags) == (ReviewState.NEEDS_CHECK, ("old",))


def test_no_copy_and_a_copy_again(database):
    """What joined the article that was no copy follows it when that is taken back."""
    one = stored(database)
    stored(database, "g2", copy_of(1))
    assert database.retract_copy(2, who="ann", now=hours(1)).after == "a2"
    assert database.retract_copy(2, who="bob", now=hours(1)) is None
    assert database.retract_copy(99, who="bob", now=hours(1)) is None
    own = place(database, 2)[1]
    stored(database, "g3", Placement(development_id=own, story_id=1), seen_at=hours(2))
    stored(database, "g4", copy_of(2), seen_at=hours(2))
    database.undo_review(who="ann", now=hours(3))
    assert {place(database, number)[1] for number in (1, 2, 3, 4)} == {one.development_id}
    assert database.article(4).copy.original_id == 1, "no copy of a copy"
    assert database.retract_copy(2, who="ann", now=hours(4)), "it can be said again"
