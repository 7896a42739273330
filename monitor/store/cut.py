"""
How text and queries are cut into what is indexed: one way for both databases.

A word is indexed as its stem. Writing without spaces (Chinese, Japanese, Thai) is cut into
overlapping pairs, and the last character of a run once more alone, so that a run is found in
any other as a phrase, and a single character by its beginning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.store import stems
from monitor.store.traditional import simplified

#: Characters of a text that are indexed.
INDEXED_CHARS = 200_000

#: Longer words are no words of a language.
LONGEST = 60

_SPACELESS = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3"
)
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x2100) if unicodedata.category(chr(code)).startswith("M")
)
_LETTER = rf"[^\W_{_SPACELESS}]"
_APOSTROPHES = "(?<=[ogOG])[ʻʼ‘’'`](?=\\w)|(?<=\\w)['’][sS](?!\\w)"
_WORD = re.compile(rf"{_LETTER}+(?:(?:[{_MARKS}\xad]|{_APOSTROPHES}){_LETTER}*)*|[{_SPACELESS}]+")
_FIRST_SPACELESS = "\u0e01"
_IS_RUN = re.compile(rf"[{_SPACELESS}]")

#: Accents, except the one that makes й of и: Russian endings need it.
_BREVE = "\u0306"
_OTHERS = "".join(mark for mark in _MARKS if unicodedata.combining(mark) and mark != _BREVE)
_ACCENTS = re.compile(f"(?<![иИ]){_BREVE}|[{_OTHERS}]")

#: What stands within a word and is not of it: soft hyphens, the apostrophes of Uzbek, `'s`.
_WITHIN = re.compile(f"\xad|{_APOSTROPHES}")

#: What folding takes away; all else becomes as many characters or more.
_SHRINKING = re.compile(f"[{_MARKS}]|{_WITHIN.pattern}")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text as it is indexed, with where it stands."""

    text: str
    start: int
    end: int
    #: As it was written, in small letters.
    form: str = ""


def folded(text: str) -> str:
    """Compatibility forms unified, small letters, no accents; ё is е, й stays; 鎢 is 钨."""
    if text.isascii():
        return _WITHIN.sub("", text.lower())
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return simplified(_WITHIN.sub("", unicodedata.normalize("NFC", bare)))


def words(text: str) -> list[str]:
    """Words and runs of a folded text."""
    return [found[:LONGEST] if not is_run(found) else found for found in _WORD.findall(text)]


def is_run(word: str) -> bool:
    """Whether it is writing without spaces."""
    return word[0] >= _FIRST_SPACELESS and bool(_IS_RUN.match(word))


def pieces(word: str, language: str) -> list[str]:
    """What one folded word or run of a text of this language is indexed as."""
    if not is_run(word):
        return [stems.stem(word, language)]
    return [*(word[at : at + 2] for at in range(len(word) - 1)), word[-1]]


def tokens(text: str, language: str) -> Iterator[Token]:
    """The pieces of a text as it was written, in order, each with its place."""
    plain = folded(text)
    if len(plain) == len(text) and not _SHRINKING.search(text):
        for match in _WORD.finditer(plain):
            yield from _tokens(match[0], match.start(), language)
        return
    for match in _WORD.finditer(text):
        start, end = match.span()
        whole = folded(match[0])
        for word in words(whole):
            if len(whole) == end - start:
                yield from _tokens(word, start + whole.index(word), language)
            else:
                for piece in pieces(word, language):
                    yield Token(piece, start, end, word)


def _tokens(word: str, start: int, language: str) -> Iterator[Token]:
    if is_run(word):
        for at, piece in enumerate(pieces(word, language)):
            yield Token(piece, start + at, start + at + len(piece))
    else:
        word, end = word[:LONGEST], start + len(word)
        yield Token(stems.stem(word, language), start, end, word)
