"""What the pages of the review site share: settings, the store, the time, who reads."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from starlette.requests import Request

from monitor.enrich import gloss
from monitor.errors import BadInput
from monitor.model import Role
from monitor.ports import Runner
from monitor.settings import Settings
from monitor.web.peer import Doorman, Peer, is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The site's surroundings; `desk_of(request)` gives it to a page."""

    settings: Settings
    runner: Runner
    #: The present moment, UTC.
    now: Callable[[], datetime]
    #: Whose desk it is while there are no accounts; empty = users must sign in.
    sole_user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks for a page."""

    #: Empty when nobody has signed in.
    name: str
    role: Role
    #: Of the interface: `en`, `ru`, `zh`.
    language: str = "en"
    #: IANA name.
    zone: str = "UTC"
    #: What a form of this reader's must bring back.
    form_token: str = ""
    #: Signed in with an account; else it is the one person at this machine, or nobody.
    has_account: bool = False


class Forbidden(BadInput):
    """The reader's role, or where the request came from, does not allow it."""

    #: Of the HTTP answer.
    status: ClassVar[int] = 403


class Unknown(Forbidden):
    """Nobody has signed in."""

    status = 401


class TooLarge(Forbidden):
    """More bytes than are read."""

    status = 413


class TooSlow(Forbidden):
    """Nothing more came for too long."""

    status = 408


class TooSoon(Forbidden):
    """Too many attempts; `wait_s` seconds must pass."""

    status = 429

    def __init__(self, message: str, *, subject: str, wait_s: int) -> None:
        super().__init__(message, subject=subject, advice=f"Try again in {wait_s} seconds.")
        self.wait_s = wait_s


def desk_of(request: Request) -> Desk:
    """The site's surroundings."""
    desk: Desk = request.app.state.desk
    return desk


def reader_of(request: Request) -> Reader:
    """Who asks; the gate has made sure of it."""
    reader: Reader = request.state.reader
    return reader


def peer_of(request: Request) -> Peer:
    """Where the request comes from."""
    peer: Peer = request.state.peer
    return peer


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


async def open_desk(settings: Settings, runner: Runner) -> Desk:
    """
    The desk as it is served: on loopback, with no proxy before it, open until it has accounts.

    Raises:
        BadInput: others would reach it, and it has no accounts; or a name of it is none.
    """
    web = settings.web
    Doorman(web)
    is_proxied = web.https or bool(web.proxies)
    is_open = is_loopback(web.host) and not is_proxied
    if not is_open and not await runner.read(lambda store: store.has_users()):
        raise BadInput(
            "others could reach the review site, and nobody has an account yet.",
            subject="web.https, web.proxies" if is_proxied else f"web.host {web.host}",
            advice="Add one: monitor users add NAME --role admin",
        )
    # Not in the loop: it takes a third of a second, once.
    await asyncio.to_thread(gloss.load)
    return Desk(
        settings=settings,
        runner=runner,
        now=lambda: datetime.now(UTC),
        sole_user=_person() if is_open else "",
    )


def _person() -> str:
    """Who is at this machine; in a container that knows no names, the desk."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "desk"
