"""
What a filter's word means in the taxonomy: `--mineral 钨`, `--country Kazakhstan`, a typing slip.

Reads the names alone, without compiling them for scanning: start-up time.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from monitor.enrich import tables
from monitor.enrich.aliases import plain_names
from monitor.enrich.concepts import LISTED_ONLY
from monitor.enrich.tables import Row, Table, read_table
from monitor.errors import BadInput
from monitor.model import StoryQuery
from monitor.settings import taxonomy_folder

#: Kind -> the tables that name such things, each with the column that tells which.
_TABLES = {
    "mineral": ((tables.MINERALS, "id"), (tables.NAMES, "mineral")),
    "country": ((tables.COUNTRIES, "code"), (tables.COUNTRY_NAMES, "code")),
    "company": ((tables.ENTITIES, "name"),),
}

#: Parts of a `StoryQuery` whose values are the taxonomy's.
_PARTS = {"minerals": "mineral", "countries": "country", "companies": "company", "events": "event"}

#: How alike a slip and the word meant must be.
ALIKE = 0.6

#: What a kind is called in an error, where that is another word.
NOUNS = {"event": "kind of event", "figure": "kind of figure"}

#: Kinds of figure that are told by more than words beside them.
FURTHER_KINDS = frozenset({"guidance", "effective", "expiry"})

#: Values that are all named in an error; more of them are too many.
NAMED = 40


def meant(kind: str, given: str) -> str:
    """
    The taxonomy's own word for what was given.

    Args:
        kind: `mineral`, `country`, `company`, `event` or `figure`.
        given: an identifier, or any name that articles are searched for; '' stays ''.

    Raises:
        BadInput: the taxonomy has no such thing; the message offers the nearest.
    """
    if not given.strip():
        return ""
    if found := known(kind, given):
        return found
    names, wanted = _names(kind, taxonomy_folder()), _plain(given)
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=ALIKE)
    raise BadInput(
        f"there is no such {NOUNS.get(kind, kind)}.",
        subject=given,
        advice=f"Did you mean {names[near[0]]}?" if near else _offer(sorted(set(names.values()))),
    )


def known(kind: str, given: str) -> str:
    """The taxonomy's own word for what was given, as `meant` has it; '' where it has none."""
    return _names(kind, taxonomy_folder()).get(_plain(given), "")


def understood(query: StoryQuery) -> tuple[StoryQuery, tuple[str, ...]]:
    """
    A query in the taxonomy's own words, in whatever language its concepts were given.

    Returns:
        The query, in which what the taxonomy does not know stays as it is (and finds nothing);
        and a sentence about each such word.
    """
    unknown: list[str] = []
    found: dict[str, Any] = {}
    for part, kind in _PARTS.items():
        values = []
        for value in getattr(query, part):
            try:
                values.append(meant(kind, value))
            except BadInput as error:
                values.append(value)
                unknown.append(str(error))
        found[part] = tuple(dict.fromkeys(values))
    return replace(query, **found), tuple(unknown)


def _offer(identifiers: list[str]) -> str:
    if len(identifiers) <= NAMED:
        return f"There are: {', '.join(identifiers)}."
    return (
        f"There are {len(identifiers)}, such as {', '.join(identifiers[:: len(identifiers) // 6])}."
    )


def _plain(name: str) -> str:
    """A name as it is compared: `Rare_Earths` and `rare earth*` come near each other."""
    bare = "".join(" " if char in "_-" else char for char in name if char not in "*~")
    return " ".join(bare.split()).casefold()


@cache
def _names(kind: str, own: Path | None) -> dict[str, str]:
    """Plain name -> identifier; identifiers win over names, and names over weak ones."""
    if kind == "event":
        events = tomllib.loads(_read("words.toml"))["events"]
        return {_plain(event): event for event in events}
    if kind == "figure":
        kinds = tomllib.loads(_read("claims.toml"))["kinds"].values()
        named = {name for group in kinds for name in group} | FURTHER_KINDS
        return {_plain(name): name for name in sorted(named)}
    rows = [
        (row[column], row)
        for table, column in _TABLES[kind]
        for row in _rows(table, own)
        if row["class"] != LISTED_ONLY and row["kind"] in {"", "company"}
    ]
    found = {_plain(key): key for key, _ in rows}
    for cell in ("name", "names", "weak_names"):
        for key, row in rows:
            for name in plain_names(row[cell]):
                found.setdefault(_plain(name), key)
    return found


def _rows(table: Table, own: Path | None) -> Iterator[Row]:
    """Ours, then those of the user's folder."""
    yield from read_table(tables.our_folder(), table)
    if own is not None:
        yield from read_table(own, table, is_users=True)


def _read(file: str) -> str:
    return tables.our_folder().joinpath(file).read_text(encoding="utf-8")
