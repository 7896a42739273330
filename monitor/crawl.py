"""
One crawl: which sources and pages, fetched together, handed to the pipeline, counted.

The one place that knows both the spiders and the pipeline. `crawl` is what the command
runs once and what the daemon runs by the clock.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from monitor.addresses import AddressPolicy
from monitor.errors import BadInput
from monitor.gather import Gathering
from monitor.model import Fetched, Outcome, PageRequest, PartRequest, Source, Terms
from monitor.parse.pool import Workers
from monitor.pipeline import Pipeline, Tally
from monitor.ports import Runner
from monitor.settings import FetchSettings, Settings
from monitor.sources.options import terms_of
from monitor.sources.templates import expanded, has_placeholders
from spiders.batch import fetch_batch
from spiders.handler import tls_context
from spiders.manners import Manners
from spiders.outage import outage
from spiders.rules import FetchRules

#: Called with the number of answers taken and of requests known so far.
Progress = Callable[[int, int], None]

#: Wanted pages that one crawl takes up from earlier ones.
LEFT_OVER_PAGES = 500

#: Entries whose article was cut off by a crash, repaired at the start of a crawl.
CUT_OFF_ENTRIES = 10_000

#: Threads that compute must give way this soon (seconds), so that the loop is not kept waiting.
SWITCH_INTERVAL_S = 0.001

#: New objects until the youngest are collected, and how many of those collections until the next
#: generation's: rarer than Python's own (700, 10, 10), which hold the loop up to 100 ms each.
COLLECT = (20_000, 10, 20)

#: While crawls go on, what sites asked for is kept this often, seconds.
KEEP_MANNERS_S = 2.0

__all__ = ["Crawler", "Progress", "asked_now", "crawler", "fetch_rules", "outage"]

log = logging.getLogger(__name__)


class Crawler:
    """Spiders, manners and pipeline of one process; many crawls share it."""

    def __init__(
        self,
        settings: Settings,
        runner: Runner,
        workers: Workers,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """
        Args:
            environ: where the options of sources look for keys.
        """
        self.runner = runner
        self.environ = environ
        self.rules = fetch_rules(settings.fetch)
        self.manners = Manners()
        self.pipeline = Pipeline(settings=settings, runner=runner, workers=workers)
        #: Wanted pages that a crawl of this process has in hand.
        self._in_hand: set[int] = set()
        self._is_mannered = False
        self._recalling = asyncio.Lock()
        #: When `keep_manners` was last at work, on the monotonic clock.
        self._kept_at = 0.0
        #: Crawls under way.
        self._under_way = 0

    async def crawl(
        self,
        sources: Sequence[Source],
        *,
        only_these: bool = False,
        tally: Tally | None = None,
        progress: Progress | None = None,
    ) -> tuple[Tally, float]:
        """
        Poll these sources, and fetch the pages that they want or that were left over.

        When no host answers and the fault is our network's, nothing is held against the
        sources: `Tally.outage` says what is wrong, and all of them stay due.

        Args:
            only_these: leave the pages that other sources want for another crawl.
            tally: counts as it happens, for who may be interrupted.

        Returns:
            What was done, and the seconds it took.

        Raises:
            Unusable: the store failed; what was committed before is kept.
        """
        started = time.monotonic()
        one = _Crawl(self, {s.id: s for s in sources}, tally or Tally(), progress)
        await self._recall()
        is_alone, self._under_way = not self._under_way, self._under_way + 1
        pages: list[PageRequest] = []
        try:
            if is_alone:
                # Beside others it would take what they are about to do for cut off.
                await one.repair()
            pages = await self._left_over([s.id for s in sources] if only_these else None)
            await one.run(sources, pages)
        except ExceptionGroup as group:
            # The store is gone, or one item met a fault of ours: the first says it.
            raise group.exceptions[0] from group
        finally:
            self._under_way -= 1
            self._in_hand -= one.requests.keys() | {page.id for page in pages}
            await self.keep_manners()
        log.debug("crawled %d sources", len(sources))
        return one.tally, time.monotonic() - started

    async def _left_over(self, source_ids: Sequence[int] | None) -> list[PageRequest]:
        now = datetime.now(UTC)
        pages = await self.runner.write(
            lambda s: s.wanted_pages(now=now, limit=LEFT_OVER_PAGES, source_ids=source_ids)
        )
        # A lease ends while its page still queues behind others of a slow host.
        mine = [page for page in pages if page.id not in self._in_hand]
        self._in_hand.update(page.id for page in mine)
        return mine

    def take(self, pages: Sequence[PageRequest]) -> None:
        """A crawl of this process has these pages in hand now."""
        self._in_hand.update(page.id for page in pages)

    async def keep_manners(self, *, now: bool = True) -> None:
        """
        Make durable what sites asked for lately: a restart must not forget it.

        Args:
            now: False when it can wait until the last time is `KEEP_MANNERS_S` ago.
        """
        if not now and time.monotonic() - self._kept_at < KEEP_MANNERS_S:
            return
        self._kept_at = time.monotonic()
        notes = self.manners.unsaved()
        if notes:
            at = datetime.now(UTC)
            await self.runner.write(lambda store: store.remember_sites(notes, now=at))

    async def _recall(self) -> None:
        """What sites asked for before this process was started; no crawl begins without it."""
        async with self._recalling:
            if not self._is_mannered:
                self.manners.remember(await self.runner.read(lambda store: store.site_notes()))
                self._is_mannered = True


class _Crawl:
    """One crawl under way: what it knows, and what it holds back until it knows more."""

    def __init__(
        self,
        owner: Crawler,
        sources: dict[int, Source],
        tally: Tally,
        progress: Progress | None,
    ) -> None:
        self.tally = tally
        self.requests: dict[int, PageRequest] = {}
        self._owner = owner
        self._sources = sources
        self._progress = progress
        self._polls = len(sources)
        self._done = 0
        #: Whether any host answered anything at all.
        self._is_answered = False
        #: Failures without any answer: they count once we know that they are not ours.
        self._silent: list[Fetched] = []
        #: Polls of which some documents are still to come, by source.
        self._gathering: dict[int, Gathering] = {}

    async def repair(self) -> None:
        """Entries that a crash left without an article get it now."""
        cut_off: dict[int, list[int]] = {}
        for source_id, entry_id in await self._owner.runner.read(
            lambda s: s.entries_without_article(limit=CUT_OFF_ENTRIES)
        ):
            cut_off.setdefault(source_id, []).append(entry_id)
        await self._know(cut_off)
        for source_id, entry_ids in cut_off.items():
            if source_id in self._sources:
                source = self._sources[source_id]
                await self._owner.pipeline.take_entries(source, entry_ids, self.tally)

    async def run(self, sources: Sequence[Source], pages: Sequence[PageRequest]) -> None:
        """Fetch everything; then decide about what never answered."""
        await self._know(page.source_id for page in pages)
        watched = [page for page in pages if page.source_id in self._sources]
        self.requests.update((page.id, page) for page in watched)
        ready, terms = await self._on_terms(sources)
        owner = self._owner
        await fetch_batch(
            ready,
            watched,
            want=self._want,
            rules=owner.rules,
            manners=owner.manners,
            terms=terms,
        )
        if self._silent and not self._is_answered:
            self.tally.outage = await outage(fetched.requested_url for fetched in self._silent)
        for fetched in self._silent:
            if not self.tally.outage:
                await self._take(fetched)
            elif fetched.page_id is None:
                self.tally.polled += 1
                name = self._sources[fetched.source_id].name
                self.tally.failures.append((name, self.tally.outage))

    async def _know(self, source_ids: Iterable[int]) -> None:
        """Read those sources that are not at hand; ten thousand would hold up every crawl."""
        missing = set(source_ids) - self._sources.keys()
        if missing:
            stored = await self._owner.runner.read(lambda s: s.sources())
            self._sources.update((s.id, s) for s in stored if s.id in missing)

    async def _on_terms(self, sources: Sequence[Source]) -> tuple[list[Source], dict[int, Terms]]:
        """What can be asked now, at which addresses, and the terms of every source we know."""
        ready, terms = [], {}
        environ = self._owner.environ
        for source in self._sources.values():
            with suppress(BadInput):
                terms[source.id] = terms_of(source, environ)
        for source in sources:
            try:
                ready.append(asked_now(source, environ, now=datetime.now(UTC)))
            except BadInput as error:
                await self._want(_unasked(source, error))
        return ready, terms

    async def _want(self, fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        more: Sequence[PageRequest | PartRequest] = ()
        if _is_silent(fetched):
            self._silent.append(fetched)
        else:
            self._is_answered = self._is_answered or fetched.status > 0
            more = await self._take(fetched)
        await self._owner.keep_manners(now=False)
        self._done += 1
        if self._progress:
            self._progress(self._done, self._polls + len(self.requests))
        return more

    async def _take(self, fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        source, pipeline = self._sources[fetched.source_id], self._owner.pipeline
        if has_placeholders(source.url):
            # It leads elsewhere each time, and may hold a key.
            fetched = replace(fetched, moved_to="")
        if fetched.page_id is not None:
            await pipeline.take_page(source, self.requests[fetched.page_id], fetched, self.tally)
            return ()
        poll = self._gathering.get(source.id) or await pipeline.begin(source)
        self._gathering[source.id] = poll
        parts = await poll.take(fetched)
        self._polls += len(parts)
        if not poll.is_over:
            return parts
        del self._gathering[source.id]
        pages = await pipeline.take_source(source, poll.whole(), self.tally)
        self.requests.update((page.id, page) for page in pages)
        self._owner.take(pages)
        return pages


def asked_now(source: Source, environ: Mapping[str, str], *, now: datetime) -> Source:
    """
    The source with the address that it is asked at this time.

    Raises:
        BadInput: its address or terms name an environment variable that is not set.
    """
    terms_of(source, environ)
    if not has_placeholders(source.url):
        return source
    url = expanded(source.url, now=now, since=source.answered_at, environ=environ)
    return replace(source, url=url)


def _unasked(source: Source, error: BadInput) -> Fetched:
    """The poll of a source that cannot be asked."""
    return Fetched(
        source_id=source.id,
        page_id=None,
        requested_url=source.url,
        url=source.url,
        outcome=Outcome.FAILED,
        cause=str(error),
        fetched_at=datetime.now(UTC),
    )


def _is_silent(fetched: Fetched) -> bool:
    """Whether no answer came for a passing reason: it may be our network's fault."""
    if fetched.is_part:
        return False  # its source has answered
    return fetched.outcome is Outcome.FAILED and fetched.retryable and not fetched.status


@asynccontextmanager
async def crawler(settings: Settings, runner: Runner) -> AsyncIterator[Crawler]:
    """A crawler whose worker processes end with the block."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    workers = Workers()
    # Certificates take a tenth of a second to load: not while the loop has work.
    await asyncio.to_thread(tls_context)
    # What is loaded by now stays: a full collection over it holds the loop for a tenth of a second.
    gc.freeze()
    gc.set_threshold(*COLLECT)
    try:
        yield Crawler(settings, runner, workers)
    finally:
        await asyncio.to_thread(workers.close)


def fetch_rules(fetch: FetchSettings) -> FetchRules:
    """The operator's fetch settings as the spiders take them."""
    return FetchRules(
        user_agent=fetch.user_agent,
        contact=fetch.contact,
        timeout_s=fetch.timeout,
        max_bytes=fetch.max_bytes,
        host_gap_s=fetch.host_gap,
        concurrency=fetch.concurrency,
        allow_private=AddressPolicy.parse(fetch.allow_private),
    )
