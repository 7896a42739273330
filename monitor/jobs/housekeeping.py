"""
What the daemon does once a day: old polls are forgotten, the database looks after itself, and
articles that stand alone are asked again where they belong.

APScheduler keeps these few times; they are told to the minute by the wall clock, so that it
does no harm when that is set. When sources are asked is not for it: see `jobs.daemon`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.errors import Unusable
from monitor.ports import Runner
from monitor.repair import PASSES, repair_some, to_ask
from monitor.settings import Settings

#: When, in UTC: a quiet hour for most of the sources.
HOUR, MINUTE = 1, 17

#: Several daemons of one machine do not start at once, seconds.
JITTER_S = 600

#: Articles that are asked again before other writers have their turn.
TOGETHER = 20

log = logging.getLogger(__name__)


@contextmanager
def housekeeping(settings: Settings, runner: Runner) -> Iterator[AsyncIOScheduler]:
    """Keep house while the block runs; needs a running loop. Gives the clock with its jobs."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    clock = AsyncIOScheduler(timezone=UTC)
    clock.add_job(
        keep_house,
        CronTrigger(hour=HOUR, minute=MINUTE, jitter=JITTER_S, timezone=UTC),
        args=(settings, runner),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    clock.start()
    try:
        yield clock
    finally:
        clock.shutdown(wait=False)


async def keep_house(settings: Settings, runner: Runner) -> int:
    """
    Forget polls and messages of long ago, a few at a time, and let the database tidy up.

    Returns:
        How many polls were forgotten.
    """
    before = datetime.now(UTC) - timedelta(days=settings.database.keep_polls)
    forgotten = 0
    try:
        while count := await runner.write(lambda store: store.forget_polls(before)):
            forgotten += count
        while await runner.write(lambda store: store.forget_deliveries(before)):
            pass
        await runner.write(lambda store: store.tidy())
    except Unusable as error:
        # The clock of the daemon meets it too, and ends.
        log.warning("housekeeping: %s", error)
        return forgotten
    log.info("housekeeping: %d old polls forgotten", forgotten)
    await repair_groups(runner)
    return forgotten


async def repair_groups(runner: Runner) -> int:
    """
    Let articles that came before their neighbours join them, a few at a time.

    Returns:
        How many steps that took; each is in the log of repairs.
    """
    now, steps = datetime.now(UTC), 0
    try:
        for _ in range(PASSES):
            before = steps
            lonely = await runner.read(lambda store: to_ask(store, now))
            for start in range(0, len(lonely), TOGETHER):
                some = lonely[start : start + TOGETHER]
                steps += len(await runner.write(partial(repair_some, article_ids=some, now=now)))
            if steps == before:
                break
    except Unusable as error:
        log.warning("repair: %s", error)
    log.info("repair: %d articles stand elsewhere now", steps)
    return steps
