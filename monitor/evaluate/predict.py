"""What the program says of labelled items: the real stages on a store of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from monitor import urls
from monitor.enrich import Enricher
from monitor.evaluate.items import Item, date_of
from monitor.model import (
    DateEvidence,
    Draft,
    Entry,
    IdentifiedEntry,
    NewSource,
    Outcome,
    PollRecord,
    SourceKind,
    StoredArticle,
)
from monitor.pipeline import match_and_commit
from monitor.ports import Store

#: Date of items in a file without any date.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def predict(items: Sequence[Item], store: Store, enricher: Enricher) -> list[dict[str, Any]]:
    """
    What the program says of each item, in file order, as it stands after the last one.

    Args:
        store: an empty one; it is filled.
    """
    source_id, _ = store.add_source(
        NewSource(name="evaluation", kind=SourceKind.FEED, url="https://evaluation.invalid/"),
        now=EPOCH,
    )
    ids: dict[int, str | int] = {}
    for number, (item, at) in enumerate(zip(items, _dates(items), strict=True)):
        ids.setdefault(_take(item, number, at, source_id, store, enricher), item["id"])
    return [_prediction(item_id, number, ids, store) for number, item_id in ids.items()]


def _dates(items: Sequence[Item]) -> list[datetime]:
    """The items' dates; where one is missing, the neighbours' (the one before, else after)."""
    dates = [date_of(item) for item in items]
    first = next((date for date in dates if date), EPOCH)
    found: list[datetime] = []
    for date in dates:
        found.append(date or (found[-1] if found else first))
    return found


def _take(
    item: Item, number: int, at: datetime, source_id: int, store: Store, enricher: Enricher
) -> int:
    key = f"evaluation:{number}"
    entry = Entry(guid=key, title=item["title"], content=item["text"])
    stored = store.commit_poll(
        PollRecord(
            source_id=source_id,
            started_at=at,
            outcome=Outcome.OK,
            next_poll_at=at,
            seen=1,
            entries=(
                IdentifiedEntry(entry=entry, url_key=key, content_hash=key, identity=f"g:{key}"),
            ),
        )
    )
    draft = Draft(
        source_id=source_id,
        entry_id=stored.entry_ids[f"g:{key}"],
        url_key=key,
        url=item.get("url") or "",
        canonical_url="",
        title=entry.title,
        text=entry.content,
        site=urls.host(item.get("url") or "") or key,
        authors=(),
        published_at=at,
        published_from=DateEvidence.FEED,
        flags=(),
        enrichment=enricher.enrich(title=entry.title, text=entry.content),
        seen_at=at,
    )
    return match_and_commit(store, draft, None).article_id


def _prediction(
    item_id: str | int, number: int, ids: dict[int, str | int], store: Store
) -> dict[str, Any]:
    article = store.article(number)
    if article is None:
        raise LookupError(f"item {item_id} was stored and is gone")
    words = article.enrichment
    return {
        "id": item_id,
        "relevant": words.relevant,
        "relevance": words.relevance,
        "reasons": list(words.reasons),
        "minerals": list(words.minerals),
        "countries": list(words.countries),
        "companies": list(words.companies),
        "places": list(words.places),
        "claims": [_claim(article, at) for at in range(len(words.claims))],
        "language": words.language,
        "development": f"d{article.development_id}",
        "story": f"s{article.story_id}",
        "copy_of": ids.get(article.copy.original_id, "") if article.copy else "",
        "placement": list(article.placement_reasons),
    }


def _claim(article: StoredArticle, at: int) -> dict[str, Any]:
    claim = article.enrichment.claims[at]
    return {
        "kind": claim.kind,
        "value": claim.value,
        "unit": claim.unit,
        "basis": claim.basis,
        "stage": claim.stage,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
    }
