"""
One Scrapy crawl for a whole batch of sources and pages.

Every request ends as exactly one `Fetched` handed to `want`; the pages and further parts
of a source that `want` answers with are fetched in the same crawl.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from scrapy.crawler import AsyncCrawlerRunner

from monitor.model import Outcome, PageRequest, Source, Terms
from spiders import answers
from spiders.handler import tls_context
from spiders.manners import Manners
from spiders.rules import FetchRules
from spiders.settings import scrapy_settings
from spiders.spider import BatchSpider
from spiders.state import Batch, Want
from spiders.verdict import Verdict

#: Seconds that a cancelled batch gets to close its connections.
_GRACE_S = 5.0
_UNFINISHED = Verdict(Outcome.FAILED, "the crawl ended before this was fetched", retryable=True)


async def fetch_batch(
    sources: Sequence[Source],
    pages: Sequence[PageRequest],
    *,
    want: Want,
    rules: FetchRules,
    manners: Manners,
    terms: Mapping[int, Terms] = MappingProxyType({}),
) -> None:
    """
    Fetch sources and pages; await `want` once for each of them, whatever happened.

    What `want` returns, pages and further parts of the sources, is fetched in turn, and
    `want` is awaited for each of these too. Cancelling it abandons what is under way at
    once; `want` is then not called for the rest. Everything must run in one event loop,
    with one `manners` for the process.

    Args:
        terms: by source, for itself, its parts and its pages; a source without any is
            fetched on everybody's.

    Raises:
        ExceptionGroup: what `want` raised; the other items were served all the same, unless
            it was `Unusable`, which ends the batch.
    """
    # Scrapy warns about what we report as outcomes; only its own faults are to be seen.
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    batch = Batch(want, rules, manners, terms, {source.id: source.kind for source in sources})
    batch.open.update((batch.ticket(source), None) for source in sources)
    batch.open.update((batch.ticket(page), None) for page in pages)
    if not batch.open:
        return
    # Loading the root certificates takes longer than the loop may wait.
    await asyncio.to_thread(tls_context)
    try:
        await _crawl(batch)
    finally:
        batch.release_all()
    await _hand_over_the_rest(batch)
    if batch.errors:
        raise ExceptionGroup("some of what was fetched could not be processed", batch.errors)


async def _crawl(batch: Batch) -> None:
    """Run the crawl to its end, or stop it when we are cancelled."""
    runner = AsyncCrawlerRunner(scrapy_settings(batch.rules))
    crawl = runner.crawl(BatchSpider, batch=batch)
    try:
        await asyncio.shield(crawl)
    except asyncio.CancelledError:
        batch.stop()
        await asyncio.wait({crawl}, timeout=_GRACE_S)
        crawl.cancel()
        raise


async def _hand_over_the_rest(batch: Batch) -> None:
    """The promise of `want` holds even if the crawl ended early."""
    while batch.open and not batch.is_stopping:
        ticket = next(iter(batch.open))
        record = answers.fetched(ticket, ticket.requested_url, _UNFINISHED)
        await batch.hand_over(ticket, record)
