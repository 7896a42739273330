"""
The words of rules in a text, sentence by sentence, by the lists of `data/instruments.toml`.

All lists are looked for in one pass; what a word means is the section it stands in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.enrich.sentences import sentences
from monitor.enrich.vocabulary import Hit, Name, Vocabulary, folded, longest
from monitor.model.instruments import Finding

#: Characters of a text that are read for rules.
READ_CHARS = 20_000

#: Sections whose words name a rule.
NAMING = frozenset({"phrase", "noun", "stops"})

#: Words of one sentence: what has more is no sentence.
MOST_WORDS = 200

#: A quote is at most this long; longer sentences are cut around the word.
QUOTE_CHARS = 320

#: "5 May" is no "may".
_MAY = re.compile(r"May\b")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the lists: its section, what it means there, and where it stands."""

    section: str
    meaning: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its words, in order of their place."""

    number: int
    start: int
    end: int
    words: tuple[Word, ...]

    def of(self, *sections: str) -> list[Word]:
        """The words of some sections."""
        return [word for word in self.words if word.section in sections]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The data file compiled; safe to share between threads."""

    words: Vocabulary[tuple[str, str]]
    #: Those without which no rule is named; most texts have none of them.
    naming: Vocabulary[tuple[str, str]]
    #: By kind of rule: what its nouns need beside them.
    needs: Mapping[str, str]


@cache
def lists() -> Lists:
    """The lists that come with the monitor."""
    source = files("monitor.enrich").joinpath("data", "instruments.toml")
    return compiled(tomllib.loads(source.read_text(encoding="utf-8")))


def compiled(data: Mapping[str, Any]) -> Lists:
    """The lists ready for scanning."""
    names = list(_names(data))
    return Lists(
        words=Vocabulary(names),
        naming=Vocabulary(name for name in names if name.meaning[0] in NAMING),
        needs={what: found["needs"] for what, found in data["what"].items()},
    )


def _names(data: Mapping[str, Any]) -> Iterator[Name[tuple[str, str]]]:
    for section, found in data.items():
        if section == "what":
            for what, of_kind in found.items():
                yield from (Name(word, ("phrase", what)) for word in of_kind["phrases"])
                yield from (Name(word, ("noun", what)) for word in of_kind["nouns"])
            continue
        for meaning, words in found.items():
            yield from (Name(word, (section, meaning)) for word in dict.fromkeys(words))


def read_sentences(text: str, known: Lists) -> list[Sentence]:
    """The sentences of `title + "\\n" + text` that have words of the lists."""
    shown = text[:READ_CHARS]
    lower = folded(shown)
    if not any(True for _ in known.naming.scan(shown, lower)):
        return []
    hits = [*known.words.scan(shown, lower)]
    words = sorted(_kept(shown, hits), key=lambda word: (word.start, word.end))
    found, at = [], 0
    for number, (start, end) in enumerate(sentences(shown)):
        inside: list[Word] = []
        while at < len(words) and words[at].start < end:
            if len(inside) < MOST_WORDS:
                inside.append(words[at])
            at += 1
        found.append(Sentence(number, start, end, tuple(inside)))
    return found


def _kept(text: str, hits: Sequence[Hit[tuple[str, str]]]) -> Iterator[Word]:
    """Of each section the longest words; none inside of what only looks like a rule."""
    by_section: dict[str, list[Hit[tuple[str, str]]]] = {}
    for hit in hits:
        section = hit.meaning[0]
        group = "what" if section in {"phrase", "noun"} else section
        by_section.setdefault(group, []).append(hit)
    blocked = _spans(longest(by_section.pop("nothing", ())))
    for found in by_section.values():
        for hit in dict.fromkeys(longest(found)):
            section, meaning = hit.meaning
            is_month = section == "plans" and _MAY.match(text, hit.start)
            if not is_month and not _touches(blocked, hit.start, hit.end):
                yield Word(section, meaning, hit.start, hit.end)


def _spans(hits: Iterable[Hit[tuple[str, str]]]) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in hits]


def _touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < right and left < end for left, right in spans)


def finding(text: str, sentence: Sentence, value: str, at: int, end: int) -> Finding:
    """A value with its sentence, or as much of a long one as is allowed around its words."""
    left, right = sentence.start, sentence.end
    if right - left > QUOTE_CHARS:
        half = max(0, (QUOTE_CHARS - (end - at)) // 2)
        left = max(left, min(at - half, right - QUOTE_CHARS))
        right = min(right, left + QUOTE_CHARS)
    return Finding(value=value, quote=text[left:right], start=left, end=right)
