"""
Searches in the background: a few at once, each watched while it runs and kept for some minutes.

They fetch through `finding.looking`, so the address guard, robots.txt and the hosts' rest hold as
in a crawl; what hosts asked for is taken over from the store, or from a crawl of this process.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.errors import BadInput, MonitorError
from monitor.finding.adding import look_around
from monitor.finding.looking import Look, Looker
from monitor.finding.search import Found
from monitor.model import NewSource
from monitor.parse.pool import Workers
from monitor.ports import Runner
from monitor.settings import Settings
from spiders.manners import Manners

#: Searches that run at once, and that wait for their turn; more are refused.
AT_ONCE, WAITING = 2, 10

#: Seconds that one may take, that its result is kept, and how many results are.
LONGEST_S, KEPT_S, KEPT = 180.0, 1800.0, 50

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Search:
    """One search: how far it is, and what it found."""

    token: str
    wanted: NewSource
    #: A person gave it a name, which no title replaces.
    has_name: bool
    #: Whose it is.
    who: str
    began: float
    #: Requests so far, and what is asked now.
    requests: int = 0
    url: str = ""
    look: Look | None = None
    #: None when the address must be taken as it is.
    found: Found | None = None
    #: Why it could not be done, in words.
    cause: str = ""
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has found what it will find."""
        return self._over.is_set()

    async def ended(self) -> None:
        """Wait for its end."""
        await self._over.wait()

    def end(self) -> None:
        """It is over."""
        self._over.set()

    def heard(self, requests: int, url: str) -> None:
        """It asks one more address."""
        self.requests, self.url = requests, url


@dataclass(slots=True)
class Searches:
    """All searches of the process."""

    settings: Settings
    runner: Runner
    #: Those of the process's crawls; None: of its own.
    manners: Manners | None = None
    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, Search] = field(default_factory=dict, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False)
    _own: Manners | None = field(default=None, init=False)

    def begin(self, wanted: NewSource, *, has_name: bool, who: str) -> Search:
        """
        Begin to look at an address and at what its site offers.

        Raises:
            BadInput: too many are under way.
        """
        self._tidy()
        if len(self._tasks) >= AT_ONCE + WAITING:
            raise BadInput(
                f"waits for {len(self._tasks)} other searches.",
                subject=wanted.url,
                advice="Try again in a minute.",
            )
        one = Search(
            token=secrets.token_urlsafe(12),
            wanted=wanted,
            has_name=has_name,
            who=who,
            began=self.clock(),
        )
        self._kept[one.token] = one
        task = asyncio.create_task(self._run(one))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return one

    def get(self, token: str, *, who: str) -> Search | None:
        """A search that this person began, while it is kept."""
        self._tidy()
        found = self._kept.get(token)
        return found if found is not None and found.who == who else None

    async def _run(self, one: Search) -> None:
        try:
            async with self._room, asyncio.timeout(LONGEST_S):
                await self._search(one)
        except TimeoutError:
            one.cause = f"it took longer than {LONGEST_S:.0f} seconds"
        except MonitorError as error:
            one.cause = str(error)
        except Exception:
            log.exception("a search met a fault of the monitor: %s", one.wanted.url)
            one.cause = "the monitor met a fault of its own; its log tells of it"
        finally:
            one.end()

    async def _search(self, one: Search) -> None:
        manners = self.manners or await self._own_manners()
        workers = Workers(1)
        try:
            looker = Looker(self.settings, workers, manners, one.heard)
            one.look, one.found = await look_around(looker, one.wanted, has_kind=False)
        finally:
            await asyncio.to_thread(workers.close)
            if manners is self._own:
                await self._keep(manners)

    async def _own_manners(self) -> Manners:
        """Manners that know what hosts asked for before this process was started."""
        if self._own is None:
            notes = await self.runner.read(lambda store: store.site_notes())
            self._own = self._own or Manners()
            self._own.remember(notes)
        return self._own

    async def _keep(self, manners: Manners) -> None:
        """Make durable what hosts asked for."""
        notes, now = manners.unsaved(), datetime.now(UTC)
        if notes:
            await self.runner.write(lambda store: store.remember_sites(notes, now=now))

    def _tidy(self) -> None:
        """Forget results that nobody came for."""
        now = self.clock()
        over = [one for one in self._kept.values() if one.is_over]
        old = [one for one in over if now - one.began > KEPT_S]
        for one in [*old, *over[: max(0, len(self._kept) - KEPT)]]:
            self._kept.pop(one.token, None)
