"""The ledger compares figures only where their bases allow it."""

from datetime import UTC, datetime

import pytest

from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import contradictions, corrections
from monitor.deliver.tables import safe_cell, to_csv
from monitor.model import (
    Claim,
    DateEvidence,
    Enrichment,
    ReviewState,
    StoredArticle,
    StoredClaim,
    StoredStory,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def claim(value: float, basis: str = "", *, kind="resource", unit="t", subjects=(), stage=""):
    """A figure without a meaningful quote."""
    return Claim(
        kind=kind, value=value, unit=unit, basis=basis, subjects=tuple(subjects), stage=stage,
        quote="x", start=0, end=1,
    )  # fmt: skip


def telling(number: int, *claims: Claim, replaced: tuple[Claim, ...] = ()) -> StoredArticle:
    """An outlet's article that states these figures, in place of those replaced."""
    stated = [*((one, False) for one in replaced), *((one, True) for one in claims)]
    return StoredArticle(
        id=number,
        url=f"https://outlet{number}.example/a",
        url_key=f"https://outlet{number}.example/a",
        canonical_url="",
        title="Tungsten",
        text="Text",
        site=f"outlet{number}",
        authors=(),
        published_at=NOW,
        published_from=DateEvidence.FEED,
        first_seen_at=NOW,
        source_id=number,
        source=f"outlet{number}",
        flags=(),
        enrichment=Enrichment(language="en"),
        copy=None,
        development_id=1,
        story_id=1,
        placement_reasons=(),
        revision=2 if replaced else 1,
        claims=tuple(
            StoredClaim(
                id=100 * number + at,
                article_id=number,
                revision=2 if replaced and is_current else 1,
                site=f"outlet{number}",
                language="en",
                claim=one,
                is_current=is_current,
            )
            for at, (one, is_current) in enumerate(stated)
        ),
    )


def story(*articles: StoredArticle) -> StoredStory:
    """A story of these articles."""
    return StoredStory(
        id=1,
        title="Tungsten",
        first_seen_at=NOW,
        updated_at=NOW,
        state=ReviewState.NEW,
        version=1,
        articles=articles,
        developments=(1,),
    )


def told(*claims: Claim) -> StoredStory:
    """A story in which each figure is stated by an outlet of its own."""
    return story(*(telling(number, one) for number, one in enumerate(claims, start=1)))


def test_oxide_and_metal_that_differ_are_a_contradiction():
    """1.4 Mt WO3 is 1.11 Mt W, which 410 kt W contradicts by 2.7."""
    (found,) = contradictions(told(claim(1.4e6, "WO3"), claim(410_000, "W")))
    assert found.verdict == "contradiction"
    assert found.note == "1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7"


def test_one_mass_on_two_bases_agrees():
    """A figure and its conversion are one figure."""
    assert contradictions(told(claim(517_000, "WO3"), claim(410_000, "W"))) == []


def test_unstated_basis_is_incomparable():
    """Nothing is converted silently."""
    (found,) = contradictions(told(claim(1.4e6, "WO3"), claim(410_000, "")))
    assert found.verdict == "incomparable"


def test_rounding_is_no_contradiction():
    """226,800 t and 227,000 t are one figure."""
    assert contradictions(told(claim(226_800, ""), claim(227_000, ""))) == []


def test_one_value_with_and_without_its_basis_agrees():
    """An outlet that leaves the basis out does not disagree."""
    assert contradictions(told(claim(410_000, "W"), claim(410_000))) == []


def test_two_figures_of_one_telling_are_two_figures():
    """70 % for the buyer and 30 % for the seller are no contradiction."""
    seventy, thirty = claim(70, kind="stake", unit="%"), claim(30, kind="stake", unit="%")
    both = story(telling(1, seventy, thirty), telling(2, seventy), telling(3, thirty))
    assert contradictions(both) == []


def test_a_telling_that_reports_both_sides_does_not_end_the_dispute():
    """Rival estimates stay a contradiction when one outlet of several quotes both."""
    oxide, metal = claim(1.4e6, "WO3"), claim(410_000, "W")
    both = telling(5, oxide, metal)
    (found,) = contradictions(
        story(telling(1, oxide), telling(2, oxide), telling(3, metal), telling(4, metal), both)
    )
    assert found.verdict == "contradiction"


def test_figures_about_different_subjects_both_hold():
    """The resource of one deposit does not contradict that of another."""
    one, other = claim(1000, "W", subjects=["Upper"]), claim(9000, "W", subjects=["North"])
    assert contradictions(told(one, other)) == []
    (found,) = contradictions(told(one, claim(9000, "W", subjects=["North", "Upper"])))
    assert found.verdict == "contradiction"


def test_figures_at_different_stages_both_hold():
    """A letter of interest for 900 and a loan of 700 are two facts."""
    letter = claim(900e6, kind="loan", unit="USD", stage="letter of interest")
    assert contradictions(told(letter, claim(700e6, kind="loan", unit="USD", stage="signed"))) == []


def test_a_part_does_not_contradict_the_whole():
    """A telling that states both tells them apart for all others, on any basis."""
    (found,) = contradictions(
        story(
            telling(1, claim(1.4e6, "WO3"), claim(142_000, "WO3")),
            telling(2, claim(410_000, "W")),
            telling(3, claim(410_000, "W"), claim(112_620, "W")),
        )
    )
    assert [value for value, _, _ in found.values] == [410_000, 1.4e6]
    assert found.verdict == "contradiction"


def test_the_gravest_dispute_leads_and_agreeing_values_are_one_side():
    """Of 935.4 kt, 935 kt, 795.8 kt and 1.9 Mt the farthest two come first, with their factor."""
    (found,) = contradictions(
        told(*(claim(value, "REO") for value in (935_400, 935_000, 795_800, 1_900_000)))
    )
    assert [value for value, _, _ in found.values] == [795_800, 1_900_000, 935_400]
    assert found.values[2][2] == ("outlet1", "outlet2")
    assert found.note == "× 2.4"


def test_a_corrected_figure_is_shown_with_both_values():
    """An outlet that edits 70 % into 65 % has corrected itself; that is no contradiction."""
    kept = claim(1.1e9, kind="capex", unit="USD")
    edited = telling(
        1,
        claim(65, kind="stake", unit="%"),
        kept,
        replaced=(claim(70, kind="stake", unit="%"), kept),
    )
    (found,) = corrections(story(edited))
    assert (found.kind, found.before, found.after) == ("stake", (70,), (65,))
    assert contradictions(story(edited)) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_cells_never_become_formulas(start: str):
    """What a spreadsheet would run is shown as text."""
    assert safe_cell(f"{start}1+1").startswith("'")


def test_csv_opens_with_a_byte_order_mark():
    """Spreadsheets read the file as UTF-8."""
    assert to_csv([{"a": "钨"}], ("a",)) == "\ufeffa\r\n钨\r\n"


def test_figures_read_as_the_trade_writes_them():
    """A resource of 1.4 million tonnes shows its scale, unit and basis."""
    assert figure_text(claim(1.4e6, "WO3")) == "resource 1.4 Mt WO3"
