"""`monitor claims`: figures with their verdicts, and the ledger of a story or a subject."""

import json
from dataclasses import replace

import pytest

from monitor.errors import BadInput
from monitor.store import open_database
from tests.cli.desk import run, told_story
from tests.store.records import stored
from tests.web.world import claim


@pytest.fixture
def url(tmp_path):
    """A database with one story: 1.4 Mt WO3 told by two, 410 kt W by another."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    return address


def test_each_figure_comes_with_what_the_ledger_says(url):
    """On the screen, and as JSON: verdict, why, and from whom it comes."""
    out = run(url, "claims", "list").out
    assert "resource 1.4 Mt WO3  (First Post)  CONTRADICTION" in out
    records = run(url, "claims", "list", "--verdict", "contradiction", "--json").records
    assert {(one["value"], one["basis"], one["origin"]) for one in records} >= {
        (1.4e6, "WO3", "First Post"), (410_000, "W", "Третья газета"),
    }  # fmt: skip
    assert {one["verdict"] for one in records} == {"contradiction"}
    assert all("× 2.7" in one["verdict_note"] for one in records)
    assert {"category", "standard", "as_of", "doubts", "quote", "start", "end"} <= records[0].keys()


def test_only_what_nobody_disputes(url):
    """A verdict that no figure has finds none; that is said."""
    answer = run(url, "claims", "list", "--verdict", "drift")
    assert answer.out == ""
    assert "No figure passes." in answer.err


def test_the_ledger_of_a_story(url):
    """Each figure with outlets and origins; a copy is an outlet and no origin."""
    answer = run(url, "claims", "ledger", "s1")
    assert "resource" in answer.out
    assert "1.4 Mt WO3 is 1.11 Mt W" in answer.out
    (matter,) = [
        one for one in run(url, "claims", "ledger", "S1", "--json").records
        if one["kind"] == "resource"
    ]  # fmt: skip
    assert matter["verdict"] == "contradiction"
    figures = {one["basis"]: one for one in matter["figures"]}
    assert len(figures["WO3"]["outlets"]) == 2
    assert figures["WO3"]["origins"] == ["First Post"]
    assert figures["W"]["first_by"] == "Третья газета"


def test_the_ledger_of_a_subject_across_stories(url):
    """However its name is written; unknown names are offered the nearest."""
    database = open_database(url)
    for key, value in (("x", 5.0), ("y", 7.0)):
        said = claim("capacity", value, "t/y", "Ore sold", "Sb")
        said = replace(said, subjects=("Sample Smelter",))
        stored(database, key, site=f"Post {key}", claims=(said,))
    database.close()
    (matter,) = run(url, "claims", "ledger", "sample SMELTER", "--json").records
    assert (matter["subject"], matter["verdict"]) == (["Sample Smelter"], "contradiction")
    assert len(run(url, "claims", "list", "--subject", "Sample Smelter", "--json").records) == 2
    with pytest.raises(BadInput, match="no figure is about it"):
        run(url, "claims", "ledger", "nobody knows")
    with pytest.raises(BadInput, match="no such story"):
        run(url, "claims", "ledger", "s99")


def test_exports_say_what_the_ledger_says(url):
    """Of articles chosen by a filter too, as their whole story is looked at; nothing is lost."""
    records = run(url, "export", "--of", "claims").records
    assert {one["verdict"] for one in records if one["kind"] == "resource"} == {"contradiction"}
    (story,) = run(url, "export", "--of", "stories").records
    (dispute,) = story["contradictions"]
    assert (dispute["kind"], dispute["verdict"]) == ("resource", "contradiction")
    assert json.dumps(dispute["values"]).count("outlets") == 2
    verdicts = {one["kind"]: one["verdict"] for one in story["ledger"]}
    assert verdicts["resource"] == "contradiction"
    said = {one["verdict"] for one in story["claims"] if one["kind"] == "resource"}
    assert said == {"contradiction"}


def test_a_brief_tells_the_disagreement(url):
    """Both sides with their footnotes and the conversion."""
    out = run(url, "export", "--format", "markdown", "--story", "s1").out
    (line,) = [one for one in out.splitlines() if one.startswith("- **Contradiction** on resource")]
    assert "1.4 Mt WO3[^" in line
    assert "against 410 kt W[^" in line
    assert "1.11 Mt W; 410 kt W: × 2.7" in line
