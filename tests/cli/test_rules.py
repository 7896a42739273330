"""`monitor rules` and `monitor rescore`, from the terminal."""

import pytest
from click.shell_completion import ShellComplete

from monitor.cli.app import cli
from monitor.cli.rescore_screen import reasons
from monitor.errors import BadInput
from monitor.model.rescoring import Change
from monitor.store import open_database
from tests.cli.desk import run, told_story

TUNGSTEN = "mineral:tungsten and country:kazakhstan"


@pytest.fixture
def url(tmp_path):
    """A desk with one story in four tellings."""
    place = f"sqlite:///{tmp_path}/monitor.sqlite"
    told_story(place)
    return place


def test_a_rule_from_its_making_to_its_end(url):
    """Added in its plainest form, listed, changed, taken back, removed, brought back."""
    (made,) = run(url, "rules", "add", "Kazakh", TUNGSTEN, "--raise", ".2", "--json").records
    assert made["expression"] == "mineral:tungsten AND country:kazakhstan"
    assert (made["id"], made["version"], made["value"]) == ("r1", 1, "0.20")
    assert run(url, "rules", "list", "--json").records == [{**made, "articles": 0}]
    run(url, "rules", "edit", "kazakh", "--lower", "0.1", "--name", "Faint")
    run(url, "rules", "edit", "r1", "--undo")
    run(url, "rules", "remove", "1", "--yes")
    assert run(url, "rules", "list", "--json").records == []
    assert "[removed]" in run(url, "rules", "list", "--all").out
    run(url, "rules", "edit", "r1", "--version", "2")
    versions = run(url, "rules", "history", "r1", "--json").records
    told = [(one["name"], one["action"], one["value"], one["active"]) for one in versions]
    assert told == [
        ("Kazakh", "raise", "0.20", True),
        ("Faint", "lower", "0.10", True),
        ("Kazakh", "raise", "0.20", True),
        ("Kazakh", "raise", "0.20", False),
        ("Faint", "lower", "0.10", True),
    ]


def test_a_trial_keeps_nothing(url):
    """It tells which stored articles a rule is about, and what they would be."""
    (told,) = run(url, "rules", "test", TUNGSTEN, "--mute", "--json").records
    assert (told["asked"], told["found"], told["no_longer_relevant"]) == (4, 4, 4)
    assert told["articles"][0]["relevant"] == {"before": True, "after": False}
    shown = run(url, "rules", "test", TUNGSTEN, "--lower", "0.3")
    assert "0.90 → 0.60" in shown.out
    assert "4 of the 4 newest articles" in shown.err
    assert run(url, "rules", "list", "--json").records == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["add", "x", TUNGSTEN], "needs one of --tag"),
        (["add", "x", TUNGSTEN, "--mute", "--tag", "y"], "does one thing"),
        (["add", "x", "foo:bar", "--mute"], "column 1: there is no field foo"),
        (["add", "x", TUNGSTEN, "--alert", "nobody"], "no such recipient"),
        (["test", "title:"], "column 7"),
        (["edit", "r9", "--undo"], "no such rule"),
        (["history", "9" * 30], "no such rule"),
    ],
)
def test_what_cannot_be_is_refused(url, words, fault):
    """With what is wrong, and what to write."""
    with pytest.raises(BadInput, match=fault):
        run(url, "rules", *words)


def test_an_edit_changes_something(url):
    """The same again, and taking back what is the first version, are refused."""
    run(url, "rules", "add", "Kazakh", TUNGSTEN, "--mute")
    for words, fault in (
        (["--mute"], "nothing to change"),
        (["--undo"], "no earlier version"),
        (["--undo", "--mute"], "takes nothing beside it"),
    ):
        with pytest.raises(BadInput, match=fault):
            run(url, "rules", "edit", "r1", *words)


def test_a_shell_completes_fields():
    """Behind a bracket too."""
    shell = ShellComplete(cli, {}, "monitor", "_MONITOR_COMPLETE")
    found = shell.get_completions(["rules", "test"], "title:x AND (claim.v")
    assert [one.value for one in found] == ["title:x AND (claim.value"]
    assert "rescore" in [one.value for one in shell.get_completions([], "res")]


def test_an_example_shows_what_moved_the_score(url):
    """A part with other points once, from and to; the greatest move first."""
    database = open_database(url)
    article = database.article(1)
    database.close()
    change = Change(
        article=article, was_relevant=True, is_relevant=True, before=0.6, after=0.9,
        reasons_lost=("+0.40 mineral in the title: tungsten", "-0.20 no word of the trade"),
        reasons_gained=("+0.46 mineral in the title: tungsten", "+0.10 rule r1 'x'", "muted by rule r2 'y'"),
    )  # fmt: skip
    assert reasons(change) == [
        ("-", "-0.20 no word of the trade"),
        ("+", "+0.10 rule r1 'x'"),
        ("~", "+0.40 → +0.46 mineral in the title: tungsten"),
        ("+", "muted by rule r2 'y'"),
    ]


def test_rescore_tells_then_keeps(url):
    """Counts, examples with reasons, and the rules; then the same, kept; then nothing is left."""
    run(url, "rules", "add", "Kazakh", "title:sold", "--tag", "sample")
    looked = run(url, "rescore", "--story", "s1", "--limit", "3")
    assert "articles  3 read again" in looked.out
    assert "No longer relevant" in looked.out
    assert "r1 version 1" in looked.out
    assert "Keep it: the same with --apply" in looked.err
    (kept,) = run(url, "rescore", "--apply", "--json").records
    assert kept["applied"] is True
    assert kept["articles"]["read"] == 4
    assert kept["rules"] == ["r1 version 1"]
    (again,) = run(url, "rescore", "--json").records
    assert again["articles"]["read"] == 0
    assert "--all" in run(url, "rescore").err
