"""
Simple ways of doing what the stages do, run on the same items: what a score must be held against.

Each has one fixed setting for all files; none is fitted to the items that it is scored on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.enrich.taxonomy import Taxonomy
from monitor.enrich.vocabulary import folded
from monitor.evaluate import outside
from monitor.evaluate.items import Item, dates
from monitor.evaluate.progress import Progress
from monitor.evaluate.tfidf import similar_groups
from monitor.match.copies import containment
from monitor.text import shingles

#: A mineral is in the news for so long.
WINDOW = timedelta(days=14)

#: Containment of word triples that makes one story, and that makes a copy.
STORY, COPY = 0.1, 0.9

#: The simple methods by name, as the table shows them.
KEYWORD = "any mineral name"
MINERAL = f"same mineral within {WINDOW.days} days"
TRIPLES = f"{STORY:.0%} of the word triples"
LETTERS = "TF-IDF of 4 letters"
REPEATED = f"{COPY:.0%} of the word triples"
COMMONEST = "always the commonest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """What the simple methods say, item by item; a text instead says why one was not tried."""

    relevant: Sequence[bool]
    #: Method to the group of each item.
    groups: Mapping[str, Sequence[int]]
    copies: Sequence[int]
    #: Method to the figures (value, unit) of each item; None for an item without such labels.
    figures: Mapping[str, Sequence[Sequence[outside.Figure] | None] | str] = field(
        default_factory=dict
    )
    #: Method to the language of each item.
    languages: Mapping[str, Sequence[str] | str] = field(default_factory=dict)


def simple(items: Sequence[Item], taxonomy: Taxonomy, progress: Progress) -> Simple:
    """
    Run the simple methods.

    Args:
        progress: is told what is done, how much of it, and of how much.
    """
    texts = [f"{item['title']}\n{item['text']}" for item in items]
    named = [_minerals(taxonomy, text) for text in texts]
    return Simple(
        relevant=[bool(minerals) for minerals in named],
        groups={
            MINERAL: _by_mineral(named, dates(items)),
            TRIPLES: _by_triples(texts, STORY),
            LETTERS: similar_groups(texts, lambda done: progress(LETTERS, done, len(texts))),
        },
        copies=_by_triples([item["text"] for item in items], COPY),
        figures=outside.figures(items, progress),
        languages=outside.languages(texts, progress),
    )


def _minerals(taxonomy: Taxonomy, text: str) -> list[str]:
    """Minerals of which any name stands in the text, whatever it means there, in their order."""
    hits = taxonomy.concepts.scan(text, folded(text))
    named = [hit for hit in hits if hit.meaning.kind == "mineral" and not hit.meaning.is_listed]
    return [hit.meaning.id for hit in sorted(named, key=lambda hit: hit.start)]


def _by_mineral(named: Sequence[Sequence[str]], at: Sequence[datetime]) -> list[int]:
    """Items go with the latest one that names the same mineral first, unless that is long ago."""
    groups = list(range(len(named)))
    latest: dict[str, int] = {}
    for number in sorted(groups, key=lambda number: at[number]):
        for mineral in named[number][:1]:
            before = latest.get(mineral)
            if before is not None and at[number] - at[before] <= WINDOW:
                groups[number] = groups[before]
            latest[mineral] = number
    return groups


def _by_triples(texts: Sequence[str], enough: float) -> list[int]:
    """Single link by containment of word triples: the group of each item."""
    sets = [shingles(text) for text in texts]
    return _linked(len(sets), lambda at, before: containment(sets[at], sets[before]) >= enough)


def _linked(count: int, is_near: Callable[[int, int], bool]) -> list[int]:
    """Single link: items that are near, or near to one that is, have one number."""
    group = list(range(count))
    for at in range(count):
        for before in range(at):
            if group[before] != group[at] and is_near(at, before):
                old, new = group[at], group[before]
                group = [new if number == old else number for number in group]
    return group
