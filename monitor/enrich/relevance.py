"""
Whether a text is news of minerals: a score in [0, 1], as a sum of parts with their reasons.

A mineral's name alone says little (metal words fire on medals, songs and phones); a name and
words of the trade do, in the title and the opening, less words of other worlds. The body
counts little: tickers and side columns list every metal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Claim

#: Characters of the text that are its opening.
LEDE_CHARS = 700

#: Points by where a mineral of a critical list stands, and by where another metal does.
CRITICAL = {"title": 0.46, "opening": 0.44, "text": 0.10}
BASE = {"title": 0.30, "opening": 0.24, "text": 0.05}

#: Points of the whole matter's name ("critical minerals"), by place.
THEME = {"title": 0.54, "opening": 0.46, "text": 0.08}

#: Points of a company or deposit of the trade, as the name of the matter.
MINER = {"title": 0.46, "opening": 0.26, "text": 0.0}

#: Points of a company or deposit of the trade, once, in title or opening, beside all else.
ACTOR = 0.22

#: Kinds of figure that only the trade states, and points of one in title or opening.
TRADE_FIGURES = frozenset(
    {"resource", "reserve", "production", "capacity", "grade", "quota", "price", "stake", "duty"}
)
FIGURE = 0.18

#: Points where title and opening name so many minerals.
SEVERAL, SEVERAL_POINTS = 3, 0.06

#: Points of a country, and of an event, beside a mineral of the critical lists in the title.
COUNTRY, EVENT = 0.18, 0.08

#: Events that are news of any metal; prices and takeovers may be of jewels or bands.
METAL_EVENTS = frozenset(
    {
        "export_control", "tariff", "production", "disruption", "nationalisation", "stockpile",
        "resource_estimate", "offtake",
    }
)  # fmt: skip

#: Events that any ware has.
COMMON_EVENTS = frozenset({"price"})

#: Points of each word of the trade in title and opening, and how many count.
CONTEXT, MOST_CONTEXT = 0.10, 4

#: Points of each word that other trades have too, and how many count.
WEAK, MOST_WEAK = 0.05, 3

#: Points taken by each word of coal, oil and gas where no mineral is named, and how many count.
FOSSIL, MOST_FOSSIL = 0.28, 3

#: Points of an event where nothing is named, beside so many words of the trade.
NAMELESS_EVENT, BESIDE = 0.26, 2

#: Points taken by the first word of another world, there, by each further one, and how many count.
OTHER, FURTHER, MOST_OTHER = 0.50, 0.50, 4

#: Points of a stock market's index, by place: a report of the day names every metal and miner.
ROUNDUP = {"title": -0.70, "opening": -0.45, "text": 0.0}

#: Points that a source about nothing but minerals has at once.
DEDICATED = 0.20

#: What a mineral in the text costs when no word of the trade stands beside it.
ALONE = 0.32


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found, each in order of appearance."""

    #: Mineral to the best place where it stands: `title`, `opening`, `text`.
    minerals: Mapping[str, str]
    critical: frozenset[str]
    theme: Mapping[str, str]
    #: Companies and deposits of the trade, by the best place where they stand.
    miners: Mapping[str, str]
    #: The companies and deposits of the trade in title and opening, in their order.
    actors: Sequence[str]
    #: Words of the trade in title and opening, and those that other trades have too.
    context: Sequence[str]
    weak: Sequence[str]
    #: Kinds of event of title and opening.
    events: Sequence[str]
    #: Countries of the title.
    countries: Sequence[str]
    #: Figures of the trade in title and opening.
    figures: Sequence[Claim]
    other: Sequence[str]
    #: Indices of stock markets, by place.
    roundup: Mapping[str, str]
    #: Words of coal, oil and gas.
    fossil: Sequence[str]
    is_dedicated: bool


def score(found: Evidence) -> tuple[float, tuple[str, ...]]:
    """The score, rounded to two digits, and its parts in words; the parts sum to it."""
    parts = [*_names(found), *_around(found)]
    if found.is_dedicated:
        parts.append((DEDICATED, "the source is about minerals only"))
    total = round(sum(points for points, _ in parts), 2)
    bounded = min(1.0, max(0.0, total))
    if bounded != total:
        parts.append((round(bounded - total, 2), "kept within 0 and 1"))
    return bounded, tuple(f"{points:+.2f} {words}" for points, words in parts)


def _names(found: Evidence) -> list[tuple[float, str]]:
    """Points for the best name of a mineral, of the whole matter, or of a miner."""
    named = [
        (
            (CRITICAL if mineral in found.critical else BASE)[place],
            f"mineral in the {place}: {mineral}",
        )
        for mineral, place in found.minerals.items()
    ]
    named += [
        (THEME[place], f"matter in the {place}: {word}") for word, place in found.theme.items()
    ]
    named += [
        (MINER[place], f"miner in the {place}: {name}") for name, place in found.miners.items()
    ]
    parts = [max(named)] if named else []
    if found.actors:
        parts.append((ACTOR, f"known name: {found.actors[0]}"))
    return parts


def _around(found: Evidence) -> list[tuple[float, str]]:
    """Points for words of the trade, and against words of other worlds."""
    is_told = any(place != "text" for place in (*found.minerals.values(), *found.theme.values()))
    if is_told or found.miners:
        parts = [
            *_about_critical(found),
            *_counted(WEAK, found.weak[:MOST_WEAK], "words of any trade"),
        ]
        if found.figures:
            figure = found.figures[0]
            parts.append((FIGURE, f"figure: {figure.kind} {figure.value:g} {figure.unit}"))
    else:
        parts = _nameless(found)
    parts += _counted(CONTEXT, found.context[:MOST_CONTEXT], "words of the trade")
    is_alone = not (found.context or found.weak or found.theme or found.miners or found.figures)
    if found.minerals and is_alone and not set(found.events) - COMMON_EVENTS:
        parts.append((-ALONE, "no word of the trade beside it"))
    tours = [(ROUNDUP[place], f"market report: {word}") for word, place in found.roundup.items()]
    parts += [min(tours)] if tours else []
    if found.other:
        shown = found.other[:MOST_OTHER]
        points = round(-OTHER - FURTHER * (len(shown) - 1), 2)
        parts.append((points, f"words of other worlds: {', '.join(shown)}"))
    return parts


def _counted(points: float, words: Sequence[str], what: str) -> list[tuple[float, str]]:
    """So many points for each word."""
    return [(round(points * len(words), 2), f"{what}: {', '.join(words)}")] if words else []


def _nameless(found: Evidence) -> list[tuple[float, str]]:
    """What speaks for and against a text that names no mineral, matter or miner."""
    parts = _counted(-FOSSIL, found.fossil[:MOST_FOSSIL], "coal, oil and gas")
    if found.events and len(found.context) >= BESIDE:
        parts.append((NAMELESS_EVENT, f"event: {found.events[0]}"))
    return parts


def _about_critical(found: Evidence) -> list[tuple[float, str]]:
    """What a mineral of the critical lists gains from what stands with it."""
    told = [m for m, place in found.minerals.items() if place != "text"]
    critical = [m for m in told if m in found.critical and found.minerals[m] == "title"]
    titled = critical or list(found.theme)
    parts = []
    if len(told) >= SEVERAL:
        parts.append((SEVERAL_POINTS, f"several minerals: {', '.join(told[:SEVERAL])}"))
    events = [e for e in found.events if titled or (told and e in METAL_EVENTS)]
    if found.countries and (titled or (told and events)):
        parts.append((COUNTRY, f"country in the title: {found.countries[0]}"))
    if events:
        parts.append((EVENT, f"event: {events[0]}"))
    return parts
