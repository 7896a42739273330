"""What the monitor makes of the sample news, against what one reader says of it."""

from itertools import combinations

import pytest

from monitor.deliver.ledger import contradictions
from tests.demo.labels import TRUTH, development_of

#: Least share of the shorter text that stands in the longer one, of what a reader calls a copy.
CONTAINED = 0.6


#: Words of a tape, a menu, a reader's comment, a plea: they stand around articles, not in them.
AROUND = ("Palladium", "Gold is still the only real money", "newsroom with a small donation")


def grouped(told, attribute):
    """Group (development or story) -> article ids."""
    groups = {}
    for name, article in told.items():
        groups.setdefault(getattr(article, attribute), set()).add(name)
    return groups


def test_texts_hold_nothing_of_what_stands_around_them(told):
    """Neither the tape of metals, nor comments, nor pleas are taken for the article."""
    found = {(n, words) for n, article in told.items() for words in AROUND if words in article.text}
    assert found == set()


def test_titles_hold_nothing_but_the_title(told):
    """The outlet's name, which pages put into their title, is no part of it."""
    outlets = {article.source for article in told.values()}
    found = {n for n, a in told.items() if any(name in a.title for name in outlets)}
    assert found == set()


@pytest.mark.parametrize("group", [tuple(c["articles"]) for c in TRUTH["copies"]])
def test_each_copy_is_folded_with_its_containment(told, group):
    """All but one of the group are copies of another of the group, with the share measured."""
    ids = {told[name].id for name in group}
    copies = [told[name].copy for name in group if told[name].copy]
    assert len(copies) == len(group) - 1, {name: told[name].copy for name in group}
    assert {copy.original_id for copy in copies} <= ids
    assert all(CONTAINED <= copy.containment <= 1 for copy in copies)


def test_nothing_else_is_folded(told):
    """An article outside the labelled groups is nobody's copy."""
    labelled = {name for group in TRUTH["copies"] for name in group["articles"]}
    assert {n: a.copy for n, a in told.items() if a.copy and n not in labelled} == {}


def test_no_two_different_developments_are_taken_for_one(told):
    """What stands under one development was one event to the reader."""
    truth = development_of()
    mixed = [
        (one, other)
        for members in grouped(told, "development_id").values()
        for one, other in combinations(sorted(members), 2)
        if truth.get(one) != truth.get(other) and {one, other} <= truth.keys()
    ]
    assert mixed == []


def test_no_two_different_matters_are_taken_for_one_story(told):
    """What stands under one story was one matter to the reader."""
    story = {
        article: d["story"] for d in TRUTH["development"].values() for article in d["articles"]
    }
    mixed = [
        (one, other)
        for members in grouped(told, "story_id").values()
        for one, other in combinations(sorted(members), 2)
        if {one, other} <= story.keys() and story[one] != story[other]
    ]
    assert mixed == []


def test_the_story_of_the_day_is_one_in_six_languages(told):
    """Tellings of the tungsten announcement stand together, whatever their language."""
    members = TRUTH["development"]["cove-announced"]["articles"]
    assert {told[name].enrichment.language for name in members} == {
        "en", "ru", "kk", "zh", "de", "es",
    }  # fmt: skip
    groups = grouped({name: told[name] for name in members}, "development_id")
    assert len(groups) == 1, groups


@pytest.mark.parametrize("name", [n for n, d in TRUTH["development"].items() if d["articles"][1:]])
def test_tellings_of_one_development_stand_together(told, name):
    """Articles that tell one event are found under one development."""
    members = {n: told[n] for n in TRUTH["development"][name]["articles"]}
    groups = grouped(members, "development_id")
    assert len(groups) == 1, groups


def test_the_two_sizes_of_the_deposits_contradict_each_other(demo, told):
    """1.4 Mt of WO3 is 1.11 Mt of tungsten, and that is not 410 kt, though some tell both."""
    story = demo[1].story(told["sw-cove"].story_id)
    found = {one.kind: {v[:2] for v in one.values} for one in contradictions(story)
             if one.verdict == "contradiction"}  # fmt: skip
    assert {(1.4e6, "WO3"), (410_000.0, "W")} <= found.get("resource", set()), found


def test_hard_negatives_are_not_relevant(told):
    """Medals, roofs, planets and bands are not minerals news."""
    wrong = {
        name: told[name].enrichment.reasons
        for name in TRUTH["irrelevant"]["articles"]
        if told[name].enrichment.relevant
    }
    assert wrong == {}


def test_minerals_news_is_relevant(told):
    """What the reader calls minerals news is not hidden."""
    wrong = {
        name: (told[name].enrichment.relevance, told[name].enrichment.reasons)
        for name in development_of()
        if not told[name].enrichment.relevant
    }
    assert wrong == {}


@pytest.mark.parametrize("name", TRUTH["figures"])
def test_figures_are_read(told, name):
    """The figures that a reader finds are among the claims, with their basis."""
    claims = [c.claim for c in told[name].claims if c.is_current]
    found = {(c.kind, c.value, c.unit, c.basis) for c in claims}
    assert {tuple(figure) for figure in TRUTH["figures"][name]} <= found, sorted(found)
