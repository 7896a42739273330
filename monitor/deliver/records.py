"""
Stories, articles and claims as the JSON Lines that outside programs rely on.

Field names are a contract. Times are RFC 3339 UTC, languages BCP 47, countries
ISO 3166-1 alpha-2; ids carry their letter.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from monitor.deliver.ledger import (
    NOWHERE,
    Entry,
    Matter,
    Placed,
    corrections,
    disagreements,
    ledger_of,
    placed,
)
from monitor.model import Claim, Source, StoredArticle, StoredClaim, StoredStory


def time_text(when: datetime | None) -> str | None:
    """RFC 3339 in UTC, or None."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z") if when else None


def article_record(article: StoredArticle) -> dict[str, Any]:
    """One article."""
    words = article.enrichment
    return {
        "id": f"a{article.id}",
        "url": article.url,
        "canonical_url": article.canonical_url or article.url,
        "title": article.title,
        "text": article.text,
        "language": words.language,
        "site": article.site,
        "authors": list(article.authors),
        "published_at": time_text(article.published_at),
        "published_from": article.published_from.value,
        "first_seen_at": time_text(article.first_seen_at),
        "source": article.source,
        "sightings": [
            {
                "source": sighting.source,
                "url": sighting.url,
                "guid": sighting.guid,
                "title": sighting.title,
                "seen_at": time_text(sighting.seen_at),
                "forwarded_from": sighting.forwarded_from or None,
            }
            for sighting in article.sightings
        ],
        "relevance": words.relevance,
        "relevant": words.relevant,
        "reasons": list(words.reasons),
        "minerals": list(words.minerals),
        "countries": list(words.countries),
        "companies": list(words.companies),
        "places": list(words.places),
        "events": list(words.events),
        "claims": [claim_record(claim) for claim in article.claims],
        "copy_of": f"a{article.copy.original_id}" if article.copy else None,
        "attributed_to": article.attributed_to or None,
        "attribution": article.attribution,
        "story_id": f"s{article.story_id}" if article.story_id else None,
        "revision": article.revision,
        "flags": list(article.flags),
    }


def placed_record(stored: StoredClaim, place: Placed = NOWHERE) -> dict[str, Any]:
    """One figure with its quote, and what the ledger of its story says of it."""
    return {
        **claim_record(stored),
        "verdict": place.verdict or None,
        "verdict_note": place.note,
        "origin": place.origin or None,
    }


def matter_record(matter: Matter) -> dict[str, Any]:
    """Figures of one kind about one subject, side by side."""
    return {
        "kind": matter.kind,
        "subject": list(matter.subjects),
        "verdict": matter.verdict.value,
        "note": matter.note,
        "figures": [_entry_record(entry) for entry in matter.entries],
    }


def _entry_record(entry: Entry) -> dict[str, Any]:
    side = entry.side
    return {
        "kind": side.kind,
        "value": side.value,
        "unit": side.unit,
        "basis": side.basis,
        "stage": side.stage,
        "category": side.category,
        "standard": side.standard,
        "as_of": side.as_of,
        "subject": list(side.subjects),
        "verdict": entry.verdict.value,
        "notes": list(entry.notes),
        "doubts": list(side.doubts),
        "outlets": list(side.outlets),
        "origins": list(side.origins),
        "first_at": time_text(side.first.at),
        "first_by": side.first.article.site,
        "last_at": time_text(side.last.at),
        "quote": side.claim.quote,
        "current": side.is_current,
        "claims": [f"c{one.stored.id}" for one in side.statements],
    }


def claim_record(stored: StoredClaim) -> dict[str, Any]:
    """One figure with its quote."""
    return {
        "id": f"c{stored.id}",
        **said_record(stored.claim),
        "article_id": f"a{stored.article_id}",
        "revision": stored.revision,
    }


def said_record(claim: Claim) -> dict[str, Any]:
    """A figure and its quote, wherever it stands."""
    return {
        "kind": claim.kind,
        "value": claim.value,
        "unit": claim.unit,
        "basis": claim.basis,
        "stage": claim.stage,
        "subject": list(claim.subjects),
        "category": claim.category,
        "standard": claim.standard,
        "as_of": claim.as_of,
        "doubts": list(claim.doubts),
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
    }


def story_record(story: StoredStory) -> dict[str, Any]:
    """One story with the figures of all its articles and where they disagree."""
    ledger = ledger_of(story.articles)
    places = placed(ledger)
    claims = [claim for article in story.articles for claim in article.claims]
    return {
        "id": f"s{story.id}",
        "title": story.title,
        "first_seen_at": time_text(story.first_seen_at),
        "updated_at": time_text(story.updated_at),
        "articles": [f"a{article.id}" for article in story.articles],
        "outlets": list(story.outlets),
        "origins": len(story.origins),
        "languages": list(story.languages),
        "minerals": _union(story, "minerals"),
        "countries": _union(story, "countries"),
        "companies": _union(story, "companies"),
        "events": _union(story, "events"),
        "claims": [placed_record(claim, places.get(claim.id, NOWHERE)) for claim in claims],
        "contradictions": [
            {
                "kind": found.kind,
                "unit": found.unit,
                "verdict": found.verdict,
                "values": [
                    {"value": value, "basis": basis, "outlets": list(outlets)}
                    for value, basis, outlets in found.values
                ],
                "note": found.note,
            }
            for found in disagreements(ledger)
        ],
        "corrections": [
            {
                "kind": found.kind,
                "unit": found.unit,
                "outlet": found.site,
                "before": list(found.before),
                "after": list(found.after),
            }
            for found in corrections(story)
        ],
        "ledger": [matter_record(matter) for matter in ledger.matters],
        "developments": [f"d{number}" for number in story.developments],
        "state": story.state.value,
        "version": story.version,
        "notes": list(story.notes),
        "tags": list(story.tags),
        "starred": story.is_starred,
        "assignee": story.assignee,
        "needs_attention": story.needs_attention,
    }


def source_record(source: Source) -> dict[str, Any]:
    """One source with how it is doing."""
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind.value,
        "url": source.url,
        "homepage": source.homepage,
        "language": source.language,
        "region": source.region,
        "scope": source.scope.value,
        "tags": list(source.tags),
        "state": source.state.value,
        "reason": source.state_reason,
        "next_poll_at": time_text(source.next_poll_at),
        "last_polled_at": time_text(source.last_polled_at),
        "last_outcome": source.last_outcome.value if source.last_outcome else None,
        "last_error": source.last_error,
        "failures": source.failures,
    }


def _union(story: StoredStory, field: str) -> list[str]:
    names = (name for a in story.articles for name in getattr(a.enrichment, field))
    return list(dict.fromkeys(names))
