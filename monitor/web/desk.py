"""What the pages of the review site share: settings, the store, the time, who reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from monitor.errors import BadInput
from monitor.model import Role
from monitor.ports import Runner
from monitor.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The site's surroundings; `desk_of(request)` gives it to a page."""

    settings: Settings
    runner: Runner
    #: The present moment, UTC.
    now: Callable[[], datetime]
    #: Whose desk it is when nobody signs in; empty = users must.
    sole_user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks for a page."""

    name: str
    role: Role
    #: Of the interface: `en`, `ru`, `zh`.
    language: str = "en"
    #: IANA name.
    zone: str = "UTC"
    #: What a form of this reader's must bring back.
    form_token: str = ""


class Forbidden(BadInput):
    """The reader's role, or where the request came from, does not allow it."""


def desk_of(request: Request) -> Desk:
    """The site's surroundings."""
    desk: Desk = request.app.state.desk
    return desk


def reader_of(request: Request) -> Reader:
    """Who asks; the gate has made sure of it."""
    reader: Reader = request.state.reader
    return reader


def require(request: Request, least: Role) -> Reader:
    """
    Who asks, if he may.

    Raises:
        Forbidden: the reader's role is less.
    """
    reader = reader_of(request)
    if not reader.role.may(least):
        raise Forbidden(
            f"needs the role {least.value}; yours is {reader.role.value}.",
            subject=request.url.path,
            advice="Ask an administrator: monitor users role NAME analyst",
        )
    return reader
