"""What the parts of one crawl share: the rules, the manners, and what is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from scrapy.crawler import Crawler

from monitor.errors import Unusable
from monitor.model import Fetched, PageRequest, PartRequest, Source, SourceKind, Terms
from spiders import requests
from spiders.manners import Manners
from spiders.requests import Ticket, host_of, origin_of
from spiders.rules import FetchRules

Result = TypeVar("Result")
Want = Callable[[Fetched], Awaitable[Sequence[PageRequest | PartRequest]]]


class Stopped(Exception):
    """The batch was stopped while this was under way."""


@dataclass(slots=True, eq=False)
class Batch:
    """One batch under way."""

    want: Want
    rules: FetchRules
    manners: Manners
    #: By source.
    terms: Mapping[int, Terms] = field(default_factory=dict)
    kinds: Mapping[int, SourceKind] = field(default_factory=dict)
    #: Tickets whose outcome has not been handed over yet, in order of arrival.
    open: dict[Ticket, None] = field(default_factory=dict)
    #: What `want` raised.
    errors: list[Exception] = field(default_factory=list)
    #: Hosts whose gate this batch holds, with the gap that the request in flight wants.
    entered: dict[str, float] = field(default_factory=dict)
    is_stopping: bool = False
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    #: Makes the engine look for work again.
    wake: Callable[[], None] = lambda: None

    def ticket(self, wanted: Source | PartRequest | PageRequest) -> Ticket:
        """The ticket for what is wanted, on its source's terms."""
        if isinstance(wanted, Source):
            return requests.for_source(wanted, self._terms(wanted.id))
        terms = self._terms(wanted.source_id)
        if isinstance(wanted, PageRequest):
            return requests.for_page(wanted, terms)
        return requests.for_part(wanted, self.kinds[wanted.source_id], terms)

    async def hand_over(self, ticket: Ticket, fetched: Fetched) -> list[Ticket]:
        """Give `want` its record; the tickets of the pages and parts that it asks for."""
        if self.is_stopping or ticket not in self.open:
            return []
        del self.open[ticket]
        try:
            further = await self.run(_called(self.want, fetched))
        except Stopped:
            return []
        except Exception as error:  # noqa: BLE001  (one item's failure must not lose the others)
            error.add_note(f"while processing what came from source {fetched.source_id}")
            self.errors.append(error)
            if isinstance(error, Unusable):
                self.stop()  # without a store every further item would be lost
            return []
        wanted = [self.ticket(one) for one in further]
        self.open.update(dict.fromkeys(wanted))
        return wanted

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

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` run beside the crawl; `stop` cancels it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Abandon everything under way; nothing is handed over any more."""
        self.is_stopping = True
        for task in tuple(self._tasks):
            task.cancel()
        self.wake()

    def gap_s(self, ticket: Ticket, url: str) -> float:
        """The longest of the operator's gap, the agreement's and the site's Crawl-delay."""
        robots = self.manners.robots.get(origin_of(url), self.rules.robots_token)
        asked = robots.crawl_delay_s if robots and self._is_bound(ticket, url) else 0.0
        return max(self.rules.host_gap_s, ticket.gap_s(url), asked)

    def enter(self, host: str, gap_s: float) -> None:
        """Take a host's gate for a request that wants this gap."""
        self.manners.enter(host)
        self.entered[host] = gap_s

    def leave(self, ticket: Ticket, url: str) -> None:
        """Release the gate of the host of `url`, if this batch holds it."""
        host = host_of(url)
        if host in self.entered:
            # Its robots.txt may have come meanwhile.
            gap_s = max(self.entered.pop(host), self.gap_s(ticket, url))
            self.manners.leave(host, gap_s=gap_s)

    def release_all(self) -> None:
        """Release every gate that is still held, and what others wait for."""
        while self.entered:
            host, gap_s = self.entered.popitem()
            self.manners.leave(host, gap_s=gap_s)
        asking = self.manners.robots.asking
        for origin in [origin for origin, owner in asking.items() if owner is self]:
            self.manners.answered(origin)

    def _terms(self, source_id: int) -> Terms:
        """A source's terms; none when their origin is no address, so that they hold nowhere."""
        terms = self.terms.get(source_id, requests.NO_TERMS)
        try:
            origin_of(terms.origin)
        except ValueError:
            return requests.NO_TERMS
        return terms

    def _is_bound(self, ticket: Ticket, url: str) -> bool:
        return self.rules.obey_robots and not ticket.is_consented(url)


async def _called(want: Want, fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
    """`want` as a coroutine, whatever kind of awaitable it returns."""
    return await want(fetched)


def batch_of(crawler: Crawler) -> Batch:
    """The batch that a crawl serves."""
    return cast("Batch", cast("Any", crawler.spider).batch)
