"""What else a query could be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values of one part of a query, each with how many stories there would be."""

    #: The most frequent first; what is chosen already is among them.
    counts: Mapping[str, int]
    #: Only so many of the newest stories were counted: every count is "at least"; 0 = all were.
    counted: int = 0
