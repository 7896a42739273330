"""Figures are brought onto one basis by the weights of atoms, and only when both state theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.ledger.bases import (
    Likeness,
    Measure,
    _data,
    compare,
    element_share,
    on_element,
    reduced,
)

#: Factors as handbooks of the trade print them: mass of the form in one of the element.
PRINTED = {
    "WO3": ("W", 1.2611),
    "Li2O": ("Li", 2.1527),
    "LCE": ("Li", 5.3227),
    "U3O8": ("U", 1.1792),
    "NiSO4": ("Ni", 2.6367),
    "NiSO4·6H2O": ("Ni", 4.4784),
    "Co3O4": ("Co", 1.3620),
    "V2O5": ("V", 1.7852),
    "Nb2O5": ("Nb", 1.4305),
    "Ta2O5": ("Ta", 1.2211),
    "MoS2": ("Mo", 1.6684),
    "Nd2O3": ("Nd", 1.1664),
    "Dy2O3": ("Dy", 1.1477),
    "Pr6O11": ("Pr", 1.2082),
    "TiO2": ("Ti", 1.6683),
    "K2O": ("K", 1.2046),
    "P2O5": ("P", 2.2914),
}


@pytest.mark.parametrize("form", PRINTED)
def test_factors_are_those_of_handbooks(form):
    """What follows from the atomic weights is what the trade has in its tables."""
    element, factor = PRINTED[form]
    assert element_share(form) == (element, pytest.approx(1 / factor, rel=5e-4))


def test_every_form_of_the_table_is_made_of_known_atoms_and_holds_its_element():
    """A formula that a person adds is checked here."""
    for form, (element, _) in _data()["forms"].items():
        found, share = element_share(form)
        assert found == element
        assert 0 < share < 1, form
    for form in _data()["single_oxides"].values():
        assert element_share(form), form


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((2204.6226, "lb"), (1.0, "t")),
        ((32150.7466, "oz"), (1.0, "t")),
        ((410, "kt"), (410_000, "t")),
        ((100, "lb/y"), (0.045359237, "t/y")),
        ((10, "USD/lb"), (22_046.226, "USD/t")),
        ((640, "USD/mtu"), (64_000, "USD/t")),
        ((1, "USD/kg"), (1000, "USD/t")),
        ((10_000, "g/t"), (1, "%")),
        ((70, "%"), (70, "%")),
        ((5, "USD"), (5, "USD")),
    ],
)
def test_units_are_brought_together(given, expected):
    """Pounds, troy ounces, kilotonnes and metric ton units against tonnes."""
    value, unit = reduced(*given)
    assert (pytest.approx(value, rel=1e-6), unit) == expected


@pytest.mark.parametrize(
    ("one", "other", "likeness", "note"),
    [
        ((1.4e6, "t", "WO3"), (410_000, "t", "W"), "DIFFERENT", "1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7"),
        ((517_000, "t", "WO3"), (410_000, "t", "W"), "EQUAL", "517 kt WO3 is 410 kt W; 410 kt W"),
        ((1.4e6, "t", "WO3"), (410_000, "t", ""), "UNSTATED", "410 kt states no basis"),
        ((1.4e6, "t", ""), (410_000, "t", ""), "UNSTATED", "neither side states what it is a mass of"),
        ((71.4e6, "t", "ore"), (142_000, "t", "WO3"), "CARRIER", "71.4 Mt ore and 142 kt WO3: no grade is stated to convert one"),
        ((12_000, "t/y", "concentrate"), (12_000, "t/y", "W"), "SAME_NUMBER", "the same number of concentrate and of W: both cannot be"),
        ((226_800, "t", ""), (227_000, "t", ""), "EQUAL", ""),
        ((80_000, "t", "Cu"), (23_600, "t", "Mo"), "OTHER", "of Cu and of Mo"),
        ((1.2e9, "USD", ""), (8.6e9, "CNY", ""), "OTHER", "USD and CNY: no rate is stated"),
        ((65, "%", ""), (66.67, "%", ""), "DIFFERENT", "× 1"),
        ((66.7, "%", ""), (66.67, "%", ""), "EQUAL", ""),
        ((68, "%", ""), (70, "%", ""), "DIFFERENT", "× 1"),
        ((640, "USD/mtu", "WO3"), (80.7, "USD/kg", "W"), "EQUAL", "640 USD/mtu WO3 is 80,700 USD/t W; 80.7 USD/kg W is 80,700 USD/t W"),
        ((640, "USD/mtu", ""), (80.7, "USD/kg", ""), "UNSTATED", "neither side states what it is a mass of"),
        ((2e6, "lb", "U3O8"), (907, "t", "U3O8"), "EQUAL", ""),
    ],
)  # fmt: skip
def test_measures_are_compared_with_the_conversion_in_words(one, other, likeness, note):
    """Both ways round; nothing is converted whose basis is not stated."""
    found = compare(Measure(*one), Measure(*other))
    assert (found.likeness.name, found.note) == (likeness, note)
    assert compare(Measure(*other), Measure(*one)).likeness is found.likeness


def test_ounces_and_tonnes_of_gold_are_of_the_metal():
    """100.6 t of gold is 3.234 Moz; 3.5 Moz is another figure, and 241 Mt is no gold."""
    gold = frozenset({"gold"})
    tonnes = Measure(100.6, "t", "", gold)
    assert compare(tonnes, Measure(3.234e6, "oz", "", gold)).likeness is Likeness.EQUAL
    assert compare(tonnes, Measure(3.5e6, "oz", "", gold)).likeness is Likeness.DIFFERENT
    assert compare(tonnes, Measure(241e6, "t", "", gold)).likeness is Likeness.UNSTATED


def test_rare_earth_oxide_of_one_element_alone_is_converted():
    """REO of neodymium is Nd2O3; of several rare earths it is compared with REO only."""
    metal = Measure(1000, "t", "Nd")
    one = Measure(1166.4, "t", "REO", frozenset({"neodymium"}))
    assert compare(one, metal).likeness is Likeness.EQUAL
    several = Measure(1166.4, "t", "REO", frozenset({"neodymium", "praseodymium"}))
    assert compare(several, metal).likeness is Likeness.UNSTATED
    assert on_element(several) is None


FORMS = st.sampled_from(["", "W", "WO3", "ore", "LCE", "Li2O", "nonsense"])
UNITS = st.sampled_from(
    ["t", "kt", "lb", "oz", "t/y", "%", "USD", "EUR", "USD/t", "USD/lb", "g/t", "x/y/z"]
)
MEASURES = st.builds(
    Measure, st.floats(-1e300, 1e300, allow_nan=False), UNITS, FORMS,
    st.frozensets(st.sampled_from(["gold", "neodymium", "tungsten"]), max_size=2),
)  # fmt: skip


@given(MEASURES, MEASURES)
def test_any_two_measures_compare_alike_both_ways(one, other):
    """No value, unit or basis is a fault, and the order does not decide."""
    assert compare(one, other).likeness is compare(other, one).likeness


@given(MEASURES)
def test_a_measure_is_like_itself(one):
    """Whatever it is."""
    assert compare(one, one).likeness in {Likeness.EQUAL, Likeness.CARRIER}
