"""Rules in the store: kept with the cards, found by their days, on both databases."""

from datetime import date

from monitor.deliver.cards import refresh
from monitor.deliver.instruments import instruments_of
from monitor.model import Choice
from tests.web.rule_stories import rule_stories, scrap_story

SINCE, UNTIL = date(2026, 3, 2), date(2027, 3, 2)


def days(database, since=SINCE, until=UNTIL, limit=100):
    """What is found: day, event, story."""
    return [
        (one.day.isoformat(), one.event, one.instrument.story_id)
        for one in database.calendar(since=since, until=until, limit=limit)
    ]


def test_a_rule_comes_back_as_it_was_kept(database):
    """All its terms, witnesses and disputes survive the store."""
    told = scrap_story(database)
    made = instruments_of(database.story(told.story_id))
    assert database.instruments_of(told.story_id) == []
    refresh(database)
    assert tuple(database.instruments_of(told.story_id)) == made
    assert made[0].terms[0].disputes


def test_days_are_found_in_order(database):
    """First and last days within bounds, both included, whichever term they are of."""
    rule_stories(database)
    assert days(database) == [
        ("2026-04-30", "lapse", 1),
        ("2026-04-30", "effect", 1),
        ("2026-05-01", "effect", 4),
        ("2026-10-30", "lapse", 1),
        ("2026-11-10", "lapse", 2),
        ("2026-12-31", "lapse", 3),
    ]
    assert days(database, date(2026, 11, 10), date(2026, 11, 10)) == [("2026-11-10", "lapse", 2)]
    assert days(database, date(2025, 1, 1), date(2025, 12, 31)) == [("2025-10-30", "effect", 1)]
    assert len(days(database, limit=3)) == 3
    (first, *_) = database.calendar(since=SINCE, until=UNTIL, limit=1)
    assert (first.term.number, first.title, first.language) == (
        1, "Запрет на вывоз лома и отходов металлов вводится с 30 октября", "ru",
    )  # fmt: skip


def test_rules_without_a_day_are_listed_apart(database):
    """The ban on ore that a headline told has no day."""
    rule_stories(database)
    (one,) = database.undated_rules(limit=9)
    assert (one.instrument.scope, one.event) == (("ore",), "")


def test_a_dismissed_story_tells_no_rules(database):
    """What an analyst dismissed stands in no calendar, and comes back with the story."""
    rule_stories(database)
    choice = Choice(story_id=2, action="state", value="dismissed")
    database.decide([choice], who="ann", now=database.story(2).updated_at)
    assert 2 not in {story for *_, story in days(database)}
    database.undo_review(who="ann", now=database.story(2).updated_at)
    assert 2 in {story for *_, story in days(database)}


def test_a_merged_story_keeps_its_rules_once(database):
    """After a merge the rules stand in the story that stayed."""
    rule_stories(database)
    now = database.story(3).updated_at
    database.merge_stories(1, 3, who="ann", now=now)
    assert 3 not in {story for *_, story in days(database)}
    while refresh(database):
        pass
    assert ("2026-12-31", "lapse", 1) in days(database)
    database.undo_review(who="ann", now=now)
    while refresh(database):
        pass
    assert ("2026-12-31", "lapse", 3) in days(database)
