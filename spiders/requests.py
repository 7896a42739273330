"""Scrapy requests for sources, pages and robots.txt, and the ticket that each carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request

from monitor.model import PageRequest, Source, SourceKind
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


@dataclass(slots=True, eq=False)
class Ticket:
    """What a request is for, carried over redirects and retries."""

    source_id: int
    page_id: int | None
    requested_url: str
    accept: str
    #: If-None-Match and If-Modified-Since, as far as they are known (RFC 9110, 13.1).
    validators: dict[str, str] = field(default_factory=dict)
    #: Addresses already visited, oldest first.
    visited: list[str] = field(default_factory=list)
    elapsed_s: float = 0.0
    attempts: int = 0
    #: The origin whose robots.txt this is; empty for sources and pages.
    robots_for: str = ""


def for_source(source: Source) -> Ticket:
    """The ticket for polling a source, conditional when it has validators."""
    pairs = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    validators = {name: value for name, value in pairs.items() if _is_sendable(value)}
    accept = _ACCEPT.get(source.kind, _HTML)
    return Ticket(source.id, None, source.url, accept, validators)


def for_page(page: PageRequest) -> Ticket:
    """The ticket for fetching a wanted page."""
    return Ticket(page.source_id, page.id, page.url, _HTML)


def for_robots(origin: str) -> Ticket:
    """The ticket for an origin's robots.txt."""
    return Ticket(0, None, f"{origin}/robots.txt", "text/plain, */*;q=0.5", robots_for=origin)


def _is_sendable(value: str) -> bool:
    """Stored header values come from the network: only harmless ones are sent back."""
    return bool(value) and value.isascii() and value.isprintable()


def build(
    ticket: Ticket, url: str, rules: FetchRules, *, callback: Handler, errback: Handler
) -> Request:
    """
    The request for a ticket at `url` (its own address, or where that redirected to).

    Raises:
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
    }
    request = Request(url.strip(), callback, headers=headers, errback=errback, dont_filter=True)
    request.meta.update({_TICKET: ticket, "download_timeout": rules.timeout_s})
    return request


def ticket_of(request: Request) -> Ticket:
    """The ticket that a request carries."""
    ticket = request.meta[_TICKET]
    assert isinstance(ticket, Ticket)
    return ticket


def host_of(url: str) -> str:
    """`host:port`, the unit of politeness."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}:{parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)}"


def origin_of(url: str) -> str:
    """Scheme, host and port: the unit that a robots.txt speaks for."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        bare = f"{bare}:{parts.port}"
    return urlunsplit((parts.scheme, bare, "", "", ""))
