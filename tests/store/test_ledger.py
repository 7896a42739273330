"""Figures across stories in the store: kept with the card, chosen, put in order, gone on merge."""

from dataclasses import replace

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Claim, Placement
from monitor.model.ledger import LedgerOrder, LedgerQuery
from tests.store.records import NOW, hours
from tests.web.world import tell


def figure(kind, value, unit, *about, basis="", **more):
    """A figure as a text states it."""
    return Claim(
        kind=kind, value=value, unit=unit, basis=basis, subjects=about, quote="sells its mine",
        start=12, end=26, **more,
    )  # fmt: skip


@pytest.fixture
def told(database):
    """Two stories: a resource that two outlets dispute, and a stake in lithium."""
    more = {"countries": ("KZ",), "text": "The company sells its mine in full."}
    first = tell(
        database, "one", site="First Post", claims=(figure("resource", 1.4e6, "t", "tungsten", "Sample Cove", basis="WO3"),),
        seen_at=hours(1), published_at=hours(1), **more,
    )  # fmt: skip
    same = Placement(development_id=first.development_id, story_id=first.story_id)
    tell(
        database, "two", same, site="Second Post", seen_at=hours(2), published_at=hours(2),
        claims=(figure("resource", 410_000, "t", "tungsten", basis="W", standard="JORC"),), **more,
    )  # fmt: skip
    tell(
        database, "three", site="Third Post", minerals=("lithium",), countries=("AU",),
        title="Lithium stake", claims=(figure("stake", 30, "%", "Łódź Lithium"),), seen_at=hours(3), published_at=hours(3),
    )  # fmt: skip
    while refresh(database):
        pass
    return database


def values(database, **query):
    """The values of the figures that a query chooses, in its order."""
    return [line.row.value for line in database.ledger_lines(LedgerQuery(**query), limit=50)]


def test_a_figure_is_kept_with_all_that_the_ledger_says(told):
    """Verdict and why, origins, the first teller with his quote, what it is about."""
    (line,) = told.ledger_lines(LedgerQuery(kind="resource", words="second"), limit=5)
    row = line.row
    assert (row.value, row.basis, row.standard, row.verdict) == (
        410_000, "W", "JORC", "contradiction",
    )  # fmt: skip
    assert "1.4 Mt WO3 is 1.11 Mt W" in row.note
    assert (line.site, line.claim.quote, row.outlets, row.origins) == (
        "Second Post", "sells its mine", 1, 1,
    )  # fmt: skip
    assert (row.subjects, row.minerals, row.countries) == (("tungsten",), ("tungsten",), ("KZ",))
    assert (row.first_at, line.story_id, line.claim.basis) == (hours(2), 1, "W")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [30, 410_000, 1.4e6]),
        ({"kind": "stake"}, [30]),
        ({"unit": "t"}, [410_000, 1.4e6]),
        ({"verdict": "contradiction"}, [410_000, 1.4e6]),
        ({"verdict": "one origin"}, [30]),
        ({"mineral": "tungsten"}, [410_000, 1.4e6]),
        ({"mineral": "lithium", "country": "AU"}, [30]),
        ({"country": "KZ", "kind": "stake"}, []),
        ({"subject": "Sample Cove"}, [1.4e6]),
        ({"since": hours(2.5)}, [30]),
        ({"until": hours(1.5)}, [1.4e6]),
        ({"words": "MINE post"}, [30, 410_000, 1.4e6]),
        ({"words": "łódź"}, [30]),
        ({"words": "100% _ \\"}, []),
        ({"order": LedgerOrder.VALUE}, [1.4e6, 410_000, 30]),
        ({"order": LedgerOrder.EARLIEST}, [1.4e6, 410_000, 30]),
        ({"kind": "none"}, []),
    ],
)
def test_figures_are_chosen_and_put_in_order(told, query, expected):
    """By each part of a query; letters of a pattern are letters."""
    assert values(told, **query) == expected
    assert told.count_ledger(LedgerQuery(**query), most=2) == min(2, len(expected))


def test_a_name_of_many_figures_is_asked_one_by_one(told, monkeypatch):
    """The answer is the same, however it is found."""
    monkeypatch.setattr("monitor.store.ledger.RARE", 1)
    assert values(told, mineral="tungsten") == [410_000, 1.4e6]


def test_pages_hold_each_figure_once(told):
    """By offset."""
    query = LedgerQuery(order=LedgerOrder.OUTLETS)
    pages = [told.ledger_lines(query, limit=1, offset=at) for at in range(4)]
    assert sorted(line.row.value for page in pages for line in page) == [30, 410_000, 1.4e6]
    assert pages[3] == []


def test_what_there_is_to_choose_from(told):
    """Kinds, units and subjects, with counts or by what they are called."""
    assert told.ledger_choices() == {
        "kind": {"resource": 2, "stake": 1}, "unit": {"%": 1, "t": 2},
    }  # fmt: skip
    assert told.subjects_like("SAMPLE cove", limit=3) == ["Sample Cove"]
    assert told.subjects_like("lithium", limit=3) == ["Łódź Lithium"]
    assert told.subjects_like("%", limit=3) == []
    assert told.stories_about("tungsten", limit=5) == [1]
    assert told.stories_about("nothing", limit=5) == []


def test_a_figure_that_a_text_no_longer_states_drifts(told):
    """The ledger follows when the card is made anew; rows are not doubled."""
    rows = [line.row for line in told.ledger_lines(LedgerQuery(), limit=9)]
    told.put_ledger({2: [replace(rows[0], verdict="drift")]})
    assert values(told, verdict="drift") == [30]
    told.put_ledger({2: []})
    assert values(told, subject="Łódź Lithium") == []


def test_a_story_that_went_into_another_leaves_no_figures(told):
    """They come back with the split; those of the whole story are counted once."""
    told.merge_stories(1, 2, who="ann", now=NOW)
    refresh(told)
    found = told.ledger_lines(LedgerQuery(), limit=9)
    assert [(line.story_id, line.row.value) for line in found] == [
        (1, 30), (1, 410_000), (1, 1.4e6),
    ]  # fmt: skip
