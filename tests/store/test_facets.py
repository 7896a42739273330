"""What a query could be narrowed to, with counts; and which articles of a story were found."""

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Placement, ReviewState, StoryQuery
from tests.store.records import NOW, hours, stored


@pytest.fixture
def desk(database):
    """Four stories: three about tungsten, of them one in Russian; one about tin, which is kept."""
    stored(database, "g1", site="one.example")
    stored(database, "g2", site="two.example", seen_at=hours(1))
    stored(
        database, "g3", site="one.example", language="ru", text="Рудник продан", seen_at=hours(2)
    )
    stored(database, "g4", site="one.example", minerals=("tin",), seen_at=hours(3))
    stored(
        database, "g5", Placement(development_id=1, story_id=1), text="A rumour", seen_at=hours(4)
    )
    database.review(4, action="state", value="kept", who="ann", now=hours(5))
    database.review(1, action="tag", value="board", who="ann", now=hours(5))
    while refresh(database):
        pass
    return database


def counted(desk, query=None, **more):
    """The counts of each part."""
    found = desk.facets(query or StoryQuery(), now=NOW, **({"limit": 9} | more))
    return {part: dict(facet.counts) for part, facet in found.items()}


def test_every_part_is_counted(desk):
    """Of all stories: each value with its stories, the most frequent first; states too."""
    found = counted(desk)
    assert found["minerals"] == {"tungsten": 3, "tin": 1}
    assert list(found["minerals"]) == ["tungsten", "tin"]
    assert found["languages"] == {"en": 3, "ru": 1}
    assert found["states"] == {"new": 3, "kept": 1}
    assert found["tags"] == {"board": 1}
    assert found["countries"] == {"KZ": 4}
    assert found["outlets"]["one.example"] == 3


def test_a_part_is_counted_without_its_own_choice(desk):
    """What could be chosen instead is still there; the other parts are narrowed."""
    found = counted(desk, StoryQuery(minerals=("tin",)))
    assert found["minerals"] == {"tungsten": 3, "tin": 1}
    assert found["languages"] == {"en": 1}
    assert found["states"] == {"kept": 1}
    both = counted(desk, StoryQuery(minerals=("tungsten",), states=(ReviewState.KEPT,)))
    assert both["minerals"] == {"tin": 1, "tungsten": 0}
    assert both["states"] == {"new": 3, "kept": 0}


def test_words_narrow_the_counts(desk):
    """Full text counts like any other part of a query."""
    assert counted(desk, StoryQuery(search="рудника"))["languages"] == {"ru": 1}
    assert counted(desk, StoryQuery(search="qqqq"))["languages"] == {}


def test_what_is_chosen_stays_in_the_list(desk):
    """A choice stays beyond the limit, even when it has no story."""
    found = counted(desk, StoryQuery(minerals=("tin", "gallium")), limit=1)
    assert found["minerals"] == {"tungsten": 3, "tin": 1, "gallium": 0}


def test_many_stories_are_counted_in_part_and_it_is_said(desk):
    """Beyond the bound only the newest stories are counted."""
    part = desk.facets(StoryQuery(), now=NOW, limit=9, most=2)["minerals"]
    assert sum(part.counts.values()) == part.counted == 2
    assert desk.facets(StoryQuery(), now=NOW, limit=9, most=9)["minerals"].counted == 0


def test_the_found_articles_of_stories(desk):
    """So many of each story, the newest first; of the others none."""
    found = [hit.article_id for hit in desk.hits_of("rumour OR", [1], each=2)]
    assert found == []
    assert [hit.article_id for hit in desk.hits_of("rumours", [1, 2], each=2)] == [5]
    assert [hit.article_id for hit in desk.hits_of("song", [1, 2, 4], each=1)] == [4, 2, 1]
    assert desk.hits_of("song", [], each=1) == desk.hits_of("?", [1], each=1) == []
