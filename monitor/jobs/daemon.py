"""
The daemon: the clock, and one crawl at a time of what is due.

APScheduler's AsyncIOScheduler in the loop that also crawls; a second daemon on the same
database is refused by the instance lock. SIGTERM and SIGINT end it: the running crawl
gets a grace period, then is cancelled; what it committed is kept.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.crawl import Crawler, crawler
from monitor.model import Source
from monitor.ports import Runner
from monitor.settings import Settings

#: Seconds that a running crawl may take to finish after a signal.
GRACE_S = 10.0

log = logging.getLogger(__name__)


async def run(settings: Settings, runner: Runner) -> None:
    """
    Crawl what is due until a signal asks to end.

    Raises:
        Unusable: the store failed; a restart goes on where this ended.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with crawler(settings, runner) as one:
        daemon = _Daemon(settings, runner, one, stop)
        clock = AsyncIOScheduler(timezone=UTC)
        clock.add_job(
            daemon.tick,
            "interval",
            seconds=settings.schedule.tick,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        clock.start()
        try:
            await stop.wait()
        finally:
            clock.shutdown(wait=False)
            await daemon.end()


class _Daemon:
    """What the clock calls; holds the crawl that is under way."""

    def __init__(
        self, settings: Settings, runner: Runner, one: Crawler, stop: asyncio.Event
    ) -> None:
        self._settings = settings
        self._runner = runner
        self._crawler = one
        self._stop = stop
        self._task: asyncio.Task[None] | None = None

    async def tick(self) -> None:
        """Start a crawl of what is due, unless one is under way."""
        if self._stop.is_set() or (self._task and not self._task.done()):
            return
        if self._task and self._task.exception():
            self._stop.set()
            return
        now, batch = datetime.now(UTC), self._settings.schedule.batch
        due = await self._runner.read(lambda store: store.due_sources(now=now, limit=batch))
        if due:
            self._task = asyncio.create_task(self._crawl(due))

    async def _crawl(self, due: Sequence[Source]) -> None:
        log.info("crawling %d sources", len(due))
        tally, seconds = await self._crawler.crawl(due)
        log.info(
            "%d polled, %d failed, %d new entries, %d new articles in %.1f s",
            tally.polled,
            len(tally.failures),
            tally.entries_new,
            tally.articles_new,
            seconds,
        )

    async def end(self) -> None:
        """Let the running crawl finish within the grace period; then cancel it."""
        if self._task is None:
            return
        done, pending = await asyncio.wait([self._task], timeout=GRACE_S)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()
