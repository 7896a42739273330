"""
The journey of one story, top to bottom: what was fetched becomes articles in stories.

    fetched source ─► parse ─► identify ─► want pages ─► commit the poll
    fetched page   ─► extract ─► enrich ─► match ─► commit the article
    entry alone    ──────────► enrich ─► match ─► commit the article

The fault policy is here too: what the network or a publisher did wrong becomes a poll
or page record with its cause in words, and never touches another source. Errors of the
store are not caught: they stop the crawl.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor import drafts, match
from monitor.enrich import Enricher
from monitor.errors import MonitorError
from monitor.extract import extract_page
from monitor.model import (
    ArticleStored,
    Document,
    Draft,
    Fetched,
    IdentifiedEntry,
    Outcome,
    PageRequest,
    PollRecord,
    Scope,
    Source,
    SourceKind,
    Telling,
)
from monitor.parse import parse_document
from monitor.parse.pool import Workers
from monitor.ports import Runner, Store
from monitor.settings import Settings
from monitor.sources import due

#: Waits before the second, third and fourth attempt at a page.
PAGE_RETRIES = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2))

#: How far the search for related articles looks to both sides of an article's date.
RELATED_WINDOW = timedelta(days=30)

#: At most so many neighbours are compared with an article, so that its cost stays flat.
NEIGHBOURS = 40

#: A feed text of this many characters needs no page to be understood.
FULL_TEXT_CHARS = 1500

#: A general source's page is fetched from this share of the relevance threshold on.
BENEFIT_OF_DOUBT = 0.5


@dataclass(slots=True)
class Tally:
    """What a crawl did, counted as it happens."""

    polled: int = 0
    ok: int = 0
    not_modified: int = 0
    entries_seen: int = 0
    entries_new: int = 0
    entries_updated: int = 0
    articles_new: int = 0
    articles_updated: int = 0
    copies: int = 0
    stories_new: set[int] = field(default_factory=set)
    stories_updated: set[int] = field(default_factory=set)
    claims: int = 0
    pages_failed: int = 0
    #: (source name, cause), one for each source that failed.
    failures: list[tuple[str, str]] = field(default_factory=list)


class Pipeline:
    """The stages in their order, bound to one store; used by one crawl at a time or many."""

    def __init__(
        self, *, settings: Settings, runner: Runner, workers: Workers, enricher: Enricher
    ) -> None:
        self.settings = settings
        self.runner = runner
        self.workers = workers
        self.enricher = enricher

    async def take_source(
        self, source: Source, fetched: Fetched, tally: Tally
    ) -> Sequence[PageRequest]:
        """One poll's answer: parse, identify, decide which pages are wanted, commit."""
        tally.polled += 1
        body_hash = hashlib.sha256(fetched.body).hexdigest()
        outcome, cause, document = fetched.outcome, fetched.cause, Document()
        if outcome is Outcome.OK and body_hash == source.body_hash:
            outcome = Outcome.UNCHANGED
        if outcome is Outcome.OK:
            try:
                document = await self._parse(source, fetched)
                outcome = Outcome.OK if document.entries else Outcome.EMPTY
                cause = "; ".join(document.problems)
            except MonitorError as error:
                outcome, cause = Outcome.FAILED, str(error)
        identified = await self._identify(source, document)
        wanted = self._wanted(source, identified)
        record = PollRecord(
            source_id=source.id,
            started_at=fetched.fetched_at,
            outcome=outcome,
            cause=cause,
            status=fetched.status,
            bytes=len(fetched.body),
            elapsed_s=fetched.elapsed_s,
            etag=_validator(outcome, fetched.headers, "etag"),
            last_modified=_validator(outcome, fetched.headers, "last-modified"),
            body_hash=body_hash if outcome in {Outcome.OK, Outcome.EMPTY} else None,
            next_poll_at=self._next_poll(source, outcome, document, fetched.fetched_at),
            not_before=fetched.not_before,
            seen=len(document.entries),
            entries=tuple(identified),
            wanted=wanted,
        )
        stored = await self.runner.write(lambda store: store.commit_poll(record))
        tally.entries_seen += record.seen
        tally.entries_new += stored.new
        tally.entries_updated += stored.updated
        _count_outcome(tally, source, outcome, cause)
        for item in identified:
            entry_id = stored.entry_ids.get(item.identity)
            if entry_id is not None and item.identity not in wanted:
                await self.take_entry(source, entry_id, tally)
        return stored.pages

    async def take_page(
        self, source: Source, request: PageRequest, fetched: Fetched, tally: Tally
    ) -> None:
        """One wanted page's answer: extract, then commit; a lost page leaves its entry's text."""
        cause, retryable = fetched.cause, fetched.retryable
        if fetched.outcome is Outcome.OK:
            try:
                page = await self.workers.run(
                    extract_page,
                    fetched.body,
                    url=fetched.url,
                    content_type=fetched.headers.get("content-type", ""),
                    now=fetched.fetched_at,
                    selectors=dict(source.options),
                )
            except MonitorError as error:
                cause, retryable = str(error), False
            else:
                _, entry = await self.runner.read(lambda store: store.entry(request.entry_id))
                draft = drafts.from_page(source, request.entry_id, entry, page, fetched)
                await self._settle(source, draft, tally, page_id=request.id)
                return
        tally.pages_failed += 1
        retry_at = None
        if retryable and request.attempts < len(PAGE_RETRIES):
            retry_at = fetched.fetched_at + PAGE_RETRIES[request.attempts]
        await self.runner.write(
            lambda store: store.settle_page(request.id, cause=cause, retry_at=retry_at)
        )
        if retry_at is None:
            await self.take_entry(source, request.entry_id, tally)

    async def take_entry(self, source: Source, entry_id: int, tally: Tally) -> None:
        """An entry whose page is not wanted, or was lost, becomes an article by itself."""
        draft = await self.runner.read(lambda store: _entry_draft(store, source, entry_id))
        await self._settle(source, draft, tally, page_id=None)

    async def _settle(
        self, source: Source, draft: drafts.Unread, tally: Tally, *, page_id: int | None
    ) -> None:
        enrichment = await asyncio.to_thread(
            self.enricher.enrich,
            title=draft.title,
            text=draft.text,
            language_hint=draft.language_hint,
            is_dedicated=source.scope is Scope.DEDICATED,
        )
        read = drafts.read(draft, enrichment)
        stored = await self.runner.write(lambda store: match_and_commit(store, read, page_id))
        _count_article(tally, stored)

    async def _parse(self, source: Source, fetched: Fetched) -> Document:
        return await self.workers.run(
            parse_document,
            source.kind,
            fetched.body,
            url=fetched.url,
            content_type=fetched.headers.get("content-type", ""),
            now=fetched.fetched_at,
            options=dict(source.options),
        )

    async def _identify(self, source: Source, document: Document) -> list[IdentifiedEntry]:
        if not document.entries:
            return []
        keys = [match.keys(entry, source.id) for entry in document.entries]
        known = await self.runner.read(
            lambda store: store.known_entries(
                source.id,
                guids={entry.guid for entry in document.entries if entry.guid},
                url_keys={url_key for url_key, _ in keys if url_key},
                content_hashes={content_hash for _, content_hash in keys},
            )
        )
        return await asyncio.to_thread(match.identify, document.entries, known, source.id)

    def _wanted(self, source: Source, identified: Sequence[IdentifiedEntry]) -> frozenset[str]:
        """Identities whose page is worth a request."""
        if not self.settings.fetch.pages or source.kind is SourceKind.TELEGRAM:
            return frozenset()
        return frozenset(
            item.identity
            for item in identified
            if (not item.known_id or item.is_changed) and self._is_wanted(source, item)
        )

    def _is_wanted(self, source: Source, item: IdentifiedEntry) -> bool:
        entry = item.entry
        if not item.url_key or len(entry.content) >= FULL_TEXT_CHARS:
            return False
        if source.scope is Scope.DEDICATED:
            return True
        glance = self.enricher.enrich(
            title=entry.title,
            text=entry.content or entry.summary,
            language_hint=entry.language or source.language,
            is_dedicated=False,
        )
        return glance.relevance >= BENEFIT_OF_DOUBT * self.settings.relevance.threshold

    def _next_poll(
        self, source: Source, outcome: Outcome, document: Document, now: datetime
    ) -> datetime:
        rules = self.settings.schedule
        if not outcome.is_success:
            return due.after_failure(
                now=now, source_id=source.id, failures=source.failures + 1, rules=rules
            )
        return due.after_success(
            now=now,
            source_id=source.id,
            every_s=source.every_s,
            ttl_s=document.ttl_s,
            published=[e.published_at for e in document.entries if e.published_at],
            rules=rules,
        )


def match_and_commit(store: Store, draft: Draft, page_id: int | None) -> ArticleStored:
    """Find the neighbours of one article, decide where it belongs, and commit it."""
    bands = match.bands(draft.text or draft.title)
    tokens = match.tokens(draft.title, draft.text, draft.enrichment)
    telling = Telling(
        article_id=store.known_articles([draft.url_key]).get(draft.url_key, 0),
        source_id=draft.source_id,
        url=draft.url,
        title=draft.title,
        text=draft.text,
        language=draft.enrichment.language,
        at=min(draft.published_at or draft.seen_at, draft.seen_at),
        enrichment=draft.enrichment,
    )
    near = [
        other
        for other in store.near_copies(bands, limit=NEIGHBOURS)
        if other.article_id != telling.article_id
    ]
    related = [
        other
        for other in store.related(
            tokens,
            since=telling.at - RELATED_WINDOW,
            until=telling.at + RELATED_WINDOW,
            limit=NEIGHBOURS,
        )
        if other.article_id != telling.article_id
    ]
    counts, total = store.token_counts(tokens)
    copy = match.judge(telling, near)
    placement = match.place(telling, _with_original(related, near), counts, total, copy=copy)
    return store.commit_article(draft, placement, bands=bands, tokens=tokens, page_id=page_id)


def _with_original(related: Sequence[Telling], near: Sequence[Telling]) -> list[Telling]:
    seen = {other.article_id for other in related}
    return [*related, *(other for other in near if other.article_id not in seen)]


def _entry_draft(store: Store, source: Source, entry_id: int) -> drafts.Unread:
    _, entry = store.entry(entry_id)
    return drafts.from_entry(source, entry_id, entry, store, seen_at=datetime.now(UTC))


def _validator(outcome: Outcome, headers: Mapping[str, str], name: str) -> str | None:
    """A validator is kept only for a body that was read: an ETag never outruns the store."""
    return headers.get(name, "") if outcome in {Outcome.OK, Outcome.EMPTY} else None


def _count_outcome(tally: Tally, source: Source, outcome: Outcome, cause: str) -> None:
    if outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED}:
        tally.not_modified += 1
    elif outcome.is_success:
        tally.ok += 1
    else:
        tally.failures.append((source.name, cause))


def _count_article(tally: Tally, stored: ArticleStored) -> None:
    tally.articles_new += stored.is_new
    tally.articles_updated += stored.is_revised
    if stored.is_new or stored.is_revised:
        tally.copies += stored.is_copy
        tally.claims += stored.claims
        if stored.is_new_story:
            tally.stories_new.add(stored.story_id)
        elif stored.story_id not in tally.stories_new:
            tally.stories_updated.add(stored.story_id)
