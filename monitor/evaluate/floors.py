"""
Least scores: a TOML file that says below what no measure of a file of items may fall.

    ["dev-news.jsonl"]                 the name of a file of items, or "*" for all others
    sha256 = "…"                       which items; optional
    ["dev-news.jsonl".f1]              or precision, recall, share
    "developments (B³)" = 0.97         measure, as the table names it, and its least figure
    ["dev-news.jsonl".most]            faults: the greatest share
    "false alarms (hard negatives)" = 0.05
    ["dev-news.jsonl".each_language]   F1 (or share) in each language with 20 labels or more
    figures = 0.85

A floor of what a file does not label is missed; under "*" it is passed over.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.errors import BadInput
from monitor.evaluate.measures import Row
from monitor.evaluate.scores import Scores

#: Figures that have floors, the section of those with a ceiling instead, that of languages.
FIGURES, MOST, EACH_LANGUAGE = ("precision", "recall", "f1", "share"), "most", "each_language"
SECTIONS = (*FIGURES, MOST, EACH_LANGUAGE)

#: The section of files without one of their own.
OTHERS = "*"

#: Labels from which a single language is judged.
ENOUGH = 20

#: Of one file.
Floors = Mapping[str, Any]


def read_floors(path: Path) -> Mapping[str, Floors]:
    """
    The floors by name of the file of items.

    Raises:
        BadInput: the file cannot be read, is no TOML, or holds something else.
    """
    try:
        floors = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}.", subject=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is no TOML: {error}.", subject=str(path)) from error
    for name, section in floors.items():
        if problem := _problem(section):
            raise BadInput(f'["{name}"] {problem}.', subject=str(path))
    return floors


def floors_of(floors: Mapping[str, Floors], items: Path) -> Floors:
    """
    The floors of one file.

    Raises:
        BadInput: there are none.
    """
    if items.name in floors:
        return floors[items.name]
    if OTHERS in floors:
        return {**floors[OTHERS], OTHERS: True}
    raise BadInput("has no section in the floors.", subject=items.name, advice='Add one, or ["*"].')


def below(floors: Floors, items: Path, scored: Scores) -> list[str]:
    """What falls below its floor, in words; empty = nothing."""
    found = [*_other_items(floors, items), *_below(floors, scored.rows), *_in_each(floors, scored)]
    return [f"{items.name}: {words}" for words in found]


def _other_items(floors: Floors, items: Path) -> Iterator[str]:
    wanted = floors.get("sha256")
    if wanted and hashlib.sha256(items.read_bytes()).hexdigest() != wanted:
        yield "is another file than the floors were set for (sha256)"


def _below(floors: Floors, rows: Mapping[str, Row]) -> Iterator[str]:
    for figure in (*FIGURES, MOST):
        for name, bound in floors.get(figure, {}).items():
            if name in rows:
                yield from _missed(name, rows[name], figure, bound)
            elif OTHERS not in floors:
                yield f"{name} is not measured"


def _in_each(floors: Floors, scored: Scores) -> Iterator[str]:
    for name, bound in floors.get(EACH_LANGUAGE, {}).items():
        for language, rows in scored.by.get("language", {}).items():
            if name in rows and rows[name].count >= ENOUGH:
                figure = "f1" if "f1" in rows[name].figures else "share"
                yield from _missed(f"{name} in {language}", rows[name], figure, bound)


def _missed(name: str, row: Row, figure: str, bound: float) -> Iterator[str]:
    """The sentence about a figure on the wrong side; a share stands for each figure."""
    value = row.figures.get(figure, row.judged)
    if figure == MOST and value > bound:
        yield f"{name} is {value:.3f}, at most {bound} is allowed"
    elif figure != MOST and value < bound:
        yield f"{figure} of {name} is {value:.3f}, at least {bound} is asked"


def _problem(section: object) -> str:
    if not isinstance(section, dict):
        return "is no section"
    for key, bounds in section.items():
        if key == "sha256":
            continue
        if key not in SECTIONS:
            return f"has {key!r}; there are sha256, {', '.join(SECTIONS)}"
        if not isinstance(bounds, dict):
            return f"has {key!r} that is no section"
        for name, bound in bounds.items():
            if isinstance(bound, bool) or not isinstance(bound, int | float) or not 0 <= bound <= 1:
                return f"has a bound of {name!r} that is no number from 0 to 1"
    return ""
