"""
Where one article belongs: its neighbours are asked for, `match` decides, the store commits.

The last step of the journey that `monitor.pipeline` shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor import match
from monitor.dates import told_by
from monitor.model import ArticleStored, Copy, Draft, Placement, StoredArticle, Telling
from monitor.ports import Store
from monitor.text import without_lines
from monitor.urls import canonical_key, is_opaque

#: How far the search for related articles looks to both sides of an article's date.
RELATED_WINDOW = timedelta(days=30)

#: How far it looks by names that hold a story together: a deal closes months later.
LASTING_WINDOW = timedelta(days=200)

#: At most so many neighbours are compared with an article, so that its cost stays flat.
NEIGHBOURS = 40

#: And so many of those that only share lasting names.
LASTING_NEIGHBOURS = 10


def match_and_commit(store: Store, draft: Draft, page_id: int | None) -> ArticleStored:
    """Decide where one article belongs, and commit it; a known one stays where it is."""
    telling = _telling(draft)
    bands = match.bands(telling.text or telling.title)
    tokens = match.tokens(draft.title, telling.text, draft.enrichment)
    if is_opaque(draft.url):
        draft = _as_known(store, draft, tokens)
    is_known = bool(store.known_articles([draft.url_key]))
    placement = Placement() if is_known else _placement(store, draft, bands, tokens)
    tokens += map(match.link_token, match.addresses(telling))
    stored = store.commit_article(draft, placement, bands=bands, tokens=tokens, page_id=page_id)
    if stored.is_revised or (stored.is_new and draft.hits):
        store.put_rule_hits(stored.article_id, draft.hits, now=draft.seen_at)
    return stored


def keep_again(store: Store, *, articles: Sequence[StoredArticle], read: Sequence[Draft]) -> None:
    """Keep what stored articles say now that their site's furniture does not count, all at once."""
    with store.together():
        for article, draft in zip(articles, read, strict=True):
            if article.enrichment != draft.enrichment:
                shown = without_lines(draft.text, draft.furniture)
                tokens = match.tokens(draft.title, shown, draft.enrichment)
                if store.rescore(article, draft, tokens=tokens, read_as=""):
                    store.put_rule_hits(article.id, draft.hits, now=datetime.now(UTC))


def place_again(store: Store, draft: Draft, article: StoredArticle) -> Placement:
    """Where a stored article belongs that was not relevant, and so stood alone until now."""
    telling = _telling(draft)
    tokens = match.tokens(telling.title, telling.text, draft.enrichment)
    related = [
        other
        for other in _related(store, tokens, telling.at)
        if other.article_id != article.id and other.story_id != article.story_id
    ]
    counts, total = store.token_counts(tokens)
    return match.place(telling, related, counts, total, copy=None)


def place_stored(store: Store, article_id: int) -> Placement | None:
    """Where a stored original belongs by all that is stored beside it; None = it is no original."""
    group = store.copies_of(article_id)
    telling = next((one for one in group if one.article_id == article_id), None)
    if telling is None or telling.copy_of:
        return None
    own = {one.article_id for one in group}
    tokens = match.tokens(telling.title, telling.text, telling.enrichment)
    related = [one for one in _related(store, tokens, telling.at) if one.article_id not in own]
    counts, total = store.token_counts(tokens)
    # Without itself: a token of its own is as rare as when it came.
    others = {token: count - 1 for token, count in counts.items() if count > 1}
    return match.place(telling, related, others, max(0, total - 1), copy=None)


def nearest(
    store: Store, article_ids: Sequence[int], other_ids: Sequence[int], *, shown: int
) -> list[match.Likeness]:
    """
    How the articles of two groups compare, the likest pairs first.

    Args:
        article_ids: originals; the other's as well; they are compared each with each.
    """
    mine, others = ([_stored(store, number) for number in ids] for ids in (article_ids, other_ids))
    found = []
    for one in filter(None, mine):
        counts, total = store.token_counts(match.tokens(one.title, one.text, one.enrichment))
        found += [match.likeness(one, other, counts, total) for other in others if other]
    return sorted(found, key=lambda pair: -pair.weight)[:shown]


def _stored(store: Store, article_id: int) -> Telling | None:
    return next((o for o in store.copies_of(article_id) if o.article_id == article_id), None)


def _as_known(store: Store, draft: Draft, tokens: Sequence[str]) -> Draft:
    """An aggregator's link under the address of the article that it stands for, if we know it."""
    at = _moment(draft)
    others = [_told_by(other) for other in _related(store, tokens, at)]
    number = match.same_telling(_told(draft), others)
    known = store.article(number) if number else None
    return replace(draft, url_key=known.url_key) if known else draft


def _placement(
    store: Store, draft: Draft, bands: Sequence[int], tokens: Sequence[str]
) -> Placement:
    """Find the neighbours of a new article, and decide where it belongs."""
    telling = _telling(draft)
    pointing = _pointing(store, telling)
    near = _with_more(pointing, store.near_copies(bands, limit=NEIGHBOURS))
    copy = match.judge(telling, near)
    if copy:
        return _among_copies(telling, copy, store.copies_of(copy.original_id))
    if not draft.enrichment.relevant:
        # It stands alone: what is related decides nothing.
        return match.place(telling, near, {}, 0, copy=None)
    related = _related(store, tokens, telling.at)
    if hinted := match.same_telling(_told(draft), [_told_by(other) for other in related]):
        return _instead(telling, store.copies_of(hinted))
    if beside := match.beside(telling, pointing):
        return beside
    counts, total = store.token_counts(tokens)
    return match.place(telling, _with_more(related, near), counts, total, copy=None)


def _telling(draft: Draft) -> Telling:
    return Telling(
        article_id=0,
        source_id=draft.source_id,
        url=draft.url,
        title=draft.title,
        text=without_lines(draft.text, draft.furniture),
        language=draft.enrichment.language,
        site=draft.site,
        canonical_url=draft.canonical_url,
        links=draft.links,
        forwarded_from=draft.forwarded_from,
        at=_moment(draft),
        enrichment=draft.enrichment,
    )


def _pointing(store: Store, telling: Telling) -> list[Telling]:
    """Stored articles that it says it goes back to, and those that say so of it."""
    keys = match.addresses(telling)
    known = sorted(set(store.known_articles(keys).values())) if keys else []
    named = [one for number in known for one in store.copies_of(number) if one.article_id == number]
    back = store.pointing(
        [match.link_token(canonical_key(telling.url))],
        since=telling.at - RELATED_WINDOW,
        until=telling.at + RELATED_WINDOW,
        limit=NEIGHBOURS,
    )
    return _with_more(named, back)


def _instead(telling: Telling, group: Sequence[Telling]) -> Placement:
    """The article that an aggregator's link, stored earlier, has stood for."""
    hint = group[0]
    why = f"a{hint.article_id} is an aggregator's link to it: same title, outlet and time"
    edge = Copy(
        original_id=hint.article_id, containment=1.0, why="an aggregator's link to the original"
    )
    placement = match.place(telling, group, {}, 0, copy=edge)
    turned = {hint.article_id: edge} if is_opaque(hint.url) else {}
    return replace(placement, copy=None, turned=turned, reasons=(why,))


def _moment(draft: Draft) -> datetime:
    """When it was told, as far as we know."""
    return told_by(draft.published_at, draft.seen_at)


def _told(draft: Draft) -> match.Told:
    return match.Told(title=draft.title, url=draft.url, site=draft.site, at=_moment(draft))


def _told_by(other: Telling) -> match.Told:
    return match.Told(
        title=other.title,
        url=other.url,
        site=other.site,
        at=other.at,
        article_id=other.article_id,
    )


def _among_copies(telling: Telling, copy: Copy, group: Sequence[Telling]) -> Placement:
    """It stands with those that share its text; the earliest of them is the original."""
    placement = match.place(telling, group, {}, 0, copy=copy)
    turned = match.turned(telling, copy, group)
    if not turned:
        return placement
    why = f"published before a{copy.original_id}, which shares its text: {copy.why}"
    return replace(placement, copy=None, turned=turned, reasons=(why,))


def _related(store: Store, tokens: Sequence[str], at: datetime) -> list[Telling]:
    """Stored articles that share rare tokens lately, then those that share lasting names."""
    recent = store.related(
        tokens, since=at - RELATED_WINDOW, until=at + RELATED_WINDOW, limit=NEIGHBOURS
    )
    lasting = store.related(
        match.lasting(tokens),
        since=at - LASTING_WINDOW,
        until=at + LASTING_WINDOW,
        limit=LASTING_NEIGHBOURS,
    )
    return _with_more(recent, lasting)


def _with_more(found: Sequence[Telling], more: Sequence[Telling]) -> list[Telling]:
    """Each article once, the first named first."""
    return list({other.article_id: other for other in (*found, *more)}.values())
