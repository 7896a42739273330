"""What two figures are to each other; each input that decides is altered, and the verdict alters."""

from dataclasses import replace

import pytest

from monitor.deliver.ledger import Verdict, ledger_of
from tests.unit.ledger.telling import claim, telling, told

TUNGSTEN = {"minerals": ("tungsten",), "places": ("Upper Kairakty", "North Katpar")}

#: Two figures of one deposit of which all is stated, and all is the same but the value.
OXIDE = claim(1.4e6, "WO3", about=["tungsten"], category="indicated", standard="JORC",
              as_of="2025-06", stage="binding")  # fmt: skip
METAL = claim(410_000, "W", about=["tungsten"], category="indicated", standard="JORC",
              as_of="2025-06", stage="binding")  # fmt: skip


def verdicts(*claims, **names):
    """The verdict of each figure, each told by an outlet of its own."""
    places = ledger_of(told(*claims, **(TUNGSTEN | names))).by_claim
    return [places[100 * number].verdict for number in range(1, len(claims) + 1)]


def notes(*claims):
    """Why, for the first."""
    return ledger_of(told(*claims, **TUNGSTEN)).by_claim[100].notes


def test_two_figures_of_which_all_else_is_the_same_contradict_each_other():
    """With the conversion and the factor."""
    assert verdicts(OXIDE, METAL) == [Verdict.CONTRADICTION] * 2
    assert notes(OXIDE, METAL) == ("1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7",)


@pytest.mark.parametrize(
    ("change", "expected", "why"),
    [
        ({"category": "inferred"}, "both may hold", "class: indicated and inferred"),
        ({"standard": "GKZ"}, "both may hold", "standard: JORC and GKZ"),
        ({"as_of": "2023"}, "both may hold", "date: 2025-06 and 2023"),
        ({"stage": "draft"}, "both may hold", "stage: binding and draft"),
        ({"kind": "reserve"}, "both may hold", "kind: resource and reserve"),
        ({"basis": ""}, "incomparable", "410 kt states no basis"),
        ({"basis": "ore"}, "both may hold", "no grade is stated"),
        ({"value": 1.11e6}, "agreed", "1.4 Mt WO3 is 1.11 Mt W"),
        ({"value": 1_000_000}, "contradiction", "× 1.1"),
        ({"category": ""}, "contradiction", "× 2.7"),
        ({"as_of": "2025-06-30"}, "contradiction", "× 2.7"),
        ({"subjects": ("molybdenum",)}, "one origin", ""),
        ({"subjects": ("North Katpar",)}, "contradiction", "× 2.7"),
        ({"kind": "stake", "unit": "%", "value": 70}, "one origin", ""),
    ],
)
def test_each_input_that_is_altered_alters_the_verdict(change, expected, why):
    """Of all that is stated of a figure nothing is shown that did not decide."""
    found = ledger_of(
        told(OXIDE, replace(METAL, **change), minerals=("tungsten", "molybdenum"),
             places=("Upper Kairakty", "North Katpar"))
    ).by_claim[100]  # fmt: skip
    assert found.verdict.value == expected
    assert why in " ".join(found.notes)


def test_a_part_and_its_whole_may_both_hold():
    """One of two deposits holds less than both."""
    part = replace(METAL, value=112_600, subjects=("North Katpar",))
    whole = replace(METAL, subjects=("North Katpar", "Upper Kairakty"))
    assert verdicts(part, whole) == [Verdict.BOTH_MAY_HOLD] * 2
    assert "North Katpar alone" in notes(part, whole)[0]


def test_resources_of_two_deposits_stand_apart():
    """They are no matter of one another."""
    one, other = (replace(METAL, subjects=(name,), value=value) for name, value in
                  (("North Katpar", 1e5), ("Upper Kairakty", 9e5)))  # fmt: skip
    assert len(ledger_of(told(one, other, **TUNGSTEN)).matters) == 2


def test_a_stake_and_a_share_of_the_same_value_stand_apart():
    """70 % of a venture, and 70 % of a country's reserves."""
    stake = claim(70, kind="stake", unit="%", about=["tungsten"])
    share = claim(70, kind="share", unit="%", about=["tungsten"])
    matters = ledger_of(told(stake, share, **TUNGSTEN)).matters
    assert [(one.kind, len(one.entries)) for one in matters] == [("stake", 1), ("share", 1)]


def test_stakes_that_make_up_the_whole_are_one_split():
    """Whoever tells which of them; 60 % would contradict 70 %."""
    seventy, thirty, sixty = (claim(value, kind="stake", unit="%") for value in (70, 30, 60))
    found = ledger_of(told(seventy, seventy, thirty)).by_claim
    assert found[100].verdict is Verdict.AGREED
    assert found[100].notes == ("70 % and 30 %: two sides of one split",)
    assert verdicts(seventy, sixty) == [Verdict.CONTRADICTION] * 2


def test_an_offer_is_no_loan():
    """A letter of interest and a signed loan of the same sum may both hold, and say why."""
    letter = claim(9e8, kind="loan", unit="USD", stage="letter_of_interest")
    signed = replace(letter, stage="binding")
    assert verdicts(letter, signed) == [Verdict.BOTH_MAY_HOLD] * 2
    assert "stage: letter of interest and binding" in notes(letter, signed)[0]


def test_offers_are_never_added():
    """Who tells 900 and 700 as one bet of 1.6 bn is told so; with another third sum nobody is."""
    letters = [
        claim(value, kind="loan", unit="USD", stage="letter_of_interest") for value in (9e8, 7e8)
    ]
    total = claim(1.6e9, kind="loan", unit="USD")
    found = ledger_of([telling(1, *letters), telling(2, total)]).by_claim[200]
    assert found.verdict is Verdict.BOTH_MAY_HOLD
    assert "900 m USD and 700 m USD added up" in found.notes[0]
    other = ledger_of([telling(1, *letters), telling(2, replace(total, value=1.7e9))]).by_claim[200]
    assert other.verdict is Verdict.CONTRADICTION


def test_prices_of_different_days_may_both_hold():
    """A price of today does not contradict one of last week; two of one day do."""
    low, high = (
        claim(value, kind="price", unit="USD/t", about=["tungsten"]) for value in (300, 340)
    )
    week = [telling(1, low), telling(2, high, days=7)]
    assert ledger_of(week).by_claim[100].verdict is Verdict.BOTH_MAY_HOLD
    assert ledger_of([week[0], telling(2, high)]).by_claim[100].verdict is Verdict.CONTRADICTION


def test_one_origin_that_changes_its_figure_drifts():
    """An outlet that tells 1.1 bn first and 1.3 bn later; another outlet contradicts it."""
    less, more = (claim(value, kind="capex", unit="USD") for value in (1.1e9, 1.3e9))
    first = telling(1, less, site="one")
    found = ledger_of([first, telling(2, more, site="one", days=3)]).by_claim[100]
    assert found.verdict is Verdict.DRIFT
    assert found.notes[0].startswith("1.1 bn USD → 1.3 bn USD, by the same one")
    other = ledger_of([first, telling(2, more, site="two", days=3)]).by_claim[100]
    assert other.verdict is Verdict.CONTRADICTION


def test_a_former_figure_drifted_into_the_present_one():
    """It stands beside that one, and contradicts nobody."""
    was, now = (claim(value, kind="stake", unit="%") for value in (75, 70))
    edited = telling(1, now, former=(was,))
    found = ledger_of([edited, telling(2, now)])
    (matter,) = found.matters
    assert [(one.side.value, one.verdict.value) for one in matter.entries] == [
        (70, "agreed"), (75, "drift"),
    ]  # fmt: skip
    assert matter.entries[1].notes == ("outlet1: stake 75 % → 70 %",)
    assert matter.verdict is Verdict.AGREED


def test_a_figure_that_an_edit_took_away_is_said_to_be_gone():
    """Nothing took its place."""
    edited = telling(1, claim(5, kind="quota"), former=(claim(75, kind="stake", unit="%"),))
    found = ledger_of([edited]).by_claim[100]
    assert (found.verdict, found.notes) == (Verdict.DRIFT, ("no longer stated",))


def test_dates_are_compared_as_days():
    """A ban until 2025 and one until 2026 of the same stage are 365 days apart."""
    until = [claim(day, kind="expiry", unit="date") for day in (20_251_110, 20_261_110)]
    found = ledger_of(told(*until)).by_claim[100]
    assert (found.verdict, found.notes) == (
        Verdict.CONTRADICTION,
        ("against 2026-11-10: 365 days apart",),
    )


def test_hundreds_of_figures_are_all_listed_in_bounded_time():
    """Beyond some only the most told are compared."""
    claims = [claim(float(value), "W", about=["tungsten"]) for value in range(1000, 1500)]
    found = ledger_of([telling(1, *claims)])
    assert sum(len(matter.entries) for matter in found.matters) == len(claims)
