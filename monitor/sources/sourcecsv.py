"""
Sources as a table that a person can edit in a spreadsheet.

Read: any order of columns, comma, semicolon or tab, any usual encoding; only `url` must be
there. A row that is not right is named by its number, and the others are read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from monitor.encoding import decoded
from monitor.errors import BadInput
from monitor.model import NewSource
from monitor.sources import fields
from monitor.sources.reading import Reading, gathered
from monitor.wording import unguarded

#: In the order in which they are written.
COLUMNS = (
    "name",
    "url",
    "kind",
    "language",
    "region",
    "scope",
    "tags",
    "state",
    "reason",
    "every",
    "homepage",
    "options",
)

#: What other programs call a column.
_ALIASES = {"xmlurl": "url", "feed": "url", "feed_url": "url", "title": "name", "every_s": "every"}

#: Longest cell, characters.
_MOST_CELL = 100_000


def read_csv(data: bytes) -> Reading:
    """
    Sources of a CSV file, each address once.

    Raises:
        BadInput: it is no such table, or holds no source.
    """
    reading = gathered(_sources(rows(data)))
    if not reading.sources:
        first = f" First fault: {reading.faults[0]}." if reading.faults else ""
        raise BadInput(f"the table holds no source.{first}")
    return reading


def rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Rows by column, with the number of their last line.

    Raises:
        BadInput: there is no header with a column `url`, or it is no table.
    """
    text = decoded(data)
    if "\0" in text:
        raise BadInput("is not text, so no table.")
    csv.field_size_limit(_MOST_CELL)
    head = text[:4096].partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [_column(cell) for cell in next(table, [])]
    if "url" not in names:
        raise BadInput(
            "its first line names no column url.", advice=f"Columns: {', '.join(COLUMNS)}."
        )
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield table.line_num, dict(zip(names, map(unguarded, cells), strict=False))
    except csv.Error as error:
        raise BadInput(f"line {table.line_num} is no table row: {error}.") from error


def table_rows(sources: Sequence[NewSource]) -> list[dict[str, str]]:
    """Rows of `COLUMNS` that `read_csv` reads back as the same sources."""
    return [fields.as_row(source) for source in sources]


def _sources(numbered: Iterator[tuple[int, dict[str, str]]]) -> Iterator[NewSource | str]:
    for number, row in numbered:
        try:
            yield fields.described(row)
        except BadInput as error:
            yield f"line {number}: {error}"


def _column(cell: str) -> str:
    name = cell.strip().lower().replace(" ", "_")
    return _ALIASES.get(name, name)
