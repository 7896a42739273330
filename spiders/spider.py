"""Turns tickets into requests and answers into records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from monitor.model import Outcome
from spiders import answers, requests, verdict
from spiders.requests import MAX_HOPS, Ticket, UnsendableHeader, ticket_of
from spiders.state import Batch
from spiders.verdict import Verdict


class BatchSpider(Spider):
    """Serves one batch."""

    name = "batch"

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch

    async def start(self) -> AsyncIterator[Request]:
        """The requests of the batch."""
        for ticket in tuple(self.batch.open):
            async for request in self._send(ticket, ticket.requested_url):
                yield request

    async def took(self, response: Response) -> AsyncIterator[Request]:
        """An answer came."""
        ticket = _ticket(response)
        ticket.visited.append(response.url)
        target = answers.location_of(response)
        if not target:
            ruling, body = answers.read(
                ticket,
                response,
                max_bytes=self.batch.rules.max_bytes,
                held_until=self._held_until(response),
            )
            async for request in self._settle(ticket, response.url, ruling, response, body):
                yield request
            return
        ticket.redirected(response.status, target)
        refusal = _redirect_refusal(ticket, target)
        following = (
            self._settle(ticket, response.url, refusal, response)
            if refusal is not None
            else self._send(ticket, target)
        )
        async for request in following:
            yield request

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """No answer came."""
        request = cast("Request", cast("Any", failure).request)
        ticket = ticket_of(request)
        ruling = verdict.of_failure(cast("BaseException", failure.value), self.batch.rules)
        door = answers.shut_door(ticket, request.url)
        if door and ruling.outcome is Outcome.REFUSED:
            ruling = verdict.shut(door)
        async for following in self._settle(ticket, request.url, ruling):
            yield following

    def robots_request(self, origin: str) -> Request:
        """The request for an origin's robots.txt."""
        ticket = requests.for_robots(origin)
        return self._robots_at(ticket, ticket.requested_url)

    async def robots_took(self, response: Response) -> AsyncIterator[Request]:
        """A robots.txt, or an answer in its place, came."""
        ticket = _ticket(response)
        ticket.visited.append(response.url)
        target = answers.location_of(response)
        if target and len(ticket.visited) <= MAX_HOPS and target not in ticket.visited:
            try:
                yield self._robots_at(ticket, target)
            except ValueError:
                self._know_robots(ticket, b"")
            return
        self._know_robots(ticket, await answers.read_robots(response, self._held_until(response)))

    async def robots_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """No answer came: the site may not be read for now (RFC 9309, section 2.3.1.4)."""
        if self.batch.is_stopping:
            return  # we gave it up ourselves
        request = cast("Request", cast("Any", failure).request)
        ticket = ticket_of(request)
        ruling = verdict.of_failure(cast("BaseException", failure.value), self.batch.rules)
        if self._may_retry(ticket, ruling):
            ticket.restart()
            yield self._robots_at(ticket, ticket.requested_url)
            return
        if ticket.visited:  # the fault is not that of the site itself
            ruling = verdict.no_robots(f"it redirects elsewhere, and there: {ruling.cause}")
        self._know_robots(ticket, ruling)

    def _robots_at(self, ticket: Ticket, url: str) -> Request:
        """The request for a robots.txt at an address that it may have moved to."""
        return requests.build(
            ticket, url, self.batch.rules, callback=self.robots_took, errback=self.robots_failed
        )

    def _know_robots(self, ticket: Ticket, robots: bytes | Verdict) -> None:
        """Remember it and release who waits for it."""
        manners, origin = self.batch.manners, ticket.robots_for
        if isinstance(robots, Verdict):
            manners.robots.failed(origin, robots)
        else:
            manners.know_robots(origin, robots)
        manners.answered(origin)

    async def _send(self, ticket: Ticket, url: str) -> AsyncIterator[Request]:
        """The request for a ticket; an impossible one settles it at once."""
        try:
            request = requests.build(
                ticket, url, self.batch.rules, callback=self.took, errback=self.failed
            )
        except ValueError as error:
            is_header = isinstance(error, UnsendableHeader)
            ruling = verdict.unsendable(str(error)) if is_header else verdict.BAD_URL
            async for following in self._settle(ticket, url, ruling):
                yield following
        else:
            yield request

    async def _settle(
        self,
        ticket: Ticket,
        url: str,
        ruling: Verdict,
        response: Response | None = None,
        body: bytes = b"",
    ) -> AsyncIterator[Request]:
        """Hand the record over, or try again; yield what is to be fetched next."""
        if self._may_retry(ticket, ruling):
            ticket.restart()
            async for request in self._send(ticket, ticket.requested_url):
                yield request
            return
        record = answers.fetched(ticket, url, ruling, response, body)
        for further in await self.batch.hand_over(ticket, record):
            async for request in self._send(further, further.requested_url):
                yield request

    def _may_retry(self, ticket: Ticket, ruling: Verdict) -> bool:
        """Whether a passing failure is tried again within this batch."""
        is_passing = ruling.retryable and ruling.not_before is None
        # A connection that was kept open may have been closed meanwhile: that proves nothing.
        retries = max(self.batch.rules.retries, ruling.cause == verdict.CLOSED)
        return is_passing and ticket.attempts < retries

    def _held_until(self, response: Response) -> datetime | None:
        """When the host takes requests again, if the answer said so."""
        if response.status not in {429, 503}:
            return None
        return self.batch.manners.held_until(requests.host_of(response.url))


def _redirect_refusal(ticket: Ticket, target: str) -> Verdict | None:
    """Why a redirect is not followed; None = it is."""
    if target in ticket.visited:
        return verdict.CIRCLE
    return verdict.TOO_MANY_HOPS if len(ticket.visited) > MAX_HOPS else None


def _ticket(response: Response) -> Ticket:
    """The ticket of an answer's request."""
    return ticket_of(cast("Request", response.request))
