"""Drift between revisions: figures that an outlet replaced in what it had published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.deliver.figures import amount_text
from monitor.model import StoredArticle, StoredStory


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure that an outlet replaced in an article it had published."""

    site: str
    kind: str
    unit: str
    before: tuple[float, ...]
    after: tuple[float, ...]


def corrections(story: StoredStory) -> list[Correction]:
    """Figures that an edited article no longer states as it did at first."""
    return [found for article in story.articles for found in corrections_of(article)]


def correction_text(found: Correction) -> str:
    """Like `stake 70 % → 65 %`."""
    before = ", ".join(amount_text(value, found.unit) for value in found.before)
    after = ", ".join(amount_text(value, found.unit) for value in found.after)
    return f"{found.kind} {before} → {after}"


def corrections_of(article: StoredArticle) -> Iterator[Correction]:
    """Figures that one article no longer states as it did at first, whatever it changed since."""
    values: dict[tuple[str, str], tuple[list[float], list[float], list[float]]] = {}
    opening = min((stored.revision for stored in article.claims), default=0)
    for stored in article.claims:
        old, new, first = values.setdefault((stored.claim.kind, stored.claim.unit), ([], [], []))
        (new if stored.is_current else old).append(stored.claim.value)
        if stored.revision == opening:
            first.append(stored.claim.value)
    for (kind, unit), (old, new, first) in values.items():
        before = tuple(dict.fromkeys(value for value in old if value not in new))
        after = tuple(dict.fromkeys(value for value in new if value not in first))
        if before and after:
            yield Correction(site=article.site, kind=kind, unit=unit, before=before, after=after)
