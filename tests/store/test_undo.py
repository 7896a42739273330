"""Undo: one's own only, never over what another decided since, whatever came in meanwhile."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.model import Choice, Copy, Placement, ReviewState
from tests.store.records import NOW, hours, stored
from tests.store.standing import groups, log_of, moves, place


def copy_of(article_id):
    """What the matcher says of a copy."""
    return Placement(copy=Copy(original_id=article_id, containment=0.97, why="97 % of its text"))


def decide(database, who, action, value, *stories):
    """One batch."""
    choices = [Choice(story_id=number, action=action, value=value) for number in stories or (1,)]
    return database.decide(choices, who=who, now=NOW).decisions


def test_a_batch_is_undone_together(database):
    """What was decided at once is undone at once, newest first, and only by who decided it."""
    stored(database)
    stored(database, "g2")
    made = decide(database, "ann", "state", "kept", 1, 2)
    assert len({decision.batch for decision in made}) == 1
    assert database.undo_review(who="bob", now=NOW) == []
    assert database.undo_review(who="bob", now=NOW, batch=made[0].batch) == []
    undone = database.undo_review(who="ann", now=NOW, batch=made[0].batch)
    assert [decision.story_id for decision in undone] == [2, 1]
    assert {database.story(number).state for number in (1, 2)} == {ReviewState.NEW}
    assert database.undo_review(who="ann", now=NOW, batch=made[0].batch) == []


@pytest.mark.parametrize(
    ("action", "mine", "yours"),
    [
        ("state", "kept", "dismissed"),
        ("star", "1", "0"),
        ("assign", "ann", "bob"),
    ],
)
def test_no_undo_over_another_s_decision(database, action, mine, yours):
    """Undo is refused where another decided on the same since, until that is taken back."""
    stored(database)
    decide(database, "ann", action, mine)
    decide(database, "bob", action, yours)
    with pytest.raises(BadInput, match=f"bob decided on it since .{action}: {yours}"):
        database.undo_review(who="ann", now=NOW)
    database.undo_review(who="bob", now=NOW)
    assert len(database.undo_review(who="ann", now=NOW)) == 1
    story = database.story(1)
    assert (story.state, story.is_starred, story.assignee) == (ReviewState.NEW, False, "")


def test_a_tag_of_two(database):
    """A tag that both put on stays until both took it back; one taken off since stands."""
    stored(database)
    decide(database, "ann", "tag", "apt")
    decide(database, "bob", "tag", "apt")
    database.undo_review(who="ann", now=NOW)
    assert database.story(1).tags == ("apt",)
    database.undo_review(who="bob", now=NOW)
    assert database.story(1).tags == ()
    decide(database, "ann", "tag", "apt")
    decide(database, "bob", "untag", "apt")
    with pytest.raises(BadInput, match="bob decided on it since"):
        database.undo_review(who="ann", now=NOW)


def test_news_outlasts_an_undo(database):
    """Who must look again because of news still must after a decision is undone."""
    stored(database)
    decide(database, "bob", "state", "kept")
    decide(database, "ann", "state", "dismissed")
    stored(database, "g2", Placement(story_id=1), seen_at=hours(1))
    database.undo_review(who="ann", now=hours(2))
    story = database.story(1)
    assert (story.state, story.needs_attention) == (ReviewState.KEPT, True)


def test_news_outlasts_the_undo_of_a_merge(database):
    """News of a merged story brings back the one that the news is in, and not the other."""
    stored(database)
    two = stored(database, "g2")
    decide(database, "bob", "state", "kept", 1, 2)
    database.merge_stories(1, 2, who="ann", now=hours(1))
    stored(database, "g3", Placement(story_id=2), seen_at=hours(2))
    moved = Placement(development_id=two.development_id, story_id=2)
    stored(database, "g4", moved, seen_at=hours(2))
    assert database.story(1).needs_attention
    database.undo_review(who="ann", now=hours(3))
    assert [database.story(number).needs_attention for number in (1, 2)] == [True, True]


def test_a_state_given_after_a_merge_outlasts_its_undo(database):
    """What another decided on the merged story is not lost when the merge is undone."""
    stored(database)
    stored(database, "g2")
    decide(database, "bob", "state", "kept", 2)
    database.merge_stories(1, 2, who="ann", now=hours(1))
    assert database.story(1).state is ReviewState.NEEDS_CHECK
    decide(database, "bob", "state", "dismissed")
    decide(database, "bob", "tag", "old")
    database.undo_review(who="ann", now=hours(2))
    assert database.story(1).state is ReviewState.DISMISSED
    assert (database.story(1).tags, database.story(2).tags) == (("old",), ())
    assert database.story(2).state is ReviewState.KEPT


def test_no_undo_of_a_decision_on_a_story_that_went(database):
    """A state given before a merge is not taken back from what the story has become."""
    stored(database)
    stored(database, "g2")
    decide(database, "ann", "state", "kept", 2)
    decide(database, "cem", "state", "kept", 1)
    database.merge_stories(1, 2, who="bob", now=hours(1))
    with pytest.raises(BadInput, match="s2: has gone into s1 since"):
        database.undo_review(who="ann", now=hours(2))
    assert database.story(1).state is ReviewState.KEPT
    database.undo_review(who="cem", now=hours(2))
    decide(database, "ann", "note", "mine", 2)
    assert database.undo_review(who="ann", now=hours(3)), "a note can always be taken back"


def test_no_undo_of_a_state_that_a_merge_changed(database):
    """A merge that made it `needs-check` stands on the state before."""
    stored(database)
    stored(database, "g2")
    decide(database, "ann", "state", "kept", 1)
    database.merge_stories(1, 2, who="bob", now=hours(1))
    with pytest.raises(BadInput, match=r"bob decided on it since .merge: s1"):
        database.undo_review(who="ann", now=hours(2))


LATER = {
    "merge": lambda database: database.merge_stories(3, 1, who="bob", now=hours(2)),
    "split": lambda database: database.split_story(1, [2], who="bob", now=hours(2)),
    "not-a-copy": lambda database: database.retract_copy(4, who="bob", now=hours(2)),
}

FIRST = {
    "merge": lambda database: database.merge_stories(1, 2, who="ann", now=hours(1)),
    "split": lambda database: database.split_story(1, [5], who="ann", now=hours(1)),
    "not-a-copy": lambda database: database.retract_copy(6, who="ann", now=hours(1)),
}


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("first", FIRST)
def test_groups_are_undone_from_the_last(database, first, later):
    """A merge, split or "not a copy" is not undone under a later one of the same stories."""
    for key in ("g1", "g2", "g3"):
        stored(database, key)
    stored(database, "g4", copy_of(1))
    stored(database, "g5", Placement(story_id=1))
    stored(database, "g6", copy_of(1))
    if first != "merge" and later == "split":
        database.merge_stories(1, 2, who="cem", now=hours(1))
    numbers = range(1, 7)
    before = groups(database, numbers)
    FIRST[first](database)
    between = groups(database, numbers)
    LATER[later](database)
    after = groups(database, numbers)
    if first == later == "not-a-copy":
        database.undo_review(who="ann", now=hours(3))
        assert [bool(database.article(number).copy) for number in (4, 6)] == [False, True]
        return
    with pytest.raises(BadInput, match=f"bob decided on it since .{later}"):
        database.undo_review(who="ann", now=hours(3))
    assert groups(database, numbers) == after
    database.undo_review(who="bob", now=hours(3))
    assert groups(database, numbers) == between
    database.undo_review(who="ann", now=hours(4))
    assert groups(database, numbers) == before
    assert moves(database) == []


def test_a_part_that_went_on(database):
    """A split is not undone when its part has been merged elsewhere; nothing is torn apart."""
    stored(database)
    stored(database, "g2", Placement(story_id=1))
    stored(database, "g3")
    new = int(database.split_story(1, [2], who="ann", now=hours(1)).after[1:])
    database.merge_stories(2, new, who="bob", now=hours(2))
    with pytest.raises(BadInput, match="bob decided on it since"):
        database.undo_review(who="ann", now=hours(3))
    assert place(database, 2)[0] == 2
    assert moves(database) == []


STATES = [state.value for state in ReviewState]
DECISIONS = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(STATES)),
    st.tuples(st.sampled_from(["tag", "untag"]), st.sampled_from("xy")),
    st.tuples(st.just("star"), st.sampled_from("01")),
    st.tuples(st.just("assign"), st.sampled_from(["", "ann", "bob"])),
    st.tuples(st.just("note"), st.just("n")),
)
PLACES = st.integers(0, 6)
STEPS = st.one_of(
    st.tuples(st.just("decide"), st.lists(PLACES, min_size=1, max_size=3), DECISIONS),
    st.tuples(st.just("merge"), PLACES, PLACES),
    st.tuples(st.just("split"), PLACES, st.sets(PLACES, min_size=1, max_size=3)),
    st.tuples(st.just("retract"), PLACES),
)
NEWS = st.one_of(
    st.tuples(st.just("undo")),
    st.tuples(st.just("copy"), PLACES),
    st.tuples(st.just("telling"), PLACES),
    st.tuples(st.just("development"), PLACES),
)


class Desk:
    """Seven articles in four stories, and what happens to them."""

    def __init__(self, database):
        self.database = database
        self.clock = 0
        self.name = Desk.count
        self.articles = []
        for _ in range(4):
            self.arrive(Placement())
        self.arrive(copy_of(self.articles[0]))
        self.arrive(self.beside(0))
        self.arrive(Placement(story_id=place(database, self.articles[1])[0]))

    def arrive(self, placement):
        """One more article."""
        self.clock += 1
        key = f"n{Desk.count}"
        Desk.count += 1
        made = stored(self.database, key, placement, seen_at=hours(self.clock))
        self.articles.append(made.article_id)

    def beside(self, at):
        """The development of an article."""
        story, development = place(self.database, self.articles[at])
        return Placement(development_id=development, story_id=story)

    def story(self, at):
        """The present story of an article."""
        return place(self.database, self.articles[at])[0]

    def take(self, step, who):
        """One step; those that make no sense are refused and change nothing."""
        self.clock += 1
        name, *rest = step
        try:
            getattr(self, f"_{name}")(*rest, who, hours(self.clock))
        except BadInput:
            return False
        return True

    def _decide(self, places, decision, who, now):
        action, value = decision
        choices = [Choice(story_id=self.story(p), action=action, value=value) for p in places]
        self.database.decide(choices, who=who, now=now)

    def _merge(self, one, other, who, now):
        self.database.merge_stories(self.story(one), self.story(other), who=who, now=now)

    def _split(self, at, chosen, who, now):
        self.database.split_story(
            self.story(at), [self.articles[one] for one in chosen], who=who, now=now
        )

    def _retract(self, at, who, now):
        self.database.retract_copy(self.articles[at], who=who, now=now)

    def _undo(self, who, now):
        self.database.undo_review(who=who, now=now)

    def _copy(self, at, _who, _now):
        self.arrive(copy_of(self.articles[at]))

    def _telling(self, at, _who, _now):
        self.arrive(self.beside(at))

    def _development(self, at, _who, _now):
        self.arrive(Placement(story_id=self.story(at)))


Desk.count = 0

SOME = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)


@SOME
@given(steps=st.lists(STEPS, max_size=9))
def test_undoing_everything_gives_what_was(database, steps):
    """Whatever one analyst did, undone one by one, leaves every story as it was."""
    desk = Desk(database)
    before = groups(database, desk.articles)
    who = f"ann{desk.name}"
    done = [desk.take(step, who) for step in steps]
    for _ in done:
        desk.clock += 1
        database.undo_review(who=who, now=hours(desk.clock))
        assert moves(database) == []
    assert database.undo_review(who=who, now=hours(desk.clock)) == []
    assert groups(database, desk.articles) == before


@SOME
@given(steps=st.lists(st.tuples(STEPS | NEWS, st.booleans()), max_size=10))
def test_two_analysts_and_news_lose_nothing(database, steps):
    """Every article stays in one story and one development of it, and the log only grows."""
    desk = Desk(database)
    began = {desk.story(at) for at in range(7)}
    log = {}
    for step, is_ann in steps:
        before = groups(database, desk.articles)
        if not desk.take(step, f"{'ann' if is_ann else 'bob'}{desk.name}"):
            assert groups(database, desk.articles) == before, "a refusal changed something"
        assert moves(database) == []
        grown = log_of(database, desk.articles)
        assert log.items() <= grown.items()
        log = grown
    assert all(database.story(number) for number in began), "an address leads nowhere"
    _without_loops(database, desk.articles)


def _without_loops(database, numbers):
    """Copies lead to an original."""
    for number in numbers:
        article, passed = database.article(number), set()
        while article.copy:
            assert article.id not in passed
            passed.add(article.id)
            article = database.article(article.copy.original_id)
