"""
What a person typed into the search box, as terms; any text is a query.

`"…"` asks for a phrase (in any inflection), a `-` before a word or phrase excludes it; all
else is looked for as it stands. A word is looked for as its stem in every language, and by
its own beginning, except within quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.store import cut, stems

#: Words of a query that are looked for.
MOST_WORDS = 20

#: Characters of a query that are read, and pieces of one run.
_MOST_CHARS, _MOST_PIECES = 2000, 40

#: Shorter words are looked for whole; a Korean letter is a syllable.
PREFIX_LETTERS, _PREFIX_SYLLABLES = 4, 2

_QUOTED = re.compile('(?:(?<=\\s)|^)(-?)["“”„«»「『]([^"“”„«»「」『』]*)["“”«»」』]|(\\S+)')
_IS_HANGUL = re.compile("[\uac00-\ud7a3]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """Pieces that stand one behind the other; the last may be only the beginning of one."""

    pieces: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must stand in an article, or must not: any of its readings will do."""

    readings: tuple[Reading, ...]
    is_excluded: bool = False


def query_words(query: str) -> list[Term]:
    """
    The terms of a query, those that are excluded last.

    Returns:
        Nothing when the query asks for nothing: it has no word, or only excluded ones.
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    left = MOST_WORDS
    for match in _QUOTED.finditer(query[:_MOST_CHARS]):
        minus, phrase, chunk = match[1] or "", match[2], match[3]
        is_excluded = bool(minus) or (chunk or "").startswith(("-", "−"))
        found = cut.words(cut.folded(phrase if chunk is None else chunk))[:left]
        left -= len(found)
        if not found:
            continue
        if chunk is None or is_excluded:
            term = _phrase(found, is_quoted=chunk is None, is_excluded=is_excluded)
            (unwanted if is_excluded else wanted).append(term)
        else:
            wanted += [_word(word) for word in found]
    return [*dict.fromkeys(wanted), *dict.fromkeys(unwanted)] if wanted else []


def _word(word: str, *, is_excluded: bool = False) -> Term:
    """A word in all languages, or what begins with it; a run of ideographs wherever it stands."""
    if cut.is_run(word):
        return Term((Reading(*_pairs(word)),), is_excluded)
    is_hangul = bool(_IS_HANGUL.fullmatch(word))
    is_long = len(word) >= (_PREFIX_SYLLABLES if is_hangul else PREFIX_LETTERS)
    # What begins with the word is found by it.
    found = [one for one in stems.stems(word) if not (is_long and one.startswith(word))]
    readings = [Reading((word,), is_open=True)] if is_long else []
    return Term((*readings, *(Reading((one,)) for one in found)), is_excluded)


def _phrase(words: Sequence[str], *, is_quoted: bool, is_excluded: bool) -> Term:
    """Words one behind the other, in each language."""
    if len(words) == 1 and (cut.is_run(words[0]) or not is_quoted):
        return _word(words[0], is_excluded=is_excluded)
    readings = dict.fromkeys(_reading(words, language) for language in stems.languages())
    return Term(tuple(readings), is_excluded)


def _reading(words: Sequence[str], language: str) -> Reading:
    *before, last = words
    pieces = [piece for word in before for piece in cut.pieces(word, language)]
    behind, is_open = _pairs(last) if cut.is_run(last) else (cut.pieces(last, language), False)
    return Reading((*pieces, *behind)[:_MOST_PIECES], is_open)


def _pairs(run: str) -> tuple[tuple[str, ...], bool]:
    """A run as the pairs within it, wherever it may go on; a single character begins one."""
    if len(run) == 1:
        return (run,), True
    return tuple(run[at : at + 2] for at in range(min(len(run) - 1, _MOST_PIECES))), False
