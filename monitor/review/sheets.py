"""
Reads an edited spreadsheet, XLSX or CSV, whatever it is; run it in a worker that can be killed.

A workbook's zip directory is judged before anything is unpacked: bombs, macros, encryption
and links to other workbooks are refused. Formulas are never evaluated: what the spreadsheet
saved as their value is read.
"""

from __future__ import annotations

import contextlib
import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.encoding import decoded
from monitor.errors import BadInput
from monitor.review.importing import EDITABLE, KNOWN, NEEDED, Row, Sheet, is_untouched
from monitor.wording import one_line, unguarded

#: Bytes of a file, parts of a workbook, bytes that they unpack to.
MOST_BYTES, MOST_PARTS, MOST_UNPACKED = 64_000_000, 2000, 1_000_000_000

#: How much smaller a large part may have been packed; real tables stay far below.
MOST_RATIO, LARGE = 250, 5_000_000

#: Lines in which the heading is looked for, and characters of one cell of a CSV.
HEAD, MOST_CELL = 20, 1_000_000

#: Seconds that reading a file may take; memory is bounded by the worker (`parse.pool`).
TIME_S = 90.0

_DELIMITERS = ",;\t|"

#: Parts of a workbook that have no place in a table, to what they are.
_STRANGE = {
    "vbaproject.bin": "holds macros",
    "externallinks/": "refers to other workbooks",
    "embeddings/": "holds other files",
    "activex/": "holds program parts",
    "xlmacrosheets/": "holds macros",
}

_AGAIN = "Save it as .xlsx or as CSV (UTF-8), and import that."


def read_sheet(path: str) -> Sheet:
    """
    What a file says of stories.

    Raises:
        BadInput: it is no table of ours, with the reason.
    """
    file = Path(path)
    if file.stat().st_size > MOST_BYTES:
        raise _no(f"is larger than {MOST_BYTES // 1_000_000} MB.", "Export fewer stories.")
    with file.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip():
        raise _no("is empty.", _AGAIN)
    if start.startswith(b"PK"):
        return _found(_workbook(file))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise _no("is encrypted, or in the old .xls format.", _AGAIN)
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (b"\0" in start and not is_wide) or start.startswith((b"%PDF", b"{\\rtf")):
        raise _no("is no spreadsheet.", _AGAIN)
    return _found(_tables(file.read_bytes()))


def _found(tables: Iterable[Iterator[tuple[int, Sequence[str]]]]) -> Sheet:
    """The first table that has the columns we need."""
    seen: list[str] = []
    for rows in tables:
        for values in _head(rows):
            names = [column_name(value) for value in values]
            if set(NEEDED) <= set(names):
                return _sheet(names, values, rows)
            seen = max(seen, list(filter(None, names)), key=len)
    columns = one_line(", ".join(seen), 120) or "none"
    raise _no(
        f"has no columns {' and '.join(NEEDED)}; found: {columns}.",
        "Edit a table that monitor export made, and keep those columns.",
    )


def _head(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[Sequence[str]]:
    """The first lines, as far as they can be read: another delimiter may read further."""
    with contextlib.suppress(csv.Error):
        for _, values in islice(rows, HEAD):
            yield values


def _sheet(
    names: Sequence[str], heading: Sequence[str], rows: Iterator[tuple[int, Sequence[str]]]
) -> Sheet:
    twice = sorted({name for name in names if name in KNOWN and names.count(name) > 1})
    if twice:
        raise _no(f"has the column {twice[0]} twice.", "Leave one of them.")
    columns = tuple(name for name in KNOWN if name in names)
    if not set(columns) & set(EDITABLE):
        raise _no(
            f"has none of the columns {', '.join(EDITABLE)}.",
            "There is nothing to import: keep the columns that you edit.",
        )
    places = {name: names.index(name) for name in columns}
    kept: list[Row] = []
    untouched = 0
    try:
        for number, values in rows:
            cells = {name: values[at] if at < len(values) else "" for name, at in places.items()}
            if not any(value.strip() for value in cells.values()):
                continue
            if is_untouched(cells):
                untouched += 1
            else:
                kept.append(Row(number=number, cells=cells))
    except csv.Error as error:
        raise _no(f"cannot be read as CSV: {error}.", _AGAIN) from error
    others = (one_line(h, 40) for n, h in zip(names, heading, strict=True) if n not in KNOWN)
    return Sheet(
        rows=tuple(kept),
        untouched=untouched,
        columns=columns,
        ignored=tuple(islice(filter(None, others), 100)),
    )


def column_name(text: str) -> str:
    """`Note to add` and `note_to_add (…)` are `note_to_add`."""
    return "_".join(text.partition("(")[0].strip().lower().replace("_", " ").split())


def _workbook(file: Path) -> Iterator[Iterator[tuple[int, Sequence[str]]]]:
    """The sheets of a workbook."""
    _judge(file)
    import python_calamine as calamine  # noqa: PLC0415  (after the file was judged)

    try:
        book = calamine.CalamineWorkbook.from_path(file)
        for name in book.sheet_names:
            yield _numbered(book.get_sheet_by_name(name))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _no(f"cannot be read as a workbook: {one_line(str(error), 100)}.", _AGAIN) from error


def _numbered(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows as spreadsheets count them; calamine gives the empty ones before the first too."""
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(value) for value in values]


def _text(value: object) -> str:
    """A typed cell as a person would write it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else unguarded(str(value))


def _judge(file: Path) -> None:
    """
    Look at the zip's directory.

    Raises:
        BadInput: it is no workbook, or one that is not taken.
    """
    size = file.stat().st_size
    if _parts(file, size) > MOST_PARTS:
        raise _no("has more parts than any workbook of ours.", _AGAIN)
    try:
        with zipfile.ZipFile(file) as book:
            parts = book.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _no("is damaged, or no workbook.", _AGAIN) from error
    names = [part.filename.lower().replace("\\", "/") for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise _no("is encrypted.", _AGAIN)
    for mark, what in _STRANGE.items():
        if any(mark in name for name in names):
            raise _no(f"{what}, which is not taken.", "Save it as .xlsx with the values alone.")
    if len(set(names)) < len(names):
        raise _no("has a part twice.", _AGAIN)
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    is_bomb = any(
        part.file_size > LARGE and part.file_size > MOST_RATIO * part.compress_size
        for part in parts
    )
    if unpacked > MOST_UNPACKED or packed > size or is_bomb:
        raise _no("unpacks to far more than a table of ours would.", "Export fewer stories.")
    if "xl/workbook.xml" not in names:
        what = "is a workbook of another program" if "content.xml" in names else "is no workbook"
        raise _no(f"{what}.", _AGAIN)


def _parts(file: Path, size: int) -> int:
    """How many parts the zip's end says that it has; a directory of millions is never read."""
    with file.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 16:
        return 0
    count: int = struct.unpack_from("<H", end, at + 10)[0]
    (length,) = struct.unpack_from("<I", end, at + 12)
    return max(count, min(length, size) // 46 if count == 0xFFFF or length > 46 * 2**16 else 0)


def _tables(data: bytes) -> Iterator[Iterator[tuple[int, Sequence[str]]]]:
    """The same CSV by each delimiter that may be meant, the likeliest first."""
    text = decoded(data).removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        text = rest
    head = text[: 4 * 4096]
    csv.field_size_limit(MOST_CELL)
    for delimiter in sorted(_DELIMITERS, key=head.count, reverse=True):
        yield _records(text, delimiter)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, values in enumerate(reader, start=1):
        yield number, [unguarded(value) for value in values]


def _no(message: str, advice: str) -> BadInput:
    return BadInput(message, subject="the file", advice=advice)
