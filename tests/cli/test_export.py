"""Exports: workbooks, tables, briefs and packs of told stories, hostile ones among them."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from monitor.errors import BadInput
from monitor.store import open_database
from tests.cli.desk import run, told_story
from tests.store.records import stored

#: What strangers write into titles.
EVIL = '=HYPERLINK("http://evil.example","x")\u202e\x1b[31m\u009b2J' + "W" * 200


@pytest.fixture
def url(tmp_path):
    """The address of a database with one story in four tellings."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    return address


def add(url, key="evil", **more):
    """Store one more story."""
    database = open_database(url)
    stored(database, key, **{"title": EVIL, "site": EVIL, "minerals": ("tin",), **more})
    database.close()


def sheet(path, name):
    """The rows of a sheet by their heading."""
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_workbook_holds_stories_figures_and_articles(url, tmp_path):
    """Typed: times as times in UTC, numbers as numbers, the review in columns to edit."""
    path = tmp_path / "out.xlsx"
    answer = run(url, "export", "--format", "xlsx", "-o", str(path))
    assert answer.err == f"1 story written to {path}\n"
    assert CalamineWorkbook.from_path(path).sheet_names == [
        "Stories",
        "Figures",
        "Articles",
        "Instructions",
    ]
    (story,) = sheet(path, "Stories")
    assert list(story)[:6] == ["Id", "Version", "State", "Tags", "Assignee", "Note to add"]
    assert (story["Id"], story["Origins"], story["State"]) == ("s1", 2, "new")
    assert f"{story['First seen at (UTC)']}" == "2026-03-02 09:00:00"
    assert story["Disagreements"].startswith("contradiction: resource 1.4 Mt WO3 against 410 kt W")
    assert {(row["Value"], row["Basis"]) for row in sheet(path, "Figures")} == {
        (1_400_000, "WO3"),
        (410_000, "W"),
        (70, ""),
    }
    assert [row["Copy of"] for row in sheet(path, "Articles")] == ["", "a1", "", ""]


def test_a_workbook_runs_nothing(url, tmp_path):
    """No formula, no link but http; a hostile title is text, and what is hidden is shown."""
    add(url)
    path = tmp_path / "out.xlsx"
    run(url, "export", "--format", "xlsx", "-o", str(path))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    sheets = [text for name, text in parts.items() if "worksheets/sheet" in name]
    assert not any("<f>" in text or "<f " in text for text in sheets)
    targets = re.findall(r'Target="([^"]*)"[^>]*External', "".join(parts.values()))
    assert targets
    assert all(target.startswith("https://ores.example/") for target in targets)
    title = next(row["Title"] for row in sheet(path, "Stories") if row["Id"] == "s2")
    assert title.startswith('=HYPERLINK("http://evil.example","x")\ufffd\ufffd[31m\ufffd2J')


def test_a_workbook_guides_the_hand(url, tmp_path):
    """The heading stays, filters are on, states are chosen from a list, the base is hidden."""
    path = tmp_path / "out.xlsx"
    run(url, "export", "--format", "xlsx", "-o", str(path))
    with zipfile.ZipFile(path) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in text
    assert '<autoFilter ref="A1:' in text
    assert '"new,kept,dismissed,flagged,needs-check"' in text.replace("&quot;", '"')
    assert text.count('hidden="1"') == 1


def test_what_does_not_fit_is_said(url, tmp_path):
    """A text of a megabyte is cut with a mark, and the command says so."""
    add(url, title="word " * 200_000)
    path = tmp_path / "out.xlsx"
    answer = run(url, "export", "--format", "xlsx", "-o", str(path))
    assert "Stories: 1 text cut at 32,767 characters." in answer.err
    title = next(row["Title"] for row in sheet(path, "Stories") if row["Id"] == "s2")
    assert title.endswith("[cut; the whole text is in the export as JSON Lines]")
    assert len(title) == 32_767
    said = CalamineWorkbook.from_path(path).get_sheet_by_name("Instructions").to_python()
    assert ["Stories: 1 text cut at 32,767 characters."] in said


def test_a_table_is_safe_and_complete(url):
    """CSV: a mark for the encoding, no cell that begins a formula, the columns to edit."""
    add(url, title="a; =cmd|' /C calc'!A0\n@x")
    out = run(url, "export", "--format", "csv").out
    assert out.startswith("\ufeffid,version,state,tags,assignee,note_to_add,title,")
    _, evil = rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    assert evil["title"] == "a; '=cmd|' /C calc'!A0\n'@x"
    assert json.loads(rows[0]["as_exported"]) == {"state": "new", "assignee": "", "tags": []}


@pytest.mark.parametrize("words", [("export",), ("stories", "list", "--json")])
def test_json_lines_obey_no_terminal(url, words):
    """Controls are written by their code, by every command; the data is what it was."""
    add(url)
    answer = run(url, *words)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", answer.out)
    assert EVIL in [record["title"] for record in answer.records]


def test_an_export_tells_versions(url):
    """What was decided on, or told more, has a later one."""
    add(url)
    told, new = run(url, "export").records
    assert told["version"] > new["version"] == 1


def test_a_brief_cites_each_figure(url):
    """Each figure has the footnotes of its outlets; both sides of a contradiction are cited."""
    out = run(url, "export", "--format", "markdown", "--story", "s1").out
    assert out.startswith("# Brief, ")
    assert "## s1 Ore sold\n" in out
    (line,) = [line for line in out.splitlines() if line.startswith("- **resource 1.4 Mt WO3**")]
    assert "(2 outlets, 1 origin)" in line
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.+)$", out, re.MULTILINE))
    cited = [notes[number] for number in re.findall(r"\[\^(\d+)\]", line)]
    assert [note.partition(",")[0] for note in cited] == ["First Post", "Second Post"]
    assert cited[0] == (
        "First Post, “Ore sold”, 2026-03-02, <https://ores.example/first> (a1, text 1). “Ore sold”"
    )
    (dispute,) = [line for line in out.splitlines() if line.startswith("- **Contradiction**")]
    assert re.fullmatch(
        r"- \*\*Contradiction\*\* on resource: 1\.4 Mt WO3(\[\^\d+\])+ against "
        r"410 kt W(\[\^\d+\])+\. 1\.4 Mt WO3 is .*",
        dispute,
    )
    assert set(re.findall(r"\[\^(\d+)\]", out)) == set(notes)


def test_a_brief_of_hostile_stories_is_plain(url):
    """Markup of a title is text; an address that is no web address is no link."""
    add(url, title="<script>x</script> [a](javascript:b) # `c`\n# d")
    out = run(url, "export", "--format", "markdown").out
    assert "\\<script\\>x\\</script\\> \\[a\\](javascript:b) \\# \\`c\\` \\# d" in out
    assert "\n# d" not in out


def test_a_feed_holds_the_newest(url):
    """As Atom, whatever a title holds; what is beyond a feed's length is said."""
    add(url)
    answer = run(url, "export", "--format", "atom")
    feed = ET.fromstring(answer.out)
    titles = [one.text for one in feed.iterfind("{*}entry/{*}title")]
    assert titles[0] == "Ore sold"
    assert titles[1].startswith("=HYPERLINK")
    assert answer.err == ""


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--format", "xlsx"), r"^xlsx: is no text for a screen\. Give a file"),
        (("--format", "markdown", "--of", "claims"), r"^markdown: tells stories, not claims"),
        (("--story", "s99"), r"^s99: there is no such story"),
        (("--story", "a1"), r"^a1: is the id of an article"),
        (("-o", "/nowhere/at/all.csv"), r"cannot be written: No such file"),
        (("--format", "xlsx", "-o", "/nowhere/at/all.xlsx"), r"cannot be written: No such file"),
    ],
)
def test_what_cannot_be_exported(url, words, what):
    """One message, and what to do."""
    with pytest.raises(BadInput, match=what):
        run(url, "export", *words)


def test_an_export_that_fails_leaves_the_old_file(url, tmp_path):
    """Neither half a file nor none takes the place of what is there: a row is damaged."""
    path = tmp_path / "out.csv"
    path.write_text("old")
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE articles SET authors = '{'"))
    database.close()
    with pytest.raises(json.JSONDecodeError):
        run(url, "export", "--format", "csv", "-o", str(path))
    assert [p.name for p in tmp_path.glob("*out*")] == ["out.csv"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("noun", ["articles", "claims", "sources"])
def test_other_tables_have_workbooks_too(url, tmp_path, noun):
    """One sheet with all rows."""
    path = tmp_path / "out.xlsx"
    run(url, "export", "--format", "xlsx", "--of", noun, "-o", str(path))
    (name,) = CalamineWorkbook.from_path(path).sheet_names
    counts = {"articles": 4, "claims": 4, "sources": 1}
    assert len(sheet(path, name)) == counts[noun]
