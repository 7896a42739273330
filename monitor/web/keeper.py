"""Keeps the stories' cards up to date while the site is served."""

from __future__ import annotations

import asyncio
import logging

from monitor.deliver.cards import keep, prepare
from monitor.errors import MonitorError
from monitor.ports import Runner

#: Seconds between two looks whether something happened.
LOOK_S = 1.0

#: Seconds until the next look when the database failed.
PAUSE_S = 30.0

#: Stories in one go; a writer that waits for us waits until so many cards are written only.
BATCH = 20

log = logging.getLogger(__name__)


async def keep_cards(runner: Runner) -> None:
    """Make cards as stories change, until cancelled."""
    while True:
        try:
            done = await _keep_some(runner)
        except MonitorError as error:
            log.warning("cards: %s Trying again in %g s.", error, PAUSE_S)
            await asyncio.sleep(PAUSE_S)
            continue
        await asyncio.sleep(0 if done else LOOK_S)


async def _keep_some(runner: Runner) -> int:
    """Read and think among the readers; hold the writer for what is ready."""
    ready = await runner.read(lambda store: prepare(store, limit=BATCH))
    if ready.made:
        await runner.write(lambda store: keep(store, ready))
    return len(ready.made)
