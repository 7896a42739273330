"""Stored articles that are read again: figures keep their ids, decisions stay, stories are joined."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from monitor.deliver.cards import refresh
from monitor.model import Choice, Copy, Placement
from monitor.model.rescoring import RescoreQuery
from monitor.store.tables import token_counts, tokens
from tests.store.records import NOW, draft, hours, stake, stored


def again(database, article_id, *, found=("t",), read_as="new", **more):
    """Keep what an article says now; whether it was kept."""
    article = database.article(article_id)
    said = {key: more.pop(key) for key in ("relevance", "reasons") if key in more}
    drafted = draft(article.source_id, 0, article.url_key, title=article.title, text=article.text, **more)  # fmt: skip
    drafted = replace(drafted, enrichment=replace(drafted.enrichment, **said))
    return database.rescore(article, drafted, tokens=found, read_as=read_as)


def counts(database):
    """Token to how many articles carry it."""
    with database.reading() as connection:
        return {row.token: row.count for row in connection.execute(sa.select(token_counts))}


def test_the_same_revision_says_something_else(database):
    """Score, reasons, names and figures are replaced; a figure that is still stated keeps its id."""
    article = stored(database, claims=(stake(70.0), stake(51.0))).article_id
    before = {c.claim.value: c.id for c in database.article(article).claims}
    assert again(
        database, article, relevance=0.4, relevant=False, reasons=("+0.40 because",),
        claims=(stake(70.0), stake(65.0)), minerals=("lithium",), language="ru",
    )  # fmt: skip
    now = database.article(article)
    assert now.revision == 1
    assert len(now.revisions) == 1
    assert now.enrichment.reasons == ("+0.40 because",)
    assert (now.enrichment.relevance, now.enrichment.relevant) == (0.4, False)
    assert now.enrichment.minerals == ("lithium",)
    after = {c.claim.value: c.id for c in now.claims}
    assert after.keys() == {70.0, 65.0}
    assert after[70.0] == before[70.0]


def test_what_leads_to_it_follows(database):
    """Tokens come and go with their counts; words of the text stay."""
    article = stored(database, tokens=("mineral:tungsten", "word:ore")).article_id
    again(database, article, found=("mineral:lithium",))
    with database.reading() as connection:
        kept = set(connection.execute(sa.select(tokens.c.token)).scalars())
    assert kept == {"mineral:lithium", "word:ore"}
    known = counts(database)
    assert (known["mineral:tungsten"], known["mineral:lithium"], known["word:ore"]) == (0, 1, 1)


def test_its_story_has_another_card_and_nothing_else_new(database):
    """The card is made anew; when things happened, and what was decided, stays."""
    article = stored(database).article_id
    database.decide([Choice(story_id=1, action="state", value="kept")], who="ann", now=hours(1))
    while refresh(database):
        pass
    before = database.story(1)
    assert database.stale_stories(limit=9) == []
    again(database, article, relevance=0.6)
    assert database.stale_stories(limit=9) == [1]
    now = database.story(1)
    assert (now.updated_at, now.state, now.needs_attention) == (before.updated_at, before.state, False)  # fmt: skip
    assert len(database.decisions(1)) == 1


def test_no_longer_relevant_leaves_the_inbox(database):
    """Its story has no card, and is there with all that it has."""
    article = stored(database).article_id
    while refresh(database):
        pass
    assert len(database.lines_of([1], reader="ann")) == 1
    again(database, article, relevant=False, relevance=0.1)
    while refresh(database):
        pass
    assert database.lines_of([1], reader="ann") == []
    assert [one.id for one in database.story(1).articles] == [article]


def test_a_text_that_changed_meanwhile_is_left_alone(database):
    """Who stored it has read it."""
    article = stored(database).article_id
    looked_at = database.article(article)
    stored(
        database, text="Another text altogether, of which nobody has heard before now, at length."
    )
    drafted = draft(looked_at.source_id, 0, looked_at.url_key)
    assert database.rescore(looked_at, drafted, tokens=(), read_as="new") is False
    assert database.article(article).revision == 2


def test_what_was_read_is_remembered_until_its_text_changes(database):
    """So that a second run goes on with the rest."""
    one, two = stored(database, "g1").article_id, stored(database, "g2").article_id
    again(database, one, read_as="now")
    database.mark_read([two], ["now"])
    found = database.unscored(RescoreQuery())
    assert [(u.id, u.read_as) for u in found] == [(two, "now"), (one, "now")]
    stored(database, "g2", text="Another text altogether, of which nobody has heard before now, at length.")  # fmt: skip
    assert [u.read_as for u in database.unscored(RescoreQuery())] == ["", "now"]


def test_neighbours_are_known_as_they_are_now(database):
    """What was remembered of an article that was read again is not used any more."""
    stored(database, bands=(7,))
    (before,) = database.near_copies([7], limit=1)
    again(database, 1, relevant=False, relevance=0.2)
    (after,) = database.near_copies([7], limit=1)
    assert (before.enrichment.relevant, after.enrichment.relevant) == (True, False)


@pytest.fixture
def two(database):
    """A story, and an article with its copy that stand alone: they are not relevant."""
    stored(database, "told")
    alone = stored(database, "alone", relevant=False, seen_at=hours(2))
    at = Placement(story_id=alone.story_id, copy=Copy(original_id=2, containment=0.9, why="same"))
    stored(database, "copy", at, relevant=False, seen_at=hours(3))
    return database


@pytest.mark.parametrize("is_same", [True, False])
def test_it_joins_a_story_with_its_copies(two, is_same):
    """Its own story leads there for ever, and the log of groups says why."""
    placement = Placement(development_id=int(is_same), story_id=1, reasons=("shares a deposit",))
    two.decide([Choice(story_id=1, action="state", value="dismissed")], who="ann", now=NOW)
    assert two.join_story(2, placement, now=hours(5)) == 1
    story = two.story(2)
    assert story.id == 1
    assert [one.id for one in story.articles] == [1, 2, 3]
    assert len(story.developments) == (1 if is_same else 2)
    assert story.articles[1].placement_reasons == ("shares a deposit",)
    assert story.updated_at == hours(5)
    assert story.needs_attention is not is_same


def test_it_stays_where_somebody_left_it(two):
    """A decision on its story, or another article there, and it joins nothing."""
    placement = Placement(development_id=1, story_id=1, reasons=("shares a deposit",))
    two.decide([Choice(story_id=2, action="note", value="mine")], who="ann", now=NOW)
    assert two.join_story(2, placement, now=hours(5)) == 0
    assert two.join_story(3, placement, now=hours(5)) == 0
    assert [one.id for one in two.story(2).articles] == [2, 3]


def test_what_belongs_nowhere_stays_alone(two):
    """With the reason."""
    assert two.join_story(2, Placement(reasons=("nothing is near",)), now=hours(5)) == 0
    assert two.article(2).placement_reasons == ("nothing is near",)
