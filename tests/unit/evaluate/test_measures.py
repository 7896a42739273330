"""Sums of units, and the figures made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evaluate.intervals import intervals
from monitor.evaluate.measures import Part, by_unit, figures_of, of_answers, of_checks, of_sets

COUNTS = st.integers(min_value=0, max_value=9)


@st.composite
def units(draw):
    """One to thirty units, none with more hits than were said or labelled."""
    found = []
    for _ in range(draw(st.integers(1, 30))):
        hits = draw(COUNTS)
        found.append(Part(hits, hits + draw(COUNTS), hits, hits + draw(COUNTS)))
    return found


def test_answers():
    """Of two said one is right, of three labelled one is found: 1/2, 1/3, 2/5."""
    pairs = [(True, True), (True, False), (True, False), (False, True), (False, False)]
    figures = figures_of(of_answers(pairs))
    assert figures == {"precision": 0.5, "recall": 1 / 3, "f1": pytest.approx(0.4)}


def test_sets():
    """All labels of all items count alike."""
    figures = figures_of(of_sets([({"tin", "zinc", "lead"}, {"tin"}), (set(), {"gold"})]))
    assert figures == {"precision": 0.5, "recall": 1 / 3, "f1": pytest.approx(0.4)}


def test_checks():
    """Three of four held."""
    assert figures_of(of_checks([True, True, False, True]), is_share=True) == {"share": 0.75}


def test_of_nothing_said_nothing_is_wrong():
    """Who says nothing has a precision of 1, and an F1 of 0 if there was something to say."""
    assert figures_of(of_answers([(True, False)])) == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    assert figures_of([]) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_units_are_added_up():
    """Parts of one unit become one."""
    parts = [("a", Part(1, 2)), ("b", Part(0, 1)), ("a", Part(1, 1))]
    assert by_unit(parts) == [Part(2, 3), Part(0, 1)]


@given(units())
def test_an_interval_holds_its_figure(parts):
    """Every figure lies within its interval, and the interval within [0, 1]."""
    for name, figure in figures_of(parts).items():
        low, high = intervals(parts, draws=40)[name]
        assert 0 <= low <= figure <= high <= 1 + 1e-9


@given(units())
def test_an_interval_is_repeatable(parts):
    """The same units give the same interval."""
    assert intervals(parts, draws=20) == intervals(parts, draws=20)


def test_an_interval_is_as_wide_as_statistics_say():
    """Half of 100 checks: the share lies between 0.40 and 0.60, within a hundredth or two."""
    low, high = intervals(of_checks([True, False] * 50), is_share=True)["share"]
    assert low == pytest.approx(0.40, abs=0.02)
    assert high == pytest.approx(0.60, abs=0.02)


def test_more_items_make_it_narrower():
    """Four times the items halve the interval, roughly."""
    few = intervals(of_checks([True, False] * 25), is_share=True)["share"]
    many = intervals(of_checks([True, False] * 100), is_share=True)["share"]
    assert 1.5 < (few[1] - few[0]) / (many[1] - many[0]) < 2.6


def test_units_that_differ_make_it_wider():
    """Errors that come together in one unit make a figure less sure than scattered ones."""
    together = [Part(0, 10)] * 5 + [Part(10, 10)] * 5
    scattered = [Part(5, 10)] * 10
    wide = intervals(together, is_share=True)["share"]
    assert intervals(scattered, is_share=True)["share"] == (0.5, 0.5)
    assert wide[1] - wide[0] > 0.4
