"""
Words around names: of the trade, of the whole matter, of other worlds, and of kinds of event.

`words.toml` holds words that count in every text; `words/<language>.toml` those that count in
texts of that language only, so that a word of one language is not taken for one of another.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from monitor.enrich.vocabulary import Hit, Name, Vocabulary
from monitor.errors import BadInput

COMMON, FOLDER = "words.toml", "words"

#: Parts whose words tell what a text is about: words of the trade, those that other trades have
#: too, the whole matter, other worlds, indices of stock markets, and coal, oil and gas.
PARTS = ("context", "weak", "theme", "other", "roundup", "fossil")

#: Parts of a file: those, phrases that contain a name and are none, kinds of event, countries.
LISTS, TABLES = (*PARTS, "nothing"), ("events", "countries")

#: Those that the common words are of; other languages that have words of their own share with
#: them only acronyms and names.
COMMON_LANGUAGES = frozenset({"en", "de", "fr", "es", "ru", "kk", "zh"})

#: Languages that are read with the words of another, which they are close to.
KIN = {
    "ms": "id", "hr": "sr", "bs": "sr", "sh": "sr", "cnr": "sr", "nb": "no", "nn": "no",
    "fil": "tl", "cmn": "zh", "yue": "zh", "az-latn": "az",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """What a word found tells."""

    #: One of `PARTS`, or `event`.
    part: str
    #: The word as it is written in the data; the kind of event.
    value: str
    #: The only language in which it counts; '' = any.
    language: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of all parts, compiled for one pass."""

    vocabulary: Vocabulary[Word]
    #: That have words of their own.
    languages: frozenset[str]

    def scan(self, text: str, lower: str, language: str) -> dict[str, list[Hit[str]]]:
        """
        Words found, by part, each in order of its end.

        Args:
            lower: `folded(text)`.
            language: of the text; words of other languages are left out.
        """
        found: dict[str, list[Hit[str]]] = {part: [] for part in (*PARTS, "event")}
        spoken = KIN.get(language, language)
        is_common = spoken in COMMON_LANGUAGES or spoken not in self.languages
        for hit in self.vocabulary.scan(text, lower, spoken):
            word = hit.meaning
            if word.language or is_common or not _is_plain(hit.written):
                found[word.part].append(Hit(hit.start, hit.end, word.value, hit.written))
        return found


@dataclass(frozen=True, slots=True)
class Words:
    """One file of words, checked."""

    file: str
    #: '' for the words that count in any language.
    language: str
    #: Part to its words.
    lists: Mapping[str, Sequence[str]]
    #: `events`: kind to words; `countries`: code to names.
    tables: Mapping[str, Mapping[str, Sequence[str]]]


def read_words(root: Traversable, *, is_users: bool = False) -> list[Words]:
    """
    The files of words, the common one first.

    Args:
        is_users: the common file may be missing.

    Raises:
        BadInput: a file is missing or holds something else; the message names it.
    """
    common = root.joinpath(COMMON)
    found = [] if is_users and not common.is_file() else [_words(common, COMMON, "")]
    folder = root.joinpath(FOLDER)
    if folder.is_dir():
        names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
        found += [
            _words(folder.joinpath(name), f"{FOLDER}/{name}", name.removesuffix(".toml"))
            for name in names
        ]
    return found


def compiled(files: Iterable[Words]) -> Lexicon:
    """The words of these files, ready to be looked for."""
    files = list(files)
    return Lexicon(
        Vocabulary(name for file in files for name in _names(file)),
        frozenset(file.language for file in files),
    )


def _is_plain(written: str) -> bool:
    """Whether a word is written small in Latin letters: no acronym, no name, no ideographs."""
    return "a" <= written[0] <= "ɏ" and written == written.lower()


def _names(file: Words) -> Iterator[Name[Word]]:
    for part in PARTS:
        for word in dict.fromkeys(file.lists.get(part, ())):
            yield Name(word, Word(part, word, file.language), language=file.language)
    for event, words in file.tables.get("events", {}).items():
        for word in words:
            yield Name(word, Word("event", event, file.language), language=file.language)


def _words(place: Traversable, name: str, language: str) -> Words:
    try:
        data = tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}.", subject=name) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is no TOML: {error}.", subject=name) from error
    unknown = set(data) - {*LISTS, *TABLES}
    if unknown:
        known = ", ".join((*LISTS, *TABLES))
        raise BadInput(f"has an unknown part [{min(unknown)}]; there are {known}.", subject=name)
    if language:
        lists = {part: _list(name, part, data.get(part, [])) for part in LISTS}
    else:
        # The common file groups the words of a part freely, under names that nothing reads.
        lists = {
            part: [word for words in _table(name, part, data).values() for word in words]
            for part in LISTS
        }
    return Words(name, language, lists, {part: _table(name, part, data) for part in TABLES})


def _table(name: str, part: str, data: Mapping[str, Any]) -> dict[str, list[str]]:
    table = data.get(part, {})
    if not isinstance(table, dict):
        raise BadInput(f"[{part}] must hold lists of words.", subject=name)
    return {key: _list(name, f"{part}.{key}", words) for key, words in table.items()}


def _list(name: str, part: str, words: object) -> list[str]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadInput(f"[{part}] must hold lists of words.", subject=name)
    empty = next((word for word in words if not word.strip("*~ ")), None)
    if empty is not None:
        raise BadInput(f"[{part}] holds {empty!r}, which has no letters.", subject=name)
    return words
