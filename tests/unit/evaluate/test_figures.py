"""Figures that are said beside those that are labelled."""

import pytest

from monitor.evaluate.figures import of_field, of_figures, of_quotes
from monitor.evaluate.measures import Part, figures_of


def claim(value, unit="t", kind="resource", quote="", **more):
    """A figure, labelled or said."""
    return {"kind": kind, "value": value, "unit": unit, "quote": quote, **more}


def pair(labelled, said, title="", text=""):
    """One item and its prediction."""
    return {"title": title, "text": text, "quantities": labelled}, {"claims": said}


def figures(*pairs, **options):
    """Precision and recall."""
    found = figures_of(of_figures(pairs, **options))
    return found["precision"], found["recall"]


def test_value_and_unit():
    """A figure is found by value and unit; the kind may be another unless it is asked for."""
    one = pair([claim(5e6)], [claim(5e6, kind="reserve"), claim(5e6, "lb")])
    assert figures(one) == (0.5, 1.0)
    assert figures(one, is_kind=True) == (0.0, 0.0)


def test_rounding():
    """Half a per cent is rounding, two per cent are another figure."""
    assert figures(pair([claim(1000)], [claim(1004)])) == (1.0, 1.0)
    assert figures(pair([claim(1000)], [claim(1020)])) == (0.0, 0.0)


def test_days_are_exact():
    """A day is written as a number, and the next day is another one."""
    day = claim(20261110, "date", "expiry")
    assert figures(pair([day], [day])) == (1.0, 1.0)
    assert figures(pair([day], [claim(20261111, "date", "expiry")])) == (0.0, 0.0)


def test_one_for_one():
    """One figure said does not find two that are labelled; said twice it counts once."""
    assert figures(pair([claim(1000), claim(1001)], [claim(1000)])) == (1.0, 0.5)
    assert figures(pair([claim(7)], [claim(7), claim(7)])) == (1.0, 1.0)


def test_of_one_kind():
    """Only figures of that kind count, on both sides."""
    one = pair([claim(5), claim(9, kind="capex")], [claim(5), claim(8, kind="capex")])
    assert figures(one, is_kind=True, kind="resource") == (1.0, 1.0)
    assert figures(one, is_kind=True, kind="capex") == (0.0, 0.0)


def test_a_figure_of_the_headline():
    """What stands in the title is asked for, whatever `in_text` says of the text."""
    gold = claim(5, quote="5 tonnes", in_text=False)
    assert figures(pair([gold], [claim(5)], title="Miner finds 5 tonnes")) == (1.0, 1.0)
    assert figures(pair([gold], [], title="Miner finds 5 tonnes")) == (1.0, 0.0)


def test_a_figure_that_is_nowhere():
    """What stands nowhere is not asked for, and saying it is no fault."""
    gold = claim(5, quote="five tonnes", in_text=False)
    assert of_figures([pair([gold], [])]) == [Part(0, 0, 0, 0)]
    assert of_figures([pair([gold], [claim(5)])]) == [Part(0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("gold", "said"),
    [("WO3", "WO₃"), ("TREO", "REO"), ("letter_of_interest", "Letter of interest")],
)
def test_labels_that_are_one(gold, said):
    """Case, small digits and spaces make no other basis or stage."""
    one = pair([claim(5, basis=gold)], [claim(5, basis=said)])
    assert of_field([one], "basis") == [Part(1, 1)]


def test_the_basis_of_what_is_found():
    """Only figures that were found and whose basis is labelled are asked for theirs."""
    labelled = [claim(5, basis="WO3"), claim(6, basis="W"), claim(7), claim(8, basis="ore")]
    said = [claim(5, basis="WO3"), claim(6, basis="WO3"), claim(7, basis="W")]
    assert of_field([pair(labelled, said)], "basis") == [Part(1, 2)]
    assert of_field([pair([claim(5, basis="W")], [claim(5)])], "basis") == [Part(0, 1)]


def test_the_basis_of_the_claim_of_that_kind():
    """Where one figure is said twice, the claim of the labelled kind is asked."""
    labelled = [claim(70, "%", "stake", stage="binding")]
    said = [claim(70, "%", "share", stage=""), claim(70, "%", "stake", stage="binding")]
    assert of_field([pair(labelled, said)], "stage") == [Part(1, 1)]


def test_quotes():
    """A quote is verbatim when it stands at its very offsets in title and text."""
    right = claim(5, quote="5 t", start=6, end=9)
    wrong = claim(6, quote="6 t", start=0, end=3)
    empty = claim(7, quote="", start=0, end=0)
    one = pair([], [right, wrong, empty], title="Found", text="5 t of tin")
    assert of_quotes([one]) == [Part(1, 3)]
