"""
CSV for spreadsheets: UTF-8 with BOM, cells that cannot become formulas.

The table of stories holds what a person may edit and `monitor import` takes back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor.deliver import records
from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import (
    NOWHERE,
    Placed,
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.model import Source, StoredArticle, StoredClaim, StoredStory
from monitor.model.ledger import LedgerLine
from monitor.review.cells import names_cell, plain_cell
from monitor.review.importing import BASE, Sheet, base_text
from monitor.review.sheets import column_name
from monitor.wording import guarded

#: Columns of the tables, by what they list; nested values stay in JSON Lines.
COLUMNS = {
    "stories": (
        "id", "version", "state", "tags", "assignee", "note_to_add", "title", "first_seen_at",
        "updated_at", "outlets", "origins", "languages", "minerals", "countries", "companies",
        "events", "figures", "disagreements", "url", "notes", "needs_attention", BASE,
    ),
    "articles": (
        "id", "story_id", "copy_of", "title", "site", "language", "published_at", "published_from",
        "first_seen_at", "relevance", "relevant", "minerals", "countries", "companies", "events",
        "url", "canonical_url", "revision", "flags",
    ),
    "claims": (
        "id", "article_id", "revision", "kind", "value", "unit", "basis", "stage", "subject",
        "quote", "figure", "story_id", "site", "published_at", "url", "is_current", "category",
        "standard", "as_of", "doubts", "verdict", "verdict_note", "origin",
    ),
    "sources": (
        "id", "name", "kind", "url", "homepage", "language", "region", "scope", "tags", "state",
        "reason", "last_polled_at", "last_outcome", "last_error",
    ),
}  # fmt: skip

#: Columns of the table of figures across stories.
LEDGER_COLUMNS = (
    "story_id", "story", "kind", "figure", "value", "unit", "basis", "stage", "category",
    "standard", "as_of", "subject", "subjects", "minerals", "countries", "verdict", "verdict_note",
    "outlets", "origins", "first_at", "last_at", "first_by", "article_id", "claim_id", "quote",
    "url",
)  # fmt: skip

#: Figures that stand in one cell of a story.
FIGURES = 6

BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """A cell's text as it is, but what looks like a formula gets an apostrophe in front."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    return "" if value is None else guarded(str(value))


def to_csv(records: Iterable[Mapping[str, Any]], fields: tuple[str, ...]) -> str:
    """A table with one header line and one line for each record."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    for record in records:
        writer.writerow([safe_cell(record[field]) for field in fields])
    return BOM + out.getvalue()


def csv_lines(rows: Iterable[Mapping[str, Any]], fields: tuple[str, ...]) -> Iterator[str]:
    """The same line by line, of strangers' texts; `review.sheets` reads it back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    yield BOM + out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([_cell(row[field]) for field in fields])
        yield out.getvalue()


def cell_text(value: object) -> str:
    """A value as a person reads it in a cell; lists with semicolons."""
    if isinstance(value, list):
        return plain_cell("; ".join(str(item) for item in value))
    return "" if value is None else plain_cell(str(value))


def story_row(story: StoredStory) -> dict[str, Any]:
    """One line of the table of stories."""
    first = story.originals[0] if story.originals else story.articles[0]
    disputes = [
        f"{one.verdict}: {one.kind} {sides_text(one)} ({one.note})" for one in contradictions(story)
    ]
    corrected = [f"corrected by {one.site}: {correction_text(one)}" for one in corrections(story)]
    return {
        **records.story_record(story),
        "tags": names_cell(story.tags),
        "assignee": names_cell([story.assignee]),
        "note_to_add": "",
        "figures": [figure.text for figure in stated(story)[:FIGURES]],
        "disagreements": [*disputes, *corrected],
        "url": first.url,
        BASE: base_text(story.state.value, story.assignee, story.tags),
    }


def article_row(article: StoredArticle) -> dict[str, Any]:
    """One line of the table of articles."""
    return records.article_record(article)


def claim_row(
    article: StoredArticle, stored: StoredClaim, place: Placed = NOWHERE
) -> dict[str, Any]:
    """
    One line of the table of figures.

    Args:
        place: what the ledger of its story says of it.
    """
    return {
        **records.placed_record(stored, place),
        "figure": figure_text(stored.claim),
        "story_id": f"s{article.story_id}" if article.story_id else None,
        "site": article.site,
        "published_at": records.time_text(article.published_at),
        "url": article.url,
        "is_current": stored.is_current,
    }


def ledger_row(line: LedgerLine) -> dict[str, Any]:
    """One line of the table of figures across stories."""
    row, claim = line.row, line.claim
    return {
        "story_id": f"s{line.story_id}",
        "story": line.story,
        "kind": row.kind,
        "figure": figure_text(claim),
        "value": row.value,
        "unit": row.unit,
        "basis": claim.basis,
        "stage": claim.stage,
        "category": claim.category,
        "standard": claim.standard,
        "as_of": claim.as_of,
        "subject": row.subject,
        "subjects": list(row.subjects),
        "minerals": list(row.minerals),
        "countries": list(row.countries),
        "verdict": row.verdict,
        "verdict_note": row.note,
        "outlets": row.outlets,
        "origins": row.origins,
        "first_at": records.time_text(row.first_at),
        "last_at": records.time_text(row.last_at),
        "first_by": line.site,
        "article_id": f"a{line.article_id}",
        "claim_id": f"c{row.claim_id}",
        "quote": claim.quote,
        "url": line.url,
    }


def foreign(sheet: Sheet) -> tuple[str, ...]:
    """Columns of an edited table that no export of ours has."""
    return tuple(name for name in sheet.ignored if column_name(name) not in COLUMNS["stories"])


def source_row(source: Source) -> dict[str, Any]:
    """One line of the table of sources."""
    return records.source_record(source)


def _cell(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return guarded(cell_text(value))
