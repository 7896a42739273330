"""
Names that would mean two things in one language, which the data must not hold by accident.

Allowed are: a name that is weak, or wants words of its own, in one of its meanings (the words
around it decide); a mineral and its group, or a place and its country, which are both meant;
and names marked `&`, which mean two things on purpose (NdPr is neodymium and praseodymium).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from monitor.enrich.book import Book
from monitor.enrich.concepts import Concept
from monitor.enrich.vocabulary import Name, Vocabulary
from monitor.errors import BadInput

Named = Name[Concept]


def refuse_doubles(book: Book, vocabulary: Vocabulary[Concept]) -> None:
    """
    Check the names of a book.

    Raises:
        BadInput: a name means two things; the message names both rows.
    """
    for one, other in doubles(book, vocabulary):
        if _is_users(one) and not _is_users(other):
            one, other = other, one  # noqa: PLW2901 - the user's row is the one to be put right
        first, second = one.meaning, other.meaning
        raise BadInput(
            f"line {second.line}: {other.written!r} means {second.id} ({second.kind}) here, and "
            f"{first.id} ({first.kind}) in {first.file}, line {first.line}.",
            subject=second.file,
            advice="Put it among the weak names, or write & before it in both rows if both are "
            "meant.",
        )


def _is_users(name: Named) -> bool:
    return Path(name.meaning.file).is_absolute()


def doubles(book: Book, vocabulary: Vocabulary[Concept]) -> Iterator[tuple[Named, Named]]:
    """Each two rows that give one name two meanings, in the order of the files."""
    first: dict[str, tuple[str, str]] = {}
    suspect: dict[str, list[Named]] = {}
    spellings = [spelling.rstrip("~") for spelling in vocabulary.spellings]
    for spelling, name in zip(spellings, vocabulary.names, strict=True):
        meant = name.meaning[:2]
        if first.setdefault(spelling, meant) != meant:
            suspect.setdefault(spelling, [])
    for spelling, name in zip(spellings, vocabulary.names, strict=True):
        if spelling in suspect:
            suspect[spelling].append(name)
    for names in suspect.values():
        yield from _doubled(book, names)


def _doubled(book: Book, names: Sequence[Named]) -> Iterator[tuple[Named, Named]]:
    for one, other in combinations(_distinct(names), 2):
        if not _may_both(book, one.meaning, other.meaning):
            yield one, other


def _distinct(names: Sequence[Named]) -> list[Named]:
    """One name for each meaning: cells repeat each other."""
    found: dict[tuple[object, ...], Named] = {}
    for name in names:
        meaning = name.meaning
        key = (meaning.kind, meaning.id, meaning.language, _is_careful(meaning), meaning.is_shared)
        found.setdefault(key, name)
    return list(found.values())


def _is_careful(concept: Concept) -> bool:
    """Whether words around the name decide."""
    return concept.is_weak or concept.is_listed or bool(concept.needs)


def _may_both(book: Book, one: Concept, other: Concept) -> bool:
    is_apart = one.language and other.language and one.language != other.language
    is_same = (one.kind, one.id) == (other.kind, other.id)
    if is_apart or is_same or _is_careful(one) or _is_careful(other):
        return True
    if "nothing" in {one.kind, other.kind} or (one.is_shared and other.is_shared):
        return True
    return _is_part(book, one, other) or _is_part(book, other, one)


def _is_part(book: Book, part: Concept, whole: Concept) -> bool:
    """Whether the one belongs to the other: a member of a group, a place of a country."""
    if part.kind == whole.kind == "mineral":
        return book.groups.get(part.id) == whole.id
    entity = book.entities.get(part.id)
    return whole.kind == "country" and entity is not None and whole.id in entity.countries
