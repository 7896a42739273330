"""
The daemon: every tick it looks at what is due and starts crawls; signals steer it.

A second daemon on the same database is refused by the instance lock. SIGTERM and SIGINT end
it: running crawls get a grace period, then are cancelled; a second one cancels them at once;
what they committed is kept. SIGHUP reads the settings again, in place. The ticks go by a clock
that nobody sets; when the other one is set, the due times are put right.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from monitor.crawl import Crawler, crawler
from monitor.errors import MonitorError, Unusable
from monitor.jobs import jump, reload
from monitor.jobs.clock import Clock, JumpWatch
from monitor.jobs.dispatch import Dispatch
from monitor.jobs.housekeeping import housekeeping
from monitor.jobs.metrics import Metrics
from monitor.jobs.notify import Notifier
from monitor.jobs.outbox import Courier
from monitor.jobs.told import tell
from monitor.jobs.vitals import Pulse
from monitor.model import Source, SourceState
from monitor.pipeline import Tally
from monitor.ports import Runner, Store
from monitor.settings import Settings, redacted
from monitor.store.engine import sqlite_path
from monitor.web.opening import opened

#: Seconds that running crawls may take to finish after a signal, and to be cancelled after that.
GRACE_S, CANCEL_S = 10.0, 6.0

#: After our own network failed, or a crawl met a fault, wait this long (seconds).
PAUSE_S = 60.0

#: When nothing was due for so long, pages that were left over get a crawl of their own.
PAGES_S = 5.0

#: Seconds between two looks whether the database is still ours.
CHECK_S = 10.0

#: So long after the clock was set it is looked again what that left behind.
RECOVER_S = 120.0

log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    runner: Runner,
    *,
    reread: Callable[[], Settings],
    check: Callable[[], None],
    environ: Mapping[str, str],
) -> None:
    """
    Crawl what is due until a signal asks to end.

    Args:
        reread: the settings as file and environment are now; called at SIGHUP.
        check: raises Unusable when the database is ours no longer; it may take its time.
        environ: where systemd says how to reach it, and what targets of messages refer to.

    Raises:
        BadInput: the site cannot be served where it should, or not without accounts.
        Unusable: the store failed; a restart goes on where this ended.
    """
    async with AsyncExitStack() as stack:
        metrics, notifier, clock = Metrics(), Notifier(environ), Clock()
        pulse = Pulse(settings, runner, metrics, clock)
        one = await stack.enter_async_context(crawler(settings, runner))
        await _serve(stack, settings, one, pulse)
        daemon = Daemon(
            settings, runner, one, metrics=metrics, pulse=pulse, clock=clock, check=check
        )
        stack.enter_context(housekeeping(settings, runner))
        courier = Courier(
            runner, lambda: pulse.settings, environ=environ, clock=clock, metrics=metrics
        )
        _listen(daemon, notifier, reread)
        await daemon.greet()
        notifier.ready()
        delivery = asyncio.create_task(courier.work(), name="courier")
        try:
            await daemon.work(notifier)
        finally:
            notifier.stopping(f"{daemon.under_way} crawls get {GRACE_S:g} s")
            await asyncio.gather(daemon.drain(), courier.drain())
            delivery.cancel()


async def _serve(stack: AsyncExitStack, settings: Settings, one: Crawler, pulse: Pulse) -> None:
    """The review site with the status pages, unless they are switched off."""
    if not settings.web.port:
        return
    site = opened(settings, one.runner, pulse, manners=one.manners)
    place = await stack.enter_async_context(site)
    log.info("review site at %s ; status pages at /healthz, /readyz, /metrics", place)


def _listen(daemon: Daemon, notifier: Notifier, reread: Callable[[], Settings]) -> None:
    """Take the signals."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, daemon.end)

    def hang_up() -> None:
        notifier.reloading()
        daemon.reload(reread)
        notifier.ready()

    loop.add_signal_handler(signal.SIGHUP, hang_up)


class Daemon:
    """The clock's work, and the crawls that are under way."""

    def __init__(
        self,
        settings: Settings,
        runner: Runner,
        one: Crawler,
        *,
        metrics: Metrics,
        pulse: Pulse,
        clock: Clock,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._check = check
        self._checked = clock.ticking()
        self._runner = runner
        self._crawler = one
        self._metrics = metrics
        self._pulse = pulse
        self._clock = clock
        self._jumps = JumpWatch(clock)
        self._dispatch = Dispatch()
        #: Crawls under way, and what each has done so far.
        self._crawls: dict[asyncio.Task[None], Tally] = {}
        #: On the ticking clock.
        self._rests_until = clock.ticking()
        self._started = clock.ticking() - PAGES_S
        #: Sources that were in hand when the clock was set, and when to look after them.
        self._left_behind: set[int] = set()
        self._recover_at = 0.0
        self._file = _file_of(settings)
        self._ending: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hurry = asyncio.Event()

    @property
    def under_way(self) -> int:
        """Crawls under way."""
        return len(self._crawls)

    def end(self) -> None:
        """A signal to end came: the first lets crawls finish, the second does not."""
        if self._ending.done():
            log.info("ending at once")
            self._hurry.set()
            return
        log.info("ending: %d crawls have %g s to finish", self.under_way, GRACE_S)
        self._pulse.is_stopping = True
        self._ending.set_result(None)

    def reload(self, reread: Callable[[], Settings]) -> None:
        """Take over changed settings; bad ones change nothing."""
        try:
            fresh = reread()
        except MonitorError as error:
            log.error("%s The settings stay as they were.", error)  # noqa: TRY400  (no traceback)
            return
        self._settings = self._pulse.settings = reload.reloaded(self._settings, fresh)
        reload.apply(self._settings, self._crawler)

    async def greet(self) -> None:
        """Say what is watched and when the next poll is due."""
        await self._recover()
        known = await self._runner.read(lambda store: store.sources())
        sources = [source for source in known if source.state is SourceState.ACTIVE]
        if not sources:
            log.warning("no source is active; add some: monitor init, monitor sources add URL")
            return
        now = self._clock.now()
        soonest = min(max(s.next_poll_at or now, s.not_before or now, now) for s in sources)
        log.info(
            "watching %d sources; next poll at %s", len(sources), f"{soonest:%Y-%m-%d %H:%M:%S} UTC"
        )

    async def work(self, notifier: Notifier) -> None:
        """
        Tick until a signal comes.

        Raises:
            Unusable: the store failed meanwhile.
        """
        while not self._ending.done():
            began = self._clock.ticking()
            try:
                await self.tick()
            except Unusable as error:
                self._fail(error)
            took = self._clock.ticking() - began
            self._metrics.tick_s.set(took)
            self._pulse.beat()
            notifier.alive(f"{self.under_way} crawls, {self._dispatch.polls} polls under way")
            # Not by the wall clock: that may be set.
            rest = max(self._settings.schedule.tick - took, 0)
            await asyncio.wait([self._ending], timeout=rest)
        self._ending.result()

    async def tick(self) -> None:
        """
        Start crawls of what is due and in no crawl's hands.

        Raises:
            Unusable: the store failed, or is no longer where it was.
        """
        if self._file != _file_of(self._settings):
            raise _replaced(self._settings)
        if self._clock.ticking() - self._checked >= CHECK_S:
            await asyncio.to_thread(self._check)
            self._checked = self._clock.ticking()
        await self._mind_the_clock()
        self._count()
        now, ticking = self._clock.now(), self._clock.ticking()
        if ticking < self._rests_until:
            return
        batch = self._settings.schedule.batch
        asked = self._dispatch.look(batch)
        is_idle = ticking - self._started >= PAGES_S
        due, pages = await self._runner.read(lambda store: _due(store, now, asked, is_idle))
        chosen = self._dispatch.choose(
            due, asked=asked, batch=batch, crawls=self.under_way, now=ticking
        )
        self._tell_backlog(due, chosen, now)
        if pages and not chosen:
            chosen = [[]]
        for sources in chosen:
            self._start(sources)

    async def _mind_the_clock(self) -> None:
        """When the wall clock was set, due times go along with it."""
        far = self._jumps.jump()
        if far:
            seconds = far.total_seconds()
            direction = "forward" if seconds > 0 else "back"
            log.warning(
                "the clock was set %s by %.0f s; due times are moved along with it",
                direction,
                abs(seconds),
                extra={"event": "clock", "seconds": seconds},
            )
            self._metrics.jumps.inc()
            now, lately = self._clock.now(), timedelta(seconds=2 * self._settings.schedule.tick + 5)
            in_hand = self._dispatch.in_hand()
            await self._runner.write(
                lambda store: store.reschedule(
                    jump.moved(store.sources(), far, now=now, lately=lately, in_hand=in_hand)
                )
            )
            # Polls that were under way may yet commit times of the old clock.
            self._left_behind |= in_hand
            self._recover_at = self._clock.ticking() + RECOVER_S
        elif self._left_behind and self._clock.ticking() >= self._recover_at:
            left, self._left_behind = self._left_behind, set()
            await self._recover(left)

    async def _recover(self, numbers: Collection[int] | None = None) -> None:
        """Bring back sources that were polled in the future; of these, or of all."""
        now = self._clock.now()

        def recover(store: Store) -> int:
            found = [s for s in store.sources() if numbers is None or s.id in numbers]
            times = jump.stranded(found, now=now)
            store.reschedule(times)
            return len(times)

        count = await self._runner.write(recover)
        if count:
            log.warning(
                "%d sources were polled in the future: was the clock set back? "
                "each is polled within its usual wait",
                count,
            )

    def _start(self, sources: Sequence[Source]) -> None:
        if self._ending.done():
            self._dispatch.release(sources)
            return
        self._started = self._clock.ticking()
        tally = Tally()
        task = asyncio.create_task(self._crawl(sources, tally))
        self._crawls[task] = tally
        task.add_done_callback(self._crawls.pop)

    async def _crawl(self, sources: Sequence[Source], tally: Tally) -> None:
        """One crawl; a fault of ours is logged, and the clock goes on."""
        try:
            _, seconds = await self._crawler.crawl(sources, tally=tally)
        except Unusable as error:
            self._fail(error)
        except Exception:
            log.exception("a crawl met a fault of the monitor; going on in %g s", PAUSE_S)
            self._metrics.faults.inc()
            self._rest()
        else:
            if tally.outage:
                log.warning("%s: trying again in %g s", tally.outage, PAUSE_S)
                self._metrics.outages.inc()
                self._rest()
            elif sources or tally.articles_new:
                tell(log, tally, seconds)
        finally:
            self._dispatch.release(sources)
            self._metrics.count(tally, now=self._clock.now(), is_over=True)

    def _rest(self) -> None:
        self._rests_until = self._clock.ticking() + PAUSE_S

    def _fail(self, error: Unusable) -> None:
        """Without a store there is nothing to do: whoever started us starts us again."""
        if not self._ending.done():
            self._pulse.is_stopping = True
            self._ending.set_exception(error)

    def _count(self) -> None:
        """Crawls may last for minutes: what they did so far counts now."""
        for tally in self._crawls.values():
            self._metrics.count(tally, now=self._clock.now())
        self._metrics.crawls.set(self.under_way)
        self._metrics.polls_open.set(self._dispatch.polls)

    def _tell_backlog(
        self, due: Sequence[Source], chosen: Sequence[Sequence[Source]], now: datetime
    ) -> None:
        """How long the oldest due source has waited that nobody polls."""
        taken = {source.id for sources in chosen for source in sources}
        waiting = (s for s in due if s.id not in taken and not self._dispatch.has(s))
        oldest = next((source.next_poll_at for source in waiting if source.next_poll_at), now)
        self._metrics.overdue.set((now - oldest).total_seconds())

    async def drain(self) -> None:
        """Let running crawls finish within the grace period; then cancel them."""
        if not self._crawls:
            return
        crawls = set(self._crawls)
        finished = asyncio.ensure_future(asyncio.wait(crawls))
        hurry = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait(
                {finished, hurry}, timeout=GRACE_S, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            finished.cancel()
            hurry.cancel()
        cut = [task for task in crawls if not task.done()]
        if cut:
            log.info("%d crawls are cut off; what they had not committed is due again", len(cut))
            for task in cut:
                task.cancel()
            await asyncio.wait(cut, timeout=CANCEL_S)


def _due(store: Store, now: datetime, limit: int, with_pages: bool) -> tuple[Sequence[Source], int]:
    """Sources whose time has come, and how many pages were left over for now."""
    due = store.due_sources(now=now, limit=limit)
    return due, store.due_pages(now=now) if with_pages else 0


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
