"""
The worked example: what the ledger makes of the tungsten stories of the sample web.

One venture, told by fifteen outlets in six languages: who agrees, who repeats whom, where two
official sizes of one resource cannot both be, and what only looks alike.
"""

from dataclasses import replace

import pytest

from monitor.deliver.brief import lines
from monitor.deliver.ledger import Verdict, ledger_of
from monitor.deliver.records import story_record


@pytest.fixture(scope="module")
def story(demo, told):
    """The story of the venture."""
    return demo[1].story(told["sw-cove"].story_id)


@pytest.fixture(scope="module")
def matters(story):
    """Its ledger."""
    return ledger_of(story.articles).matters


def entry_of(matters, kind, value, unit, basis=""):
    """The entry of a present figure; where its stage went on, the one of most outlets."""
    found = [
        entry
        for matter in matters
        for entry in matter.entries
        if (entry.side.kind, entry.side.value, entry.side.unit) == (kind, value, unit)
        and entry.side.basis == basis
        and entry.side.is_current
    ]
    return max(found, key=lambda entry: len(entry.side.outlets))


def test_the_stake_is_agreed_by_fewer_origins_than_outlets(matters):
    """70 %: a dozen outlets, several of which copy or name one another."""
    stake = entry_of(matters, "stake", 70, "%")
    assert stake.verdict is Verdict.AGREED
    assert stake.outlets >= 12
    assert 3 <= stake.origins < stake.outlets


def test_the_two_stakes_are_one_split(matters):
    """30 % of the state's company is no contradiction."""
    rest = entry_of(matters, "stake", 30, "%")
    assert rest.verdict is Verdict.AGREED
    assert (
        "70 %: two sides of one split" in " ".join(rest.notes) or "30 % and 70 %" in rest.notes[0]
    )


def test_the_cost_is_agreed_and_an_edited_one_has_drifted(matters):
    """1.1 bn is told by all; one outlet told 1.2 bn and 75 % at first."""
    assert entry_of(matters, "capex", 1.1e9, "USD").verdict is Verdict.AGREED
    former = {(one.side.kind, one.side.value): one for m in matters for one in m.entries
              if not one.side.is_current}  # fmt: skip
    assert former["stake", 75].verdict is Verdict.DRIFT
    assert former["stake", 75].notes == ("Battery Belt News: stake 75 % → 70 %",)
    assert former["capex", 1.2e9].verdict is Verdict.DRIFT


def test_the_letter_of_interest_is_an_offer(matters):
    """900 m are a letter of interest to the ledger, no loan; nobody's sum with 700 m is agreed."""
    letter = entry_of(matters, "loan", 9e8, "USD")
    assert letter.side.stage == "letter_of_interest"
    assert letter.verdict in {Verdict.AGREED, Verdict.BOTH_MAY_HOLD}
    assert letter.origins > 3
    summed = [one for m in matters for one in m.entries if one.side.value == 1.6e9]
    assert summed
    assert all("added up" in " ".join(one.notes) for one in summed)
    assert all(one.verdict is Verdict.BOTH_MAY_HOLD for one in summed)


def test_the_two_sizes_of_the_deposits_contradict_each_other_on_one_basis(matters):
    """1.4 Mt WO3 is 1.11 Mt W, against 410 kt W: × 2.7, with class, date and stage the same."""
    oxide = entry_of(matters, "resource", 1.4e6, "t", "WO3")
    metal = entry_of(matters, "resource", 410_000, "t", "W")
    assert oxide.verdict is metal.verdict is Verdict.CONTRADICTION
    assert "1.4 Mt WO3 is 1.11 Mt W" in oxide.notes[0]
    assert "× 2.7" in oxide.notes[0]
    assert metal.outlets > oxide.outlets > 1


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"category": "inferred"}, Verdict.BOTH_MAY_HOLD),
        ({"as_of": "2019"}, Verdict.BOTH_MAY_HOLD),
        ({"stage": "draft"}, Verdict.BOTH_MAY_HOLD),
        ({"standard": "GKZ"}, Verdict.BOTH_MAY_HOLD),
        ({"basis": ""}, Verdict.INCOMPARABLE),
        ({"value": 517_000}, Verdict.AGREED),
    ],
)
def test_what_decides_is_what_is_shown(story, change, verdict):
    """Class, date, stage, standard, basis or value altered in all tellings alter the verdict."""
    told = {"category": "indicated", "as_of": "2025", "stage": "plan", "standard": "JORC"}

    def altered(stored):
        claim = stored.claim
        if (claim.kind, claim.unit) != ("resource", "t"):
            return stored
        return replace(
            stored, claim=replace(claim, **(told | (change if claim.basis == "WO3" else {})))
        )

    articles = [replace(one, claims=tuple(map(altered, one.claims))) for one in story.articles]
    verdicts = {
        entry.verdict
        for matter in ledger_of(articles).matters
        for entry in matter.entries
        if entry.side.family == "resource" and entry.side.is_current
    }
    assert verdicts == {verdict}


def test_the_stake_and_the_share_of_the_reserves_stand_apart(matters):
    """Two unrelated 70 %: of the venture, and of the country's tungsten."""
    share = entry_of(matters, "share", 70, "%")
    (of_share,) = [one for one in matters if share in one.entries]
    assert {entry.side.kind for entry in of_share.entries} == {"share"}
    assert share.outlets < entry_of(matters, "stake", 70, "%").outlets


def test_the_signing_is_a_development_of_its_own(told, story):
    """The definitive agreement comes later, in the same story."""
    assert told["sw-cove-definitive"].story_id == story.id
    assert told["sw-cove-definitive"].development_id != told["sw-cove"].development_id


def test_every_figure_of_the_story_stands_in_the_ledger_with_its_quote(story, matters):
    """Each claim once; its quote is verbatim."""
    listed = [
        one.stored.id for m in matters for entry in m.entries for one in entry.side.statements
    ]
    assert len(listed) == len(set(listed))
    current = {c.id for a in story.articles for c in a.claims if c.is_current}
    assert current <= set(listed)


def test_exports_and_the_brief_tell_the_same(story):
    """`contradictions` of the export, and both sides with footnotes in the brief."""
    (dispute,) = [one for one in story_record(story)["contradictions"] if one["kind"] == "resource"]
    assert dispute["verdict"] == "contradiction"
    assert {(one["value"], one["basis"]) for one in dispute["values"]} == {
        (1.4e6, "WO3"), (410_000, "W"),
    }  # fmt: skip
    text = "".join(lines([story], number=1, now=story.updated_at))
    (line,) = [
        one for one in text.splitlines() if one.startswith("- **Contradiction** on resource")
    ]
    assert "× 2.7" in line
    assert "[^" in line
