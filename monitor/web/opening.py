"""The review site as it is opened: served where the settings say, its cards kept up to date."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from monitor.errors import MonitorError
from monitor.ports import Runner
from monitor.settings import Settings
from monitor.web.app import site
from monitor.web.desk import open_desk
from monitor.web.keeper import keep_cards
from monitor.web.server import serving
from monitor.web.status import Check, Vitals
from spiders.manners import Manners

#: After a fault cards rest for so long, seconds.
PAUSE_S = 60.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(
    settings: Settings,
    runner: Runner,
    vitals: Vitals | None = None,
    *,
    manners: Manners | None = None,
) -> AsyncIterator[str]:
    """
    Serve the site and the status pages while the block runs; yields the site's address.

    Args:
        vitals: who answers the status pages; None = the site for itself.
        manners: of the crawls of this process, so that hosts meet one visitor; None = its own.

    Raises:
        BadInput: the address cannot be listened at, or others could reach it and it has no
            accounts.
    """
    desk = await open_desk(settings, runner)
    app = site(desk, vitals or SiteVitals(runner))
    app.state.manners = manners
    async with serving(app, host=settings.web.host, port=settings.web.port) as place:
        keeper = asyncio.create_task(_keep(runner), name="cards")
        try:
            yield place
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper


class SiteVitals:
    """`status.Vitals` of a site that is served alone."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def alive(self) -> Check:
        """Whoever answers is alive."""
        return Check(name="site", is_well=True, detail="answers")

    async def ready(self) -> Sequence[Check]:
        """The site, and the database that it shows."""
        try:
            await self._runner.read(lambda store: store.has_users())
        except MonitorError as error:
            return [self.alive(), Check(name="database", is_well=False, detail=error.message)]
        return [self.alive(), Check(name="database", is_well=True, detail="answers")]

    async def metrics(self) -> tuple[bytes, str]:
        """What can be told of any process; crawls are counted by the daemon."""
        return generate_latest(), CONTENT_TYPE_LATEST


async def _keep(runner: Runner) -> None:
    """Keep cards; a fault of ours is logged, and the site goes on."""
    while True:
        try:
            await keep_cards(runner)
        except Exception:
            log.exception("cards met a fault of the monitor; going on in %g s", PAUSE_S)
            await asyncio.sleep(PAUSE_S)
