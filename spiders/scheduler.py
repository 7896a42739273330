"""
Releases a request only when its host is free, so that a slow host never blocks others.

Before the first request to an origin its robots.txt is fetched, through the same gate.
What manners forbid is released at once, marked with the verdict, and never sent.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

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
        self._queues: dict[str, deque[Request]] = {}
        #: Origins whose robots.txt is on its way.
        self._asking: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostScheduler:
        """Build it for a crawl, as Scrapy does."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """The crawl starts."""
        del spider
        self._batch.wake = self._wake
        self._batch.manners.watch(self._host_freed)

    def close(self, reason: str) -> None:
        """The crawl ended."""
        del reason
        self._batch.manners.unwatch(self._host_freed)
        self._batch.wake = lambda: None
        self._cancel_timer()

    def has_pending_requests(self) -> bool:
        """Whether anything waits; a stopping batch has nothing more to do."""
        return bool(self._queues) and not self._batch.is_stopping

    def enqueue_request(self, request: Request) -> bool:
        """Queue it behind the others of its host."""
        self._queues.setdefault(host_of(request.url), deque()).append(request)
        return True

    def next_request(self) -> Request | None:
        """A request that may be sent now, or None until a host becomes free."""
        if self._batch.is_stopping:
            return None
        for host in tuple(self._queues):
            request = self._release(host)
            if request is not None:
                self._to_the_end(host)
                return request
        self._set_timer()
        return None

    def robots_known(self, origin: str) -> None:
        """An origin's robots.txt, or the lack of it, is in the cache."""
        self._asking.discard(origin)
        self._wake()

    def _release(self, host: str) -> Request | None:
        """The next request of one host, if it may go out."""
        queue = self._queues[host]
        until = self._batch.manners.held_until(host)
        if until is not None:
            return _declined(queue.popleft(), held(until))
        for place, request in enumerate(queue):
            if self._waits_for_robots(request):
                return self._ask_robots(host, request.url)
            verdict = self._refusal(request)
            if verdict is not None:
                del queue[place]
                return _declined(request, verdict)
            if not self._is_asked_for(request):
                continue
            if self._batch.manners.wait_s(host) > 0:
                return None
            del queue[place]
            self._batch.enter(host)
            return request
        return None

    def _needs_robots(self, request: Request) -> bool:
        """Whether robots.txt has a say on this request."""
        return self._batch.rules.obey_robots and not ticket_of(request).robots_for

    def _waits_for_robots(self, request: Request) -> bool:
        """Whether the robots.txt of its origin is unknown and nobody asks for it yet."""
        if not self._needs_robots(request):
            return False
        origin = origin_of(request.url)
        return origin not in self._asking and self._batch.manners.robots.get(origin) is None

    def _is_asked_for(self, request: Request) -> bool:
        """Whether nothing is missing to send it: its robots.txt is known, or has no say."""
        return not self._needs_robots(request) or origin_of(request.url) not in self._asking

    def _ask_robots(self, host: str, url: str) -> Request | None:
        """The request for robots.txt, once the host is free."""
        if self._batch.manners.wait_s(host) > 0:
            return None
        origin = origin_of(url)
        self._asking.add(origin)
        self._batch.enter(host)
        return cast("Request", self._spider.robots_request(origin))

    def _refusal(self, request: Request) -> Verdict | None:
        """Why robots.txt forbids it; None when it does not, or is not known yet."""
        if not self._needs_robots(request):
            return None
        robots = self._batch.manners.robots.get(origin_of(request.url))
        token = self._batch.rules.robots_token
        return robots.refusal(request.url, token) if robots is not None else None

    def _to_the_end(self, host: str) -> None:
        """Every other host comes first the next time; an empty queue goes."""
        queue = self._queues.pop(host)
        if queue:
            self._queues[host] = queue

    def _host_freed(self, host: str) -> None:
        """A request to the host ended, in this crawl or another."""
        if host in self._queues:
            self._set_timer()

    def _set_timer(self) -> None:
        """Look again when the first of the resting hosts is free."""
        self._cancel_timer()
        waits = [self._batch.manners.wait_s(host) for host in self._queues]
        soonest = min((wait for wait in waits if wait > 0), default=math.inf)
        if any(wait == 0 for wait in waits) and not self._asking:
            soonest = 0.0
        if math.isfinite(soonest):
            self._timer = asyncio.get_running_loop().call_later(soonest, self._wake)

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


def _declined(request: Request, verdict: Verdict) -> Request:
    """Mark a request that must not be sent."""
    request.meta[DECLINED] = verdict
    return request
