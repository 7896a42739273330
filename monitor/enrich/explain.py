"""What a word means in the taxonomy, in every language, and what the names in a text come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.enrich.annotate import Enricher
from monitor.enrich.concepts import Concept
from monitor.enrich.homonyms import Surroundings
from monitor.enrich.taxonomy import Taxonomy
from monitor.enrich.vocabulary import Hit, folded
from monitor.enrich.words import KIN
from monitor.model import Enrichment

#: Characters of a word or text that are explained.
MOST_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a word stands for, by the rows that say so."""

    kind: str
    id: str
    #: The names of the data that fit the word, each with what it wants around it.
    names: tuple[tuple[str, Concept], ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """A name in a text that does not count, and why."""

    surface: str
    concept: Concept
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the names in a text come to."""

    enrichment: Enrichment
    passed: tuple[Passed, ...]
    #: Words around names: part (`context`, `theme`, `other`, `event`) and word.
    words: tuple[tuple[str, str], ...]


def meanings(taxonomy: Taxonomy, word: str) -> list[Meaning]:
    """Everything that the whole word may stand for, in the order of the files."""
    text = word.strip()[:MOST_CHARS]
    found: dict[tuple[str, str], dict[tuple[str, Concept], None]] = {}
    for spelled in dict.fromkeys((text, text.capitalize(), text.upper())):
        for hit in taxonomy.concepts.scan(spelled, folded(spelled)):
            if (hit.start, hit.end) == (0, len(spelled)):
                concept = hit.meaning
                rows = found.setdefault((concept.kind, concept.id), {})
                rows[hit.written, concept] = None
    return [Meaning(kind, key, tuple(rows)) for (kind, key), rows in found.items()]


def words_of(taxonomy: Taxonomy, text: str, language: str = "") -> list[tuple[str, str, str]]:
    """Words around names in a text: part, word, language ('' = any); all languages by default."""
    hits = taxonomy.lexicon.vocabulary.scan(text, folded(text))
    found = [(hit.meaning.part, hit.meaning.value, hit.meaning.language) for hit in hits]
    return [one for one in dict.fromkeys(found) if not language or one[2] in {"", language}]


def told(taxonomy: Taxonomy, text: str, *, threshold: float) -> Told:
    """
    Read a text as a title, and say of each name in it whether it counts.

    Args:
        threshold: relevance from which an article is relevant.
    """
    read = text[:MOST_CHARS]
    said = Enricher(taxonomy, threshold=threshold).enrich(title=read, text="")
    language = KIN.get(said.language, said.language)
    return Told(
        enrichment=said,
        passed=tuple(_passed(taxonomy, read, language, said)),
        words=tuple((part, word) for part, word, _ in words_of(taxonomy, read, language)),
    )


def _passed(taxonomy: Taxonomy, text: str, language: str, said: Enrichment) -> list[Passed]:
    lower = folded(text)
    around = _surroundings(taxonomy, text, lower, said.language)
    counted = {(m.kind, m.concept) for m in said.mentions}
    spans = [(m.start, m.end) for m in said.mentions]
    found: dict[tuple[str, str, str], Passed] = {}
    for hit in taxonomy.concepts.scan(text, lower):
        concept = hit.meaning
        if (concept.kind, concept.id) in counted or concept.kind == "nothing":
            continue
        why = around.objection(hit, language) or _outdone(hit, spans)
        surface = text[hit.start : hit.end]
        found.setdefault((surface, concept.kind, concept.id), Passed(surface, concept, why))
    return list(found.values())


def _surroundings(taxonomy: Taxonomy, text: str, lower: str, language: str) -> Surroundings:
    words = taxonomy.lexicon.scan(text, lower, language)
    return Surroundings(
        text=text,
        lower=lower,
        taxonomy=taxonomy,
        trade=sorted(hit.start for part in ("context", "weak", "theme") for hit in words[part]),
        worlds=sorted(hit.start for hit in words["other"]),
    )


def _outdone(hit: Hit[Concept], spans: Sequence[tuple[int, int]]) -> str:
    if any(start < hit.end and hit.start < end for start, end in spans):
        return "stands inside a longer name"
    if hit.meaning.is_listed:
        return "counts beside another mineral in a list only"
    return "stands inside a phrase that is no name"
