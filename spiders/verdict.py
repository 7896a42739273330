"""
How an attempt ended, in words for a person: pure functions over statuses and errors.

No cause quotes a URL (it may carry credentials) or the raw text of an exception.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aiohttp import InvalidURL, ServerDisconnectedError
from aiohttp.http_exceptions import (
    ContentLengthError,
    HttpProcessingError,
    TransferEncodingError,
)
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from monitor.model import Outcome
from spiders.rules import FetchRules
from spiders.walls import ASK

#: However long a site asks us to wait, we ask again after a day.
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an attempt ended; `cause` is one line, empty on success."""

    outcome: Outcome
    cause: str = ""
    retryable: bool = False
    not_before: datetime | None = None


class Declined(IgnoreRequest):
    """A request that was not sent, with the verdict that stands in for an answer."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.cause)
        self.verdict = verdict


class AddressRefused(OSError):
    """The address guard forbids this connection; `str()` says why."""


OK = Verdict(Outcome.OK)
ROBOTS_FORBIDS = Verdict(Outcome.REFUSED, "robots.txt forbids this address")
CIRCLE = Verdict(Outcome.FAILED, "redirects go round in a circle")
TOO_MANY_HOPS = Verdict(Outcome.FAILED, "more than 10 redirects")
BAD_URL = Verdict(Outcome.REFUSED, "the address is not a valid http or https address")

#: The cause when a connection ended without an answer: also when it was one of those that both
#: sides keep open, and the site had closed it meanwhile.
CLOSED = "the site closed the connection"
_UNSENDABLE = "a header of its agreement cannot be sent, see the option header-{}"

_WORDS: dict[int, tuple[Outcome, str]] = {
    401: (Outcome.BLOCKED, "the site asks for a login"),
    402: (Outcome.BLOCKED, "the site asks for payment"),
    403: (Outcome.BLOCKED, "the site refuses automated readers"),
    404: (Outcome.FAILED, "not found"),
    410: (Outcome.GONE, "removed for good"),
    429: (Outcome.FAILED, "the site asks for fewer requests"),
    451: (Outcome.BLOCKED, "withheld for legal reasons"),
    500: (Outcome.FAILED, "the site has an internal error"),
    502: (Outcome.FAILED, "the site's gateway has an error"),
    503: (Outcome.FAILED, "the site is not available for now"),
    504: (Outcome.FAILED, "the site's gateway got no answer"),
    511: (Outcome.FAILED, "the network that we are in asks for a login"),
}
_PASSING = frozenset({408, 425, 429})


def of_status(status: int, *, is_page: bool, is_conditional: bool) -> Verdict:
    """
    The verdict on an HTTP status (RFC 9110, section 15).

    "Not modified" is an answer only to who asked whether it was.

    A missing page stays missing; a missing source is often back the next day.
    """
    if status == 304 and is_conditional:
        return Verdict(Outcome.NOT_MODIFIED)
    if status == 304:
        cause = "HTTP 304: the site sends nothing, as if we had read it before"
        return Verdict(Outcome.FAILED, cause, retryable=True)
    if 200 <= status < 300:
        return OK
    if 300 <= status < 400:
        return Verdict(Outcome.FAILED, f"HTTP {status}: a redirect that names no address")
    outcome, words = _WORDS.get(status, (Outcome.FAILED, _class_words(status)))
    retryable = status >= 500 or status in _PASSING or (status == 404 and not is_page)
    return Verdict(outcome, f"HTTP {status}: {words}", retryable)


def _class_words(status: int) -> str:
    """What a class of statuses means."""
    return "the site has an error" if status >= 500 else "the site rejects the request"


def of_failure(error: BaseException, rules: FetchRules) -> Verdict:
    """The verdict on a request that brought no answer."""
    for link in _chain(error):
        verdict = _of_link(link, rules)
        if verdict is not None:
            return verdict
    return Verdict(Outcome.FAILED, "the connection failed", retryable=True)


def _of_link(error: BaseException, rules: FetchRules) -> Verdict | None:
    """The verdict on one error of a chain; None when it says too little."""
    if isinstance(error, Declined):
        return error.verdict
    if isinstance(error, AddressRefused):
        return Verdict(Outcome.REFUSED, str(error))
    if isinstance(error, DownloadCancelledError):
        return too_large(rules.max_bytes)
    if isinstance(error, InvalidURL | UnsupportedURLSchemeError):
        return BAD_URL
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = " ".join(error.verify_message.split())
        return Verdict(Outcome.FAILED, f"certificate not trusted: {reason}", retryable=True)
    cause = _passing(error, rules)
    return Verdict(Outcome.FAILED, cause, retryable=True) if cause else None


def _passing(error: BaseException, rules: FetchRules) -> str:
    """What a passing failure of the network is called; empty when unknown."""
    if isinstance(error, TimeoutError | DownloadTimeoutError):
        return f"no answer within {rules.timeout_s:g} s"
    if isinstance(error, CannotResolveHostError | socket.gaierror):
        return "the host name could not be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be agreed on"
    if isinstance(error, ResponseDataLossError | ContentLengthError | TransferEncodingError):
        return "the connection broke before the end of the body"
    if isinstance(error, ConnectionResetError | BrokenPipeError | ServerDisconnectedError):
        return CLOSED
    if isinstance(error, HttpProcessingError):
        return "the site's answer is not valid HTTP"
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ECONNREFUSED:
        return "connection refused"
    if number in {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return "the network of the site cannot be reached"
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it: innermost first, since that says most."""
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    # An outer timeout must win over the cancellation that it was made of.
    yield from (one for one in links if isinstance(one, Declined | DownloadTimeoutError))
    yield from (one for one in reversed(links) if isinstance(one, AddressRefused))
    yield from reversed(links)


def too_large(max_bytes: int) -> Verdict:
    """The body exceeds `max_bytes`, packed or unpacked."""
    return Verdict(Outcome.FAILED, f"body larger than {max_bytes / 1e6:g} MB")


def no_robots(why: str, until: datetime | None = None) -> Verdict:
    """The robots.txt cannot be had for now, so that it forbids everything (RFC 9309, 2.3.1.4)."""
    cause = f"robots.txt cannot be read now ({why}), so nothing may be fetched"
    return Verdict(Outcome.FAILED, cause, retryable=True, not_before=until)


def unsendable(header: str) -> Verdict:
    """What an agreement makes us send would break the request."""
    return Verdict(Outcome.REFUSED, _UNSENDABLE.format(header))


def walled(status: int, maker: str) -> Verdict:
    """A bot wall has answered in place of the site."""
    cause = f"HTTP {status}: a bot wall ({maker}) keeps us out; {ASK}"
    return Verdict(Outcome.BLOCKED, cause)


def shut(door: str) -> Verdict:
    """Redirects led to the door that `walls.door` names."""
    why = "a login" if door == "login" else "a consent page, which only a person may answer"
    return Verdict(Outcome.BLOCKED, f"it leads to {why}; {ASK}")


def held(until: datetime) -> Verdict:
    """The host asked, by Retry-After, to be left alone for now."""
    cause = f"the site asked to wait until {until:%Y-%m-%d %H:%M:%S} UTC"
    return Verdict(Outcome.FAILED, cause, retryable=True, not_before=until)


def retry_after(value: str, now: datetime) -> datetime | None:
    """
    The time that a Retry-After header names (RFC 9110, section 10.2.3).

    Clamped to between now and 24 hours from now; None when it cannot be read.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return min(max(aware, now), now + LONGEST_WAIT).astimezone(UTC)
