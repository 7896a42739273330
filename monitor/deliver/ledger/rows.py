"""The ledger of a story as it is kept, to be listed beside those of others."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.deliver.figures import figure_text
from monitor.deliver.ledger.matters import Entry, Matter, ledger_of
from monitor.model import StoredStory
from monitor.model.ledger import LedgerRow

#: Characters that a search for words looks at, and those of a quote among them.
WORDS, QUOTE = 400, 200

#: Figures of one story that are kept, and names of each.
MOST, NAMES = 400, 12


def rows_of(story: StoredStory) -> tuple[LedgerRow, ...]:
    """The figures of a story, those that most tell first; none where nothing is relevant."""
    if not any(article.enrichment.relevant for article in story.articles):
        return ()
    return tuple(_rows(story))[:MOST]


def _rows(story: StoredStory) -> Iterator[LedgerRow]:
    for matter in ledger_of(story.articles).matters:
        for entry in matter.entries:
            yield _row(matter, entry)


def _row(matter: Matter, entry: Entry) -> LedgerRow:
    side = entry.side
    articles = [one.article for one in side.statements]
    minerals = sorted(side.names.minerals)
    if not minerals:
        minerals = list(dict.fromkeys(m for a in articles for m in a.enrichment.minerals))
    countries = dict.fromkeys(code for a in articles for code in a.enrichment.countries)
    return LedgerRow(
        claim_id=side.first.stored.id,
        kind=side.kind,
        unit=side.unit,
        value=side.value,
        verdict=entry.verdict.value,
        note="; ".join(entry.notes),
        subject=", ".join(matter.subjects),
        basis=side.basis,
        stage=side.stage,
        category=side.category,
        standard=side.standard,
        as_of=side.as_of,
        outlets=entry.outlets,
        origins=entry.origins,
        first_at=side.first.at,
        last_at=side.last.at,
        words=_words(matter, entry),
        subjects=side.subjects[:NAMES],
        minerals=tuple(minerals[:NAMES]),
        countries=tuple(countries)[:NAMES],
    )


def _words(matter: Matter, entry: Entry) -> str:
    side = entry.side
    told = (
        figure_text(side.claim),
        *side.subjects[:NAMES],
        *matter.subjects,
        side.first.article.site,
        side.claim.quote[:QUOTE],
    )
    return " ".join(" ".join(told).casefold().split())[:WORDS]
