"""
The concepts that are looked for, read from data files that a non-programmer can edit.

`minerals.csv`, `entities.csv`, `countries.csv` and `words.toml`; an error names file and row.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.enrich.vocabulary import Name, Vocabulary
from monitor.errors import BadInput

#: Kinds of entity.
KINDS = frozenset({"company", "state_body", "deposit"})

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


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that `Enricher` looks for."""

    concepts: Vocabulary[Concept]
    #: Words of the trade, of the whole matter, and of other worlds.
    context: Vocabulary[str]
    theme: Vocabulary[str]
    other: Vocabulary[str]
    events: Vocabulary[str]
    #: Minerals that are on a critical list.
    critical: frozenset[str]
    #: Mineral to the group that it belongs to.
    groups: dict[str, str]


def load_taxonomy(folder: Path | None = None) -> Taxonomy:
    """
    Read and check the data files.

    Args:
        folder: holds the four files; default: those that come with the monitor.

    Raises:
        BadInput: a file is missing or a row cannot be used; the message names both.
    """
    root: Traversable = folder or files("monitor.enrich").joinpath("data")
    minerals = list(_rows(root, "minerals.csv", ("id", "group", "class", "names", "weak_names")))
    ids = {row["id"] for _, row in minerals}
    names: list[Name[Concept]] = []
    for number, row in minerals:
        if row["class"] not in CLASSES:
            raise _bad(
                "minerals.csv", number, f"class {row['class']!r} is none of {sorted(CLASSES)}"
            )
        if row["group"] and row["group"] not in ids:
            raise _bad("minerals.csv", number, f"group {row['group']!r} is no mineral")
        names += _names(row, "mineral", row["id"], is_proper=False)
    for number, row in _rows(root, "entities.csv", ("name", "kind", "names", "weak_names")):
        if row["kind"] not in KINDS:
            raise _bad("entities.csv", number, f"kind {row['kind']!r} is none of {sorted(KINDS)}")
        names += _names(row, row["kind"], row["name"], is_proper=True)
    for number, row in _rows(root, "countries.csv", ("code", "names")):
        if len(row["code"]) != len("KZ") or not row["code"].isupper():
            raise _bad("countries.csv", number, f"{row['code']!r} is no country code")
        names += _names(row, "country", row["code"], is_proper=True)
    words = _words(root)
    return Taxonomy(
        concepts=Vocabulary(names),
        context=_vocabulary(words["context"]["words"]),
        theme=_vocabulary(words["theme"]["words"]),
        other=_vocabulary(words["other"]["words"]),
        events=Vocabulary(
            Name(word, event) for event, found in words["events"].items() for word in found
        ),
        critical=frozenset(row["id"] for _, row in minerals if row["class"] == "critical"),
        groups={row["id"]: row["group"] for _, row in minerals if row["group"]},
    )


def _names(
    row: dict[str, str], kind: str, concept: str, *, is_proper: bool
) -> Iterator[Name[Concept]]:
    for column, is_weak in (("names", False), ("weak_names", True)):
        for written in filter(None, (name.strip() for name in row.get(column, "").split(";"))):
            # Names of companies and places are inflected in Cyrillic.
            is_inflected = is_proper and kind != "country" and "а" <= written[-1].lower() <= "я"
            shown = f"{written}*" if is_inflected else written
            yield Name(shown, Concept(kind, concept, is_weak), is_proper)


def _rows(
    root: Traversable, name: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV file."""
    reader = csv.DictReader(io.StringIO(_read(root, name)))
    missing = set(columns) - set(reader.fieldnames or ())
    if missing:
        raise BadInput(f"lacks the columns {', '.join(sorted(missing))}.", subject=name)
    seen: set[str] = set()
    for row in reader:
        key = row[columns[0]]
        if not key or None in row or None in row.values():
            raise _bad(name, reader.line_num, "does not have one value for each column")
        if key in seen:
            raise _bad(name, reader.line_num, f"{key!r} stands twice")
        seen.add(key)
        yield reader.line_num, row


def _words(root: Traversable) -> dict[str, dict[str, list[str]]]:
    name = "words.toml"
    try:
        words = tomllib.loads(_read(root, name))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is no TOML: {error}.", subject=name) from error
    for part in ("context", "theme", "other", "events"):
        lists = words.get(part)
        if not isinstance(lists, dict) or not all(
            isinstance(found, list) and all(isinstance(word, str) for word in found)
            for found in lists.values()
        ):
            raise BadInput(f"[{part}] must hold lists of words.", subject=name)
    return words


def _vocabulary(words: list[str]) -> Vocabulary[str]:
    return Vocabulary(Name(word, word) for word in dict.fromkeys(words))


def _read(root: Traversable, name: str) -> str:
    try:
        return root.joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}.", subject=name) from error


def _bad(name: str, line: int, what: str) -> BadInput:
    return BadInput(f"line {line}: {what}.", subject=name)
