"""How far a matter has come, by the words of a title: closed, suspended, extended, …."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from monitor.model import Telling
from monitor.text import normalised

#: Characters of the text in which the other article may say the same turn.
OPENING_CHARS = 700


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Turn to the pattern of all its words; data file `turns.toml`."""
    data = tomllib.loads(files("monitor.match").joinpath("turns.toml").read_text("utf-8"))
    patterns = {}
    for turn, by_language in data.items():
        words = {normalised(word) for found in by_language.values() for word in found}
        any_word = "|".join(
            ("" if _is_chinese(word) else r"\b") + re.escape(word)
            for word in sorted(words, key=lambda word: (-len(word), word))
        )
        patterns[turn] = re.compile(any_word)
    return patterns


def _is_chinese(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


@lru_cache(4096)
def turns(text: str) -> frozenset[str]:
    """The turns that the words of a text name."""
    flat = normalised(text)
    return frozenset(turn for turn, pattern in _patterns().items() if pattern.search(flat))


def parted(one: Telling, other: Telling) -> str:
    """The turn that one title names and the other article does not open with, or ''."""
    for teller, hearer in ((one, other), (other, one)):
        named = turns(teller.title)
        if named and not named & turns(f"{hearer.title}\n{hearer.text[:OPENING_CHARS]}"):
            return min(named)
    return ""
