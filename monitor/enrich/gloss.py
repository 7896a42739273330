"""
The names of a foreign title, in the reader's language: `вольфрам: tungsten`.

Only names whose concepts the title's article was found to be about: what they stand for was
decided when it was read, and is not decided again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from monitor.enrich import tables
from monitor.enrich.book import read_book, uncollected
from monitor.enrich.concepts import Concept
from monitor.enrich.lists import CriticalLists, listings
from monitor.enrich.tables import Table, read_table
from monitor.enrich.vocabulary import Vocabulary, folded, longest
from monitor.enrich.words import KIN
from monitor.settings import taxonomy_folder

#: Names of one title that are told, and characters of it that are read.
MOST, MOST_CHARS = 4, 400

#: What minerals are called, for people.
SHOWN = Table("shown.csv", ("mineral",), (), ("en", "ru", "zh"))


def gloss(
    title: str, *, language: str, concepts: Iterable[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """
    Names in a title: how each stands there, its kind, what it stands for; in their order.

    Args:
        language: of the title.
        concepts: kind and identifier of what may be named.
    """
    wanted, shown = set(concepts), title[:MOST_CHARS]
    spoken = KIN.get(language, language)
    hits = [
        hit
        for hit in _names(taxonomy_folder()).scan(shown, folded(shown))
        if (hit.meaning.kind, hit.meaning.id) in wanted and hit.meaning.language in {"", spoken}
    ]
    found: dict[tuple[str, str], str] = {}
    for hit in longest(hits):
        found.setdefault((hit.meaning.kind, hit.meaning.id), shown[hit.start : hit.end])
    return [(surface, kind, key) for (kind, key), surface in found.items()][:MOST]


def load() -> None:
    """Read the names now, so that the first reader does not wait."""
    _names(taxonomy_folder())


@cache
def shown_name(mineral: str, language: str) -> str:
    """What a mineral is called in a reader's language; else in English."""
    row = _shown(taxonomy_folder()).get(mineral, {})
    return row.get(language) or row.get("en") or mineral.replace("_", " ")


@cache
def critical_lists() -> CriticalLists:
    """The official lists, without the names that are looked for."""
    own = taxonomy_folder()
    minerals = _rows(tables.MINERALS, own)
    rows = {(r["list"], r["mineral"], r["form"]): r for r in _rows(tables.LISTS, own)}
    groups = {row["id"]: row["group"] for row in minerals if row["group"]}
    return CriticalLists(listings(list(rows.values()), {row["id"] for row in minerals}), groups)


@cache
def _shown(own: Path | None) -> dict[str, dict[str, str]]:
    return {row["mineral"]: dict(row.cells) for row in _rows(SHOWN, own)}


def _rows(table: Table, own: Path | None) -> list[tables.Row]:
    rows = read_table(tables.our_folder(), table)
    return rows + (read_table(own, table, is_users=True) if own else [])


@cache
def _names(own: Path | None) -> Vocabulary[Concept]:
    with uncollected():
        return Vocabulary(read_book(own).names)
