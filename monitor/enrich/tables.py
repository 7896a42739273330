"""
The taxonomy's tables as they stand in their files: CSV with a header, a name for each cell.

Ours come with the monitor; a user's folder may hold the same files, with fewer columns. Files
are bounded, so that a wrong one is told and not waited for. Every error names file and row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.errors import BadInput

#: Bytes of one file, rows of one table, characters of one cell; ours stay far below.
MOST_BYTES, MOST_ROWS, MOST_CHARS = 16_000_000, 200_000, 60_000


@dataclass(frozen=True, slots=True)
class Table:
    """What a file of the taxonomy must and may hold."""

    file: str
    #: The columns that tell one row from another.
    key: tuple[str, ...]
    #: Further columns; a user's file may leave out those.
    others: tuple[str, ...]
    #: Columns that even ours may lack.
    extras: tuple[str, ...] = ()


MINERALS = Table("minerals.csv", ("id",), ("group", "class", "names", "weak_names"))
ENTITIES = Table(
    "entities.csv",
    ("name",),
    ("kind", "country", "names", "weak_names", "minerals"),
    ("parent", "evidence"),
)
COUNTRIES = Table("countries.csv", ("code",), ("names",))
COUNTRY_NAMES = Table("country_names.csv", ("language", "code", "name"), ())
NAMES = Table(
    "names.csv",
    ("mineral", "language", "names"),
    ("form", "needs", "never", "reviewed"),
)
LISTS = Table(
    "lists.csv",
    ("list", "mineral", "form"),
    ("name", "issued_by", "since", "until", "is_date_sure", "is_complete", "source", "reviewed"),
)

#: Of a table: its rows need no key of their own, since each adds to the others.
ADDING = frozenset({NAMES.file, COUNTRY_NAMES.file})


@dataclass(slots=True)
class Row:
    """One row and where it stands."""

    #: As errors name it: the file of ours, the path of a user's.
    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column; '' where the file has none."""
        return self.cells.get(column, "")

    def fault(self, what: str) -> BadInput:
        """An error about this row."""
        return BadInput(f"line {self.line}: {what}.", subject=self.file)


def our_folder() -> Traversable:
    """The data files that come with the monitor."""
    return files("monitor.enrich").joinpath("data")


def read_table(folder: Traversable, table: Table, *, is_users: bool = False) -> list[Row]:
    """
    The rows of a table.

    Args:
        is_users: the file may be missing, and so may its columns but those of the key.

    Raises:
        BadInput: the file cannot be read, or a row does not fit the header.
    """
    place = folder.joinpath(table.file)
    shown = str(place) if is_users else table.file
    if is_users and not place.is_file():
        return []
    return list(_rows(_text(place, shown), table, shown, is_users=is_users))


def names_of(cell: str) -> list[str]:
    """The names in one cell, which are parted by `;`."""
    return [name for one in cell.split(";") if (name := one.strip())] if cell else []


def _rows(text: str, table: Table, shown: str, *, is_users: bool) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text), strict=True)
    header = _header(reader, table, shown, is_users=is_users)
    seen: dict[tuple[str, ...], int] = {}
    width, is_adding = len(header), table.file in ADDING
    try:
        for number, cells in enumerate(filter(None, reader), start=1):
            row = Row(shown, reader.line_num, dict(zip(header, cells, strict=False)))
            if len(cells) != width:
                raise row.fault("does not have one value for each column")
            if number > MOST_ROWS:
                raise row.fault(f"there are more than {MOST_ROWS:,} rows")
            if max(map(len, cells)) > MOST_CHARS:
                raise row.fault(f"a cell has more than {MOST_CHARS:,} characters")
            if not row.cells[table.key[0]]:
                raise row.fault(f"has no {table.key[0]}")
            if not is_adding:
                _refuse_twice(row, tuple(row.cells[column] for column in table.key), seen)
            yield row
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}.", subject=shown) from error


def _header(reader: Iterator[list[str]], table: Table, shown: str, *, is_users: bool) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise BadInput(f"line 1: {error}.", subject=shown) from error
    missing = {*table.key, *(() if is_users else table.others)} - set(header)
    if missing:
        raise BadInput(f"lacks the columns {', '.join(sorted(missing))}.", subject=shown)
    known = (*table.key, *table.others, *table.extras)
    unknown = [name for name in header if name not in known]
    if unknown:
        raise BadInput(
            f"has an unknown column {unknown[0]!r}.",
            subject=shown,
            advice=f"There are {', '.join(known)}.",
        )
    if len(set(header)) != len(header):
        raise BadInput("names a column twice.", subject=shown)
    return header


def _refuse_twice(row: Row, key: tuple[str, ...], seen: dict[tuple[str, ...], int]) -> None:
    if key in seen:
        raise row.fault(f"{', '.join(filter(None, key))!r} stands twice, first in line {seen[key]}")
    seen[key] = row.line


def _text(place: Traversable, shown: str) -> str:
    try:
        if isinstance(place, Path) and place.stat().st_size > MOST_BYTES:
            raise BadInput(f"has more than {MOST_BYTES:,} bytes.", subject=shown)
        body = place.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}.", subject=shown) from error
    if b"\0" in body:
        line = body.count(b"\n", 0, body.index(b"\0")) + 1
        raise BadInput(f"line {line}: holds a NUL; is it a text file?", subject=shown)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"line {line}: is no UTF-8.", subject=shown, advice="Save it as “CSV UTF-8”."
        ) from error
