"""
Least scores: a TOML file that says below what no measure of a file of items may fall.

    ["dev-news.jsonl"]                 the name of a file of items, or "*" for all others
    sha256 = "…"                       which items; optional
    ["dev-news.jsonl".f1]              or precision, recall, share
    "developments (B³)" = 0.97         measure, as the table names it, and its least figure
    ["dev-news.jsonl".most]            faults: the greatest share
    "false alarms (hard negatives)" = 0.05
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.errors import BadInput
from monitor.evaluate.measures import Row

#: Figures that have floors, and the section of those that have a ceiling instead.
FIGURES, MOST = ("precision", "recall", "f1", "share"), "most"

#: The section of files without one of their own.
OTHERS = "*"

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
    section = floors.get(items.name, floors.get(OTHERS))
    if section is None:
        raise BadInput(
            "has no section in the floors.", subject=items.name, advice='Add one, or ["*"].'
        )
    return section


def below(floors: Floors, items: Path, rows: Mapping[str, Row]) -> list[str]:
    """What falls below its floor, in words; empty = nothing."""
    return [f"{items.name}: {words}" for words in _below(floors, items, rows)]


def _below(section: Floors, items: Path, rows: Mapping[str, Row]) -> Iterator[str]:
    wanted = section.get("sha256")
    if wanted and hashlib.sha256(items.read_bytes()).hexdigest() != wanted:
        yield "is another file than the floors were set for (sha256)"
    for figure in (*FIGURES, MOST):
        for name, bound in section.get(figure, {}).items():
            if name not in rows:
                yield f"{name} is not measured"
                continue
            value = _value(rows[name], figure)
            if figure == MOST and value > bound:
                yield f"{name} is {value:.3f}, at most {bound} is allowed"
            elif figure != MOST and value < bound:
                yield f"{figure} of {name} is {value:.3f}, at least {bound} is asked"


def _value(row: Row, figure: str) -> float:
    """The figure; a measure that is one share has that as each."""
    return row.figures.get(figure, row.judged)


def _problem(section: object) -> str:
    if not isinstance(section, dict):
        return "is no section"
    for key, bounds in section.items():
        if key == "sha256":
            continue
        if key not in {*FIGURES, MOST}:
            return f"has {key!r}; there are sha256, {', '.join(FIGURES)} and {MOST}"
        if not isinstance(bounds, dict):
            return f"has {key!r} that is no section"
        for name, bound in bounds.items():
            if isinstance(bound, bool) or not isinstance(bound, int | float) or not 0 <= bound <= 1:
                return f"has a bound of {name!r} that is no number from 0 to 1"
    return ""
