"""
Text in a cell of a spreadsheet, and back: nothing hidden, nothing that runs, nothing lost.

What a spreadsheet would run gets an apostrophe in front: `wording.guarded`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.wording import UNSAFE, guarded, unguarded

#: What XML does not take.
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")

#: Between two values of one cell; within a value its full-width form stands for it.
SEPARATOR, _WIDE = ";", "；"


def typed(text: str) -> str:
    """A text for a cell that is typed as text: only where `unguarded` would take something off."""
    return guarded(text) if unguarded(text) != text else text


def plain_cell(text: str) -> str:
    """A stranger's text without controls and turned reading directions; lines stay."""
    return _UNFIT.sub("\ufffd", UNSAFE.sub("\ufffd", text.replace("\r\n", "\n")))


def name_cell(name: str) -> str:
    """A tag or a person's name as it stands in a cell, beside others."""
    return " ".join(plain_cell(name).replace(SEPARATOR, _WIDE).split())


def names_cell(names: Iterable[str]) -> str:
    """Several in one cell."""
    return f"{SEPARATOR} ".join(filter(None, map(name_cell, names)))


def names_of(cell: str) -> tuple[str, ...]:
    """The names in a cell, as `name_cell` writes them; each once."""
    return tuple(dict.fromkeys(filter(None, map(name_cell, cell.split(SEPARATOR)))))
