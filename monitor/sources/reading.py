"""What a file of sources held: the sources, each once, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.model import NewSource, SourceKind

#: Faults that are kept; a hostile file may hold millions.
MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The sources of one file, in its order."""

    sources: tuple[NewSource, ...] = ()
    #: In words, one for each place that holds no usable source.
    faults: tuple[str, ...] = ()


def gathered(found: Iterable[NewSource | str]) -> Reading:
    """Sources once for each (kind, address), with the tags of all their places; text is a fault."""
    sources: dict[tuple[SourceKind, str], NewSource] = {}
    faults: list[str] = []
    for one in found:
        if isinstance(one, str):
            faults.append(one)
            continue
        key = (one.kind, one.url)
        known = sources.setdefault(key, one)
        if known is not one and set(one.tags) - set(known.tags):
            tags = tuple(dict.fromkeys([*known.tags, *one.tags]))
            sources[key] = replace(known, tags=tags)
    return Reading(sources=tuple(sources.values()), faults=tuple(faults[:MOST_FAULTS]))
