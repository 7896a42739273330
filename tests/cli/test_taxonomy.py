"""`monitor taxonomy`: check, explain and add, from the terminal."""

import pytest

from monitor.errors import BadInput
from tests.cli.desk import run


@pytest.fixture
def url(tmp_path):
    """A database that no command of this group opens."""
    return f"sqlite:///{tmp_path}/none.sqlite"


def test_a_word_for_a_person(url):
    """Meanings with what they want, and the lists of the day."""
    said = run(url, "taxonomy", "explain", "NdPr", "--on", "2024-06-01")
    assert said.status == 0
    assert "neodymium (mineral, of rare_earths)" in said.out
    assert "eu-crma-critical-2024" in said.out
    assert "not then: us-2025" in said.out


def test_a_word_for_a_script(url):
    """The same as one object."""
    (said,) = run(url, "taxonomy", "explain", "copper", "--on", "2025-11-07", "--json").records
    (one,) = said["meanings"]
    assert (one["kind"], one["id"]) == ("mineral", "copper")
    lists = {each["list"]: each for each in one["lists"]}
    assert lists["us-2025"]["in_force"] is True
    assert lists["us-2025"]["since"] == "2025-11-07"
    assert all(name["file"] and name["line"] for name in one["names"])


def test_a_text(url):
    """What counts, what was passed over and why."""
    (said,) = run(url, "taxonomy", "explain", "Индия", "купит", "вольфрам", "--json").records
    assert {m["concept"] for m in said["mentions"]} >= {"IN", "tungsten"}
    assert {(p["id"], p["surface"]) for p in said["passed_over"]} >= {("indium", "Индия")}
    assert "Индия: IN (country)" in run(url, "taxonomy", "explain", "Индия купит вольфрам").out


def test_a_word_without_a_meaning(url):
    """Ends with status 1, and says what to do."""
    said = run(url, "taxonomy", "explain", "qqqq")
    assert said.status == 1
    assert "monitor taxonomy add" in said.err


def test_adding_and_checking(url, tmp_path):
    """A name that is added is checked, counted and explained."""
    folder = tmp_path / "mine"
    (row,) = run(
        url, "taxonomy", "add", "mineral", "tungsten", "heavystone", "--language", "en",
        "--needs", "trade", "--never", "album", "--folder", str(folder), "--json",
    ).records  # fmt: skip
    assert row["file"] == str(folder / "names.csv")
    assert row["row"]["needs"] == "trade"
    (checked,) = run(url, "taxonomy", "check", str(folder), "--json").records
    assert checked["problems"] == []
    assert {one["language"] for one in checked["languages"]} >= {"en", "kk", "zh"}
    assert run(url, "taxonomy", "check", str(folder)).status == 0


def test_the_setting_names_the_folder(url, tmp_path, monkeypatch):
    """`taxonomy.folder` is read by every command, and by the processes that it starts."""
    monkeypatch.setenv("MONITOR_TAXONOMY__FOLDER", str(tmp_path))
    run(url, "taxonomy", "add", "country", "KZ", "Stepland", "--language", "en")
    said = run(url, "taxonomy", "explain", "Stepland")
    assert "KZ (country)" in said.out
    assert str(tmp_path / "country_names.csv") in said.out


def test_a_fault_ends_with_status_1(url, tmp_path):
    """The fault is told with its file and line, not raised."""
    (tmp_path / "names.csv").write_text("mineral,language,names\nxx,en,y\n", encoding="utf-8")
    said = run(url, "taxonomy", "check", str(tmp_path))
    assert said.status == 1
    assert "names.csv: line 2: 'xx' is no mineral" in said.out


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["mineral", "tungsten", "heavystone"], "has no language"),
        (["country", "Kazakhstan", "X", "--language", "en"], "no country code"),
        (["company", "Example Ore", "Example Ore"], "no country code"),
        (["company", "Example Ore", "Ore", "--needs", "drill"], "--needs: a company's name cannot"),
        (["mineral", "tungsten", "a;b", "--language", "en"], "a sign that parts names"),
    ],
)
def test_what_cannot_be_added(url, tmp_path, words, answer):
    """What is wrong, and about what; nothing is written."""
    with pytest.raises(BadInput, match=answer):
        run(url, "taxonomy", "add", *words, "--folder", str(tmp_path))
    assert not list(tmp_path.glob("*.csv"))


def test_there_is_nowhere_to_add_to(url):
    """The setting that is missing is named."""
    with pytest.raises(BadInput, match=r"taxonomy\.folder"):
        run(url, "taxonomy", "add", "country", "KZ", "Stepland", "--language", "en")
