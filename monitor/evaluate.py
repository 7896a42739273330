"""
Scores on labelled items: the real enrich and match stages, in file order.

Items are JSON Lines `{id, url, title, text, lang, date?, story_id?, relevant?,
commodities?, countries?, companies?}`; `story_id` means the development. An item without
a date takes its predecessor's. Groups are scored with B³ (Bagga and Baldwin 1998), in
which every item counts the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor import urls
from monitor.enrich import Enricher
from monitor.errors import BadInput
from monitor.model import (
    DateEvidence,
    Draft,
    Entry,
    IdentifiedEntry,
    NewSource,
    Outcome,
    PollRecord,
    SourceKind,
)
from monitor.pipeline import match_and_commit
from monitor.ports import Store

#: Date of items before the first dated one.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision and recall in [0, 1], and over how many items."""

    precision: float
    recall: float
    items: int

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def read_items(path: Path) -> list[dict[str, Any]]:
    """
    The labelled items of a JSON Lines file.

    Raises:
        BadInput: a line is no JSON object, or lacks `id`, `title` or `text`.
    """
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"line {number} is no JSON: {error.msg}.", subject=str(path)) from error
        missing = {"id", "title", "text"} - set(item if isinstance(item, dict) else ())
        if missing:
            names = ", ".join(sorted(missing))
            raise BadInput(f"line {number} lacks {names}.", subject=str(path))
        items.append(item)
    return items


def predict(
    items: Sequence[Mapping[str, Any]], store: Store, enricher: Enricher
) -> list[dict[str, Any]]:
    """
    What the program says of each item, in file order.

    Args:
        store: an empty one; it is filled.
    """
    source_id, _ = store.add_source(
        NewSource(name="evaluation", kind=SourceKind.FEED, url="https://evaluation.invalid/"),
        now=EPOCH,
    )
    at, article_ids = EPOCH, []
    for number, item in enumerate(items):
        at = _date(item) or at
        article_ids.append(_take(item, number, at, source_id, store, enricher))
    return [_prediction(item, article_ids[n], store) for n, item in enumerate(items)]


def scores(
    items: Sequence[Mapping[str, Any]], predictions: Sequence[Mapping[str, Any]]
) -> dict[str, Score]:
    """Scores for each label that the items carry."""
    pairs = list(zip(items, predictions, strict=True))
    found = {}
    labelled = [(bool(i["relevant"]), bool(p["relevant"])) for i, p in pairs if "relevant" in i]
    if labelled:
        found["relevance"] = binary(labelled)
    groups = [(i["story_id"], p["development"]) for i, p in pairs if i.get("story_id")]
    if groups:
        found["developments"] = b_cubed(groups)
    for label, field in (("commodities", "minerals"), ("countries", "countries")):
        sets = [(set(i[label]), set(p[field])) for i, p in pairs if i.get(label) is not None]
        if sets:
            found[field] = set_score(sets)
    languages = [(i["lang"], p["language"]) for i, p in pairs if i.get("lang")]
    if languages:
        right = sum(gold == said for gold, said in languages) / len(languages)
        found["language"] = Score(precision=right, recall=right, items=len(languages))
    return found


def binary(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Precision and recall of a yes or no; pairs are (gold, said)."""
    pairs = list(pairs)
    hits = sum(gold and said for gold, said in pairs)
    said = sum(said for _, said in pairs)
    gold = sum(gold for gold, _ in pairs)
    return Score(precision=_share(hits, said), recall=_share(hits, gold), items=len(pairs))


def b_cubed(pairs: Sequence[tuple[object, object]]) -> Score:
    """B³ of a grouping; pairs are (gold group, said group)."""
    precision = recall = 0.0
    for gold, said in pairs:
        same_gold = [other for other in pairs if other[0] == gold]
        same_said = [other for other in pairs if other[1] == said]
        both = sum(other[1] == said for other in same_gold)
        precision += both / len(same_said)
        recall += both / len(same_gold)
    count = len(pairs)
    return Score(precision=_share(precision, count), recall=_share(recall, count), items=count)


def set_score(pairs: Sequence[tuple[set[str], set[str]]]) -> Score:
    """Micro-averaged precision and recall of label sets; pairs are (gold, said)."""
    hits = sum(len(gold & said) for gold, said in pairs)
    return Score(
        precision=_share(hits, sum(len(said) for _, said in pairs)),
        recall=_share(hits, sum(len(gold) for gold, _ in pairs)),
        items=len(pairs),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _date(item: Mapping[str, Any]) -> datetime | None:
    raw = item.get("date")
    if not raw:
        return None
    try:
        when = datetime.fromisoformat(str(raw))
    except ValueError as error:
        raise BadInput(f"date {raw!r} is not ISO 8601.", subject=str(item["id"])) from error
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _take(
    item: Mapping[str, Any],
    number: int,
    at: datetime,
    source_id: int,
    store: Store,
    enricher: Enricher,
) -> int:
    key = f"evaluation:{number}"
    entry = Entry(guid=key, title=str(item["title"]), content=str(item["text"]))
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
        url=str(item.get("url") or ""),
        canonical_url="",
        title=entry.title,
        text=entry.content,
        site=urls.host(str(item.get("url") or "")) or key,
        authors=(),
        published_at=at,
        published_from=DateEvidence.FEED,
        flags=(),
        enrichment=enricher.enrich(title=entry.title, text=entry.content),
        seen_at=at,
    )
    return match_and_commit(store, draft, None).article_id


def _prediction(item: Mapping[str, Any], article_id: int, store: Store) -> dict[str, Any]:
    article = store.article(article_id)
    assert article is not None
    words = article.enrichment
    return {
        "id": item["id"],
        "relevant": words.relevant,
        "relevance": words.relevance,
        "minerals": list(words.minerals),
        "countries": list(words.countries),
        "companies": list(words.companies),
        "claims": [
            {"kind": c.kind, "value": c.value, "unit": c.unit, "basis": c.basis, "quote": c.quote}
            for c in words.claims
        ],
        "language": words.language,
        "development": f"d{article.development_id}",
        "story": f"s{article.story_id}",
    }
