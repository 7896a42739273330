"""Cards and lines in the store: orders, cursors, editions, what is stale, what is seen."""

import random
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.deliver.cards import prepare, refresh
from monitor.errors import BadInput
from monitor.model import Card, Choice, Happening, HappeningKind, Order, Placement, StoryQuery
from monitor.model import ReviewState as State
from monitor.store import narrowing
from tests.store.records import NOW, hours, stored

ALL = StoryQuery()


def card(number, **more):
    """The card of a story that `stored` made."""
    values = {
        "title": f"Ore {number}", "language": "en", "site": "ores.example", "url": "https://ores.example/",
        "first_seen_at": NOW, "changed_at": NOW, "articles": 1, "copies": 0, "origins": 1, "developments": 1,
        "outlets": ("ores.example",), "outlet_count": 1, "languages": ("en",), "minerals": ("tungsten",),
        "countries": ("KZ",), "companies": (), "events": (), "figures": (), "contradictions": (),
        "corrections": (), "relevance": 0.5, "reasons": ("+0.50 because",),
        "happenings": (Happening(at=NOW, kind=HappeningKind.NEW, text="ores.example"),),
    }  # fmt: skip
    return Card(story_id=number, **(values | more))


def kept(database, *made):
    """Keep cards for stories of version 1."""
    database.put_cards({one.story_id: (one, 1) for one in made}, outlets={})


def told(database, count, **more):
    """So many stories; their numbers."""
    return [stored(database, f"s{n}", title=f"Ore {n}", **more).story_id for n in range(count)]


def paged(database, query, limit):
    """All pages, one after another."""
    found, cursor = [], ""
    while True:
        page = database.lines(query, reader="ann", now=NOW, limit=limit, cursor=cursor)
        found += [line.card.story_id for line in page.lines]
        assert len(page.lines) == limit or not page.cursor
        cursor = page.cursor
        if not cursor:
            return found


@pytest.mark.parametrize("order", Order)
def test_paging_through_any_order_gives_each_story_once(database, order):
    """Whatever stands at the same place: ties are broken, nothing is left out or repeated."""
    chance = random.Random(5)
    numbers = [
        stored(database, f"s{n}", title=f"Ore {n}", seen_at=hours(chance.randrange(4))).story_id
        for n in range(40)
    ]
    refresh(database)
    kept(database, *(card(n, relevance=chance.choice((0.3, 0.1 + 0.2, 1.0, 0.0))) for n in numbers))
    query = replace(ALL, order=order)
    whole = paged(database, query, 100)
    assert sorted(whole) == numbers
    for limit in (1, 7, 20, 40):
        assert paged(database, query, limit) == whole
    values = {
        line.card.story_id: line.card
        for line in database.lines(query, reader="ann", now=NOW, limit=100).lines
    }
    if order is Order.RELEVANCE:
        assert [values[n].relevance for n in whole] == sorted(
            (values[n].relevance for n in whole), reverse=True
        )


def test_a_story_that_moves_up_is_not_met_twice(database):
    """News between two pages lifts a story; those after the place of the cursor still come."""
    numbers = told(database, 6)
    refresh(database)
    first = database.lines(ALL, reader="ann", now=NOW, limit=3)
    last = numbers[0]
    stored(database, "news", Placement(story_id=last, development_id=last), seen_at=hours(5))
    refresh(database)
    rest = database.lines(ALL, reader="ann", now=NOW, limit=9, cursor=first.cursor)
    seen = [line.card.story_id for line in (*first.lines, *rest.lines)]
    assert len(seen) == len(set(seen)) == 5
    assert last not in seen


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cursor=st.text(max_size=60) | st.binary(max_size=40).map(lambda b: b.hex()),
    order=st.sampled_from(Order),
)
def test_any_text_as_a_cursor_is_a_page_or_bad_input(database, cursor, order):
    """No text is an error of another kind."""
    with suppress(BadInput):
        database.lines(replace(ALL, order=order), reader="ann", now=NOW, limit=2, cursor=cursor)


def test_rare_and_frequent_facets_find_the_same(database, monkeypatch):
    """Both ways of looking for a facet choose the same stories, alone and together."""
    numbers = told(database, 12)
    refresh(database)
    kept(
        database,
        *(
            card(
                n, minerals=("tin", "zinc")[: 1 + n % 2], countries=("KZ", "AU", "PE")[n % 3 :][:1]
            )
            for n in numbers
        ),
    )
    queries = [
        replace(ALL, minerals=("zinc",)),
        replace(ALL, minerals=("tin", "zinc"), countries=("KZ",)),
        replace(ALL, minerals=("lead",)),
        replace(ALL, countries=("AU", "PE"), is_open=True),
    ]
    rare = [paged(database, query, 5) for query in queries]
    counts = [database.count_lines(query, now=NOW, most=100) for query in queries]
    monkeypatch.setattr(narrowing, "RARE", 0)
    assert [paged(database, query, 5) for query in queries] == rare
    assert counts == [len(found) for found in rare] == [6, 4, 0, 8]


def test_a_story_without_a_card_is_in_no_list(database):
    """Neither one whose card is not made yet, nor one with nothing relevant."""
    stored(database, "relevant", title="Ore")
    stored(database, "not", title="Medals", relevant=False)
    assert database.count_lines(ALL, now=NOW, most=9) == 0
    while refresh(database):
        pass
    assert paged(database, ALL, 5) == [1]
    assert database.lines_of([1, 2, 99], reader="ann")[0].card.story_id == 1
    assert len(database.lines_of([1, 2, 99], reader="ann")) == 1


def test_a_card_of_an_older_version_is_shown_and_made_anew(database):
    """News between reading and keeping: the card is kept, and the story stays stale."""
    stored(database, "first", title="Ore")
    ready = prepare(database)
    stored(
        database, "second", Placement(story_id=1, development_id=1), site="Second", seen_at=hours(1)
    )
    database.put_cards(ready.made, outlets=ready.outlets)
    assert database.lines_of([1], reader="ann")[0].card.articles == 1
    assert database.stale_stories(limit=5) == [1]
    assert refresh(database) == 1
    assert database.lines_of([1], reader="ann")[0].card.articles == 2
    assert refresh(database) == 0


def test_refreshing_comes_to_an_end_after_a_merge(database):
    """A story that went into another needs no card, and is not looked at for ever."""
    told(database, 2)
    refresh(database)
    database.merge_stories(1, 2, who="ann", now=hours(1))
    assert sum(1 for _ in range(5) if refresh(database)) <= 2
    assert paged(database, ALL, 5) == [1]


def test_each_keeping_has_a_higher_edition(database):
    """What was kept after a page is what it counts as new; what was made again counts too."""
    assert database.edition() == 0
    told(database, 2)
    refresh(database)
    page = database.edition()
    assert database.count_lines(ALL, now=NOW, most=9, after_edition=page) == 0
    stored(database, "third", title="Ore 3")
    stored(database, "more", Placement(story_id=1, development_id=1), seen_at=hours(1))
    refresh(database)
    assert database.edition() > page
    assert database.count_lines(ALL, now=NOW, most=9, after_edition=page) == 2
    assert database.count_lines(ALL, now=NOW, most=1, after_edition=page) == 1
    database.put_cards({}, outlets={})
    assert database.count_lines(ALL, now=NOW, most=9, after_edition=database.edition()) == 0


def test_a_line_says_who_decided_not_who_noted(database):
    """A note after a decision changes the count of notes only."""
    told(database, 1)
    refresh(database)
    database.decide([Choice(story_id=1, action="state", value=State.KEPT)], who="ann", now=hours(1))
    database.decide([Choice(story_id=1, action="note", value="Look.")], who="ben", now=hours(2))
    (line,) = database.lines_of([1], reader="ann")
    assert (line.decided_by, line.decided_at, line.notes) == ("ann", hours(1), 1)
    database.undo_review(who="ann", now=hours(3))
    assert database.lines_of([1], reader="ann")[0].decided_by == ""


def test_what_is_seen_is_each_readers_own(database):
    """One story, or all: news are what happened after."""
    told(database, 2)
    refresh(database)
    database.mark_seen("ann", [1], now=hours(1))
    ann = database.lines_of([1, 2], reader="ann")
    assert [len(line.news) for line in ann] == [0, 1]
    assert [len(line.news) for line in database.lines_of([1, 2], reader="ben")] == [1, 1]
    database.mark_all_seen("ben", now=hours(1))
    assert [len(line.news) for line in database.lines_of([1, 2], reader="ben")] == [0, 0]
    stored(database, "more", Placement(story_id=1, development_id=1), seen_at=hours(2))
    refresh(database)
    assert [len(line.news) for line in database.lines_of([1, 2], reader="ben")] == [1, 0]


def test_seeing_again_never_unsees(database):
    """An older moment, of a page that was open long, takes nothing back."""
    told(database, 1)
    refresh(database)
    for at in (hours(3), hours(-1)):
        database.mark_all_seen("ann", now=at)
        database.mark_seen("ann", [1], now=at)
    assert database.lines_of([1], reader="ann")[0].seen_at == hours(3)


def test_unfit_characters_are_kept_out_of_cards(database):
    """NUL and half of a surrogate pair come back as U+FFFD on both databases."""
    told(database, 1)
    kept(database, card(1, title="a\x00b", figures=("\ud800",), minerals=("x\x00",)))
    (line,) = database.lines_of([1], reader="a\x00nn")
    assert (line.card.title, line.card.figures) == ("a\ufffdb", ("\ufffd",))
    assert paged(database, replace(ALL, minerals=("x\x00",)), 5) == [1]
