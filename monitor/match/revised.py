"""What changed in an article that is seen again: only its look, its words, or its figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from monitor.text import normalised, words

#: A notice is shown up to so many characters.
SHOWN = 160

_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।])|\n")

_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """SHA-256 hex of the title and text as they were read, of their words, and of the figures."""

    raw: str
    text: str
    claims: str


def hashes(title: str, text: str, figures: Iterable[Any]) -> Hashes:
    """By what a revision of an article is told from the next; figures: claims or their rows."""
    return Hashes(
        raw=raw_hash(title, text),
        text=_hash(*words(title), "", *words(text)),
        claims=claims_hash(figures),
    )


def raw_hash(title: str, text: str) -> str:
    """The same for the same characters."""
    return _hash(title, text)


def claims_hash(figures: Iterable[Any]) -> str:
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
    if not _is_notice(after):
        return ""
    known = set(_sentences(before))
    came = (sentence for sentence in _sentences(after) if sentence not in known)
    found = next(filter(_is_notice, came), "")
    return found if len(found) <= SHOWN else f"{found[: SHOWN - 1].rstrip()}…"


def _sentences(text: str) -> Iterator[str]:
    return (flat for part in _SENTENCES.split(text) if (flat := " ".join(part.split())))


def _is_notice(text: str) -> bool:
    flat = normalised(text)
    return any(start in flat and pattern.search(flat) for start, pattern in _notices())


@cache
def _notices() -> list[tuple[str, re.Pattern[str]]]:
    """By what each notice begins with, which is looked for first: that is quick."""
    data = tomllib.loads(files("monitor.match").joinpath("notices.toml").read_text("utf-8"))
    phrases = {normalised(word) for found in data.values() for word in found}
    return [(phrase.partition(":")[0], re.compile(_pattern(phrase))) for phrase in sorted(phrases)]


def _pattern(phrase: str) -> str:
    """Words begin where one begins, in scripts that have such places; a colon may be a dash."""
    flat = re.escape(phrase).replace(":", r"\s?[:.\u2013\u2014-]")
    return flat if not phrase[0].isalpha() or phrase[0] >= "\u3040" else rf"\b{flat}"


def _figure(one: Any) -> str:
    return _BETWEEN.join(
        (one.kind, f"{one.value:.15g}", one.unit, one.basis, one.stage, one.category)
    )


def _hash(*parts: str) -> str:
    return sha256(_BETWEEN.join(parts).encode("utf-8", "surrogatepass")).hexdigest()
