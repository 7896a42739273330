"""What an answer means: the verdict on it, its body unpacked, where it leads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response
from w3lib.url import safe_url_string

from monitor.model import Fetched, Outcome
from spiders import verdict, walls
from spiders.body import BrokenBody, LargeBody, start_of, unpacked
from spiders.requests import Ticket
from spiders.robots import MOST_BYTES
from spiders.robots_cache import pack
from spiders.verdict import Verdict

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def fetched(
    ticket: Ticket, url: str, ruling: Verdict, response: Response | None = None, body: bytes = b""
) -> Fetched:
    """The record of how a ticket ended."""
    return Fetched(
        source_id=ticket.source_id,
        page_id=ticket.page_id,
        requested_url=ticket.requested_url,
        url=url,
        # A door that is shut is no new home.
        moved_to=ticket.moved_to if ruling.outcome is not Outcome.BLOCKED else "",
        is_part=ticket.is_part,
        outcome=ruling.outcome,
        cause=ruling.cause,
        status=response.status if response is not None else 0,
        headers=headers_of(response) if response is not None else {},
        body=body,
        fetched_at=datetime.now(UTC),
        elapsed_s=ticket.elapsed_s,
        not_before=ruling.not_before,
        retryable=ruling.retryable,
    )


def headers_of(response: Response) -> dict[str, str]:
    """Lower-case names; repeated ones joined by commas (RFC 9110, section 5.2)."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in cast("dict[bytes, list[bytes]]", response.headers).items()
    }


def location_of(response: Response) -> str:
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


def read(
    ticket: Ticket, response: Response, *, max_bytes: int, held_until: datetime | None
) -> tuple[Verdict, bytes]:
    """
    The verdict on an answer and its body, unpacked; empty unless it is a success.

    Args:
        held_until: when the host takes requests again, if it said so.
    """
    maker = _wall(ticket, response)
    if maker:
        return verdict.walled(response.status, maker), b""
    ruling = verdict.of_status(
        response.status,
        is_page=ticket.page_id is not None,
        is_conditional=bool(ticket.validators),
    )
    if not ruling.outcome.is_success:
        return Verdict(ruling.outcome, ruling.cause, ruling.retryable, held_until), b""
    try:
        body = unpacked(response.body, _encodings(response), max_bytes=max_bytes)
    except LargeBody:
        return verdict.too_large(max_bytes), b""
    except BrokenBody as error:
        return Verdict(Outcome.FAILED, str(error), retryable=True), b""
    door = shut_door(ticket, response.url)
    if door and walls.is_web_page(body):
        return verdict.shut(door), b""
    return ruling, body


def shut_door(ticket: Ticket, url: str) -> str:
    """Which door redirects have led a ticket to, though it asked for none; empty = none."""
    return "" if walls.door(ticket.requested_url) else walls.door(url)


async def read_robots(response: Response, held_until: datetime | None) -> bytes | Verdict:
    """
    A robots.txt, packed and empty when there is none (RFC 9309, section 2.3.1); or why
    nothing may be fetched.
    """
    status = response.status
    # 429 is no "unavailable" file but a site that wants fewer requests.
    if status >= 500 or status == 429:
        return verdict.no_robots(f"HTTP {status}", held_until)
    if not 200 <= status < 300:
        return b""
    try:
        return await asyncio.to_thread(lambda: pack(_robots_body(response)))
    except BrokenBody as error:
        return verdict.no_robots(str(error))


def _robots_body(response: Response) -> bytes:
    """A robots.txt, or as much of it as counts."""
    if "download_stopped" in response.flags:
        return start_of(response.body, _encodings(response), most=MOST_BYTES + 1)
    try:
        return unpacked(response.body, _encodings(response), max_bytes=MOST_BYTES + 1)
    except LargeBody as error:
        return error.start


def _wall(ticket: Ticket, response: Response) -> str:
    """Whose bot wall has answered; empty when none has."""
    start = start_of(response.body, _encodings(response), most=walls.LOOK)
    return walls.wall(
        response.status, headers_of(response), start, is_data_wanted=ticket.wants_data
    )


def _encodings(response: Response) -> str:
    return b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
