"""
Words that may stand at a known place of a text, the longest that fits found first.

The vocabulary finds names anywhere; this looks only at one place, as behind a number. A word
is written as in `vocabulary`: `*` takes any ending of one word. `de:Billion` is meant in
German only. Words of up to three letters are meant in their very case: `Mt`, `mt` and `m`
differ. A word that ends in a letter ends at a word's border, unless its script needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.enrich.vocabulary import ENDING, folded

#: Words up to this many letters are meant in their very case.
CASED = 3

_LANGUAGE = re.compile(r"([a-z]{2}):(?=.)")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """A word at its place."""

    start: int
    end: int
    word: str
    value: Value


@dataclass(frozen=True, slots=True)
class _Word(Generic[Value]):
    written: str
    #: Literals between the `*`, folded.
    parts: Sequence[str]
    #: The only language that it is a word of; '' = any.
    language: str
    is_cased: bool
    value: Value


class Lookup(Generic[Value]):
    """Words compiled for looking them up at a place; safe to share between threads."""

    def __init__(self, words: Iterable[tuple[str, Value]], *, cased: int = CASED) -> None:
        """
        Args:
            cased: up to how many letters a word is meant in its very case.
        """
        self._starting: dict[str, list[_Word[Value]]] = {}
        self._ending: dict[str, list[_Word[Value]]] = {}
        for written, value in words:
            word = _word(written, value, cased)
            self._starting.setdefault(word.parts[0], []).append(word)
            if len(word.parts) == 1:
                self._ending.setdefault(word.parts[0], []).append(word)
        self._lengths = _lengths(self._starting, first=True)
        self._lengths_before = _lengths(self._ending, first=False)

    def at(self, text: str, lower: str, at: int, language: str = "") -> Step[Value] | None:
        """
        The longest word that begins at this very place.

        Args:
            lower: `folded(text)`.
        """
        best: _Word[Value] | None = None
        best_end = 0
        for length in self._lengths.get(lower[at : at + 1], ()):
            for word in self._starting.get(lower[at : at + length], ()):
                if word.language not in ("", language):
                    continue
                end = _end(word, text, lower, at)
                if end > best_end or (end == best_end and best and word.language > best.language):
                    best, best_end = word, end
        return Step(at, best_end, best.written, best.value) if best else None

    def before(self, text: str, lower: str, end: int, language: str = "") -> Step[Value] | None:
        """The longest word that ends at this very place and begins at a word's border."""
        for length in self._lengths_before.get(lower[end - 1 : end], ()):
            start = end - length
            if start < 0:
                continue
            for word in self._ending.get(lower[start:end], ()):
                if word.language not in ("", language):
                    continue
                is_meant = not word.is_cased or _is_same(text[start:end], word.written)
                if is_meant and _begins(lower, start):
                    return Step(start, end, word.written, word.value)
        return None


def listed(data: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The words of a table of the data, each with its key."""
    for key, words in data.items():
        for word in words:
            yield word, key


def needs_border(char: str) -> bool:
    """Whether a letter belongs to a script that parts its words by spaces."""
    return char.isalnum() and not is_unspaced(char)


def is_unspaced(char: str) -> bool:
    """Ideographs, kana, Hangul (particles follow at once), Thai."""
    return (
        "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7af"
        or "\u0e00" <= char <= "\u0e7f"
    )


def _word(written: str, value: Value, cased: int) -> _Word[Value]:
    mark = _LANGUAGE.match(written)
    name = written[mark.end() :] if mark else written
    bare = name.replace("*", "")
    letters = sum(char.isalpha() for char in bare)
    is_cased = "*" not in name and 0 < letters <= cased and not is_unspaced(bare[-1])
    return _Word(
        written=name,
        parts=tuple(folded(part) for part in name.split("*")),
        language=mark[1] if mark else "",
        is_cased=is_cased,
        value=value,
    )


def _lengths(words: Iterable[str], *, first: bool) -> dict[str, tuple[int, ...]]:
    """By first or last letter: the lengths of the words, longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0] if first else word[-1], set()).add(len(word))
    return {letter: tuple(sorted(sizes, reverse=True)) for letter, sizes in found.items()}


def _end(word: _Word[Value], text: str, lower: str, start: int) -> int:
    """Where the word ends that begins here; 0 when it does not stand here."""
    at = start + len(word.parts[0])
    if word.is_cased and not _is_same(text[start:at], word.written):
        return 0
    for part in word.parts[1:]:
        stop = min(len(lower), at + ENDING)
        while at < stop and lower[at].isalpha() and not is_unspaced(lower[at]):
            at += 1
        if not lower.startswith(part, at):
            return 0
        at += len(part)
    last = lower[at - 1]
    is_open = needs_border(last) and lower[at : at + 1].isalpha() and needs_border(lower[at])
    return 0 if is_open else at


def _is_same(shown: str, written: str) -> bool:
    """Whether the letters are the very same; apostrophes and spaces come in many forms."""
    return shown == written or all(
        one == other or not (one.isalpha() or other.isalpha())
        for one, other in zip(shown, written, strict=True)
    )


def _begins(lower: str, start: int) -> bool:
    """Whether no word of the same kind runs on to the left."""
    return not start or not (needs_border(lower[start]) and needs_border(lower[start - 1]))
