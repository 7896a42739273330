"""What an edited table would change, and what it would not; no file, no store."""

from dataclasses import replace

import pytest

from monitor.errors import BadInput
from monitor.model import ReviewState
from monitor.model.exchange import Standing
from monitor.review import importing
from monitor.review.importing import Row, Sheet, base_text, edits_of, is_untouched, plan
from monitor.store import reviews
from tests.store.records import NOW

STANDING = Standing(
    story_id=12,
    title="Ore sold",
    version=3,
    state=ReviewState.NEW,
    assignee="ann",
    tags=("deal", "old; tag"),
    notes=("ask Astana",),
    changed_by="bob",
    changed_what="state: dismissed",
    changed_at=NOW,
)

#: As the story above is exported.
CELLS = {
    "id": "s12",
    "version": "3",
    "state": "new",
    "tags": "deal; old； tag",
    "assignee": "ann",
    "note_to_add": "",
    "as_exported": base_text("new", "ann", STANDING.tags),
}


def sheet(*rows):
    """A table of these rows."""
    numbered = tuple(Row(number=n, cells=cells) for n, cells in enumerate(rows, start=2))
    return Sheet(rows=numbered, untouched=0, columns=importing.KNOWN)


def planned(standing=STANDING, **cells):
    """What a row with these cells would do to the story."""
    edits, faults = edits_of(sheet(CELLS | cells))
    made = plan(edits, {12: standing})
    return replace(made, faults=(*faults, *made.faults))


def choices(made):
    """The decisions of a plan, short."""
    return [(c.choice.action, c.choice.value, c.choice.version) for c in made.changes]


def test_an_untouched_row_does_nothing():
    """Neither to the story as it was, nor to one that others changed meanwhile."""
    assert is_untouched(CELLS)
    later = replace(STANDING, version=9, state=ReviewState.KEPT, tags=(), assignee="bob")
    for standing in (STANDING, later):
        made = planned(standing)
        assert (choices(made), made.clashes, made.unchanged) == ([], (), 1)


def test_each_column_is_a_decision():
    """State and assignee come first and carry the version; the rest does not."""
    made = planned(state="kept", assignee="bob", tags="deal; new", note_to_add=" call them ")
    assert choices(made) == [
        ("state", "kept", 3),
        ("assign", "bob", 3),
        ("tag", "new", None),
        ("untag", "old; tag", None),
        ("note", "call them", None),
    ]


@pytest.mark.parametrize(
    ("cells", "done"),
    [
        ({"state": ""}, []),
        ({"state": " Needs Check "}, [("state", "needs-check", 3)]),
        ({"assignee": " "}, [("assign", "", 3)]),
        ({"note_to_add": "ask Astana"}, []),
        ({"tags": " old； tag ;deal;; "}, []),
        ({"id": " 12.0 ", "version": "3,0", "state": "kept"}, [("state", "kept", 3)]),
        ({"id": "S12", "state": "kept"}, [("state", "kept", 3)]),
    ],
)
def test_what_spreadsheets_and_people_make_of_cells(cells, done):
    """Case, blanks, ids as numbers; an empty state stays, an empty assignee is nobody."""
    assert choices(planned(**cells)) == done


def test_a_story_that_changed_meanwhile_is_a_clash():
    """Nothing of the row is taken, and it is said who did what; tags and notes alone would be."""
    later = replace(STANDING, version=5, state=ReviewState.DISMISSED)
    made = planned(later, state="kept", note_to_add="hello")
    (clash,) = made.clashes
    assert (made.changes, clash.who, clash.what) == ((), "bob", "state: dismissed")
    assert clash.wanted == ("state: kept", "note: hello")
    assert choices(planned(later, note_to_add="hello")) == [("note", "hello", None)]


def test_what_others_did_alike_is_no_clash():
    """Two analysts who decide the same agree."""
    later = replace(STANDING, version=5, state=ReviewState.KEPT)
    made = planned(later, state="kept")
    assert (made.changes, made.clashes, made.unchanged) == ((), (), 1)


def test_tags_of_others_stay():
    """A tag that came on since the export is not in the table, and is not taken off."""
    later = replace(STANDING, version=5, tags=("deal", "fresh", "old; tag"))
    assert choices(planned(later, tags="deal")) == [("untag", "old; tag", None)]


def test_a_story_that_went_into_another_is_a_clash():
    """Its decisions are not put upon the other one."""
    made = planned(replace(STANDING, story_id=7), state="kept")
    assert [clash.what for clash in made.clashes] == ["it went into s7"]


@pytest.mark.parametrize("base", ["", "{", "[]", '{"state":"x"}', '{"state":"new"}', "[" * 9999])
def test_without_its_base_a_row_is_held_against_the_story(base):
    """Somebody removed the column: the version still guards everything that could be lost."""
    assert choices(planned(as_exported=base)) == []
    assert choices(planned(as_exported=base, state="kept")) == [("state", "kept", 3)]
    later = replace(STANDING, version=5, tags=("deal", "fresh", "old; tag"))
    assert len(planned(later, as_exported=base).clashes) == 1


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"id": ""}, "is no id of a story"),
        ({"id": "a12"}, "is no id of a story"),
        ({"id": "s" + "9" * 40}, "is no id of a story"),
        ({"id": "s１２"}, "is no id of a story"),
        ({"id": "s77"}, "there is no such story"),
        ({"version": "x"}, "is no version"),
        ({"version": "-1"}, "is no version"),
        ({"state": "kepd"}, "is no state; one of new, kept"),
        ({"note_to_add": "x" * 10_001}, "note_to_add is too long: 10001 characters"),
        ({"tags": "y" * 101}, "tags is too long"),
        ({"assignee": "z" * 101}, "assignee is too long"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_fault(cells, what):
    """It is named with its row, and the row does nothing."""
    made = planned(**cells)
    assert [(fault.row, what in fault.what) for fault in made.faults] == [(2, True)]
    assert made.changes == ()


def test_one_story_in_two_rows_is_a_fault():
    """Nobody can tell which of them is meant."""
    edits, faults = edits_of(sheet(CELLS | {"state": "kept"}, CELLS | {"state": "dismissed"}))
    assert edits == []
    assert [fault.row for fault in faults] == [2, 3]


def test_too_many_edits_are_refused(monkeypatch):
    """One import is bounded."""
    monkeypatch.setattr(importing, "MOST", 1)
    with pytest.raises(BadInput, match="2 edited rows, at most 1"):
        edits_of(sheet(CELLS, CELLS))


def test_the_limits_are_those_of_the_store():
    """What passes here is not refused there."""
    known = {"note_to_add": "note", "tags": "tag", "assignee": "assign"}
    assert {known[k]: v for k, v in importing.LONGEST.items()} == {
        k: reviews.LONGEST[k] for k in known.values()
    }


@pytest.mark.parametrize("kept", importing.EDITABLE)
def test_absent_columns_say_nothing(kept):
    """A table with one of the columns changes only that, also without its base."""
    edited = {"state": "kept", "tags": "", "assignee": "", "note_to_add": "hello"}
    cells = {name: CELLS[name] for name in importing.NEEDED} | {kept: edited[kept]}
    edits, _ = edits_of(sheet(cells))
    action = {"state": "state", "tags": "untag", "assignee": "assign", "note_to_add": "note"}
    made = plan(edits, {12: STANDING})
    assert {change.choice.action for change in made.changes} == {action[kept]}
