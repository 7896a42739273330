"""
A story in one line: what the inbox shows, and what happened in it, one thing after another.

Pure, except `refresh`, which makes the cards of stories in which something happened.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from monitor.deliver.chapters import chapters, first_told
from monitor.deliver.instruments import instruments_at_most
from monitor.deliver.ledger import (
    Disagreement,
    contradictions,
    correction_text,
    corrections_of,
    rows_of,
    sides_text,
    stated,
)
from monitor.match.revised import notice
from monitor.model import (
    Card,
    Happening,
    HappeningKind,
    StoredArticle,
    StoredRevision,
    StoredStory,
)
from monitor.model.instruments import Instrument
from monitor.model.ledger import LedgerRow
from monitor.ports import Store

#: Outlets that are named, figures that are shown, happenings that are remembered.
OUTLETS, FIGURES, HAPPENINGS = 6, 4, 40

#: Stories whose cards are made in one go.
BATCH = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Cards that are ready to be kept (`Inbox.put_cards`)."""

    #: By story: its card, or none where nothing is relevant, and the version that it is made of.
    made: Mapping[int, tuple[Card | None, int]]
    #: By story: all its outlets.
    outlets: Mapping[int, Sequence[str]]
    #: By story: the figures of its ledger.
    ledger: Mapping[int, Sequence[LedgerRow]]
    #: By story: the rules that it tells.
    instruments: Mapping[int, Sequence[Instrument]]


def card_of(story: StoredStory) -> Card | None:
    """
    The story's card; None when nothing in it is relevant.

    Args:
        story: whole, with the revisions of its articles (`Reads.story`).
    """
    telling = [article for article in story.articles if article.enrichment.relevant]
    if not telling:
        return None
    shown = next((a for a in telling if a.copy is None), telling[0])
    best = max(telling, key=lambda article: article.enrichment.relevance)
    first = first_told(telling)
    disputes = contradictions(story)
    return Card(
        story_id=story.id,
        title=shown.title,
        language=shown.enrichment.language,
        site=first.site,
        url=first.url,
        first_seen_at=story.first_seen_at,
        changed_at=story.updated_at,
        articles=len(story.articles),
        copies=len(story.articles) - len(story.originals),
        origins=len(story.origins),
        developments=len(story.developments),
        outlets=story.outlets[:OUTLETS],
        outlet_count=len(story.outlets),
        languages=story.languages,
        minerals=_union(telling, "minerals"),
        countries=_union(telling, "countries"),
        companies=_union(telling, "companies"),
        events=_union(telling, "events"),
        figures=tuple(figure.text for figure in stated(story)[:FIGURES]),
        contradictions=tuple(_dispute_text(one) for one in disputes),
        corrections=tuple(
            f"{one.site}: {correction_text(one)}"
            for article in story.articles
            for one in corrections_of(article)
        ),
        relevance=best.enrichment.relevance,
        reasons=best.enrichment.reasons,
        happenings=happenings(story, disputes)[-HAPPENINGS:],
    )


def happenings(
    story: StoredStory, disputes: Sequence[Disagreement] | None = None
) -> tuple[Happening, ...]:
    """
    All that happened in a story, in order of when we saw it.

    Args:
        disputes: its `contradictions`, where they are known already.
    """
    known = contradictions(story) if disputes is None else disputes
    found = [*_tellings(story), *_edits(story), *_disputes(story, known)]
    order = list(HappeningKind)
    return tuple(sorted(found, key=lambda happening: (happening.at, order.index(happening.kind))))


def prepare(store: Store, *, limit: int = BATCH) -> Prepared:
    """
    Make the cards of some stories in which something happened; nothing is written.

    A story that cannot be understood is shown with less, and holds up no other.
    """
    found = store.whole_stories(store.stale_stories(limit=limit))
    return Prepared(
        made={story.id: (_card_at_least(story), story.version) for story in found},
        outlets={story.id: story.outlets for story in found},
        ledger={story.id: _rows_at_least(story) for story in found},
        instruments={story.id: instruments_at_most(story) for story in found},
    )


def keep(store: Store, ready: Prepared) -> None:
    """Keep what was prepared, all or nothing."""
    with store.together():
        store.put_cards(ready.made, outlets=ready.outlets, instruments=ready.instruments)
        store.put_ledger(ready.ledger)


def refresh(store: Store, *, limit: int = BATCH) -> int:
    """
    Make and keep the cards of some stories in which something happened; 0 = there are none left.

    Returns:
        How many stories were looked at.
    """
    ready = prepare(store, limit=limit)
    if ready.made:
        keep(store, ready)
    return len(ready.made)


def _card_at_least(story: StoredStory) -> Card | None:
    """The card; after a fault of ours one without figures and edits: no story may be missed."""
    try:
        return card_of(story)
    except Exception:
        log.exception("the card of s%d met a fault of the monitor; figures are left out", story.id)
        bare = (replace(article, claims=(), revisions=()) for article in story.articles)
        return card_of(replace(story, articles=tuple(bare)))


def _rows_at_least(story: StoredStory) -> Sequence[LedgerRow]:
    """Its figures; none after a fault of ours, which holds up no other story."""
    try:
        return rows_of(story)
    except Exception:
        log.exception("the figures of s%d met a fault of the monitor; left out", story.id)
        return ()


def _tellings(story: StoredStory) -> Iterator[Happening]:
    """The first telling of all, the first of each further development, and the others."""
    firsts = {
        chapter.development: (min(chapter.members, key=_seen), chapter.step)
        for chapter in chapters(story)
    }
    opening = min((first for first, _ in firsts.values()), key=_seen, default=None)
    for article in story.articles:
        first, step = firsts.get(article.development_id, (None, ""))
        if article is opening:
            kind, text = HappeningKind.NEW, article.site
        elif article is first:
            kind, text = HappeningKind.DEVELOPMENT, step or article.title
        else:
            kind, text = HappeningKind.ARTICLE, article.site
        yield Happening(at=article.first_seen_at, kind=kind, text=text)


def _edits(story: StoredStory) -> Iterator[Happening]:
    """Texts that changed: what an outlet corrected or took back, or else only words."""
    for article in story.articles:
        for before, revision in pairwise(article.revisions):
            if revision.change == "cosmetic":
                continue
            said = notice(_whole(before), _whole(revision))
            corrected = [correction_text(one) for one in corrections_of(_at(article, revision))]
            if said:
                corrected.insert(0, f"“{said}”")
            yield Happening(
                at=revision.seen_at,
                kind=HappeningKind.CORRECTION if corrected else HappeningKind.EDIT,
                text=f"{article.site}: {', '.join(corrected)}" if corrected else article.site,
            )


def _whole(revision: StoredRevision) -> str:
    return f"{revision.title}\n{revision.text}"


def _at(article: StoredArticle, revision: StoredRevision) -> StoredArticle:
    """The article as it was then, with what it had claimed just before as superseded."""
    return replace(
        article,
        claims=tuple(
            replace(stored, is_current=stored.revision == revision.number)
            for stored in article.claims
            if stored.revision in {revision.number - 1, revision.number}
        ),
    )


def _disputes(story: StoredStory, disputes: Sequence[Disagreement]) -> Iterator[Happening]:
    """A contradiction is there when its second side was first told."""
    for one in disputes:
        if one.verdict == "contradiction":
            sides = sorted(_stated_at(story, one, value, basis) for value, basis, _ in one.values)
            yield Happening(
                at=sides[1] if len(sides) > 1 else sides[0],
                kind=HappeningKind.CONTRADICTION,
                text=_dispute_text(one),
            )


def _stated_at(story: StoredStory, one: Disagreement, value: float, basis: str) -> datetime:
    """When a side of a disagreement was first seen; the value itself, or its like on that basis."""
    seen_at = {(a.id, r.number): r.seen_at for a in story.articles for r in a.revisions}
    stating = [
        seen_at.get((article.id, stored.revision), article.first_seen_at)
        for article in story.articles
        for stored in article.claims
        if stored.is_current
        and (stored.claim.kind, stored.claim.unit) == (one.kind, one.unit)
        and (stored.claim.value, stored.claim.basis) == (value, basis)
    ]
    return min(stating, default=story.updated_at)


def _dispute_text(one: Disagreement) -> str:
    return f"{one.kind.replace('_', ' ')} {sides_text(one)} ({one.note})"


def _seen(article: StoredArticle) -> tuple[datetime, int]:
    return article.first_seen_at, article.id


def _union(members: list[StoredArticle], field: str) -> tuple[str, ...]:
    names = (name for article in members for name in getattr(article.enrichment, field))
    return tuple(dict.fromkeys(names))
