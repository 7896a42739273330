"""The one step between the engine and the connection: gates, clocks, Retry-After."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from spiders.requests import ticket_of
from spiders.robots import MOST_BYTES
from spiders.scheduler import DECLINED
from spiders.state import batch_of
from spiders.verdict import Declined, retry_after

_SENT = "sent_at"
_GOT = "got_bytes"


class MannersMiddleware:
    """Releases the host's gate however a request ends, and keeps what the host asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self._batch = batch_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MannersMiddleware:
        """Build it for a crawl, as Scrapy does."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.received, signals.bytes_received)
        return middleware

    def process_request(self, request: Request) -> None:
        """
        Let it pass, unless the scheduler marked it as not to be sent.

        Raises:
            Declined: it must not be sent.
        """
        verdict = request.meta.pop(DECLINED, None)
        if verdict is not None:
            raise Declined(verdict)
        request.meta[_SENT] = time.monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        """An answer came; 429 and 503 may say when to come back."""
        self._ended(request)
        asked = response.headers.get("Retry-After")
        if asked is not None and response.status in {429, 503}:
            until = retry_after(asked.decode("latin-1"), datetime.now(UTC))
            if until is not None:
                self._batch.manners.hold(request.url, until)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """No answer came."""
        del exception
        self._ended(request)

    def received(self, data: bytes, request: Request) -> None:
        """
        Some bytes came; of a robots.txt only so many are read, however long it is.

        Raises:
            StopDownload: they are enough.
        """
        if ticket_of(request).robots_for:
            request.meta[_GOT] = request.meta.get(_GOT, 0) + len(data)
            if request.meta[_GOT] > MOST_BYTES:
                raise StopDownload(fail=False)

    def _ended(self, request: Request) -> None:
        """Count the time and free the host; a request that was not sent has neither."""
        sent_at = request.meta.pop(_SENT, None)
        if sent_at is not None:
            ticket_of(request).elapsed_s += time.monotonic() - sent_at
            self._batch.leave(ticket_of(request), request.url)
