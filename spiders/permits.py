"""
May this request be sent, as far as robots.txt goes? Asked before anything else is looked at.

What takes long (a file of thousands of rules) is done in a thread while the request waits.
An origin's file is asked for by one crawl only; the others wait for it.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto

from scrapy import Request

from spiders.requests import host_of, origin_of, ticket_of
from spiders.robots import Robots, target_of
from spiders.state import Batch
from spiders.verdict import ROBOTS_FORBIDS, Verdict

_PERMIT = "permit"


class Permit(Enum):
    """What robots.txt has to say on a request that it does not forbid."""

    #: It may be sent.
    GIVEN = auto()
    #: The file, or the answer, is on its way; every crawl is told when it is there.
    AWAITED = auto()
    #: The file must be asked for.
    UNKNOWN = auto()


class Permits:
    """The permits of one batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._robots = batch.manners.robots
        self._token = batch.rules.robots_token

    def of(self, request: Request) -> Permit | Verdict:
        """The permit for a request, or why robots.txt forbids it."""
        known: Permit | Verdict | None = request.meta.get(_PERMIT)
        if known is not None:
            return known
        ticket = ticket_of(request)
        if not self._batch.rules.obey_robots or ticket.robots_for:
            return Permit.GIVEN
        if ticket.is_consented(request.url):
            return Permit.GIVEN
        origin = origin_of(request.url)
        if origin in self._robots.asking:
            return Permit.AWAITED
        if not self._robots.knows(origin):
            return Permit.UNKNOWN
        return self._robots.fault(origin) or self._judged(request, origin)

    def _judged(self, request: Request, origin: str) -> Permit | Verdict:
        """What the rules of a file that we have say."""
        robots = self._robots.get(origin, self._token)
        if robots is None:
            self._robots.asking[origin] = self._batch
            self._batch.spawn(self._read(origin))
            return Permit.AWAITED
        target = target_of(request.url)
        if robots.is_quick(target):
            request.meta[_PERMIT] = ROBOTS_FORBIDS if not robots.allows(target) else Permit.GIVEN
        else:
            request.meta[_PERMIT] = Permit.AWAITED
            self._batch.spawn(self._judge(request, robots, target))
        known: Permit | Verdict = request.meta[_PERMIT]
        return known

    async def _read(self, origin: str) -> None:
        """Read a file in a thread; hostile ones take a tenth of a second."""
        try:
            robots = await asyncio.to_thread(self._robots.reader(origin, self._token))
            self._robots.keep(origin, self._token, robots)
        finally:
            self._batch.manners.answered(origin)

    async def _judge(self, request: Request, robots: Robots, target: str) -> None:
        """Try very many rules on an address in a thread."""
        is_allowed = await asyncio.to_thread(robots.allows, target)
        request.meta[_PERMIT] = Permit.GIVEN if is_allowed else ROBOTS_FORBIDS
        self._batch.manners.tell(host_of(request.url))
