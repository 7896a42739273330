"""The ledger compares figures only where their bases allow it."""

from datetime import UTC, datetime

import pytest

from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import contradictions
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


def story(*figures: tuple[float, str]) -> StoredStory:
    """A story in which each figure is stated by an outlet of its own."""
    articles = tuple(
        StoredArticle(
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
            revision=1,
            claims=(
                StoredClaim(
                    id=number,
                    article_id=number,
                    revision=1,
                    site=f"outlet{number}",
                    language="en",
                    claim=Claim(
                        kind="resource",
                        value=value,
                        unit="t",
                        basis=basis,
                        quote="x",
                        start=0,
                        end=1,
                    ),
                ),
            ),
        )
        for number, (value, basis) in enumerate(figures, start=1)
    )
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


def test_oxide_and_metal_that_differ_are_a_contradiction():
    """1.4 Mt WO3 is 1.11 Mt W, which 410 kt W contradicts by 2.7."""
    (found,) = contradictions(story((1.4e6, "WO3"), (410_000, "W")))
    assert found.verdict == "contradiction"
    assert found.note.endswith("× 2.7")


def test_one_mass_on_two_bases_agrees():
    """A figure and its conversion are one figure."""
    assert contradictions(story((517_000, "WO3"), (410_000, "W"))) == []


def test_unstated_basis_is_incomparable():
    """Nothing is converted silently."""
    (found,) = contradictions(story((1.4e6, "WO3"), (410_000, "")))
    assert found.verdict == "incomparable"


def test_rounding_is_no_contradiction():
    """226,800 t and 227,000 t are one figure."""
    assert contradictions(story((226_800, ""), (227_000, ""))) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_cells_never_become_formulas(start: str):
    """What a spreadsheet would run is shown as text."""
    assert safe_cell(f"{start}1+1").startswith("'")


def test_csv_opens_with_a_byte_order_mark():
    """Spreadsheets read the file as UTF-8."""
    assert to_csv([{"a": "钨"}], ("a",)) == "\ufeffa\r\n钨\r\n"


def test_figures_read_as_the_trade_writes_them():
    """A resource of 1.4 million tonnes shows its scale, unit and basis."""
    claim = Claim(kind="resource", value=1.4e6, unit="t", basis="WO3", quote="x", start=0, end=1)
    assert figure_text(claim) == "resource 1.4 m t WO3"
