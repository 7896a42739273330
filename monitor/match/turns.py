"""How far a matter has come, by the words of a title: closed, suspended, extended, …."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from importlib.resources import files

from monitor.model import Telling
from monitor.text import normalised, opening_end, prose

#: Characters of the text in which the other article may say the same turn.
OPENING_CHARS = 700


#: A year to come in a title is news of its own: the plan for 2030 is not the deal it is part of.
_YEAR = re.compile(r"(?<!\d)(20[2-9]\d)(?!\d)")

#: Words that may stand where the data says `..`.
BETWEEN = r"\w*(?:\W+\w+){0,6}?\W+"


#: What a phrase begins with, which is looked for first because that is quick, and its pattern.
Phrase = tuple[str, re.Pattern[str]]


@cache
def _phrases() -> dict[str, tuple[list[Phrase], list[Phrase]]]:
    """Turn to the words that ask for it, and all words that tell it."""
    data = tomllib.loads(files("monitor.match").joinpath("turns.toml").read_text("utf-8"))
    phrases = {}
    for turn, by_language in data.items():
        words = {normalised(word) for found in by_language.values() for word in found}
        asking = {word for word in words if not word.startswith("~")}
        phrases[turn] = (_compiled(asking), _compiled({word.lstrip("~") for word in words}))
    return phrases


def _compiled(words: AbstractSet[str]) -> list[Phrase]:
    return [
        (
            word.partition(" .. ")[0],
            re.compile(
                r"\b" * _has_spaces(word) + BETWEEN.join(map(re.escape, word.split(" .. ")))
            ),
        )
        for word in sorted(words)
    ]


def _has_spaces(word: str) -> bool:
    """Whether its script puts spaces between words."""
    return not ("\u3040" <= word[0] <= "\u9fff" or "\uac00" <= word[0] <= "\ud7a3")


def _is_said(phrases: Sequence[Phrase], flat: str) -> bool:
    return any(start in flat and pattern.search(flat) for start, pattern in phrases)


@lru_cache(4096)
def turns(text: str) -> frozenset[str]:
    """The turns that the words of a text ask for, as a title does."""
    flat = normalised(text)
    return frozenset(turn for turn, (asks, _) in _phrases().items() if _is_said(asks, flat))


@lru_cache(4096)
def told(text: str) -> frozenset[str]:
    """The turns that the words of a text tell, be it in passing."""
    flat = normalised(text)
    return frozenset(turn for turn, (_, tells) in _phrases().items() if _is_said(tells, flat))


def parted(one: Telling, other: Telling) -> str:
    """The turn that one title names and the other article does not open with, or ''."""
    for teller, hearer in ((one, other), (other, one)):
        named = turns(teller.title)
        if named and not named & told(_heard(hearer)):
            return min(named)
    return ""


def planned(one: Telling, other: Telling) -> str:
    """The year to come that one title names and the other article does not, in words, or ''."""
    for teller, hearer in ((one, other), (other, one)):
        years = {year for year in _YEAR.findall(teller.title) if int(year) > teller.at.year}
        if years and not years & set(_YEAR.findall(_heard(hearer))):
            return f"speaks of {min(years)}"
    return ""


def _heard(hearer: Telling) -> str:
    return f"{hearer.title}\n{_opening(hearer.text)}"


def _opening(text: str) -> str:
    return prose(text)[: opening_end(text, OPENING_CHARS)]
