"""
One crawl: which sources and pages, fetched together, handed to the pipeline, counted.

The one place that knows both the spiders and the pipeline. `crawl` is what the command
runs once and what the daemon runs by the clock.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from monitor.addresses import AddressPolicy
from monitor.gather import Gathering
from monitor.model import Fetched, Outcome, PageRequest, PartRequest, Source
from monitor.parse.pool import Workers
from monitor.pipeline import Pipeline, Tally
from monitor.ports import Runner
from monitor.settings import FetchSettings, Settings
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

__all__ = ["Crawler", "Progress", "crawler", "fetch_once", "fetch_rules", "outage"]

log = logging.getLogger(__name__)


class Crawler:
    """Spiders, manners and pipeline of one process; many crawls share it."""

    def __init__(self, settings: Settings, runner: Runner, workers: Workers) -> None:
        self.runner = runner
        self.rules = fetch_rules(settings.fetch)
        self.manners = Manners()
        self.pipeline = Pipeline(settings=settings, runner=runner, workers=workers)
        #: Wanted pages that a crawl of this process has in hand.
        self._in_hand: set[int] = set()

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
        await one.repair()
        pages = await self._left_over([source.id for source in sources] if only_these else None)
        try:
            await one.run(sources, pages)
        except ExceptionGroup as group:
            # The store is gone, or one item met a fault of ours: the first says it.
            raise group.exceptions[0] from group
        finally:
            self._in_hand -= one.requests.keys()
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
        runner = self._owner.runner
        stored = {source.id: source for source in await runner.read(lambda s: s.sources())}
        self._sources = {**stored, **self._sources}
        cut_off: dict[int, list[int]] = {}
        for source_id, entry_id in await runner.read(
            lambda s: s.entries_without_article(limit=CUT_OFF_ENTRIES)
        ):
            cut_off.setdefault(source_id, []).append(entry_id)
        for source_id, entry_ids in cut_off.items():
            if source_id in self._sources:
                source = self._sources[source_id]
                await self._owner.pipeline.take_entries(source, entry_ids, self.tally)

    async def run(self, sources: Sequence[Source], pages: Sequence[PageRequest]) -> None:
        """Fetch everything; then decide about what never answered."""
        watched = [page for page in pages if page.source_id in self._sources]
        self.requests.update((page.id, page) for page in watched)
        owner = self._owner
        await fetch_batch(
            sources, watched, want=self._want, rules=owner.rules, manners=owner.manners
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

    async def _want(self, fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        more: Sequence[PageRequest | PartRequest] = ()
        if _is_silent(fetched):
            self._silent.append(fetched)
        else:
            self._is_answered = self._is_answered or fetched.status > 0
            more = await self._take(fetched)
        self._done += 1
        if self._progress:
            self._progress(self._done, self._polls + len(self.requests))
        return more

    async def _take(self, fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        source, pipeline = self._sources[fetched.source_id], self._owner.pipeline
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


async def fetch_once(settings: Settings, source: Source) -> Fetched:
    """
    Fetch a source's address once, as politely and guarded as a crawl; nothing is stored.

    Args:
        source: need not be stored; its kind decides what is asked for.
    """
    taken: list[Fetched] = []

    async def want(fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        taken.append(fetched)
        return ()

    rules = fetch_rules(settings.fetch)
    await fetch_batch([source], [], want=want, rules=rules, manners=Manners())
    return taken[0]


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
