"""
The taxonomy as data: ours, with what the user's folder adds to it, changes and takes away.

A row of the user's with an id of ours adds its names, and its other cells take the place of
ours where they hold something. What cannot be used is an error that names file and row.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.enrich import tables
from monitor.enrich.aliases import Aliases, plain_names
from monitor.enrich.concepts import CLASSES, KINDS, LISTED_ONLY, Concept
from monitor.enrich.lists import CriticalLists, listings
from monitor.enrich.tables import Row, Table, read_table
from monitor.enrich.transliteration import COUNTRIES, other_script
from monitor.enrich.vocabulary import Name
from monitor.enrich.words import Words, read_words
from monitor.errors import BadInput

#: Home of what belongs to no country.
NOWHERE = "INT"


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, state body, deposit or exchange."""

    kind: str
    #: Codes of its countries; none of an international one.
    countries: tuple[str, ...]
    minerals: tuple[str, ...]
    #: The company that owns it; ''.
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything that the data files say, checked."""

    #: Mineral to its class, and to the group that it belongs to.
    classes: Mapping[str, str]
    groups: Mapping[str, str]
    entities: Mapping[str, Entity]
    names: Sequence[Name[Concept]]
    words: Sequence[Words]
    lists: CriticalLists

    def ids(self, *classes: str) -> frozenset[str]:
        """The minerals of some classes."""
        return frozenset(mineral for mineral, kind in self.classes.items() if kind in classes)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: names are none, and it takes as long as reading them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_book(own: Path | None = None, *, base: Traversable | None = None) -> Book:
    """
    Read and check the data files.

    Args:
        own: the user's folder, if any.
        base: takes the place of the files that come with the monitor.

    Raises:
        BadInput: a file is missing or a row cannot be used; the message names both.
    """
    root = base or tables.our_folder()
    if own is not None and not own.is_dir():
        raise BadInput("is no folder.", subject=str(own), advice="Make it, or change the setting.")
    reader = _Reader(root, own)
    minerals, entities = reader.minerals(), reader.entities()
    aliases = Aliases()
    _fill(aliases, reader, minerals.rows, entities.rows)
    words = read_words(root)
    if own is not None:
        words += read_words(own, is_users=True)
    groups = {key: row["group"] for key, row in minerals.merged.items() if row["group"]}
    classes = {key: row["class"] for key, row in minerals.merged.items()}
    book = Book(
        classes=classes,
        groups=groups,
        entities={key: _entity(row) for key, row in entities.merged.items()},
        names=aliases.kept(),
        words=words,
        lists=CriticalLists(listings(reader.lists(), classes), groups),
    )
    _check_chain(groups, minerals.merged, "group")
    parents = {name: one.parent for name, one in book.entities.items() if one.parent}
    _check_chain(parents, entities.merged, "parent")
    return book


@dataclass(frozen=True, slots=True)
class _Merged:
    """A table of things: all rows, and for each thing its cells together."""

    rows: list[Row]
    merged: dict[str, Row]


class _Reader:
    """Reads tables from our folder, then from the user's."""

    def __init__(self, root: Traversable, own: Path | None) -> None:
        self._root = root
        self._own = own

    def rows(self, table: Table) -> list[Row]:
        """Ours, then the user's."""
        rows = read_table(self._root, table)
        return rows + (read_table(self._own, table, is_users=True) if self._own else [])

    def minerals(self) -> _Merged:
        """Minerals by their id."""
        found = _merged(self.rows(tables.MINERALS), "id")
        for row in found.merged.values():
            if row["class"] not in CLASSES:
                raise row.fault(f"class {row['class']!r} is none of {sorted(CLASSES)}")
            if row["group"] and row["group"] not in found.merged:
                raise row.fault(f"group {row['group']!r} is no mineral")
        return found

    def entities(self) -> _Merged:
        """Companies and the like by their name."""
        found = _merged(self.rows(tables.ENTITIES), "name")
        for row in found.merged.values():
            if row["kind"] not in KINDS:
                raise row.fault(f"kind {row['kind']!r} is none of {sorted(KINDS)}")
            wrong = [c for c in row["country"].split("/") if c != NOWHERE and not _is_country(c)]
            if wrong:
                raise row.fault(f"{wrong[0]!r} is no country code")
            if row["parent"] and row["parent"] not in found.merged:
                raise row.fault(f"parent {row['parent']!r} is none of the companies")
        return found

    def lists(self) -> list[Row]:
        """Listings; the user's row takes the place of ours."""
        found = {(r["list"], r["mineral"], r["form"]): r for r in self.rows(tables.LISTS)}
        return list(found.values())


def _fill(
    aliases: Aliases, reader: _Reader, minerals: Sequence[Row], entities: Sequence[Row]
) -> None:
    """All names, in the order of the files."""
    known = {row["id"] for row in minerals}
    unseen = {row["id"] for row in minerals if row["class"] == LISTED_ONLY}
    for row in minerals:
        if row["id"] not in unseen:
            _named(aliases, row, "mineral", row["id"])
    kinds = {row["name"]: row["kind"] for row in entities if row["kind"]}
    for row in entities:
        unknown = set(tables.names_of(row["minerals"])) - known
        if unknown:
            raise row.fault(f"mineral {min(unknown)!r} is none")
        _named(aliases, row, kinds[row["name"]], row["name"])
    _carry_over(aliases, entities, kinds)
    for row in reader.rows(tables.COUNTRIES):
        _named(aliases, _country(row), "country", row["code"])
    for row in reader.rows(tables.NAMES):
        if row["mineral"] not in known:
            raise row.fault(f"{row['mineral']!r} is no mineral")
        aliases.add_mineral(row)
    for row in reader.rows(tables.COUNTRY_NAMES):
        aliases.add_country(_country(row))


def _carry_over(aliases: Aliases, entities: Sequence[Row], kinds: Mapping[str, str]) -> None:
    """Names of lands that write Cyrillic, in the script in which the data have none."""
    taken = {name.written.rstrip("~").casefold() for name in aliases.names}
    for row in entities:
        if not COUNTRIES.intersection(row["country"].split("/")):
            continue
        for column in ("names", "weak_names"):
            fresh = [
                name
                for name in other_script(list(plain_names(row[column])))
                if name.casefold() not in taken
            ]
            taken.update(name.casefold() for name in fresh)
            cells = {column: ";".join(fresh)}
            aliases.add(Row(row.file, row.line, cells), kinds[row["name"]], row["name"])


def _named(aliases: Aliases, row: Row, kind: str, key: str) -> None:
    """The names of a row; one of ours without any would never be found."""
    before = len(aliases.names) + len(aliases.removals)
    aliases.add(row, kind, key)
    is_ours = not Path(row.file).is_absolute()
    if is_ours and len(aliases.names) + len(aliases.removals) == before:
        raise row.fault(f"{key!r} has no names")


def _merged(rows: list[Row], key: str) -> _Merged:
    found: dict[str, Row] = {}
    for row in rows:
        old = found.get(row[key])
        cells = {column: cell for column, cell in row.cells.items() if cell}
        found[row[key]] = Row(row.file, row.line, {**(old.cells if old else {}), **cells})
    return _Merged(rows, found)


def _entity(row: Row) -> Entity:
    home = tuple(code for code in row["country"].split("/") if code != NOWHERE)
    return Entity(row["kind"], home, tuple(tables.names_of(row["minerals"])), row["parent"])


def _country(row: Row) -> Row:
    if not _is_country(row["code"]):
        raise row.fault(f"{row['code']!r} is no country code")
    return row


def _is_country(code: str) -> bool:
    return len(code) == len("KZ") and code.isalpha() and code.isupper()


def _check_chain(above: Mapping[str, str], rows: Mapping[str, Row], what: str) -> None:
    """
    Refuse what is above itself.

    Raises:
        BadInput: following the column leads round in a circle.
    """
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        at = start
        while at in above and at not in done:
            if at in path:
                raise rows[at].fault(f"{what}s go round in a circle: {' > '.join([*path, at])}")
            path[at] = None
            at = above[at]
        done.update(path)
