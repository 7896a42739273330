"""Rules in the store: versions that stay, hits, and tags that yield to analysts."""

from dataclasses import replace

import pytest

from monitor.errors import BadInput, Outdated
from monitor.model import Choice, Placement
from monitor.model.rules import NewRule, RuleAction, RuleHit
from tests.store.records import NOW, hours, stored

TAGGING = NewRule(name="Kazakh", expression="country:KZ", action=RuleAction.TAG, value="kz")


def put(database, new=TAGGING, rule_id=0, **more):
    """Keep a rule."""
    return database.put_rule(rule_id, new, who="ann", now=NOW, **more)


def hit(rule, tag="kz"):
    """That a rule was about an article."""
    return RuleHit(rule_id=rule.id, version=rule.version, tag=tag)


def tag_log(database, story_id=1):
    """(who, action, tag) of a story's log."""
    return [(d.who, d.action, d.after) for d in database.decisions(story_id)]


def test_every_version_stays(database):
    """The latest holds; who made each, and when, is kept."""
    first = put(database)
    second = put(database, replace(TAGGING, value="other"), first.id)
    gone = put(database, replace(TAGGING, value="other", is_active=False), first.id)
    assert [one.version for one in (first, second, gone)] == [1, 2, 3]
    assert database.rule_versions(first.id) == [first, second, gone]
    assert database.rules() == [gone]
    assert database.acting_rules() == ()
    assert (gone.created_by, gone.created_at) == ("ann", NOW)
    assert put(database).id == first.id + 1


def test_a_change_is_based_on_what_was_looked_at(database):
    """Another version than the present one is refused, and so are taken names and no rule."""
    rule = put(database)
    put(database, replace(TAGGING, value="other"), rule.id, version=1)
    with pytest.raises(Outdated, match="changed by ann"):
        put(database, TAGGING, rule.id, version=1)
    with pytest.raises(BadInput, match="is the name of r1"):
        put(database, replace(TAGGING, name="KAZAKH"))
    with pytest.raises(BadInput, match="no such rule"):
        put(database, TAGGING, 99)


def test_a_rule_tags_the_story(database):
    """Like an analyst, but the log names the rule; it does so once."""
    rule = put(database)
    article = stored(database).article_id
    assert database.put_rule_hits(article, [hit(rule)], now=NOW) == (("kz",), ())
    assert database.put_rule_hits(article, [hit(rule)], now=NOW) == ((), ())
    assert database.story(1).tags == ("kz",)
    assert tag_log(database) == [("rule r1", "tag", "kz")]
    assert database.rule_counts() == {1: 1}
    assert database.rule_hits([article]) == {article: [hit(rule)]}


def test_a_tag_that_an_analyst_took_off_never_comes_back(database):
    """Whatever is stored in the story later."""
    rule = put(database)
    one = stored(database)
    database.put_rule_hits(one.article_id, [hit(rule)], now=NOW)
    database.decide([Choice(story_id=1, action="untag", value="kz")], who="ann", now=hours(1))
    two = stored(database, "g2", Placement(development_id=1, story_id=1))
    assert database.put_rule_hits(two.article_id, [hit(rule)], now=hours(2)) == ((), ())
    assert database.story(1).tags == ()
    assert database.rule_tags([1])[1].refused == {"kz"}


def test_a_part_of_a_story_remembers_what_was_taken_off(database):
    """A story that was split of it does not get the tag either."""
    rule = put(database)
    one = stored(database)
    two = stored(database, "g2", Placement(development_id=1, story_id=1))
    database.put_rule_hits(one.article_id, [hit(rule)], now=NOW)
    database.decide([Choice(story_id=1, action="untag", value="kz")], who="ann", now=hours(1))
    database.split_story(1, [two.article_id], who="ann", now=hours(2))
    assert database.put_rule_hits(two.article_id, [hit(rule)], now=hours(3)) == ((), ())


def test_a_tag_goes_when_no_rule_gives_it_any_more(database):
    """Unless an analyst has put it there since."""
    rule = put(database)
    for key, is_wanted in (("g1", False), ("g2", True)):
        article = stored(database, key).article_id
        story_id = database.article(article).story_id
        database.put_rule_hits(article, [hit(rule)], now=NOW)
        if is_wanted:
            database.decide(
                [Choice(story_id=story_id, action="tag", value="kz")], who="ann", now=hours(1)
            )
        went = database.put_rule_hits(article, [], now=hours(2))
        assert went == ((), () if is_wanted else ("kz",))
        assert database.story(story_id).tags == (("kz",) if is_wanted else ())


def test_an_irrelevant_article_tags_nothing(database):
    """Its rules are kept, and take effect when it becomes relevant."""
    rule = put(database)
    article = stored(database, relevant=False).article_id
    assert database.put_rule_hits(article, [hit(rule, "")], now=NOW) == ((), ())
    assert database.rule_counts() == {1: 1}
