"""Scrapy requests for sources, their parts, pages and robots.txt, and the ticket of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request

from monitor.model import PageRequest, PartRequest, Source, SourceKind, Terms
from spiders.body import ACCEPT_ENCODING
from spiders.rules import FetchRules

Handler = Callable[[Any], Any] | Callable[[Any], Awaitable[Any]]

MAX_HOPS = 10
_TICKET = "ticket"
_XML = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
_HTML = "text/html, application/xhtml+xml, */*;q=0.5"
_ACCEPT = {
    SourceKind.FEED: _XML,
    SourceKind.SITEMAP: "application/xml, text/xml, */*;q=0.5",
    SourceKind.API: "application/json, */*;q=0.5",
}
_DEFAULT_PORTS = {"http": 80, "https": 443}


NO_TERMS = Terms()
#: After so many failed polls a source is asked for all of itself: "not modified" would not show
#: that it can be read again, only that it is there.
FAILURES_UNTIL_ANEW = 3


class UnsendableHeader(ValueError):
    """A header that an agreement asks for cannot be sent; `str()` is its name."""


@dataclass(slots=True, eq=False)
class Ticket:
    """What a request is for, carried over redirects and retries."""

    source_id: int
    page_id: int | None
    requested_url: str
    accept: str
    #: A part of a source rather than the source itself.
    is_part: bool = False
    #: XML or JSON is expected: a web page is the wrong answer.
    wants_data: bool = False
    terms: Terms = NO_TERMS
    #: If-None-Match and If-Modified-Since, as far as they are known (RFC 9110, 13.1).
    validators: dict[str, str] = field(default_factory=dict)
    #: Addresses already visited, oldest first.
    visited: list[str] = field(default_factory=list)
    #: Where the permanent redirects lead that `visited` began with, and whether it is they all.
    moved_to: str = ""
    is_moving: bool = True
    elapsed_s: float = 0.0
    attempts: int = 0
    #: The origin whose robots.txt this is; empty for sources and pages.
    robots_for: str = ""

    def redirected(self, status: int, target: str) -> None:
        """The answer is a redirect."""
        self.is_moving = self.is_moving and status in {301, 308}
        if self.is_moving:
            self.moved_to = target

    def restart(self) -> None:
        """Try again from the first address on."""
        self.attempts += 1
        self.visited.clear()
        self.moved_to, self.is_moving = "", True

    def is_consented(self, url: str) -> bool:
        """Whether the publisher agreed that robots.txt does not bind us there."""
        return bool(self.terms.consent) and self._is_on_terms(url)

    def headers(self, url: str) -> dict[str, str]:
        """
        What an agreement asks us to send there: nothing anywhere but at its own origin.

        Raises:
            UnsendableHeader: a value would break the request.
        """
        if not self.terms.headers or not self._is_on_terms(url):
            return {}
        for name, value in self.terms.headers.items():
            if not _is_sendable(value):
                raise UnsendableHeader(name)
        return dict(self.terms.headers)

    def gap_s(self, url: str) -> float:
        """How long the agreement wants the host to rest before and after a request."""
        if not self.terms.gap_s or host_of(url) != host_of(self.terms.origin):
            return 0.0
        return self.terms.gap_s

    def _is_on_terms(self, url: str) -> bool:
        return bool(self.terms.origin) and origin_of(url) == origin_of(self.terms.origin)


def for_source(source: Source, terms: Terms = NO_TERMS) -> Ticket:
    """
    The ticket for polling a source, conditional when it has validators.

    One that failed several times in a row is asked without them (`FAILURES_UNTIL_ANEW`).
    """
    ticket = _of_kind(source.kind, source.id, source.url, terms)
    if source.failures < FAILURES_UNTIL_ANEW:
        pairs = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
        ticket.validators = {name: value for name, value in pairs.items() if _is_sendable(value)}
    return ticket


def for_part(part: PartRequest, kind: SourceKind, terms: Terms = NO_TERMS) -> Ticket:
    """The ticket for a further document of a poll of a source of this kind."""
    ticket = _of_kind(kind, part.source_id, part.url, terms)
    ticket.is_part = True
    return ticket


def for_page(page: PageRequest, terms: Terms = NO_TERMS) -> Ticket:
    """The ticket for fetching a wanted page."""
    return Ticket(page.source_id, page.id, page.url, _HTML, terms=terms)


def for_robots(origin: str) -> Ticket:
    """The ticket for an origin's robots.txt."""
    return Ticket(0, None, f"{origin}/robots.txt", "text/plain, */*;q=0.5", robots_for=origin)


def _of_kind(kind: SourceKind, source_id: int, url: str, terms: Terms) -> Ticket:
    accept = _ACCEPT.get(kind, _HTML)
    return Ticket(source_id, None, url, accept, wants_data=kind in _ACCEPT, terms=terms)


def _is_sendable(value: str) -> bool:
    """Stored header values come from the network: only harmless ones are sent back."""
    return bool(value) and value.isascii() and value.isprintable()


def build(
    ticket: Ticket, url: str, rules: FetchRules, *, callback: Handler, errback: Handler
) -> Request:
    """
    The request for a ticket at `url` (its own address, or where that redirected to).

    Raises:
        UnsendableHeader: a header of an agreement cannot be sent.
        ValueError: not an http or https address with a host.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.port == 0:
        raise ValueError("not an http or https address")
    headers = {
        "User-Agent": rules.agent_header,
        "Accept": ticket.accept,
        "Accept-Encoding": ACCEPT_ENCODING,
        **ticket.validators,
        **ticket.headers(url.strip()),
    }
    request = Request(url.strip(), callback, headers=headers, errback=errback, dont_filter=True)
    request.meta.update({_TICKET: ticket, "download_timeout": rules.timeout_s})
    if ticket.robots_for:
        request.meta["download_maxsize"] = 0  # its beginning is enough: see the middleware
    return request


def ticket_of(request: Request) -> Ticket:
    """The ticket that a request carries."""
    ticket = request.meta[_TICKET]
    assert isinstance(ticket, Ticket)
    return ticket


def host_of(url: str) -> str:
    """The unit of politeness: `host`, or `host:port` when it is neither of the usual two."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    is_usual = parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)}
    return host if is_usual else f"{host}:{parts.port}"


def origin_of(url: str) -> str:
    """Scheme, host and port: the unit that a robots.txt speaks for."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        bare = f"{bare}:{parts.port}"
    return urlunsplit((parts.scheme, bare, "", "", ""))
