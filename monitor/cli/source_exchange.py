"""`monitor sources import` and `export`: OPML and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.deliver.tables import to_csv
from monitor.errors import BadInput
from monitor.model import NewSource, SourceKind
from monitor.sources.opml import MOST_BYTES, read_opml, write_opml
from monitor.sources.reading import Reading
from monitor.sources.sourcecsv import COLUMNS, read_csv, table_rows
from monitor.wording import one_line

#: Endings of files that are read as tables; all others are read as OPML.
TABLE_ENDINGS = frozenset({".csv", ".tsv"})

#: Faults that are named one by one.
NAMED_FAULTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file that was to be imported: what it held, or why it held nothing."""

    path: Path
    reading: Reading = field(default_factory=Reading)
    error: BadInput | None = None


@click.command("import")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
@json_option
@pass_session
def import_(session: Session, paths: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """
    Read sources from OPML or CSV files; broken OPML too.

    Folders and categories become tags. What is known already stays as it is.

    \b
    Examples:
      monitor sources import subscriptions.opml
      monitor sources import --dry-run *.opml table.csv
    """
    files = [_read(Path(path)) for path in paths]
    errors = [file.error for file in files if file.error]
    if len(errors) == len(files) == 1:
        raise errors[0]
    found = _distinct(files)
    is_new = _added(session, found, dry_run=dry_run)
    if as_json:
        session.emit(_summary(files, is_new, dry_run=dry_run))
    else:
        _say(session, files, is_new, dry_run=dry_run)
    if len(errors) == len(files):
        return 2
    return 1 if errors else 0


@click.command("export")
@click.option("--format", "form", type=click.Choice(["opml", "csv"]), default="opml")
@pass_session
def export(session: Session, form: str) -> int:
    """
    Write all sources to stdout, as OPML or CSV.

    Paused ones too, with all that is known of them; `import` reads them back.

    \b
    Examples:
      monitor sources export > sources.opml
      monitor sources export --format csv > sources.csv
    """
    found = session.database.sources()
    text = write_opml(found) if form == "opml" else to_csv(table_rows(found), COLUMNS)
    click.echo(text.encode(), nl=False)
    return 0


def _read(path: Path) -> File:
    try:
        data = _bytes(path)
        is_table = path.suffix.lower() in TABLE_ENDINGS
        return File(path=path, reading=read_csv(data) if is_table else read_opml(data))
    except BadInput as error:
        named = BadInput(error.message, subject=str(path), advice=error.advice)
        return File(path=path, error=named)


def _bytes(path: Path) -> bytes:
    """The file, as long as it is one and of a sensible size."""
    if path.is_dir():
        raise BadInput("is a folder.", advice="Name the files in it.")
    if str(path).lower().startswith(("http:", "https:", "feed:")):
        raise BadInput("is an address, not a file.", advice="Add it: monitor sources add URL")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}.") from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"is larger than {MOST_BYTES // 1_000_000} MB.")
    return data


def _distinct(files: Sequence[File]) -> list[NewSource]:
    once: dict[tuple[SourceKind, str], NewSource] = {}
    for file in files:
        for source in file.reading.sources:
            once.setdefault((source.kind, source.url), source)
    return list(once.values())


def _added(
    session: Session, found: list[NewSource], *, dry_run: bool
) -> dict[tuple[SourceKind, str], bool]:
    """Whether each source is new; they are stored unless it is a dry run."""
    known = {(source.kind, source.url) for source in session.database.sources()}
    now = datetime.now(UTC)
    is_new = {}
    for source in found:
        key = (source.kind, source.url)
        is_new[key] = key not in known
        if key not in known and not dry_run:
            session.database.add_source(source, now=now)
    return is_new


def _summary(
    files: Sequence[File], is_new: dict[tuple[SourceKind, str], bool], *, dry_run: bool
) -> dict[str, Any]:
    """What `--json` prints."""
    listed = [
        {
            "file": str(file.path),
            "found": len(file.reading.sources),
            "faults": list(file.reading.faults),
            "error": str(file.error) if file.error else "",
        }
        for file in files
    ]
    return {"found": len(is_new), "new": sum(is_new.values()), "dry_run": dry_run, "files": listed}


def _say(
    session: Session,
    files: Sequence[File],
    is_new: dict[tuple[SourceKind, str], bool],
    *,
    dry_run: bool,
) -> None:
    for file in files:
        if file.error:
            click.echo(f"monitor: {file.error}", err=True)
        for fault in file.reading.faults[:NAMED_FAULTS]:
            session.say(f"left out  {file.path}: {one_line(fault, 160)}")
        more = len(file.reading.faults) - NAMED_FAULTS
        if more > 0:
            session.say(f"left out  {file.path}: {more} more")
    new = sum(is_new.values())
    verb = "would be new" if dry_run else "new"
    where = f"{len(files)} files: " if len(files) > 1 else ""
    session.say(f"{where}{len(is_new)} sources found, {new} {verb}, {len(is_new) - new} known")
    if new and not dry_run:
        session.say("Next: monitor crawl")
