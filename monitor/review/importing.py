"""
What an edited spreadsheet would change; pure.

A row says what its story was like when it was exported (`BASE`), so that only what a person
edited counts: a story that changed meanwhile, in a row that nobody touched, is no conflict.
State and assignee are based on the exported version; of a story that has another by now,
nothing of the row is taken, and it is said who did what meanwhile.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import BadInput
from monitor.model import Choice, ReviewState
from monitor.model.exchange import Standing
from monitor.review.cells import name_cell, names_of

#: Columns that may be edited.
EDITABLE = ("state", "tags", "assignee", "note_to_add")

#: The column that holds the review as it was exported, as JSON.
BASE = "as_exported"

#: Columns without which no row can be understood.
NEEDED = ("id", "version")

#: All that is looked at; others are left alone.
KNOWN = (*NEEDED, *EDITABLE, BASE)

#: Longest note, tag and name, in characters, as the store takes them.
LONGEST = {"note_to_add": 10_000, "tags": 100, "assignee": 100}

#: Most rows that one import may change.
MOST = 20_000

#: Columns that hold a number, the letter that may stand before it, what is wrong otherwise.
_NUMBERED = (
    ("id", "s", "is no id of a story; such ids look like s12."),
    ("version", "", "is no version; leave that column as it was exported."),
)

_NUMBER = re.compile(r"[a-z]?\s*(\d{1,18})(?:[.,]0+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as a person left it; only known columns."""

    #: As spreadsheets count, from 1.
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was read of a file."""

    #: Rows that may hold an edit.
    rows: tuple[Row, ...]
    #: Rows that are as they were exported.
    untouched: int
    #: Known columns that it has.
    columns: tuple[str, ...]
    #: Columns of other names.
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The review of a story as it was exported, as cells show it."""

    state: str
    assignee: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What one row says of its story; None = it says nothing."""

    row: int
    story_id: int
    version: int
    state: ReviewState | None
    assignee: str | None
    tags: tuple[str, ...] | None
    note: str
    was: Base | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a row cannot be read."""

    row: int
    #: What stands there: an id, a state.
    subject: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that would change."""

    row: int
    title: str
    before: str
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A row that is not taken, because its story is another than the one that was exported."""

    row: int
    story_id: int
    title: str
    #: Like `state: kept`.
    wanted: tuple[str, ...]
    #: Who decided meanwhile, and what; the name is empty when news came in.
    who: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that an import would do, and what it would not."""

    changes: tuple[Change, ...] = ()
    clashes: tuple[Clash, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: Rows that change nothing.
    unchanged: int = 0

    @property
    def stories(self) -> int:
        """How many stories would change."""
        return len({change.choice.story_id for change in self.changes})


def base_text(state: str, assignee: str, tags: Sequence[str]) -> str:
    """A review as the column `BASE` keeps it."""
    made = {
        "state": state,
        "assignee": name_cell(assignee),
        "tags": [name for name in map(name_cell, tags) if name],
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def is_untouched(cells: Mapping[str, str]) -> bool:
    """Whether a row says for certain that nobody edited it."""
    was = _base(cells.get(BASE, ""))
    if was is None or cells.get("note_to_add", "").strip():
        return False
    return (
        _state_name(cells.get("state", "")) in {"", was.state}
        and ("assignee" not in cells or name_cell(cells["assignee"]) == was.assignee)
        and ("tags" not in cells or set(names_of(cells["tags"])) == set(was.tags))
    )


def edits_of(sheet: Sheet) -> tuple[list[Edit], list[Fault]]:
    """
    What the rows say, and those that cannot be read.

    Raises:
        BadInput: more rows are edited than one import may change.
    """
    if len(sheet.rows) > MOST:
        raise BadInput(
            f"has {len(sheet.rows)} edited rows, at most {MOST} are taken at once.",
            subject="the table",
            advice="Divide it. Keep the column as_exported: it tells which rows were edited.",
        )
    edits: list[Edit] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        found = list(_faults(row))
        if found:
            faults += found
        else:
            edits.append(_edit(row))
    count = Counter(edit.story_id for edit in edits)
    for edit in edits:
        if count[edit.story_id] > 1:
            faults.append(
                Fault(
                    row=edit.row,
                    subject=f"s{edit.story_id}",
                    what="stands in several rows; leave one.",
                )
            )
    return [edit for edit in edits if count[edit.story_id] == 1], faults


def plan(edits: Sequence[Edit], standings: Mapping[int, Standing]) -> Plan:
    """
    What these edits would change in stories that stand so.

    Args:
        standings: by story id, as they are now; an id that is missing is a fault.
    """
    changes: list[Change] = []
    clashes: list[Clash] = []
    faults: list[Fault] = []
    unchanged = 0
    for edit in edits:
        now = standings.get(edit.story_id)
        if now is None:
            what = "there is no such story."
            faults.append(Fault(row=edit.row, subject=f"s{edit.story_id}", what=what))
            continue
        wanted = list(_changes(edit, now))
        unchanged += not wanted
        if _is_outdated(edit, now) and any(_needs_version(edit, one) for one in wanted):
            clashes.append(_clash(edit, now, wanted))
        else:
            changes += wanted
    return Plan(
        changes=tuple(changes), clashes=tuple(clashes), faults=tuple(faults), unchanged=unchanged
    )


def _faults(row: Row) -> Iterator[Fault]:
    cells = row.cells
    for name, letter, what in _NUMBERED:
        given = cells.get(name, "").strip()
        if _number(given, letter) is None:
            yield Fault(row=row.number, subject=given[:60] or f"(no {name})", what=what)
    state = _state_name(cells.get("state", ""))
    if state and state not in set(ReviewState):
        yield Fault(
            row=row.number,
            subject=cells["state"].strip()[:60],
            what=f"is no state; one of {', '.join(ReviewState)}.",
        )
    texts = {
        "note_to_add": [cells.get("note_to_add", "").strip()],
        "assignee": [name_cell(cells.get("assignee", ""))],
        "tags": names_of(cells.get("tags", "")),
    }
    for name, values in texts.items():
        for value in values:
            if len(value) > LONGEST[name]:
                yield Fault(
                    row=row.number,
                    subject=f"{value[:40]}…",
                    what=f"{name} is too long: {len(value)} characters, at most {LONGEST[name]}.",
                )


def _edit(row: Row) -> Edit:
    cells = row.cells
    number, version = _number(cells["id"], "s"), _number(cells["version"], "")
    assert number is not None
    assert version is not None
    state = _state_name(cells.get("state", ""))
    return Edit(
        row=row.number,
        story_id=number,
        version=version,
        state=ReviewState(state) if state else None,
        assignee=name_cell(cells["assignee"]) if "assignee" in cells else None,
        tags=names_of(cells["tags"]) if "tags" in cells else None,
        note=cells.get("note_to_add", "").strip(),
        was=_base(cells.get(BASE, "")),
    )


def _changes(edit: Edit, now: Standing) -> Iterator[Change]:
    """What is based on a version comes first: the store takes a story's choices as one look."""
    was = edit.was
    if edit.state and edit.state not in {now.state, was.state if was else None}:
        yield _change(edit, now, "state", edit.state.value, before=now.state.value)
    assignee = name_cell(now.assignee)
    if edit.assignee is not None and edit.assignee not in {
        assignee,
        was.assignee if was else None,
    }:
        yield _change(edit, now, "assign", edit.assignee, before=now.assignee)
    if edit.tags is not None:
        yield from _tag_changes(edit, now)
    if edit.note and edit.note not in {note.strip() for note in now.notes}:
        yield _change(edit, now, "note", edit.note)


def _tag_changes(edit: Edit, now: Standing) -> Iterator[Change]:
    """Tags that others put on or took off since stay as they are."""
    assert edit.tags is not None
    current = {name_cell(tag): tag for tag in now.tags}
    base = set(edit.was.tags) if edit.was else set(current)
    for name in edit.tags:
        if name not in base and name not in current:
            yield _change(edit, now, "tag", name)
    for name in sorted(base - set(edit.tags)):
        if name in current:
            yield _change(edit, now, "untag", current[name])


def _change(edit: Edit, now: Standing, action: str, value: str, *, before: str = "") -> Change:
    version = edit.version if action in {"state", "assign"} else None
    choice = Choice(story_id=edit.story_id, action=action, value=value, version=version)
    return Change(row=edit.row, title=now.title, before=before, choice=choice)


def _is_outdated(edit: Edit, now: Standing) -> bool:
    return now.story_id != edit.story_id or now.version != edit.version


def _needs_version(edit: Edit, change: Change) -> bool:
    """Without its base, a tag that is not in the cell may be one that came on since."""
    action = change.choice.action
    return action in {"state", "assign"} or (action == "untag" and edit.was is None)


def _clash(edit: Edit, now: Standing, wanted: Sequence[Change]) -> Clash:
    is_merged = now.story_id != edit.story_id
    return Clash(
        row=edit.row,
        story_id=edit.story_id,
        title=now.title,
        wanted=tuple(f"{one.choice.action}: {one.choice.value}" for one in wanted),
        who="" if is_merged else now.changed_by,
        what=f"it went into s{now.story_id}" if is_merged else now.changed_what,
        at=now.changed_at,
    )


def _base(text: str) -> Base | None:
    """What the column says, when that is whole."""
    try:
        given = json.loads(text)
        return Base(
            state=str(ReviewState(given["state"])),
            assignee=name_cell(given["assignee"]),
            tags=tuple(name_cell(tag) for tag in given["tags"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _state_name(text: str) -> str:
    """`Needs check` and `needs_check` are `needs-check`."""
    return "-".join(text.strip().lower().replace("_", " ").replace("-", " ").split())


def _number(text: str, letter: str) -> int | None:
    """The number in `s12`, `12`, `12.0`; None when it is none, or has another letter."""
    given = text.strip().lower()
    match = _NUMBER.fullmatch(given)
    if match is None or not given.isascii() or (given[0].isalpha() and given[0] != letter):
        return None
    return int(match[1])
