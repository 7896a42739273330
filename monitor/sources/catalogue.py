"""
The built-in catalogue: `catalogue.csv`, one source a row, for a person to edit.

Column `evidence` decides the state: what was `verified` or `seen` to answer is active, what is
`doubtful` or `unverified` is paused until `monitor sources check` has seen it answer, and what
is `dead` is left out (its row stays, so that nobody adds it again).
"""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files

from monitor.errors import BadInput
from monitor.model import NewSource, SourceState
from monitor.sources import fields
from monitor.sources.sourcecsv import rows
from monitor.text import single_line

FILE = "catalogue.csv"

COLUMNS = frozenset(
    {
        "name",
        "url",
        "kind",
        "language",
        "region",
        "scope",
        "tags",
        "evidence",
        "homepage",
        "note",
        "every",
        "options",
    }
)


class Evidence(StrEnum):
    """How sure it is that a source answers."""

    VERIFIED = "verified"
    SEEN = "seen"
    DOUBTFUL = "doubtful"
    UNVERIFIED = "unverified"
    DEAD = "dead"


def load_catalogue(data: bytes | None = None) -> tuple[NewSource, ...]:
    """
    The sources of the catalogue, in its order.

    Args:
        data: another table of the same form; None takes the built-in one.

    Raises:
        BadInput: a row is not right; the error names file and row.
    """
    table = files("monitor.sources").joinpath(FILE).read_bytes() if data is None else data
    try:
        numbered = list(rows(table))
    except BadInput as error:
        raise BadInput(str(error), subject=FILE) from error
    found: dict[str, NewSource] = {}
    for number, row in numbered:
        try:
            _take(row, found)
        except BadInput as error:
            raise BadInput(str(error), subject=f"{FILE}, row {number}") from error
    return tuple(found.values())


def note_of(reason: str) -> str:
    """The note within a reason that the catalogue gave for pausing a source."""
    for evidence in Evidence:
        head, sign, note = reason.partition(f"{evidence.value}: ")
        if sign and not head:
            return note
    return "" if reason in set(Evidence) else reason


def _take(row: dict[str, str], found: dict[str, NewSource]) -> None:
    source = _source(row)
    if source is None:
        return
    if source.url in found:
        raise BadInput("stands in another row already.", subject=source.url)
    found[source.url] = source


def _source(row: dict[str, str]) -> NewSource | None:
    if set(row) != COLUMNS:
        odd = ", ".join(sorted(set(row) ^ COLUMNS))
        raise BadInput(f"columns are missing or not known: {odd}.")
    for column in ("name", "kind", "scope", "evidence"):
        if not row[column].strip():
            raise BadInput("is empty.", subject=column)
    evidence = fields.choice(Evidence, row["evidence"], Evidence.UNVERIFIED)
    if evidence is Evidence.DEAD:
        return None
    note = single_line(row["note"])
    if evidence in {Evidence.VERIFIED, Evidence.SEEN}:
        return fields.described({**row, "state": SourceState.ACTIVE, "reason": note})
    reason = ": ".join(filter(None, [evidence.value, note]))
    return fields.described({**row, "state": SourceState.PAUSED, "reason": reason})
