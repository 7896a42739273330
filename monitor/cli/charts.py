"""
Small charts for a terminal: pure text of a given width.

Numbers always stand beside what is drawn, and no colour carries a meaning. Where a terminal
or its encoding has no block characters, plain ASCII is drawn instead.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

#: From least to most; the first stands for nothing.
_BLOCKS, _PLAIN_BLOCKS = "·▁▂▃▄▅▆▇█", ".:-=+*#%@"

#: The relevant part of a bar, and the rest of it.
_KEPT, _OTHER = "█", "░"
_PLAIN_KEPT, _PLAIN_OTHER = "#", "-"

#: A narrower bar says nothing.
LEAST_BAR = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart."""

    label: str
    new: int
    kept: int


def is_plain(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether only ASCII can be drawn there."""
    if environ.get("TERM", "") in {"dumb", "linux"} and stream.isatty():
        return True
    try:
        (_BLOCKS + _OTHER).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def sparkline(values: Sequence[int], *, width: int, plain: bool) -> str:
    """Values as so many characters at most; neighbours share one where there are too many."""
    blocks = _PLAIN_BLOCKS if plain else _BLOCKS
    sums = _gathered(values, width)
    most = max(sums, default=0)
    steps = len(blocks) - 1
    return "".join(blocks[-(-value * steps // most)] if value else blocks[0] for value in sums)


def _gathered(values: Sequence[int], width: int) -> list[int]:
    """Sums of neighbours, at most `width` of them; the last one is whole."""
    each = max(1, -(-len(values) // width))
    first = len(values) % each
    head = [sum(values[:first])] if first else []
    return head + [sum(values[at : at + each]) for at in range(first, len(values), each)]


def bars(rows: Sequence[Bar], *, width: int, plain: bool) -> list[str]:
    """A chart of new entries and of what was kept of them, with its legend."""
    kept, other = (_PLAIN_KEPT, _PLAIN_OTHER) if plain else (_KEPT, _OTHER)
    most = max((max(row.new, row.kept) for row in rows), default=0)
    label = max((len(row.label) for row in rows), default=0)
    digits = max(len(str(most)), len("kept"))
    room = max(width - label - 2 * digits - 4, LEAST_BAR)
    lines = [f"{'':<{label}} {'new':>{digits}} {'kept':>{digits}}  {kept} kept {other} other new"]
    for row in rows:
        whole = _cells(max(row.new, row.kept), most, room)
        inner = min(_cells(row.kept, most, room), whole)
        drawn = kept * inner + other * (whole - inner)
        numbers = f"{row.new:>{digits}} {row.kept:>{digits}}"
        lines.append(f"{row.label:<{label}} {numbers}  {drawn}".rstrip())
    return lines


def _cells(value: int, most: int, room: int) -> int:
    """Cells of a bar: at least one for what is not nothing."""
    return max(1, round(value * room / most)) if value else 0
