"""What the taxonomy holds, by language, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.enrich.book import Book, read_book
from monitor.enrich.doubles import doubles
from monitor.enrich.taxonomy import compile_taxonomy
from monitor.enrich.vocabulary import Vocabulary
from monitor.enrich.words import Words
from monitor.errors import BadInput

#: Problems that are named.
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Spoken:
    """The names of one language; '' = those that count in any."""

    language: str
    minerals: int
    #: Of those, the names of rows that a person has checked.
    reviewed: int
    #: Minerals and countries that have a name in it.
    minerals_named: int
    countries_named: int
    #: Words of the trade, of the matter and of other worlds, and words of events.
    words: int


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that can be counted."""

    #: Kind to how many things there are of it.
    things: dict[str, int]
    spoken: tuple[Spoken, ...]
    #: List to how many minerals it names.
    lists: dict[str, int]
    problems: tuple[str, ...]


def survey(own: Path | None = None) -> Survey:
    """
    Count and check ours with a user's folder; what is wrong is told, not raised.

    The first fault of a file hides those behind it: put it right and look again.
    """
    try:
        book = read_book(own)
    except BadInput as error:
        return Survey({}, (), {}, (str(error),))
    problems = list(_doubled(book))
    if not problems:
        try:
            compile_taxonomy(book)
        except BadInput as error:
            problems.append(str(error))
    return Survey(
        things=_things(book),
        spoken=tuple(_spoken(book)),
        lists=dict(Counter(one.list for one in book.lists.listings)),
        problems=tuple(problems[:MOST_PROBLEMS]),
    )


def _doubled(book: Book) -> Iterator[str]:
    for one, other in doubles(book, Vocabulary(book.names)):
        first, second = one.meaning, other.meaning
        yield (
            f"{second.file}: line {second.line}: {other.written!r} means {second.id} here, and "
            f"{first.id} in {first.file}, line {first.line}."
        )


def _things(book: Book) -> dict[str, int]:
    found = Counter(entity.kind for entity in book.entities.values())
    found["mineral"] = len(book.classes)
    found["country"] = len({n.meaning.id for n in book.names if n.meaning.kind == "country"})
    found["name"] = len(book.names)
    return dict(sorted(found.items()))


def _spoken(book: Book) -> Iterator[Spoken]:
    names: dict[str, list[tuple[str, str, bool]]] = {}
    for name in book.names:
        concept = name.meaning
        entry = (concept.kind, concept.id, concept.is_reviewed is True)
        names.setdefault(concept.spoken, []).append(entry)
    words = {file.language: _size(file) for file in book.words}
    for language in sorted({*names, *words}):
        told = names.get(language, [])
        yield Spoken(
            language=language,
            minerals=sum(kind == "mineral" for kind, _, _ in told),
            reviewed=sum(kind == "mineral" and is_reviewed for kind, _, is_reviewed in told),
            minerals_named=len({key for kind, key, _ in told if kind == "mineral"}),
            countries_named=len({key for kind, key, _ in told if kind == "country"}),
            words=words.get(language, 0),
        )


def _size(file: Words) -> int:
    """How many words one file of words holds."""
    return sum(map(len, file.lists.values())) + sum(map(len, file.tables["events"].values()))
