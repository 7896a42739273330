"""Rows that are added to the user's own tables: tried first, then written as a whole."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.enrich import tables
from monitor.enrich.aliases import TRADE
from monitor.enrich.book import Book, read_book
from monitor.enrich.concepts import KINDS
from monitor.enrich.tables import Table
from monitor.enrich.taxonomy import compile_taxonomy
from monitor.errors import BadInput

#: What can be added.
ADDED = ("mineral", "company", "state_body", "deposit", "country")

_HEADERS = {
    table.file: (*table.key, *table.others, *table.extras)
    for table in (tables.NAMES, tables.ENTITIES, tables.COUNTRY_NAMES, tables.MINERALS)
}


def row_for(
    kind: str,
    key: str,
    name: str,
    *,
    language: str = "",
    needs: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
    more: Mapping[str, str] | None = None,
) -> tuple[Table, dict[str, str]]:
    """
    The table and the row by which a name stands for a thing.

    Args:
        kind: one of `ADDED`.
        key: its identifier, ours or a new one.
        needs: words of which one must stand near; `trade` is any word of the trade.
        never: words that must not stand near.
        more: cells of an entity or a new mineral: country, minerals, parent, group, class.

    Raises:
        BadInput: the kind cannot have this.
    """
    if any(mark in part for part in (name, key) for mark in ";\n"):
        raise BadInput("holds a sign that parts names.", subject=name, advice="Add one at a time.")
    given = {column: cell for column, cell in (more or {}).items() if cell}
    if kind == "mineral" and not given:
        if not language:
            raise BadInput("has no language.", subject=name, advice="Say which: --language de")
        cells = {"mineral": key, "language": language, "names": name, "reviewed": "yes"}
        return tables.NAMES, {**cells, "needs": ";".join(needs), "never": ";".join(never)}
    if kind == "country":
        _refuse(kind, {"--needs": needs, "--never": never})
        if not language:
            raise BadInput("has no language.", subject=name, advice="Say which: --language de")
        return tables.COUNTRY_NAMES, {"language": language, "code": key, "name": name}
    _refuse(kind, {"--never": never, "--needs": tuple(word for word in needs if word != TRADE)})
    column = "weak_names" if needs else "names"
    cells = {column: f"{language}:{name}" if language else name, **given}
    if kind == "mineral":
        return tables.MINERALS, {"id": key, **cells}
    return tables.ENTITIES, {"name": key, "kind": kind, "evidence": "added here", **cells}


def add_row(
    folder: Path, table: Table, cells: Mapping[str, str], *, base: Traversable | None = None
) -> Book:
    """
    Write one row to a table of the user's folder, if the whole can be read with it.

    Args:
        base: takes the place of the files that come with the monitor.

    Returns:
        The taxonomy with it.

    Raises:
        BadInput: a row cannot be used, or the folder cannot be written; nothing was changed.
    """
    target = folder / table.file
    try:
        with tempfile.TemporaryDirectory() as place:
            text, book = _tried(Path(place), folder, table, cells, base)
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(target)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}.", subject=str(target)) from error
    return book


def _tried(
    place: Path, folder: Path, table: Table, cells: Mapping[str, str], base: Traversable | None
) -> tuple[str, Book]:
    """The new text of the file, and the taxonomy that it makes, read from a copy."""
    trial = place / "own"
    if folder.is_dir():
        shutil.copytree(folder, trial)
    else:
        trial.mkdir()
    try:
        text = _with_row(trial / table.file, table, cells)
        (trial / table.file).write_text(text, encoding="utf-8", newline="")
        book = read_book(trial, base=base)
        compile_taxonomy(book)
    except BadInput as error:
        subject = error.subject.replace(str(trial), str(folder))
        message = error.message.replace(str(trial), str(folder))
        raise BadInput(message, subject=subject, advice=error.advice) from error
    return text, book


def _with_row(file: Path, table: Table, cells: Mapping[str, str]) -> str:
    """The file's text with one row more; an entity that has a row gains a name there."""
    rows = [dict(row.cells) for row in tables.read_table(file.parent, table, is_users=True)]
    header = list(dict.fromkeys([*(rows[0] if rows else _HEADERS[table.file]), *cells]))
    same = next((row for row in rows if _is_same(row, cells, table)), None)
    if same is None:
        rows.append(dict(cells))
    else:
        for column, cell in cells.items():
            is_list = column in {"names", "weak_names"} and same.get(column)
            same[column] = f"{same[column]};{cell}" if is_list else cell
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _is_same(row: Mapping[str, str], cells: Mapping[str, str], table: Table) -> bool:
    return table.file not in tables.ADDING and all(row[k] == cells.get(k) for k in table.key)


def _refuse(kind: str, given: Mapping[str, tuple[str, ...]]) -> None:
    for option, words in given.items():
        if words:
            noun = kind.replace("_", " ")
            raise BadInput(
                f"a {noun}'s name cannot have {words[0]!r}.",
                subject=option,
                advice="Write --needs trade, or nothing." if kind in KINDS else "Leave it out.",
            )
