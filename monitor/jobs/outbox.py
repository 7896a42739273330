"""
The daemon's courier: queues digests and alerts when their time has come, and sends them.

It works beside the clock: what the store is asked for goes through the runner, what blocks is
done in threads of its own, so crawls never wait for a mail server. What was being sent when the
last daemon died is sent again, under its old key.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

from monitor.deliver import courier, digest_queue
from monitor.deliver.cards import refresh
from monitor.errors import MonitorError, Retryable
from monitor.jobs.clock import Clock
from monitor.jobs.metrics import Metrics
from monitor.model import Delivery, DeliveryState, Recipient
from monitor.ports import Runner
from monitor.settings import Settings

#: Seconds between two looks; sources are looked at more rarely.
LOOK_S, SOURCES_S = 1.0, 60.0

#: Deliveries under way at once.
AT_ONCE = 4

#: Cards that are made in one go, and goes of one look.
CARDS, GOES = 20, 50

#: Seconds that deliveries under way get at the end.
GRACE_S = 8.0

#: After a fault of ours, wait this long (seconds).
PAUSE_S = 60.0

log = logging.getLogger(__name__)


class Courier:
    """Queues and sends until it is told to end."""

    def __init__(
        self,
        runner: Runner,
        settings: Callable[[], Settings],
        *,
        environ: Mapping[str, str],
        clock: Clock,
        metrics: Metrics | None = None,
        look_s: float = LOOK_S,
    ) -> None:
        """
        Args:
            settings: those that hold now.
            environ: what `${VARIABLES}` in targets and passwords stand for.
        """
        self._runner = runner
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._metrics = metrics
        self._look_s = look_s
        self._dice = random.Random()  # noqa: S311  (spreads retries)
        self._under_way: set[asyncio.Task[None]] = set()
        self._sources_at = -SOURCES_S
        self._ending = asyncio.Event()

    async def work(self) -> None:
        """Look and send until `drain`; a fault of ours is logged, and it goes on."""
        await self._release()
        while not self._ending.is_set():
            rest = self._look_s
            try:
                await self.look()
            except MonitorError as error:
                log.warning("deliveries: %s", error)
            except Exception:
                log.exception("deliveries met a fault of the monitor; going on in %g s", PAUSE_S)
                rest = PAUSE_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), rest)

    async def look(self) -> None:
        """One look: cards, digests, alerts, then what waits is sent."""
        if await self._made_cards():
            await self._queue_digests()
            await self._queue_alerts()
        await self._send()
        if self._metrics is not None:
            counts = await self._runner.read(lambda store: store.delivery_counts())
            self._metrics.deliveries(counts)

    async def _release(self) -> None:
        try:
            released = await self._runner.write(lambda store: store.release_deliveries())
        except MonitorError as error:
            log.warning("deliveries: %s", error)
            return
        if released:
            log.warning("%d deliveries were being sent at the last end: sent again", released)

    async def _made_cards(self) -> bool:
        """Whether all stories have their cards: what an alert has looked at is told for ever."""
        for _ in range(GOES):
            if not await self._runner.write(lambda store: refresh(store, limit=CARDS)):
                return True
        return False

    async def _queue_digests(self) -> None:
        now, public_url = self._clock.now(), self._settings().web.public_url
        for one in await self._runner.write(lambda store: courier.due_digests(store, now=now)):
            # Composed beside the writer: it takes a second when much has happened.
            made = await self._runner.read(
                partial(digest_queue.prepare, recipient=one, now=now, public_url=public_url)
            )
            if await self._runner.write(made.queue):
                log.info("queued a digest for %s", one.name)

    async def _queue_alerts(self) -> None:
        now, public_url = self._clock.now(), self._settings().web.public_url
        with_sources = self._clock.ticking() - self._sources_at >= SOURCES_S
        if with_sources:
            self._sources_at = self._clock.ticking()
        for made in await self._runner.read(
            lambda store: courier.due_alerts(
                store, now=now, public_url=public_url, with_sources=with_sources
            )
        ):
            if await self._runner.write(made.queue):
                log.info("queued an alert: %s", made.alert.name)

    async def _send(self) -> None:
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return
        now = self._clock.now()
        taken = await self._runner.write(
            lambda store: [
                (one, store.recipient(one.recipient_id))
                for one in store.take_deliveries(now=now, limit=free)
            ]
        )
        for delivery, recipient in taken:
            task = asyncio.create_task(self._deliver(delivery, recipient))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _deliver(self, delivery: Delivery, recipient: Recipient | None) -> None:
        failure = await self._handed_over(delivery, recipient)
        courier.tell(delivery, recipient, failure)
        now = self._clock.now()
        try:
            state = await self._runner.write(
                lambda store: courier.settle(store, delivery, failure, now=now, dice=self._dice)
            )
        except MonitorError as error:
            log.warning("delivery %d: what came of it is not stored: %s", delivery.id, error)
            return
        if self._metrics is not None:
            self._metrics.attempts.labels("sent" if state is DeliveryState.SENT else "failed").inc()

    async def _handed_over(
        self, delivery: Delivery, recipient: Recipient | None
    ) -> MonitorError | None:
        """Send it in a thread that does not outlive the process; why it failed, or None."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[MonitorError | None] = loop.create_future()
        settings, environ = self._settings(), self._environ

        def send() -> None:
            failure: MonitorError | None
            try:
                failure = courier.hand_over(delivery, recipient, settings, environ)
            except Exception:
                log.exception("delivery %d met a fault of the monitor", delivery.id)
                failure = Retryable("a fault of the monitor.", subject="sending")
            # At the very end nobody listens any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_answer, done, failure)

        threading.Thread(target=send, name=f"send-{delivery.id}", daemon=True).start()
        return await done

    async def drain(self) -> None:
        """Let those under way end; what does not in time is sent again at the next start."""
        self._ending.set()
        if self._under_way:
            log.info("%d deliveries under way get %g s", len(self._under_way), GRACE_S)
            await asyncio.wait(set(self._under_way), timeout=GRACE_S)


def _answer(done: asyncio.Future[MonitorError | None], failure: MonitorError | None) -> None:
    if not done.done():
        done.set_result(failure)


@asynccontextmanager
async def delivering(one: Courier) -> AsyncIterator[Courier]:
    """Deliver while the block runs; at its end what is under way gets its grace."""
    work = asyncio.create_task(one.work(), name="courier")
    try:
        yield one
    finally:
        await one.drain()
        await asyncio.wait([work], timeout=GRACE_S)
        work.cancel()
