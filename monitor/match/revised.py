"""What changed in an article that is seen again: only its look, its words, or its figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol

from monitor.text import normalised, words

#: A notice is shown up to so many characters.
SHOWN = 160

_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।])|\n")

_BETWEEN = "\x1f"


class Figure(Protocol):
    """A claim, or its row."""

    kind: str
    value: float
    unit: str
    basis: str
    stage: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """SHA-256 hex of the title and text as they were read, of their words, and of the figures."""

    raw: str
    text: str
    claims: str


def hashes(title: str, text: str, figures: Iterable[Figure]) -> Hashes:
    """By what one revision of an article is told from the next."""
    return Hashes(
        raw=raw_hash(title, text),
        text=_hash(*words(title), "", *words(text)),
        claims=claims_hash(figures),
    )


def raw_hash(title: str, text: str) -> str:
    """The same for the same characters."""
    return _hash(title, text)


def claims_hash(figures: Iterable[Figure]) -> str:
    """The same for the same figures, in whatever order and words they are stated."""
    return _hash(*sorted({_figure(one) for one in figures}))


def change(before: Hashes, after: Hashes) -> str:
    """`cosmetic`: the same words; `material`: other figures; else `text`."""
    if before.text == after.text:
        return "cosmetic"
    return "material" if before.claims != after.claims else "text"


def notice(before: str, after: str) -> str:
    """
    The sentence by which the newer text says that it corrects, or takes back, the older one.

    Returns:
        '' where no such words came in.
    """
    asked = _notices()
    if not asked.search(normalised(after)):
        return ""
    known = set(_sentences(before))
    came = (sentence for sentence in _sentences(after) if sentence not in known)
    found = next((sentence for sentence in came if asked.search(normalised(sentence))), "")
    return found if len(found) <= SHOWN else f"{found[: SHOWN - 1].rstrip()}…"


def _sentences(text: str) -> Iterator[str]:
    return (flat for part in _SENTENCES.split(text) if (flat := " ".join(part.split())))


@cache
def _notices() -> re.Pattern[str]:
    data = tomllib.loads(files("monitor.match").joinpath("notices.toml").read_text("utf-8"))
    phrases = {_phrase(word) for found in data.values() for word in found}
    return re.compile("|".join(sorted(phrases, key=lambda phrase: (-len(phrase), phrase))))


def _phrase(word: str) -> str:
    """One phrase as a pattern: words begin where one begins, where the script has such places."""
    flat = re.escape(normalised(word)).replace(":", r"\s?[:.\u2013\u2014-]")
    return flat if not flat[0].isalpha() or normalised(word)[0] >= "\u3040" else rf"\b{flat}"


def _figure(one: Figure) -> str:
    return _BETWEEN.join(
        (one.kind, f"{one.value:.15g}", one.unit, one.basis, one.stage, one.category)
    )


def _hash(*parts: str) -> str:
    return sha256(_BETWEEN.join(parts).encode("utf-8", "surrogatepass")).hexdigest()
