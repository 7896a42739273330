"""
One crawl: which sources and pages, fetched together, handed to the pipeline, counted.

The one place that knows both the spiders and the pipeline. `crawl` is what the command
runs once and what the daemon runs by the clock.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from monitor.addresses import AddressPolicy
from monitor.enrich import Enricher
from monitor.enrich.taxonomy import load_taxonomy
from monitor.model import Fetched, PageRequest, Source
from monitor.parse.pool import Workers
from monitor.pipeline import Pipeline, Tally
from monitor.ports import Runner
from monitor.settings import FetchSettings, Settings
from spiders.batch import fetch_batch
from spiders.manners import Manners
from spiders.rules import FetchRules

#: Called with the number of answers taken and of requests known so far.
Progress = Callable[[int, int], None]

#: Wanted pages that one crawl takes up from earlier ones.
LEFT_OVER_PAGES = 500

#: Entries whose article was cut off by a crash, repaired at the start of a crawl.
CUT_OFF_ENTRIES = 10_000


class Crawler:
    """Spiders, manners and pipeline of one process; many crawls share it."""

    def __init__(self, settings: Settings, runner: Runner, workers: Workers) -> None:
        self.runner = runner
        self.rules = fetch_rules(settings.fetch)
        self.manners = Manners()
        self.pipeline = Pipeline(
            settings=settings,
            runner=runner,
            workers=workers,
            enricher=Enricher(load_taxonomy(), threshold=settings.relevance.threshold),
        )

    async def crawl(
        self, sources: Sequence[Source], *, progress: Progress | None = None
    ) -> tuple[Tally, float]:
        """
        Poll these sources and fetch the pages they want.

        Returns:
            What was done, and the seconds it took.

        Raises:
            Unusable: the store failed; what was committed before is kept.
        """
        started = time.monotonic()
        tally = Tally()
        known = {source.id: source for source in await self.runner.read(lambda s: s.sources())}
        await self._repair(known, tally)
        now = datetime.now(UTC)
        ids = [source.id for source in sources]
        pages = await self.runner.write(
            lambda s: s.wanted_pages(now=now, limit=LEFT_OVER_PAGES, source_ids=ids)
        )
        requests = {page.id: page for page in pages}
        done = 0

        async def want(fetched: Fetched) -> Sequence[PageRequest]:
            nonlocal done
            source = known[fetched.source_id]
            more: Sequence[PageRequest] = ()
            if fetched.page_id is None:
                more = await self.pipeline.take_source(source, fetched, tally)
                requests.update((page.id, page) for page in more)
            else:
                request = requests[fetched.page_id]
                await self.pipeline.take_page(source, request, fetched, tally)
            done += 1
            if progress:
                progress(done, len(sources) + len(requests))
            return more

        try:
            await fetch_batch(sources, pages, want=want, rules=self.rules, manners=self.manners)
        except ExceptionGroup as group:
            # The store is gone, or one item met a fault of ours: the first says it.
            raise group.exceptions[0] from group
        return tally, time.monotonic() - started

    async def _repair(self, known: dict[int, Source], tally: Tally) -> None:
        """Entries that a crash left without an article get it now."""
        cut_off = await self.runner.read(lambda s: s.entries_without_article(limit=CUT_OFF_ENTRIES))
        for source_id, entry_id in cut_off:
            if source_id in known:
                await self.pipeline.take_entry(known[source_id], entry_id, tally)


@asynccontextmanager
async def crawler(settings: Settings, runner: Runner) -> AsyncIterator[Crawler]:
    """A crawler whose worker processes end with the block."""
    workers = Workers()
    try:
        yield Crawler(settings, runner, workers)
    finally:
        workers.close()


async def fetch_once(settings: Settings, source: Source) -> Fetched:
    """
    Fetch a source's address once, as politely and guarded as a crawl; nothing is stored.

    Args:
        source: need not be stored; its kind decides what is asked for.
    """
    taken: list[Fetched] = []

    async def want(fetched: Fetched) -> Sequence[PageRequest]:
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
