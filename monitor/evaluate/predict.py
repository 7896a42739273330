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
from monitor.placing import match_and_commit
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
    entry_ids = _entries(items, source_id, store)
    ids: dict[int, str | int] = {}
    for number, (item, at) in enumerate(zip(items, _dates(items), strict=True)):
        draft = _draft(item, _key(number), entry_ids[number], at, source_id, enricher)
        ids.setdefault(match_and_commit(store, draft, None).article_id, item["id"])
    return [_prediction(item_id, number, ids, store) for number, item_id in ids.items()]


def _dates(items: Sequence[Item]) -> list[datetime]:
    """The items' dates; where one is missing, the neighbours' (the one before, else after)."""
    dates = [date_of(item) for item in items]
    first = next((date for date in dates if date), EPOCH)
    found: list[datetime] = []
    for date in dates:
        found.append(date or (found[-1] if found else first))
    return found


def _key(number: int) -> str:
    return f"evaluation:{number}"


def _entries(items: Sequence[Item], source_id: int, store: Store) -> list[int]:
    """The ids of all items as entries of one poll."""
    entries = [
        Entry(guid=_key(n), title=i["title"], content=i["text"]) for n, i in enumerate(items)
    ]
    stored = store.commit_poll(
        PollRecord(
            source_id=source_id,
            started_at=EPOCH,
            outcome=Outcome.OK,
            next_poll_at=EPOCH,
            seen=len(entries),
            entries=tuple(
                IdentifiedEntry(
                    entry=entry,
                    url_key=entry.guid,
                    content_hash=entry.guid,
                    identity=f"g:{entry.guid}",
                )
                for entry in entries
            ),
        )
    )
    return [stored.entry_ids[f"g:{entry.guid}"] for entry in entries]


def _draft(
    item: Item, key: str, entry_id: int, at: datetime, source_id: int, enricher: Enricher
) -> Draft:
    """The item as an article read from that entry."""
    return Draft(
        source_id=source_id,
        entry_id=entry_id,
        url_key=key,
        url=item.get("url") or "",
        canonical_url="",
        title=item["title"],
        text=item["text"],
        site=urls.host(item.get("url") or "") or key,
        authors=(),
        published_at=at,
        published_from=DateEvidence.FEED,
        flags=(),
        enrichment=enricher.enrich(title=item["title"], text=item["text"]),
        seen_at=at,
    )


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
