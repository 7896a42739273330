"""What the program says of labelled items: the real stages on a store of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor import urls
from monitor.drafts import Unread, read_all
from monitor.evaluate.items import EPOCH, Item, dates
from monitor.evaluate.progress import Progress, silent
from monitor.model import (
    DateEvidence,
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
from monitor.repair import repair


def predict(
    items: Sequence[Item],
    store: Store,
    *,
    threshold: float,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """
    What the program says of each item, in file order, as it stands after the last one and a repair.

    Args:
        store: an empty one; it is filled.
        threshold: relevance from which an item is relevant.
        progress: is told how many items are done.
    """
    source_id, _ = store.add_source(
        NewSource(name="evaluation", kind=SourceKind.FEED, url="https://evaluation.invalid/"),
        now=EPOCH,
    )
    entry_ids = _entries(items, source_id, store)
    articles: list[int] = []
    for number, (item, at) in enumerate(zip(items, dates(items), strict=True)):
        unread = _unread(item, _key(number), entry_ids[number], at, source_id)
        (draft,) = read_all([unread], threshold=threshold)
        articles.append(match_and_commit(store, draft, None).article_id)
        progress("items", number + 1, len(items))
    _repair(items, store)
    # The first item of an article stands for it: an aggregator's link may be one known before.
    firsts: dict[int, str | int] = {}
    for item, article_id in zip(items, articles, strict=True):
        firsts.setdefault(article_id, item["id"])
    return [
        _prediction(item["id"], article_id, firsts, store)
        for item, article_id in zip(items, articles, strict=True)
    ]


def _repair(items: Sequence[Item], store: Store) -> None:
    """The pass of the night over all that was placed."""
    told = dates(items)
    if told:
        repair(store, max(told), (max(told) - min(told)).days + 1)


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


def _unread(item: Item, key: str, entry_id: int, at: datetime, source_id: int) -> Unread:
    """The item as an article read from that entry; its labels are not among what is known."""
    return Unread(
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
        seen_at=at,
        language_hint="",
        is_dedicated=False,
    )


def _prediction(
    item_id: str | int, article_id: int, firsts: dict[int, str | int], store: Store
) -> dict[str, Any]:
    article = store.article(article_id)
    if article is None:
        raise LookupError(f"item {item_id} was stored and is gone")
    words = article.enrichment
    original = article.copy.original_id if article.copy else article_id
    return {
        "id": item_id,
        "relevant": words.relevant,
        "relevance": words.relevance,
        "reasons": list(words.reasons),
        "minerals": list(words.minerals),
        "countries": list(words.countries),
        "companies": list(words.companies),
        "bodies": _concepts(article, "state_body"),
        "places": list(words.places),
        "events": list(words.events),
        "attributed_to": words.attributed_to,
        "claims": [_claim(article, at) for at in range(len(words.claims))],
        "language": words.language,
        "development": f"d{article.development_id}",
        "story": f"s{article.story_id}",
        "copy_of": "" if firsts[original] == item_id else firsts[original],
        "placement": list(article.placement_reasons),
    }


def _concepts(article: StoredArticle, kind: str) -> list[str]:
    """The concepts of one kind, in the order of their places."""
    mentions = article.enrichment.mentions
    return list(dict.fromkeys(m.concept for m in mentions if m.kind == kind))


def _claim(article: StoredArticle, at: int) -> dict[str, Any]:
    claim = article.enrichment.claims[at]
    return {
        "kind": claim.kind,
        "value": claim.value,
        "unit": claim.unit,
        "basis": claim.basis,
        "stage": claim.stage,
        "category": claim.category,
        "standard": claim.standard,
        "as_of": claim.as_of,
        "subject": list(claim.subjects),
        "doubts": list(claim.doubts),
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
    }
