"""
The concepts that are looked for, compiled from the data files that a non-programmer can edit.

See docs/taxonomy.md for the files: `minerals.csv`, `names.csv`, `entities.csv`,
`countries.csv`, `country_names.csv`, `lists.csv`, `words.toml`. Names in one cell are parted
by `;`. Weak names mean other things too, and need words of the trade beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from monitor.enrich.book import Book, read_book, uncollected
from monitor.enrich.concepts import BASE, CRITICAL, Concept
from monitor.enrich.doubles import refuse_doubles
from monitor.enrich.language import own_countries
from monitor.enrich.lists import CriticalLists, Listing
from monitor.enrich.vocabulary import Name, Vocabulary
from monitor.enrich.words import Lexicon, compiled

#: Kinds whose home country is theirs; an exchange trades for all the world.
AT_HOME = frozenset({"company", "state_body", "deposit"})


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that `Enricher` looks for."""

    #: Also phrases of kind `nothing`, which take the place of the names inside them.
    concepts: Vocabulary[Concept]
    #: The words that single names need or shun.
    clues: Vocabulary[str]
    #: Words of the trade, of the whole matter, of other worlds, and of kinds of event.
    lexicon: Lexicon
    #: Minerals that are on a critical list, and base and precious metals.
    critical: frozenset[str]
    base: frozenset[str]
    #: Mineral to the group that it belongs to.
    groups: Mapping[str, str]
    #: Company, state body or deposit to its countries, where it has any.
    home: dict[str, tuple[str, ...]]
    #: Language to the country whose news is in it, where that is one country.
    homes: dict[str, str]
    #: Company or deposit to its mineral, where it is known for one.
    known_for: dict[str, str]
    #: Companies and deposits that mine, refine or trade minerals before all.
    dedicated: frozenset[str]
    #: Company to the company that owns it.
    parents: dict[str, str]
    #: Who lists which mineral as critical, and since when.
    lists: CriticalLists

    def lists_of(self, mineral: str, *, on: date | None = None) -> tuple[Listing, ...]:
        """The official lists that a mineral, or its group, was on; those in force on a day."""
        return self.lists.of(mineral, on=on)


def load_taxonomy(own: Path | None = None, *, base: Traversable | None = None) -> Taxonomy:
    """
    Read, check and compile the data files.

    Args:
        own: the user's folder, whose rows are added to ours.
        base: takes the place of the files that come with the monitor.

    Raises:
        BadInput: a file is missing or a row cannot be used; the message names both.
    """
    with uncollected():
        return compile_taxonomy(read_book(own, base=base))


def compile_taxonomy(book: Book) -> Taxonomy:
    """
    What a book says, ready to be looked for.

    Raises:
        BadInput: a name would mean two things in one language.
    """
    concepts = Vocabulary([*book.names, *_phrases(book)])
    refuse_doubles(book, concepts)
    clues = {word for name in book.names for word in name.meaning.needs | name.meaning.never}
    entities = book.entities
    return Taxonomy(
        concepts=concepts,
        clues=Vocabulary(Name(word, word) for word in sorted(clues)),
        lexicon=compiled(book.words),
        critical=book.ids(CRITICAL),
        base=book.ids(BASE),
        groups=book.groups,
        home={n: e.countries for n, e in entities.items() if e.countries and e.kind in AT_HOME},
        homes=own_countries(),
        known_for={n: e.minerals[0] for n, e in entities.items() if len(e.minerals) == 1},
        dedicated=frozenset(
            n for n, e in entities.items() if e.minerals and e.kind in {"company", "deposit"}
        ),
        parents={n: e.parent for n, e in entities.items() if e.parent},
        lists=book.lists,
    )


def _phrases(book: Book) -> list[Name[Concept]]:
    """Of the files of words: phrases that contain a name and are none, and names of countries."""
    found = []
    for file in book.words:
        for phrase in file.lists["nothing"]:
            concept = Concept("nothing", phrase, language=file.language, file=file.file)
            found.append(Name(phrase, concept, language=concept.language))
        for code, names in file.tables["countries"].items():
            concept = Concept(
                "country", code, language=file.language, file=file.file, spoken=file.language
            )
            shared = concept._replace(is_shared=True)
            found += [
                Name(
                    name.removeprefix("&"),
                    shared if name[0] == "&" else concept,
                    is_proper=True,
                    language=file.language,
                )
                for name in names
            ]
    return found
