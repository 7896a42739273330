"""How the daemon answers for itself: alive, ready, and what it counted."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import MonitorError
from monitor.health.look import Condition, look
from monitor.jobs.clock import Clock
from monitor.jobs.metrics import CONTENT_TYPE, Metrics
from monitor.model import SourceState
from monitor.ports import Runner, Store
from monitor.settings import Settings
from monitor.store.engine import sqlite_path
from monitor.web.status import Check

#: A tick that is this much later than it should be means that the clock stands still. A write
#: of another program may hold the database for half a minute.
LATE_S = 60.0

#: Seconds that the database may take to answer.
ANSWER_S = 5.0

#: What is counted over all sources is counted this rarely, seconds.
KEPT_S = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """All sources together."""

    states: Counter[SourceState]
    conditions: Counter[Condition]
    success_at: datetime | None
    database_bytes: int


class Pulse:
    """`web.status.Vitals` of the daemon."""

    def __init__(
        self, settings: Settings, runner: Runner, metrics: Metrics, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.is_stopping = False
        self._runner = runner
        self._metrics = metrics
        self._clock = clock or Clock()
        self._ticked = self._clock.ticking()
        self._asked: asyncio.Task[int] | None = None
        self._counted = -KEPT_S
        self._counting = asyncio.Lock()

    def beat(self) -> None:
        """The clock ticked."""
        self._ticked = self._clock.ticking()
        self._metrics.tick_at.set(self._clock.now().timestamp())

    def alive(self) -> Check:
        """Whether the clock of the daemon goes."""
        late_s = self._clock.ticking() - self._ticked
        is_well = late_s < self.settings.schedule.tick + LATE_S
        return Check(name="clock", is_well=is_well, detail=f"last tick {late_s:.1f} s ago")

    async def ready(self) -> Sequence[Check]:
        """Database, clock, and whether the end has begun."""
        stopping = "ending" if self.is_stopping else "no signal to end"
        return [
            await self._database_check(),
            self.alive(),
            Check(name="running", is_well=not self.is_stopping, detail=stopping),
        ]

    async def metrics(self) -> tuple[bytes, str]:
        """All counters; what the store must be asked for is up to half a minute old."""
        async with self._counting:
            if self._clock.ticking() - self._counted >= KEPT_S:
                await self._count()
        return self._metrics.text(), CONTENT_TYPE

    async def _count(self) -> None:
        try:
            standing = await self._runner.read(self._standing)
        except MonitorError as error:
            log.warning("sources cannot be counted for the metrics: %s", error)
            return
        self._counted = self._clock.ticking()
        self._metrics.standing(
            states=standing.states,
            conditions=standing.conditions,
            success_at=standing.success_at,
            database_bytes=standing.database_bytes,
        )

    def _standing(self, store: Store) -> _Standing:
        found = look(store, now=datetime.now(UTC))
        answered = (one.source.answered_at for one in found)
        return _Standing(
            states=Counter(one.source.state for one in found),
            conditions=Counter(one.condition for one in found),
            success_at=max(filter(None, answered), default=None),
            database_bytes=_size(self.settings),
        )

    async def _database_check(self) -> Check:
        # One question at a time: a database that hangs must not take all threads that read.
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._ask())
        try:
            await asyncio.wait_for(asyncio.shield(self._asked), ANSWER_S)
        except TimeoutError:
            why = f"no answer within {ANSWER_S:g} s"
            return Check(name="database", is_well=False, detail=why)
        except MonitorError as error:
            return Check(name="database", is_well=False, detail=error.message)
        return Check(name="database", is_well=True, detail="answers")

    async def _ask(self) -> int:
        now = self._clock.now()
        return len(await self._runner.read(lambda store: store.due_sources(now=now, limit=1)))


def _size(settings: Settings) -> int:
    """Bytes of an SQLite database with what is still in its log; 0 elsewhere."""
    path = sqlite_path(settings.database.url)
    if path is None:
        return 0
    files = (path, Path(f"{path}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
