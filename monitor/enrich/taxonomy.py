"""
The concepts that are looked for, read from data files that a non-programmer can edit.

`minerals.csv`, `entities.csv`, `countries.csv` and `words.toml`; an error names file and row.
Names in one cell are parted by `;`. Weak names mean other things too, and need words of the
trade beside them. A weak name may be tagged: `de:Blei` counts in German texts only, `list:lead`
only beside another mineral in a list. `[nothing]` holds phrases that contain a name and are none.
The column `evidence` of the entities tells people where a row comes from; nothing reads it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.enrich.endings import inflected
from monitor.enrich.vocabulary import Name, Vocabulary, is_ideograph
from monitor.enrich.words import Lexicon, Words, compiled, read_words
from monitor.errors import BadInput

#: Kinds of entity.
KINDS = frozenset({"company", "state_body", "deposit", "exchange"})

#: Tag of names that stand for a mineral only in a list of minerals.
LISTED = "list"

#: Word among the needs of a name: any word of the trade, more than of other worlds.
TRADE = "trade"

#: Letters and ideographs from which a name without needs counts in texts of any language.
TELLING_LETTERS, TELLING_IDEOGRAPHS = 7, 3

_NAMES_COLUMNS = ("mineral", "form", "language", "names", "needs", "never", "reviewed")

#: Classes of mineral: on the critical lists, or a base or precious metal.
CLASSES = frozenset({"critical", "base"})


@dataclass(frozen=True, slots=True)
class Concept:
    """What a name stands for."""

    #: `mineral`, `company`, `state_body`, `deposit`, `country`.
    kind: str
    id: str
    #: The name means other things too: words of the trade must stand near it.
    is_weak: bool = False
    #: The only language in which the name stands for it; '' = any.
    language: str = ""
    #: Only beside another mineral in a list: "copper, lead and zinc".
    is_listed: bool = False
    #: Words of which one must stand near, and words that must not (`names.csv`).
    needs: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that `Enricher` looks for."""

    #: Also phrases of kind `nothing`, which take the place of the names inside them.
    concepts: Vocabulary[Concept]
    #: The words that single names need or shun.
    clues: Vocabulary[str]
    #: Words of the trade, of the whole matter, of other worlds, and of kinds of event.
    lexicon: Lexicon
    #: Minerals that are on a critical list.
    critical: frozenset[str]
    #: Mineral to the group that it belongs to.
    groups: dict[str, str]
    #: Company, state body or deposit to its countries, where it has any.
    home: dict[str, tuple[str, ...]]
    #: Company or deposit to its mineral, where it is known for one.
    known_for: dict[str, str]
    #: Companies and deposits that mine, refine or trade minerals before all.
    dedicated: frozenset[str]


def load_taxonomy(folder: Path | None = None) -> Taxonomy:
    """
    Read and check the data files.

    Args:
        folder: holds the four files; default: those that come with the monitor.

    Raises:
        BadInput: a file is missing or a row cannot be used; the message names both.
    """
    root: Traversable = folder or files("monitor.enrich").joinpath("data")
    minerals = _minerals(root)
    words = read_words(root)
    names = [name for number, row in minerals for name in _names("minerals.csv", number, row)]
    entities = _entities(root, {row["id"] for _, row in minerals})
    names += [name for number, row in entities for name in _names("entities.csv", number, row)]
    names += _country_names(root)
    names += _spoken_names(words)
    names += _mineral_names(root, {row["id"] for _, row in minerals})
    clues = {word for name in names for word in name.meaning.needs | name.meaning.never}
    return Taxonomy(
        concepts=Vocabulary(names),
        clues=Vocabulary(Name(word, word) for word in sorted(clues)),
        lexicon=compiled(words),
        critical=frozenset(row["id"] for _, row in minerals if row["class"] == "critical"),
        groups={row["id"]: row["group"] for _, row in minerals if row["group"]},
        home={
            row["name"]: tuple(row["country"].split("/"))
            for _, row in entities
            if row["country"] != "INT" and row["kind"] != "exchange"
        },
        known_for={
            row["name"]: row["minerals"]
            for _, row in entities
            if row["minerals"] and ";" not in row["minerals"]
        },
        dedicated=frozenset(
            row["name"]
            for _, row in entities
            if row["minerals"] and row["kind"] in {"company", "deposit"}
        ),
    )


def _is_country(code: str) -> bool:
    return len(code) == len("KZ") and code.isalpha() and code.isupper()


def _minerals(root: Traversable) -> list[tuple[int, dict[str, str]]]:
    minerals = list(_rows(root, "minerals.csv", ("id", "group", "class", "names", "weak_names")))
    ids = {row["id"] for _, row in minerals}
    for number, row in minerals:
        if row["class"] not in CLASSES:
            raise _bad(
                "minerals.csv", number, f"class {row['class']!r} is none of {sorted(CLASSES)}"
            )
        if row["group"] and row["group"] not in ids:
            raise _bad("minerals.csv", number, f"group {row['group']!r} is no mineral")
        row["kind"], row["name"] = "mineral", row["id"]
    return minerals


def _entities(root: Traversable, minerals: set[str]) -> list[tuple[int, dict[str, str]]]:
    columns = ("name", "kind", "country", "names", "weak_names", "minerals")
    entities = list(_rows(root, "entities.csv", columns))
    for number, row in entities:
        if row["kind"] not in KINDS:
            raise _bad("entities.csv", number, f"kind {row['kind']!r} is none of {sorted(KINDS)}")
        if any(c != "INT" and not _is_country(c) for c in row["country"].split("/")):
            raise _bad("entities.csv", number, f"{row['country']!r} is no country code")
        unknown = set(filter(None, row["minerals"].split(";"))) - minerals
        if unknown:
            raise _bad("entities.csv", number, f"mineral {min(unknown)!r} is none")
    return entities


def _country_names(root: Traversable) -> Iterator[Name[Concept]]:
    for number, row in _rows(root, "countries.csv", ("code", "names")):
        if not _is_country(row["code"]):
            raise _bad("countries.csv", number, f"{row['code']!r} is no country code")
        row["kind"], row["name"] = "country", row["code"]
        yield from _names("countries.csv", number, row)
    name = "country_names.csv"
    for number, row in _rows(root, name, ("language", "code", "name"), is_keyed=False):
        if not _is_country(row["code"]):
            raise _bad(name, number, f"{row['code']!r} is no country code")
        concept = Concept("country", row["code"], language=row["language"])
        yield Name(row["name"], concept, is_proper=True)


def _names(file: str, line: int, row: dict[str, str]) -> Iterator[Name[Concept]]:
    """The names of one row; companies and places are inflected in Cyrillic."""
    found = 0
    for column, is_weak in (("names", False), ("weak_names", True)):
        for written in filter(None, (name.strip() for name in row.get(column, "").split(";"))):
            tag, name = _tagged(written)
            if not name.strip("*~ "):
                raise _bad(file, line, f"name {written!r} has no letters")
            is_inflected = row["kind"] in KINDS and not name.endswith("*")
            found += 1
            concept = Concept(
                row["kind"],
                row["name"],
                is_weak=is_weak and tag != LISTED,
                language="" if tag == LISTED else tag,
                is_listed=tag == LISTED,
            )
            shown = inflected(name) if is_inflected else name
            yield Name(shown, concept, is_proper=row["kind"] != "mineral")
    if not found:
        raise _bad(file, line, f"{row['name']!r} has no names")


def _tagged(written: str) -> tuple[str, str]:
    """The tag of a name and the name: `de:Blei`, `list:lead`; most have none."""
    tag, colon, name = written.partition(":")
    is_tag = bool(colon) and (tag == LISTED or (len(tag) == len("de") and tag.islower()))
    return (tag, name) if is_tag else ("", written)


def _rows(
    root: Traversable, name: str, columns: tuple[str, ...], *, is_keyed: bool = True
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV file."""
    reader = csv.reader(io.StringIO(_read(root, name)))
    header = next(reader, [])
    missing = set(columns) - set(header)
    if missing:
        raise BadInput(f"lacks the columns {', '.join(sorted(missing))}.", subject=name)
    key, seen = header.index(columns[0]), set[str]()
    for cells in filter(None, reader):
        if len(cells) != len(header) or not cells[key]:
            raise _bad(name, reader.line_num, "does not have one value for each column")
        if is_keyed and cells[key] in seen:
            raise _bad(name, reader.line_num, f"{cells[key]!r} stands twice")
        seen.add(cells[key])
        yield reader.line_num, dict(zip(header, cells, strict=True))


def _mineral_names(root: Traversable, minerals: set[str]) -> Iterator[Name[Concept]]:
    """The names of `names.csv`, which count in texts of their language."""
    rows = list(_rows(root, "names.csv", _NAMES_COLUMNS, is_keyed=False))
    said: dict[str, set[str]] = {}
    for number, row in rows:
        if row["mineral"] not in minerals:
            raise _bad("names.csv", number, f"{row['mineral']!r} is no mineral")
        for name in row["names"].split(";"):
            said.setdefault(name, set()).add(row["mineral"])
    for _, row in rows:
        needs = frozenset(filter(None, row["needs"].split(";")))
        never = frozenset(filter(None, row["never"].split(";")))
        for name in row["names"].split(";"):
            is_anywhere = not needs and len(said[name]) == 1 and _is_telling(name)
            concept = Concept(
                "mineral",
                row["mineral"],
                is_weak=TRADE in needs,
                language="" if is_anywhere else row["language"],
                needs=needs - {TRADE},
                never=never,
            )
            yield Name(name, concept)


def _is_telling(name: str) -> bool:
    """Whether a name is long enough to be no word of another language by chance."""
    return len(name) >= (TELLING_IDEOGRAPHS if is_ideograph(name[0]) else TELLING_LETTERS)


def _spoken_names(files: Sequence[Words]) -> Iterator[Name[Concept]]:
    """Of the files of words: phrases that contain a name and are none, and names of countries."""
    for file in files:
        for phrase in file.lists["nothing"]:
            yield Name(phrase, Concept("nothing", phrase, language=file.language))
        for code, names in file.tables["countries"].items():
            if not _is_country(code):
                raise BadInput(f"[countries] {code!r} is no country code.", subject=file.file)
            for name in names:
                concept = Concept("country", code, language=file.language)
                yield Name(name, concept, is_proper=True)


def _read(root: Traversable, name: str) -> str:
    try:
        return root.joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}.", subject=name) from error


def _bad(name: str, line: int, what: str) -> BadInput:
    return BadInput(f"line {line}: {what}.", subject=name)
