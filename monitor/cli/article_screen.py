"""One article on the analyst's screen, with the reason for every decision about it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from monitor.deliver.chapters import words
from monitor.deliver.figures import figure_text
from monitor.model import DateEvidence, StoredArticle
from monitor.wording import one_line, plain_line, short

#: Where a time came from, as a person reads it.
EVIDENCE = {
    DateEvidence.FEED: "as its feed says",
    DateEvidence.PAGE: "as its page says",
    DateEvidence.URL: "by its address",
    DateEvidence.FIRST_SEEN: "no date was found: when it was first seen",
}

#: What changed from one text to the next.
CHANGES = {
    "first": "as first seen",
    "cosmetic": "spelling or layout changed",
    "text": "words changed",
    "material": "figures or facts changed",
}

#: Flags that say how much of the text there is.
FLAGS = {
    "summary_only": "the feed's summary only; the page was not read",
    "truncated": "the text is cut off",
    "paywalled": "behind a paywall; only what is free was read",
}

_WEIGHTS = "(a number behind a name says how rare it is: rare things shared decide)"


def article_lines(article: StoredArticle, *, story_title: str = "") -> list[str]:
    """One article as lines for a terminal."""
    return [
        *_head(article),
        *_relevance(article),
        *_place(article, story_title),
        *_seen(article),
        *_figures(article),
        *_texts(article),
    ]


def _head(article: StoredArticle) -> Iterator[str]:
    authors = f", by {one_line(', '.join(article.authors), 80)}" if article.authors else ""
    published = f"{short(article.published_at)} UTC" if article.published_at else "undated"
    yield f"a{article.id}  {one_line(article.title, 160)}"
    yield f"  {plain_line(article.url)}"
    yield f"  {one_line(article.site, 60)}{authors}"
    yield f"  published   {published}, {EVIDENCE[article.published_from]}"
    yield f"  first seen  {short(article.first_seen_at)} UTC"
    yield f"  language    {one_line(article.enrichment.language, 12) or 'not told'}"
    for flag in article.flags:
        yield f"  text        {FLAGS.get(flag, words([flag]))}"


def _relevance(article: StoredArticle) -> Iterator[str]:
    said = article.enrichment
    verdict = "relevant" if said.relevant else "not relevant: shown with --all only"
    yield from ("", f"RELEVANCE {said.relevance:.2f}, {verdict}")
    yield from (f"  {plain_line(reason)}" for reason in said.reasons)


def _place(article: StoredArticle, story_title: str) -> Iterator[str]:
    title = f" “{one_line(story_title, 110)}”" if story_title else ""
    yield from (
        "",
        f"PLACE story s{article.story_id}{title}, development d{article.development_id}",
    )
    if article.copy:
        copy = article.copy
        yield f"  folded under a{copy.original_id} as its copy: {plain_line(copy.why)}"
        yield f"  if that is wrong: monitor articles show a{article.id} --not-a-copy"
        return
    yield from (f"  {plain_line(reason)}" for reason in article.placement_reasons)
    if any("evidence" in reason for reason in article.placement_reasons):
        yield f"  {_WEIGHTS}"


def _seen(article: StoredArticle) -> Iterator[str]:
    yield from ("", "SEEN BY")
    for sighting in article.sightings:
        url = f"  {plain_line(sighting.url)}" if sighting.url not in {"", article.url} else ""
        origin = sighting.forwarded_from
        forward = f", forwarded from {one_line(origin, 60)}" if origin else ""
        yield f"  {short(sighting.seen_at)} UTC  {one_line(sighting.source, 60)}{forward}{url}"


def _figures(article: StoredArticle) -> Iterator[str]:
    if article.claims:
        yield from ("", "FIGURES")
    for quote, group in groupby(article.claims, key=lambda stored: stored.claim.quote):
        for stored in group:
            old = "" if stored.is_current else f"  [text {stored.revision}; no longer stated]"
            yield f"  c{stored.id}  {figure_text(stored.claim)}{old}"
        yield f"      “{one_line(quote, 220)}”"


def _texts(article: StoredArticle) -> Iterator[str]:
    if len(article.revisions) > 1:
        yield from ("", f"EDITED, {len(article.revisions)} texts kept; the newest stands below")
        for one in article.revisions:
            change = CHANGES.get(one.change, one.change)
            yield f"  {one.number}  {short(one.seen_at)} UTC  {change}: {one_line(one.title, 110)}"
    yield from ("", "TEXT")
    if not article.text.strip():
        yield "  none is kept"
    yield from (plain_line(line) for line in article.text.splitlines())
