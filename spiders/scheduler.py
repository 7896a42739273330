"""
Releases a request only when its host is free, so that a slow host never blocks others.

Before the first request to an origin its robots.txt is fetched, through the same gate.
What manners forbid is released at once, marked with the verdict, and never sent. Hosts
are looked at only when something changed for them, however many there are.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from spiders.permits import Permit, Permits
from spiders.requests import host_of, origin_of, ticket_of
from spiders.state import batch_of
from spiders.verdict import Verdict, held

DECLINED = "declined"


class HostScheduler(BaseScheduler):
    """One queue per host, served in turn."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider = cast("Any", crawler.spider)
        self._batch = batch_of(crawler)
        self._manners = self._batch.manners
        self._permits = Permits(self._batch)
        self._queues: dict[str, deque[Request]] = {}
        #: Hosts that may be free, in the order in which they are looked at.
        self._ready: dict[str, None] = {}
        #: Hosts that rest, and until when on the monotonic clock; a heap.
        self._resting: list[tuple[float, str]] = []
        #: Slow hosts that wait until fewer of them are asked.
        self._slow: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostScheduler:
        """Build it for a crawl, as Scrapy does."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """The crawl starts."""
        del spider
        self._batch.wake = self._wake
        self._manners.watch(self._changed)

    def close(self, reason: str) -> None:
        """The crawl ended."""
        del reason
        self._manners.unwatch(self._changed)
        self._batch.wake = lambda: None
        self._cancel_timer()

    def has_pending_requests(self) -> bool:
        """Whether anything waits; a stopping batch has nothing more to do."""
        return bool(self._queues) and not self._batch.is_stopping

    def enqueue_request(self, request: Request) -> bool:
        """Queue it behind the others of its host."""
        host = host_of(request.url)
        queue = self._queues.setdefault(host, deque())
        # Behind others that wait for the same robots.txt there is nothing to look at.
        if not queue or self._permits.of(request) is not Permit.AWAITED:
            self._ready[host] = None
        queue.append(request)
        return True

    def next_request(self) -> Request | None:
        """A request that may be sent now, or None until something changes."""
        if self._batch.is_stopping:
            return None
        self._end_rests()
        limit = self._batch.rules.concurrency
        while self._ready and self._manners.has_room("", limit):
            host = next(iter(self._ready))
            del self._ready[host]
            request = self._release(host, limit) if host in self._queues else None
            if request is not None:
                return request
        self._set_timer()
        return None

    def _release(self, host: str, limit: int) -> Request | None:
        """The next request of one host, if it may go out."""
        queue = self._queues[host]
        until = self._manners.held_until(host)
        if until is not None:
            return self._declined(host, 0, held(until))
        for place, request in enumerate(queue):
            permit = self._permits.of(request)
            if isinstance(permit, Verdict):
                return self._declined(host, place, permit)
            if permit is Permit.AWAITED:
                continue
            if not self._is_free(host, request, limit):
                return None
            if permit is Permit.UNKNOWN:
                return self._robots_request(host, request)
            del queue[place]
            self._batch.enter(host, self._gap_s(request))
            self._forget_empty(host)
            return request
        return None

    def _is_free(self, host: str, request: Request, limit: int) -> bool:
        """Whether a host takes this request now; if not, it is looked at again when it may."""
        wait = self._manners.wait_s(host, self._gap_s(request))
        if wait > 0:
            if math.isfinite(wait):
                heapq.heappush(self._resting, (self._manners.clock() + wait, host))
            return False
        if not self._manners.has_room(host, limit):
            self._slow.add(host)
            return False
        return True

    def _gap_s(self, request: Request) -> float:
        return self._batch.gap_s(ticket_of(request), request.url)

    def _robots_request(self, host: str, request: Request) -> Request:
        """The request for the robots.txt that another request waits for."""
        origin = origin_of(request.url)
        self._manners.robots.asking[origin] = self._batch
        self._batch.enter(host, self._gap_s(request))
        return cast("Request", self._spider.robots_request(origin))

    def _declined(self, host: str, place: int, verdict: Verdict) -> Request:
        """Take a request out, marked as one that must not be sent; the others come next."""
        queue = self._queues[host]
        request = queue[place]
        del queue[place]
        if not self._forget_empty(host):
            self._ready[host] = None
        request.meta[DECLINED] = verdict
        return request

    def _forget_empty(self, host: str) -> bool:
        """Forget a host of which nothing is wanted any more; whether it was one."""
        if self._queues[host]:
            return False
        del self._queues[host]
        self._ready.pop(host, None)
        return True

    def _changed(self, host: str) -> None:
        """A request ended, or a robots.txt is known, in this crawl or another."""
        if self._slow:
            self._ready.update(dict.fromkeys(self._slow))
            self._slow.clear()
        if host in self._queues:
            self._ready[host] = None
        if self._ready:
            self._wake()

    def _end_rests(self) -> None:
        """Hosts whose rest is over are looked at."""
        while self._resting and self._resting[0][0] <= self._manners.clock():
            _, host = heapq.heappop(self._resting)
            if host in self._queues:
                self._ready[host] = None

    def _set_timer(self) -> None:
        """Look again when the first of the resting hosts is free."""
        self._cancel_timer()
        if self._resting:
            wait = max(0.0, self._resting[0][0] - self._manners.clock())
            self._timer = asyncio.get_running_loop().call_later(wait, self._wake)

    def _cancel_timer(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        """Make the engine call `next_request`; it has no public way to be told."""
        slot = self._crawler.engine._slot  # noqa: SLF001
        if slot is not None:
            slot.nextcall.schedule()
