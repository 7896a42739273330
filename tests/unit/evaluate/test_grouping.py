"""Two groupings of the same items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evaluate.grouping import Member, b_cubed, merged, same_group
from monitor.evaluate.measures import Part, figures_of

GROUPINGS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 4), st.sampled_from("ab")),
    min_size=1,
    max_size=25,
)


def members(rows):
    """Members from (gold, unit, said, language) or shorter rows."""
    found = []
    for row in rows:
        gold, unit, said, language = (*row, "en")[:4]
        found.append(Member(unit=unit, gold=gold, said=said, language=language))
    return found


def test_b_cubed_of_a_known_case():
    """
    The example of Bagga and Baldwin: 12 items in groups of 5, 2 and 5.

    Joining the two larger ones gives a precision of 0.58, joining a larger with the smaller one
    0.76, both with a recall of 1.
    """
    gold = [1] * 5 + [2] * 2 + [3] * 5
    near = members([(g, 0, "x" if g < 3 else "y") for g in gold])
    far = members([(g, 0, "x" if g != 2 else "y") for g in gold])
    assert figures_of(b_cubed(near))["precision"] == pytest.approx(0.762, abs=0.001)
    assert figures_of(b_cubed(far))["precision"] == pytest.approx(0.583, abs=0.001)
    assert figures_of(b_cubed(near))["recall"] == figures_of(b_cubed(far))["recall"] == 1.0


def test_pairs():
    """Of three pairs said one is right, of two labelled one is found."""
    four = members([("g", 0, 1), ("g", 0, 1), ("h", 0, 1), ("h", 0, 2)])
    assert figures_of(same_group(four)) == {
        "precision": pytest.approx(1 / 3),
        "recall": 0.5,
        "f1": pytest.approx(0.4),
    }


def test_pairs_across_languages():
    """Only pairs of two languages are asked for and held against anyone."""
    rows = [("g", 0, 1, "en"), ("g", 0, 1, "en"), ("g", 0, 2, "zh"), ("h", 0, 2, "ru")]
    figures = figures_of(same_group(members(rows), across_languages=True))
    assert figures == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_a_pair_between_units_counts_half_for_each():
    """A wrong pair of items of two stories is half a fault of each story."""
    rows = [("g", "one", 1), ("h", "two", 1)]
    assert same_group(members(rows)) == [Part(0, 0.5, 0, 0), Part(0, 0.5, 0, 0)]


def test_merges_that_should_not_be():
    """Of one story's three pairs of two developments one is merged; other stories do not count."""
    rows = [("a", "s", 1), ("b", "s", 1), ("c", "s", 2), ("d", "t", 1)]
    assert figures_of(merged(members(rows)), is_share=True) == {"share": pytest.approx(1 / 3)}


@given(GROUPINGS)
def test_the_same_grouping_is_perfect(rows):
    """Against itself a grouping scores 1 everywhere, and merges nothing."""
    same = members([(g, u, g, lang) for g, u, _, lang in rows])
    for parts in (b_cubed(same), same_group(same), same_group(same, across_languages=True)):
        assert figures_of(parts) == pytest.approx({"precision": 1, "recall": 1, "f1": 1})
    assert sum(part.right for part in merged(same)) == 0


@given(GROUPINGS)
def test_one_group_misses_nothing(rows):
    """Everything in one group: recall is 1, and all that should stand apart is merged."""
    one = members([(g, u, 0, lang) for g, u, _, lang in rows])
    assert figures_of(b_cubed(one))["recall"] == pytest.approx(1)
    assert figures_of(same_group(one))["recall"] == 1
    assert figures_of(merged(one), is_share=True)["share"] == 1


@given(GROUPINGS)
def test_groups_of_one_are_never_wrong(rows):
    """Everything alone: precision is 1."""
    alone = members([(g, u, n, lang) for n, (g, u, _, lang) in enumerate(rows)])
    assert figures_of(b_cubed(alone))["precision"] == pytest.approx(1)
    assert figures_of(same_group(alone))["precision"] == 1


@given(GROUPINGS)
def test_units_do_not_change_the_figure(rows):
    """What is drawn together for intervals decides nothing else."""
    apart = members([(g, n, s, lang) for n, (g, _, s, lang) in enumerate(rows)])
    given_units = members(rows)
    for count in (b_cubed, same_group):
        assert figures_of(count(apart)) == pytest.approx(figures_of(count(given_units)))
