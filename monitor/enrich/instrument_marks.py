"""
What of a rule is written in numbers: for how long, by which document, under which customs codes.

Every pattern is bounded, and is tried within one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.enrich.instrument_words import Sentence, Word

#: Characters between the words "for", "на", "为期" and the number of a time.
LASTING_NEAR = 16

#: Characters between a document's noun and its number, and its title.
NUMBER_NEAR, NAME_NEAR = 34, 60

#: Characters of a sentence that are read for numbers.
READ_CHARS = 2_000

_DIGITS_BEFORE = re.compile(r"(?<![\d.,])(\d{1,3})[ \u00a0-]?$")
_BEHIND = re.compile(
    r"\s?(?:后|前|内|ago|later|after|earlier|from now|назад|спустя|бұрын|кейін|später"
    r"|plus tard|después)"
)
_NUMBER = re.compile(
    r"(?:No\.?|Nos\.?|Nr\.?|Nº|N°|№|[Nn]omor|[Nn]úm\.?|[Nn]º|#)[ \u00a0]?(\d[\w/.-]{0,20}\w|\d)"
    r"|\((?:EU|ЕС|UE|EC)\)[ \u00a0](?:No[ \u00a0])?(\d{2,4}/\d{1,4})"
    r"|(?:\d{4}年)?第[ \u00a0]?(\d{1,4})[ \u00a0]?号"
)
_PLAIN = re.compile(
    r"[ \u00a0](?!(?:19|20)\d\d\b)(\d{2,6}(?:[/.-]\d{1,6})?)(?![\d%.,]\d|[ \u00a0]?%)\b"
)
_NAMED = re.compile(r"[«“„《]([^«»“”„《》\n]{8,160})[»”“》]|\"([^\"\n]{8,160})\"")
_CODES = re.compile(
    r"(?:\bHTS?\b|\bHTSUS\b|\bHS\b|\bCN codes?\b|ТН ?ВЭД(?: ЕАЭС)?|ТНВЭД|СЭҚ ТН"
    r"|税则号列?|税号|海关编码|商品编号)[^\d\n]{0,20}"
    r"(\d{4}(?:[ .]?\d{2,4}){0,3}"
    r"(?:(?:, ?|; ?| and | и | и с |、)\d{4}(?:[ .]?\d{2,4}){0,3}){0,9})"
)
_CODE = re.compile(r"\d{4}(?:[ .]?\d{2,4}){0,3}")


def durations(text: str, sentence: Sentence, *, is_named: bool) -> Iterator[tuple[str, int, int]]:
    """
    For how long a rule is to hold: ISO 8601 (`P6M`), and where it stands.

    Args:
        is_named: the sentence names the rule; else only what "lasts" or is "valid for" a time
            is meant, not all that goes on for one.
    """
    numbers = {word.end: word for word in sentence.of("number_words")}
    lasting = [w for w in sentence.of("lasting") if is_named or w.meaning == "surely"]
    for unit in sentence.of("units"):
        if _BEHIND.match(text, unit.end):
            continue
        value, start = _count(text, sentence, unit, numbers)
        if value and _lasts(text, unit, start, lasting, is_named=is_named):
            yield value, start, unit.end


def _count(text: str, sentence: Sentence, unit: Word, numbers: dict[int, Word]) -> tuple[str, int]:
    """The time that a unit and what stands before it mean; '' = none."""
    if unit.meaning == "H":
        return "P6M", unit.start
    digits = _DIGITS_BEFORE.search(text[max(sentence.start, unit.start - 6) : unit.start])
    if digits:
        return f"P{int(digits[1])}{unit.meaning}", unit.start - len(digits[0])
    before = numbers.get(unit.start) or numbers.get(unit.start - 1)
    return (f"P{before.meaning}{unit.meaning}", before.start) if before else ("", unit.start)


def _lasts(text: str, unit: Word, start: int, lasting: Sequence[Word], *, is_named: bool) -> bool:
    """Whether that long is meant: "for six months", "a six-month ban", "алты айға"."""
    surface = text[start : unit.end]
    if is_named and ("-" in surface or surface.endswith(("айға", "жылға", "күнге"))):
        return True
    # "For a year", but "150 tonnes a year".
    reach = 1 if text[start : start + 2] == "a " else LASTING_NEAR
    return any(0 <= start - word.end <= reach for word in lasting)


def documents(text: str, sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Documents with their number as they are written: `Order No. 449`, `公告2025年第70号`."""
    end = min(sentence.end, sentence.start + READ_CHARS)
    nouns = sentence.of("documents")
    for match in _NUMBER.finditer(text, sentence.start, end):
        noun = _noun_at(nouns, match.start(), match.end())
        if noun:
            left, right = min(noun.start, match.start()), max(noun.end, match.end())
            yield " ".join(text[left:right].split()), left, right
    for noun in nouns:
        plain = _PLAIN.match(text, noun.end, end)
        if plain and text[noun.start].isupper():
            yield text[noun.start : plain.end()], noun.start, plain.end()


def names(text: str, sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Titles of documents, as they are quoted behind their noun."""
    end = min(sentence.end, sentence.start + READ_CHARS)
    nouns = sentence.of("documents")
    for match in _NAMED.finditer(text, sentence.start, end):
        if any(0 <= match.start() - noun.end <= NAME_NEAR for noun in nouns):
            yield " ".join((match[1] or match[2]).split()), match.start(), match.end()


def codes(text: str, sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Codes of customs, as they are written."""
    end = min(sentence.end, sentence.start + READ_CHARS)
    for match in _CODES.finditer(text, sentence.start, end):
        for code in _CODE.finditer(match[1]):
            yield code[0], match.start(), match.end()


def number_of(document: str) -> str:
    """What tells documents apart in any language: the digits of their number."""
    match = _NUMBER.search(document)
    if match:
        return next(group for group in match.groups() if group)
    digits = re.search(r"\d[\d/.-]*$", document)
    return digits[0] if digits else document.casefold()


def _noun_at(nouns: Sequence[Word], start: int, end: int) -> Word | None:
    """The noun that a number belongs to: the nearest before it, else directly behind."""
    before = [noun for noun in nouns if 0 <= start - noun.end <= NUMBER_NEAR]
    behind = [noun for noun in nouns if 0 <= noun.start - end <= 2]
    return before[-1] if before else next(iter(behind), None)
