"""Edited exports come back: seen first, taken as one, undone as one; nothing by half."""

import csv
import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from monitor.errors import BadInput
from monitor.model import Choice, Placement
from monitor.store import open_database
from tests.cli.desk import run, told_story
from tests.store.records import hours, stored


@pytest.fixture
def url(tmp_path):
    """The address of a database with three stories."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    database = open_database(address)
    for key in ("second", "third"):
        stored(database, key, Placement(), title=f"Tin: {key}", minerals=("tin",))
    database.decide([Choice(story_id=2, action="tag", value="=old; tag")], who="bob", now=hours(6))
    database.close()
    return address


def exported(url, folder, form):
    """An export of all stories, as rows by their heading, and where an edited one goes."""
    path = folder / f"out.{form}"
    run(url, "export", "--format", form, "-o", str(path))
    if form == "csv":
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        return path, rows
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Stories").to_python()
    names = [name.lower().replace(" ", "_") for name in head]
    return path, [dict(zip(names, row, strict=True)) for row in rows]


def saved(path, rows):
    """The rows saved by a spreadsheet program, in other columns' order."""
    names = sorted(rows[0])
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, names, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return str(path)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, names)
        for y, row in enumerate(rows, start=1):
            for x, name in enumerate(names):
                sheet.write(y, x, str(row[name]))
    return str(path)


def story(url, number):
    """A story as scripts see it."""
    (record,) = run(url, "stories", "show", f"s{number}", "--json").records
    return record


def by_id(rows, number):
    """The row of a story."""
    return next(row for row in rows if row["id"] == f"s{number}")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_edited_comes_back(url, tmp_path, form):
    """States, tags, notes and assignees; what nobody touched stays; one undo takes all back."""
    path, rows = exported(url, tmp_path, form)
    by_id(rows, 1).update(state="kept", tags="deal; tungsten", assignee="ann")
    by_id(rows, 2).update(note_to_add="=ask; them")
    answer = run(url, "import", saved(path, rows), "--yes", "--who", "ann")
    assert answer.status == 0
    assert "5 changes in 2 stories taken. To take them back: monitor review undo" in answer.err
    first, second = story(url, 1), story(url, 2)
    assert (first["state"], first["tags"], first["assignee"]) == (
        "kept",
        ["deal", "tungsten"],
        "ann",
    )
    assert (second["notes"], second["tags"]) == (["=ask; them"], ["=old; tag"])
    run(url, "review", "undo", "--who", "ann")
    assert (story(url, 1)["state"], story(url, 1)["tags"]) == ("new", [])
    assert story(url, 2)["notes"] == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_without_edits_does_nothing(url, tmp_path, form):
    """Also when the stories changed meanwhile, and though a tag begins like a formula."""
    path, _ = exported(url, tmp_path, form)
    run(url, "review", "s1", "--dismiss", "--who", "bob")
    answer = run(url, "import", str(path), "--yes")
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "3 rows as exported, or as it is already.\n"


def test_a_preview_changes_nothing(url, tmp_path):
    """Without a word of consent, and with --dry-run."""
    path, rows = exported(url, tmp_path, "csv")
    by_id(rows, 1).update(state="kept")
    saved(path, rows)
    answer = run(url, "import", str(path))
    assert "WOULD CHANGE\n  row 2      s1      state   new → kept   Ore sold\n" in answer.out
    assert "Nothing was changed. To take it: --yes" in answer.err
    run(url, "import", str(path), "--dry-run")
    assert story(url, 1)["state"] == "new"
    (record,) = run(url, "import", str(path), "--json").records
    assert record == {
        "kind": "change",
        "row": 2,
        "story": "s1",
        "action": "state",
        "before": "new",
        "after": "kept",
    }


def test_what_somebody_decided_meanwhile_stands(url, tmp_path):
    """The row is shown with who did what, the others are taken, and the exit status tells."""
    path, rows = exported(url, tmp_path, "csv")
    by_id(rows, 1).update(state="kept")
    by_id(rows, 3).update(state="kept")
    saved(path, rows)
    run(url, "review", "s1", "--dismiss", "--who", "bob")
    answer = run(url, "import", str(path), "--yes", "--who", "ann")
    assert answer.status == 1
    assert "state: kept; meanwhile, " in answer.out
    assert "bob state: dismissed" in answer.out
    assert (story(url, 1)["state"], story(url, 3)["state"]) == ("dismissed", "kept")


def test_news_meanwhile_is_a_conflict_too(url, tmp_path):
    """A decision on a story that told less is not put on one that tells more."""
    path, rows = exported(url, tmp_path, "csv")
    by_id(rows, 1).update(state="dismissed")
    saved(path, rows)
    database = open_database(url)
    stored(database, "more", Placement(story_id=1), title="Sale fails", seen_at=hours(9))
    database.close()
    answer = run(url, "import", str(path), "--yes")
    assert "news came in" in answer.out
    assert story(url, 1)["state"] == "new"


def test_one_unreadable_row_holds_back_all(url, tmp_path):
    """Nothing by half; --skip-bad takes the rest on demand."""
    path, rows = exported(url, tmp_path, "csv")
    by_id(rows, 1).update(state="kept")
    by_id(rows, 2).update(state="kepd")
    by_id(rows, 3).update(id="s77", state="kept")
    saved(path, rows)
    with pytest.raises(BadInput, match="2 faults; nothing was imported"):
        run(url, "import", str(path), "--yes")
    assert story(url, 1)["state"] == "new"
    answer = run(url, "import", str(path), "--yes", "--skip-bad")
    assert answer.status == 1
    assert "kepd: is no state; one of new, kept" in answer.out
    assert "s77: there is no such story." in answer.out
    assert story(url, 1)["state"] == "kept"


def test_a_note_is_added_once(url, tmp_path):
    """Whoever imports the same file again adds nothing."""
    path, rows = exported(url, tmp_path, "xlsx")
    by_id(rows, 3).update(note_to_add="call them")
    saved(path, rows)
    for _ in range(2):
        assert run(url, "import", str(path), "--yes").status == 0
    assert story(url, 3)["notes"] == ["call them"]


def test_a_file_that_is_no_table(url, tmp_path):
    """The message names the file; nothing else happens."""
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    with pytest.raises(BadInput, match=r"^photo\.xlsx: is no spreadsheet\. Save it as \.xlsx"):
        run(url, "import", str(path))
