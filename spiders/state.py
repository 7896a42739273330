"""What the parts of one crawl share: the rules, the manners, and what is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from scrapy.crawler import Crawler

from monitor.model import Fetched, PageRequest
from spiders.manners import Manners
from spiders.requests import Ticket, host_of, origin_of
from spiders.rules import FetchRules

Result = TypeVar("Result")
Want = Callable[[Fetched], Awaitable[Sequence[PageRequest]]]


class Stopped(Exception):
    """The batch was stopped while this was under way."""


@dataclass(slots=True, eq=False)
class Batch:
    """One batch under way."""

    want: Want
    rules: FetchRules
    manners: Manners
    #: Tickets whose outcome has not been handed over yet, in order of arrival.
    open: dict[Ticket, None] = field(default_factory=dict)
    #: What `want` raised.
    errors: list[Exception] = field(default_factory=list)
    #: Hosts whose gate this batch holds.
    entered: set[str] = field(default_factory=set)
    is_stopping: bool = False
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    #: Makes the engine look for work again.
    wake: Callable[[], None] = lambda: None

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """
        Await `work` in a task that `stop` cancels.

        Raises:
            Stopped: `stop` was called meanwhile.
        """
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.is_stopping:
                raise Stopped from None
            raise
        finally:
            self._tasks.discard(task)

    def stop(self) -> None:
        """Abandon everything under way; nothing is handed over any more."""
        self.is_stopping = True
        for task in self._tasks:
            task.cancel()
        self.wake()

    def enter(self, host: str) -> None:
        """Take a host's gate."""
        self.manners.enter(host)
        self.entered.add(host)

    def leave(self, url: str) -> None:
        """Release the gate of the host of `url`, if this batch holds it."""
        host = host_of(url)
        if host in self.entered:
            self.entered.discard(host)
            self.manners.leave(host, gap_s=self._gap_s(url))

    def release_all(self) -> None:
        """Release every gate that is still held."""
        while self.entered:
            self.manners.leave(self.entered.pop(), gap_s=self.rules.host_gap_s)

    def _gap_s(self, url: str) -> float:
        """The operator's gap, or the site's Crawl-delay when that is longer."""
        robots = self.manners.robots.get(origin_of(url)) if self.rules.obey_robots else None
        asked = robots.crawl_delay_s(self.rules.robots_token) if robots else 0.0
        return max(self.rules.host_gap_s, asked)


def batch_of(crawler: Crawler) -> Batch:
    """The batch that a crawl serves."""
    return cast("Batch", cast("Any", crawler.spider).batch)
