"""
One Scrapy crawl for a whole batch of sources and pages.

Every request ends as exactly one `Fetched` handed to `want`; the pages that `want`
answers with are fetched in the same crawl.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from monitor.errors import Unusable
from monitor.model import Fetched, Outcome, PageRequest, Source
from spiders import requests, verdict
from spiders.body import BrokenBody, LargeBody, unpacked
from spiders.handler import tls_context
from spiders.manners import Manners, Robots
from spiders.requests import MAX_HOPS, Ticket, ticket_of
from spiders.rules import FetchRules
from spiders.settings import scrapy_settings
from spiders.state import Batch, Stopped, Want
from spiders.verdict import Verdict

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Seconds that a cancelled batch gets to close its connections.
_GRACE_S = 5.0
_UNFINISHED = Verdict(Outcome.FAILED, "the crawl ended before this was fetched", retryable=True)


async def fetch_batch(
    sources: Sequence[Source],
    pages: Sequence[PageRequest],
    *,
    want: Want,
    rules: FetchRules,
    manners: Manners,
) -> None:
    """
    Fetch sources and pages; await `want` once for each of them, whatever happened.

    Cancelling it abandons what is under way at once; `want` is then not called for the
    rest. Everything must run in one event loop, with one `manners` for the process.

    Raises:
        ExceptionGroup: what `want` raised; the other items were served all the same, unless
            it was `Unusable`, which ends the batch.
    """
    # Scrapy warns about what we report as outcomes; only its own faults are to be seen.
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    batch = Batch(want, rules, manners)
    for ticket in (*map(requests.for_source, sources), *map(requests.for_page, pages)):
        batch.open[ticket] = None
    if not batch.open:
        return
    # Loading the root certificates takes longer than the loop may wait.
    await asyncio.to_thread(tls_context)
    try:
        await _crawl(batch)
    finally:
        batch.release_all()
    await _hand_over_the_rest(batch)
    if batch.errors:
        raise ExceptionGroup("some of what was fetched could not be processed", batch.errors)


async def _crawl(batch: Batch) -> None:
    """Run the crawl to its end, or stop it when we are cancelled."""
    runner = AsyncCrawlerRunner(scrapy_settings(batch.rules))
    crawl = runner.crawl(BatchSpider, batch=batch)
    try:
        await asyncio.shield(crawl)
    except asyncio.CancelledError:
        batch.stop()
        await asyncio.wait({crawl}, timeout=_GRACE_S)
        crawl.cancel()
        raise


async def _hand_over_the_rest(batch: Batch) -> None:
    """The promise of `want` holds even if the crawl ended early."""
    while batch.open and not batch.is_stopping:
        ticket = next(iter(batch.open))
        await _hand_over(batch, ticket, _fetched(ticket, ticket.requested_url, _UNFINISHED))


async def _hand_over(batch: Batch, ticket: Ticket, fetched: Fetched) -> list[Ticket]:
    """Give `want` its record; the tickets of the pages that it asks for."""
    if batch.is_stopping or ticket not in batch.open:
        return []
    del batch.open[ticket]
    try:
        pages = await batch.run(_called(batch.want, fetched))
    except Stopped:
        return []
    except Exception as error:  # noqa: BLE001  (one item's failure must not lose the others)
        error.add_note(f"while processing what came from source {fetched.source_id}")
        batch.errors.append(error)
        if isinstance(error, Unusable):
            batch.stop()  # without a store every further item would be lost
        return []
    wanted = [requests.for_page(page) for page in pages]
    batch.open.update(dict.fromkeys(wanted))
    return wanted


async def _called(want: Want, fetched: Fetched) -> Sequence[PageRequest]:
    """`want` as a coroutine, whatever kind of awaitable it returns."""
    return await want(fetched)


def _fetched(
    ticket: Ticket, url: str, ruling: Verdict, response: Response | None = None, body: bytes = b""
) -> Fetched:
    """The record of how a ticket ended."""
    return Fetched(
        source_id=ticket.source_id,
        page_id=ticket.page_id,
        requested_url=ticket.requested_url,
        url=url,
        outcome=ruling.outcome,
        cause=ruling.cause,
        status=response.status if response is not None else 0,
        headers=_headers(response) if response is not None else {},
        body=body,
        fetched_at=datetime.now(UTC),
        elapsed_s=ticket.elapsed_s,
        not_before=ruling.not_before,
        retryable=ruling.retryable,
    )


def _headers(response: Response) -> dict[str, str]:
    """Lower-case names; repeated ones joined by commas (RFC 9110, section 5.2)."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in cast("dict[bytes, list[bytes]]", response.headers).items()
    }


def _location(response: Response) -> str:
    """
    Where a redirect leads, absolute; empty when it is none.

    Without its fragment, and without credentials: we send none that a site chose, and what
    was fetched is stored by its address.
    """
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or location is None:
        return ""
    try:
        target = urlsplit(urljoin(response.url, safe_url_string(location.strip(), "utf-8")))
    except ValueError:
        return "invalid:"
    return target._replace(netloc=target.netloc.rpartition("@")[2], fragment="").geturl()


class BatchSpider(Spider):
    """Turns tickets into requests and answers into records."""

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
        ticket = self._ticket(response)
        ticket.visited.append(response.url)
        target = _location(response)
        if not target:
            async for request in self._settle(ticket, response.url, *self._read(ticket, response)):
                yield request
            return
        ruling = self._redirect_refusal(ticket, target)
        following = (
            self._settle(ticket, response.url, ruling, response)
            if ruling is not None
            else self._send(ticket, target)
        )
        async for request in following:
            yield request

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """No answer came."""
        request = cast("Request", cast("Any", failure).request)
        ruling = verdict.of_failure(cast("BaseException", failure.value), self.batch.rules)
        async for following in self._settle(ticket_of(request), request.url, ruling):
            yield following

    def robots_request(self, origin: str) -> Request:
        """The request for an origin's robots.txt."""
        ticket = requests.for_robots(origin)
        return self._robots_at(ticket, ticket.requested_url)

    async def robots_took(self, response: Response) -> AsyncIterator[Request]:
        """A robots.txt, or an answer in its place, came."""
        ticket = self._ticket(response)
        ticket.visited.append(response.url)
        target = _location(response)
        if target and len(ticket.visited) <= MAX_HOPS and target not in ticket.visited:
            try:
                yield self._robots_at(ticket, target)
            except ValueError:
                self._know_robots(ticket, Robots())
            return
        self._know_robots(ticket, await self._robots(response))

    async def robots_failed(self, failure: Failure) -> None:
        """No answer came: the site may not be read for now (RFC 9309, section 2.3.1.4)."""
        request = cast("Request", cast("Any", failure).request)
        ruling = verdict.of_failure(cast("BaseException", failure.value), self.batch.rules)
        if ruling == verdict.too_large(self.batch.rules):
            ruling = replace(ruling, cause=f"robots.txt: {ruling.cause}, so nothing may be fetched")
        self._know_robots(ticket_of(request), Robots(unreadable=ruling))

    async def _robots(self, response: Response) -> Robots:
        """What an answer to robots.txt means (RFC 9309, section 2.3.1)."""
        status = response.status
        # 429 is no "unavailable" file but a site that wants fewer requests.
        if status >= 500 or status == 429:
            cause = f"robots.txt cannot be read now (HTTP {status}), so nothing may be fetched"
            ruling = Verdict(Outcome.FAILED, cause, True, self._held_until(response))
            return Robots(unreadable=ruling)
        if not 200 <= status < 300:
            return Robots()
        try:
            # A hostile one takes most of a second to read.
            return await asyncio.to_thread(lambda: Robots.parse(self._unpacked(response)))
        except (BrokenBody, LargeBody):
            cause = "robots.txt cannot be unpacked, so nothing may be fetched"
            return Robots(unreadable=Verdict(Outcome.FAILED, cause, retryable=True))

    def _robots_at(self, ticket: Ticket, url: str) -> Request:
        """The request for a robots.txt at an address that it may have moved to."""
        return requests.build(
            ticket, url, self.batch.rules, callback=self.robots_took, errback=self.robots_failed
        )

    def _know_robots(self, ticket: Ticket, robots: Robots) -> None:
        """Remember it and release who waits for it."""
        self.batch.manners.robots.put(ticket.robots_for, robots)
        cast("Any", self.crawler.engine.scheduler).robots_known(ticket.robots_for)

    async def _send(self, ticket: Ticket, url: str) -> AsyncIterator[Request]:
        """The request for a ticket; an impossible address settles it at once."""
        try:
            request = requests.build(
                ticket, url, self.batch.rules, callback=self.took, errback=self.failed
            )
        except ValueError:
            async for following in self._settle(ticket, url, verdict.BAD_URL):
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
            ticket.attempts += 1
            ticket.visited.clear()
            async for request in self._send(ticket, ticket.requested_url):
                yield request
            return
        record = _fetched(ticket, url, ruling, response, body)
        for page in await _hand_over(self.batch, ticket, record):
            async for request in self._send(page, page.requested_url):
                yield request

    def _may_retry(self, ticket: Ticket, ruling: Verdict) -> bool:
        """Whether a passing failure is tried again within this batch."""
        is_passing = ruling.retryable and ruling.not_before is None
        return is_passing and ticket.attempts < self.batch.rules.retries

    def _redirect_refusal(self, ticket: Ticket, target: str) -> Verdict | None:
        """Why a redirect is not followed; None = it is."""
        if target in ticket.visited:
            return verdict.CIRCLE
        return verdict.TOO_MANY_HOPS if len(ticket.visited) > MAX_HOPS else None

    def _read(self, ticket: Ticket, response: Response) -> tuple[Verdict, Response, bytes]:
        """The verdict on an answer and its body, unpacked."""
        ruling = verdict.of_status(
            response.status,
            is_page=ticket.page_id is not None,
            is_conditional=bool(ticket.validators),
        )
        if not ruling.outcome.is_success:
            until = self._held_until(response)
            asked = Verdict(ruling.outcome, ruling.cause, ruling.retryable, until)
            return asked, response, b""
        try:
            return ruling, response, self._unpacked(response)
        except LargeBody:
            return verdict.too_large(self.batch.rules), response, b""
        except BrokenBody as error:
            return Verdict(Outcome.FAILED, str(error), retryable=True), response, b""

    def _unpacked(self, response: Response) -> bytes:
        """The body, within the limit."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        return unpacked(response.body, encodings, max_bytes=self.batch.rules.max_bytes)

    def _held_until(self, response: Response) -> datetime | None:
        """When the host takes requests again, if the answer said so."""
        if response.status not in {429, 503}:
            return None
        return self.batch.manners.held_until(requests.host_of(response.url))

    @staticmethod
    def _ticket(response: Response) -> Ticket:
        """The ticket of an answer's request."""
        return ticket_of(cast("Request", response.request))
