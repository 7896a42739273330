"""
The daemon: the clock, and a few crawls at a time of what is due.

APScheduler's AsyncIOScheduler in the loop that also crawls; a second daemon on the same
database is refused by the instance lock. SIGTERM and SIGINT end it: running crawls get a
grace period, then are cancelled; what they committed is kept. SIGHUP makes `run` return,
for the caller to read the configuration again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.crawl import Crawler, crawler
from monitor.errors import Unusable
from monitor.jobs.health import AHEAD
from monitor.model import Source, SourceState
from monitor.ports import Runner, Store
from monitor.settings import Settings, redacted
from monitor.store.engine import sqlite_path

#: Seconds that running crawls may take to finish after a signal.
GRACE_S = 10.0

#: Crawls under way at once: a slow host keeps one of them busy, never all sources.
CRAWLS = 8

#: After our own network failed, or a crawl met a fault, wait this long.
PAUSE = timedelta(seconds=60)

#: What one line of the log tells of failures: so many causes, and so many sources of each.
CAUSES, NAMES = 5, 3

#: Characters of a name or a cause in the log.
LINE_CHARS = 160

log = logging.getLogger(__name__)


class Ending(Enum):
    """Why `run` returned."""

    STOPPED = auto()
    RELOAD = auto()


async def run(settings: Settings, runner: Runner) -> Ending:
    """
    Crawl what is due until a signal asks to end or to read the configuration again.

    Raises:
        Unusable: the store failed; a restart goes on where this ended.
    """
    loop = asyncio.get_running_loop()
    # Scrapy's and the clock's own words are of no use to an operator.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    async with crawler(settings, runner) as one:
        daemon = _Daemon(settings, runner, one)
        for name, ending in (
            (signal.SIGTERM, Ending.STOPPED),
            (signal.SIGINT, Ending.STOPPED),
            (signal.SIGHUP, Ending.RELOAD),
        ):
            loop.add_signal_handler(name, daemon.end_with, ending)
        await daemon.greet()
        clock = AsyncIOScheduler(timezone=UTC)
        clock.add_job(
            daemon.tick,
            "interval",
            seconds=settings.schedule.tick,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        clock.start()
        try:
            return await daemon.ended()
        finally:
            clock.shutdown(wait=False)
            await daemon.close()


class _Daemon:
    """What the clock calls; holds the crawls that are under way."""

    def __init__(self, settings: Settings, runner: Runner, one: Crawler) -> None:
        self._settings = settings
        self._runner = runner
        self._crawler = one
        self._crawls: set[asyncio.Task[None]] = set()
        #: Sources that a crawl has in hand.
        self._in_hand: set[int] = set()
        self._not_before = datetime.now(UTC)
        self._file = _file_of(settings)
        #: Sources that wait for a time which a clock that was set back had named.
        self._stranded: list[Source] = []
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def end_with(self, ending: Ending) -> None:
        """A signal came."""
        if not self._ending.done():
            log.info("%s", "ending" if ending is Ending.STOPPED else "reading the settings again")
            self._ending.set_result(ending)

    async def ended(self) -> Ending:
        """
        Wait for a signal.

        Raises:
            Unusable: the store failed meanwhile.
        """
        return await self._ending

    async def greet(self) -> None:
        """Say what is watched and when the next poll is due."""
        sources = [
            s
            for s in await self._runner.read(lambda s: s.sources())
            if s.state is SourceState.ACTIVE
        ]
        if not sources:
            log.warning("no source is active; add some: monitor init, monitor sources add URL")
            return
        now = datetime.now(UTC)
        self._stranded = [s for s in sources if s.last_polled_at and s.last_polled_at - now > AHEAD]
        if self._stranded:
            log.warning(
                "%d sources were polled in the future: was the clock set back? polling them now",
                len(self._stranded),
            )
        soonest = min(max(s.next_poll_at or now, s.not_before or now, now) for s in sources)
        log.info(
            "watching %d sources; next poll at %s", len(sources), f"{soonest:%Y-%m-%d %H:%M:%S} UTC"
        )

    async def tick(self) -> None:
        """Start a crawl of what is due and in no crawl's hands."""
        now = datetime.now(UTC)
        if self._file != _file_of(self._settings):
            self._fail(_replaced(self._settings))
        if self._ending.done() or now < self._not_before or len(self._crawls) >= CRAWLS:
            return
        try:
            due, pages = await self._runner.read(lambda store: self._due(store, now))
        except Unusable as error:
            self._fail(error)
            return
        if self._stranded:
            limit = self._settings.schedule.batch
            due, self._stranded = self._stranded[:limit], self._stranded[limit:]
        if due or (pages and not self._crawls):
            self._in_hand.update(source.id for source in due)
            task = asyncio.create_task(self._crawl(due))
            self._crawls.add(task)
            task.add_done_callback(self._crawls.discard)

    def _due(self, store: Store, now: datetime) -> tuple[list[Source], int]:
        """Sources whose time has come, and how many pages were left over for now."""
        limit = self._settings.schedule.batch
        due = store.due_sources(now=now, limit=limit + len(self._in_hand))
        free = [source for source in due if source.id not in self._in_hand]
        return free[:limit], 0 if free else store.due_pages(now=now)

    async def _crawl(self, due: Sequence[Source]) -> None:
        """One crawl; a fault of ours is logged, and the clock goes on."""
        try:
            tally, seconds = await self._crawler.crawl(due)
        except Unusable as error:
            self._fail(error)
        except Exception:
            log.exception("a crawl met a fault of the monitor; going on in %s", PAUSE)
            self._not_before = datetime.now(UTC) + PAUSE
        else:
            if tally.outage:
                log.warning("%s: trying again in %s", tally.outage, PAUSE)
                self._not_before = datetime.now(UTC) + PAUSE
                return
            log.info(
                "crawl: %d polled, %d failed; %d new entries, %d new articles, "
                "%d new stories; %.1f s",
                tally.polled,
                len(tally.failures),
                tally.entries_new,
                tally.articles_new,
                len(tally.stories_new),
                seconds,
            )
            if tally.failures:
                log.info("failed: %s", told_briefly(tally.failures))
            for name, cause in tally.failures:
                log.debug("failed: %s: %s", _plain(name), _plain(cause))
        finally:
            self._in_hand.difference_update(source.id for source in due)

    def _fail(self, error: Unusable) -> None:
        """Without a store there is nothing to do: whoever started us starts us again."""
        if not self._ending.done():
            self._ending.set_exception(error)

    async def close(self) -> None:
        """Let running crawls finish within the grace period; then cancel them."""
        if not self._crawls:
            return
        _, pending = await asyncio.wait(self._crawls, timeout=GRACE_S)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _file_of(settings: Settings) -> tuple[int, int] | None:
    """Which file the database is; None when it is none, or is not there."""
    path = sqlite_path(settings.database.url)
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _replaced(settings: Settings) -> Unusable:
    """What we write would go to a file that nobody sees any more."""
    return Unusable(
        "was replaced, moved or removed while it was in use.",
        subject=redacted(settings.database.url),
        advice="Start again, and check it: monitor doctor. To exchange it, use: monitor restore",
    )


def told_briefly(failures: Sequence[tuple[str, str]]) -> str:
    """
    Failures by cause, the most frequent first, in one line however many there are.

    Args:
        failures: (source name, cause).
    """
    by_cause: dict[str, list[str]] = {}
    for name, cause in failures:
        by_cause.setdefault(_plain(cause), []).append(_plain(name))
    ranked = sorted(by_cause.items(), key=lambda item: -len(item[1]))
    told = [f"{_listed(names)}: {cause}" for cause, names in ranked[:CAUSES]]
    rest = sum(len(names) for _, names in ranked[CAUSES:])
    more = [f"{rest} more for {len(ranked) - CAUSES} other causes (monitor health)"] if rest else []
    return "; ".join([*told, *more])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{', '.join(names[:NAMES])}{more}"


def _plain(text: str) -> str:
    """One line for any terminal: publishers choose names, and what a cause quotes."""
    return "".join(c if c.isprintable() else " " for c in text[:LINE_CHARS])
