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
import logging
from collections import Counter, deque
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from monitor import drafts, match
from monitor.errors import MonitorError, Unusable
from monitor.gather import Gathered, Gathering
from monitor.model import (
    ArticleStored,
    Document,
    Draft,
    Entry,
    Fetched,
    IdentifiedEntry,
    Outcome,
    PageRequest,
    PollRecord,
    PollStored,
    Scope,
    Source,
    SourceKind,
    StoredArticle,
)
from monitor.model.rules import Rule
from monitor.parse.pool import Workers
from monitor.placing import keep_again, match_and_commit
from monitor.ports import Runner, Store
from monitor.settings import Settings
from monitor.sources import due, freshness
from monitor.sources.kinds import is_channel_host
from monitor.urls import canonical_key, is_opaque, publication

#: Waits before the second, third and fourth attempt at a page.
PAGE_RETRIES = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2))

#: A feed text of this many characters needs no page to be understood.
FULL_TEXT_CHARS = 1500

#: A general source's page is fetched from this share of the relevance threshold on.
BENEFIT_OF_DOUBT = 0.5

#: Entries whose words are read by one task of a worker.
ENTRIES_PER_TASK = 50

#: Tasks of one source that are under way besides the one whose entries are stored.
TASKS_AHEAD = 2

Item = TypeVar("Item")

log = logging.getLogger(__name__)


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
    #: What is wrong with our own network, in words; empty when it is fine.
    outage: str = ""
    #: (source name, cause), one for each source that failed.
    failures: list[tuple[str, str]] = field(default_factory=list)
    #: How the polls ended, and the seconds that their answers took.
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answer_s: list[float] = field(default_factory=list)


class Pipeline:
    """The stages in their order, bound to one store; used by one crawl at a time or many."""

    def __init__(self, *, settings: Settings, runner: Runner, workers: Workers) -> None:
        self.settings = settings
        self.runner = runner
        self.workers = workers

    async def begin(self, source: Source) -> Gathering:
        """A poll that is about to bring its first answer."""
        memory: Mapping[str, Any] = {}
        if source.kind is not SourceKind.FEED:
            memory = await self.runner.read(lambda store: store.memory(source.id))
        return Gathering(source, memory, self.workers)

    async def take_source(
        self, source: Source, gathered: Gathered, tally: Tally
    ) -> Sequence[PageRequest]:
        """What one poll brought: identify, decide which pages are wanted, commit."""
        fetched, document = gathered.fetched, gathered.document
        identified = await self._identify(source, document)
        wanted = await self._wanted(source, identified)
        plan = due.plan(source, _answer(gathered, identified), self.settings.schedule)
        validators = _validators(gathered)
        record = PollRecord(
            source_id=source.id,
            started_at=fetched.fetched_at,
            outcome=gathered.outcome,
            cause=gathered.cause,
            status=fetched.status,
            bytes=gathered.bytes,
            elapsed_s=gathered.elapsed_s,
            etag=validators.get("etag"),
            last_modified=validators.get("last-modified"),
            body_hash=validators.get("hash"),
            next_poll_at=plan.at,
            not_before=fetched.not_before,
            seen=len(document.entries),
            entries=tuple(identified),
            wanted=wanted,
            moved_to=fetched.moved_to,
            newest_at=_newest(document, fetched.fetched_at),
            memory=gathered.memory,
            rhythm=plan.rhythm,
        )
        stored = await self.runner.write(lambda store: store.commit_poll(record))
        log.debug("polled %s: %s %s %d new", source.name, record.outcome, record.cause, stored.new)
        _count_poll(tally, source, record, stored)
        alone = [number for key, number in stored.entry_ids.items() if key not in wanted]
        await self.take_entries(source, alone, tally)
        return stored.pages

    async def take_page(
        self, source: Source, request: PageRequest, fetched: Fetched, tally: Tally
    ) -> None:
        """One wanted page's answer: extract, then commit; a lost page leaves its entry's text."""
        cause, retryable = fetched.cause, fetched.retryable
        if fetched.outcome is Outcome.OK:
            try:
                _, entry = await self.runner.read(lambda store: store.entry(request.entry_id))
                acting = await self.runner.read(lambda store: store.acting_rules())
                furniture = await self._furniture([entry.url or fetched.url])
                draft = await self.workers.run(
                    drafts.of_page,
                    fetched,
                    source=source,
                    entry_id=request.entry_id,
                    entry=entry,
                    threshold=self.settings.relevance.threshold,
                    acting=acting,
                    furniture=furniture[0],
                )
            except MonitorError as error:
                if isinstance(error, Unusable):
                    raise
                cause, retryable = str(error), False
            else:
                await self._settle([draft], tally, page_id=request.id)
                return
        tally.pages_failed += 1
        retry_at = None
        if retryable and request.attempts < len(PAGE_RETRIES):
            retry_at = fetched.fetched_at + PAGE_RETRIES[request.attempts]
        await self.runner.write(
            lambda store: store.settle_page(request.id, cause=cause, retry_at=retry_at)
        )
        log.debug("page lost %s: %s", request.url, cause)
        if retry_at is None:
            await self.take_entries(source, [request.entry_id], tally)

    async def take_entries(self, source: Source, entry_ids: Sequence[int], tally: Tally) -> None:
        """Entries whose page is not wanted, or was lost, become articles by themselves."""
        parts = (self._drafts(source, part) for part in _parts(entry_ids))
        async with aclosing(in_order(parts)) as ready:
            async for read in ready:
                await self._settle(read, tally)

    async def _drafts(self, source: Source, entry_ids: Sequence[int]) -> list[Draft]:
        unread = await self.runner.read(partial(_unread, source=source, entry_ids=entry_ids))
        return await self._read_words(await self._without_furniture(unread))

    async def _without_furniture(self, unread: Sequence[drafts.Unread]) -> list[drafts.Unread]:
        """The same, with what the pages of their sites repeat."""
        furniture = await self._furniture([one.url for one in unread])
        return [replace(one, furniture=keys) for one, keys in zip(unread, furniture, strict=True)]

    async def _furniture(self, addresses: Sequence[str]) -> list[frozenset[int]]:
        sites = [publication(url) for url in addresses]
        found = await self.runner.read(lambda store: store.repeated_lines(set(sites) - {""}))
        return [found.get(site, frozenset()) for site in sites]

    async def _read_words(self, unread: Sequence[drafts.Unread]) -> list[Draft]:
        """Drafts with what their words say; one that cannot be read does not cost the others."""
        threshold = self.settings.relevance.threshold
        acting = await self.runner.read(lambda store: store.acting_rules())
        try:
            return await self.workers.run(
                drafts.read_all, unread, threshold=threshold, acting=acting
            )
        except Unusable:
            raise
        except MonitorError as error:
            if len(unread) > 1:
                return [draft for one in unread for draft in await self._read_words([one])]
            log.warning("%s: its words cannot be read: %s", unread[0].url, error)
            return [drafts.unreadable(one) for one in unread]

    async def _settle(
        self, read: Sequence[Draft], tally: Tally, *, page_id: int | None = None
    ) -> None:
        """Store articles in one transaction; what is said to be stored is on the disk."""
        for draft in read:
            log.debug("read %s", draft.url_key)
        stored = await self.runner.write(partial(_match_and_commit_all, read=read, page_id=page_id))
        for draft, one in zip(read, stored, strict=True):
            log.debug("stored a%d %s", one.article_id, draft.url_key)
            _count_article(tally, one)
        learned: dict[tuple[int, str], frozenset[int]] = {}
        for draft, one in zip(read, stored, strict=True):
            if one.learned:
                place = draft.source_id, publication(draft.url)
                learned[place] = learned.get(place, frozenset()) | one.learned
        for (source_id, site), lines in learned.items():
            await self._read_again(source_id, site, lines)

    async def _read_again(self, source_id: int, site: str, lines: frozenset[int]) -> None:
        """Articles in which lines counted that turn out to be repeated on their site."""

        def stored(store: Store) -> tuple[list[StoredArticle], Source | None]:
            numbers = store.carrying(source_id, site, lines)
            return store.articles_of(numbers), store.source(source_id)

        articles, source = await self.runner.read(stored)
        unread = [drafts.from_stored(article, source) for article in articles]
        again = await self._read_words(await self._without_furniture(unread))
        await self.runner.write(partial(keep_again, articles=articles, read=again))
        log.debug("%s: %d articles read again without its furniture", site, len(articles))

    async def _identify(self, source: Source, document: Document) -> list[IdentifiedEntry]:
        if not document.entries:
            return []
        # Hashing a thousand long texts would hold the loop.
        keys = await asyncio.to_thread(
            lambda: [match.keys(entry, source.id) for entry in document.entries]
        )
        known = await self.runner.read(
            lambda store: store.known_entries(
                source.id,
                guids={entry.guid for entry in document.entries if entry.guid},
                url_keys={url_key for url_key, _ in keys if url_key},
                content_hashes={content_hash for _, content_hash in keys},
            )
        )
        return await asyncio.to_thread(match.identify, document.entries, known, source.id)

    async def _wanted(
        self, source: Source, identified: Sequence[IdentifiedEntry]
    ) -> frozenset[str]:
        """Identities whose page is worth a request."""
        if not self.settings.fetch.pages:
            return frozenset()
        open_ones = [
            item
            for item in identified
            if (not item.known_id or item.is_changed)
            and item.url_key
            and has_page(source, item.entry)
        ]
        new_keys = {item.url_key for item in open_ones if not item.known_id}
        if not open_ones:
            return frozenset()
        read = await self.runner.read(lambda store: store.articles_with_text(new_keys))
        unread = [item for item in open_ones if item.known_id or item.url_key not in read]
        # What is added to a watched page is little, and its name says little.
        if source.scope is Scope.GENERAL and source.kind is not SourceKind.PAGE:
            unread = await self._promising(source, unread)
        return frozenset(item.identity for item in unread)

    async def _promising(
        self, source: Source, items: Sequence[IdentifiedEntry]
    ) -> list[IdentifiedEntry]:
        """Those of a general source whose title and summary speak of our matter."""
        least = BENEFIT_OF_DOUBT * self.settings.relevance.threshold
        scores: list[float] = []
        acting = await self.runner.read(lambda store: store.acting_rules())
        parts = (self._scores(source, part, acting) for part in _parts(items))
        async with aclosing(in_order(parts)) as ready:
            async for found in ready:
                scores += found
        return [item for item, score in zip(items, scores, strict=True) if score >= least]

    async def _scores(
        self, source: Source, items: Sequence[IdentifiedEntry], acting: Sequence[Rule]
    ) -> list[float]:
        entries = [item.entry for item in items]
        try:
            return await self.workers.run(drafts.glance, entries, source=source, acting=acting)
        except Unusable:
            raise
        except MonitorError as error:
            log.warning("%s: its summaries cannot be read: %s", source.name, error)
            return [0.0] * len(items)


def has_page(source: Source, entry: Entry) -> bool:
    """Whether an entry's address leads to a page that says more than the entry."""
    if not entry.url or len(entry.content) >= FULL_TEXT_CHARS or is_opaque(entry.url):
        return False
    if source.kind is SourceKind.TELEGRAM:
        return not is_channel_host(entry.url)
    if source.kind is SourceKind.PAGE:
        return canonical_key(entry.url) != canonical_key(source.url)
    return True


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """What one task of a worker takes."""
    return (items[at : at + ENTRIES_PER_TASK] for at in range(0, len(items), ENTRIES_PER_TASK))


async def in_order(work: Iterable[Coroutine[Any, Any, Item]]) -> AsyncGenerator[Item, None]:
    """The values in order, while the next few are under way."""
    under_way: deque[asyncio.Task[Item]] = deque()
    try:
        for one in work:
            under_way.append(asyncio.create_task(one))
            if len(under_way) > TASKS_AHEAD:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()


def _match_and_commit_all(
    store: Store, *, read: Sequence[Draft], page_id: int | None
) -> list[ArticleStored]:
    with store.together():
        return [match_and_commit(store, draft, page_id) for draft in read]


def _unread(store: Store, *, source: Source, entry_ids: Sequence[int]) -> list[drafts.Unread]:
    entries = store.entries(entry_ids)
    keys = {drafts.address_key(entry) for entry in entries} - {""}
    same = store.known_entries(source.id, guids=(), url_keys=keys, content_hashes=())
    sharers = Counter(row.url_key for row in same)
    now = datetime.now(UTC)
    return [
        drafts.from_entry(source, number, entry, sharers, seen_at=now)
        for number, entry in zip(entry_ids, entries, strict=True)
    ]


def _validators(gathered: Gathered) -> Mapping[str, str]:
    """
    What to ask with next time; only of what was read: an ETag never outruns the store.

    Empty leaves what is stored, and so asks as before.
    """
    if gathered.outcome not in {Outcome.OK, Outcome.EMPTY} or not gathered.is_whole:
        return {}
    if gathered.document.is_directory:
        return {"etag": "", "last-modified": "", "hash": ""}
    headers = gathered.fetched.headers
    said = {name: headers.get(name, "") for name in ("etag", "last-modified")}
    return {**said, "hash": gathered.body_hash}


def _answer(gathered: Gathered, identified: Sequence[IdentifiedEntry]) -> due.Answer:
    """What the schedule wants to know of a poll."""
    fetched, document = gathered.fetched, gathered.document
    return due.Answer(
        now=fetched.fetched_at,
        outcome=gathered.outcome,
        # It may come back, but seldom within minutes: feeds do, the next day.
        retryable=fetched.retryable and fetched.status != HTTPStatus.NOT_FOUND,
        not_before=fetched.not_before,
        fresh_s=freshness.lifetime_s(fetched.headers, now=fetched.fetched_at),
        ttl_s=document.ttl_s,
        published=[entry.published_at for entry in document.entries if entry.published_at],
        size=len(document.entries),
        new=[item.entry.published_at for item in identified if not item.known_id],
    )


def _newest(document: Document, now: datetime) -> datetime | None:
    """The latest date among the entries that is not in the future."""
    dates = (entry.published_at for entry in document.entries)
    return max((date for date in dates if date and date <= now), default=None)


def _count_poll(tally: Tally, source: Source, record: PollRecord, stored: PollStored) -> None:
    tally.polled += 1
    tally.outcomes[record.outcome] += 1
    tally.answer_s.append(record.elapsed_s)
    tally.entries_seen += record.seen
    tally.entries_new += stored.new
    tally.entries_updated += stored.updated
    if record.outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED}:
        tally.not_modified += 1
    elif record.outcome.is_success:
        tally.ok += 1
    else:
        tally.failures.append((source.name, record.cause))


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
