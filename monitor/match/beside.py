"""Where an article belongs by what it points to: a post beside the article that it announces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from monitor.match.objections import objection_to
from monitor.match.pointers import addresses
from monitor.model import Placement, Telling
from monitor.urls import canonical_key

#: What points to an article later than this tells news of its own.
TOLD_WITHIN = timedelta(days=4)


def beside(telling: Telling, pointing: Sequence[Telling]) -> Placement | None:
    """
    The development of what an article points to, or of what points to it; None = of none.

    Args:
        pointing: stored articles of either kind.
    """
    for other in pointing:
        is_open = other.development_id and other.enrichment.relevant
        if not is_open or abs(telling.at - other.at) > TOLD_WITHIN:
            continue
        if _concepts(telling).isdisjoint(_concepts(other)) or objection_to(telling, other):
            continue
        if canonical_key(other.url) in addresses(telling):
            why = f"it points to a{other.article_id}: {other.url}"
        elif canonical_key(telling.url) in addresses(other):
            why = f"a{other.article_id} points to it"
        else:
            continue
        return Placement(
            development_id=other.development_id, story_id=other.story_id, reasons=(why,)
        )
    return None


def _concepts(telling: Telling) -> set[str]:
    return {m.concept for m in telling.enrichment.mentions if m.kind not in {"country", "event"}}
