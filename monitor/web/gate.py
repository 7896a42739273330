"""
Who may come in: what every request must pass, and what every answer says to the browser.

While there are no accounts the desk is open to whoever sits at this machine (`Desk.sole_user`).
With the first account everybody must sign in, at this machine too. Files of the site, the
status pages, and feeds and spreadsheets whose address holds a secret need no sign-in.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import MonitorError
from monitor.model import Login, Role
from monitor.ports import Store
from monitor.web import failures, preferences
from monitor.web.desk import Desk, Forbidden, Reader, TooLarge, TooSlow, Unknown, peer_of, reader_of
from monitor.web.pages import own_path, see_other
from monitor.web.passwords import form_token, key_of, new_token
from monitor.web.peer import SAFE, Doorman, Peer

#: The name of the field that a form brings its token in.
TOKEN = "token"  # noqa: S105  (a name, no secret)

#: Bytes of a form without files.
FORM_BYTES = 1_000_000

#: Seconds that the next part of a body may take.
PATIENCE_S = 30.0

#: A sign-in is marked as used this rarely.
USED_AFTER = timedelta(minutes=1)

#: Scripts, styles, pictures and requests of our own only; shown in no other page.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # To other sites nothing is said; with `no-referrer` our own forms would have no origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

#: For machines: they hold no news, and must answer when the store does not.
_STATUS = frozenset({"/healthz", "/readyz", "/metrics"})

#: For anybody whom the Host check let in.
_PUBLIC = re.compile(r"/static/.+|/views/[^/]+/(feed\.atom|stories\.csv|calendar\.ics)")

#: Pages that somebody needs who has not signed in.
_DOORS = frozenset({"/login", "/language"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who comes, as far as the cookie and the store tell."""

    login: Login | None
    #: There are accounts.
    must_sign_in: bool


class Gate:
    """ASGI middleware around the site."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        """
        Raises:
            BadInput: `web.hosts` or `web.proxies` cannot be read.
        """
        self._app = app
        self._desk = desk
        self._doorman = Doorman(desk.settings.web)
        self._has_accounts = not desk.sole_user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in with its reader, and its answer out with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        peer = self._doorman.peer(scope)
        scope["scheme"] = "https" if peer.is_https else "http"
        token = request.cookies.get(cookie_name(peer)) or ""
        answer = _Answer(send, peer, fresh="" if token else new_token())
        self._introduce(request, peer, token or answer.fresh)
        try:
            await self._admit(request, token, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            if answer.has_begun:
                raise
            await failures.fault(request, error)(scope, receive, answer)

    async def _admit(self, request: Request, token: str, answer: _Answer) -> None:
        scope = request.scope
        if scope["path"] in _STATUS:
            answer.fresh = ""
            await self._app(scope, request.receive, answer)
            return
        if not self._doorman.knows(request):
            answer.fresh = ""
            await _STRANGE(scope, request.receive, answer)
            return
        try:
            login = await self._look(request, token, answer)
        except MonitorError as error:
            response = await failures.monitor_failure(request, error)
            await _refuse(request, response)(scope, request.receive, answer)
            return
        now = self._desk.now()
        await self._app(scope, self._bounded(request), answer)
        await self._mark_used(login, now)

    async def _look(self, request: Request, token: str, answer: _Answer) -> Login | None:
        """
        Everything that is looked at before a page is asked.

        Raises:
            Forbidden: it may not come in.
            Unusable: the store cannot tell.
        """
        peer, path = peer_of(request), request.scope["path"]
        if request.method not in SAFE and not self._doorman.is_own(request, peer):
            raise Forbidden(
                "was sent by a page of another site, and was not looked at.",
                subject="the request",
                advice="Open this site itself, and try again there.",
            )
        if _PUBLIC.fullmatch(path):
            answer.fresh = ""
            return None
        visit = await self._visit(token)
        if visit.login is not None:
            self._introduce(request, peer, token, visit.login)
        elif not visit.must_sign_in and peer.is_local:
            self._introduce(request, peer, token or answer.fresh, sole=self._desk.sole_user)
        elif not visit.must_sign_in:
            raise Forbidden(
                "is open to this machine alone while it has no accounts; the request came through "
                "a proxy, from elsewhere, or under another name.",
                subject="the review site",
                advice="Add an account: monitor users add NAME --role admin",
            )
        elif path not in _DOORS:
            raise Unknown("asks you to sign in first.", subject="the review site")
        self._refuse_length(request)
        return visit.login

    async def _visit(self, token: str) -> _Visit:
        now, web = self._desk.now(), self._desk.settings.web

        def look(store: Store) -> _Visit:
            # Accounts are never removed: once there are some, that need not be asked again.
            if not (self._has_accounts or store.has_users()):
                return _Visit(login=None, must_sign_in=False)
            login = store.login(
                key_of(token),
                used_after=now - timedelta(hours=web.idle_hours),
                created_after=now - timedelta(days=web.sign_in_days),
            )
            return _Visit(login=login, must_sign_in=True)

        visit = await self._desk.runner.read(look)
        self._has_accounts = visit.must_sign_in
        return visit

    def _introduce(
        self, request: Request, peer: Peer, token: str, login: Login | None = None, sole: str = ""
    ) -> None:
        """Tell the pages who asks: a user, the one person of an open desk, or nobody."""
        user = login.user if login else None
        role = user.role if user else Role.ADMIN if sole else Role.READER
        request.state.peer = peer
        request.state.login = login
        request.state.reader = Reader(
            name=user.name if user else sole,
            role=role,
            language=preferences.language(request, user),
            zone=preferences.zone(request, user),
            form_token=form_token(token),
            has_account=user is not None,
        )

    async def _mark_used(self, login: Login | None, now: datetime) -> None:
        """After the answer is out: nobody waits for it."""
        if login is None or now - login.used_at < USED_AFTER:
            return
        try:
            await self._desk.runner.write(lambda store: store.use_login(login.key, now=now))
        except MonitorError as error:
            log.warning("a sign-in cannot be marked as used: %s", error)

    def _most(self, request: Request) -> int:
        """Bytes that a request's body may have: files only from who has come in."""
        is_upload = request.headers.get("content-type", "").startswith("multipart/form-data")
        return (
            self._desk.settings.web.max_upload
            if is_upload and reader_of(request).name
            else FORM_BYTES
        )

    def _refuse_length(self, request: Request) -> None:
        told = request.headers.get("content-length", "")
        if told.isdigit() and int(told) > self._most(request):
            raise _too_large(self._most(request))

    def _bounded(self, request: Request) -> Receive:
        """`receive` that stops as soon as too much has come, or nothing more comes."""
        most, seen, is_over = self._most(request), 0, False

        async def receive() -> Message:
            nonlocal seen, is_over
            try:
                # Behind the body there is only the end of the connection to wait for.
                async with asyncio.timeout(None if is_over else PATIENCE_S):
                    message = await request.receive()
            except TimeoutError as error:
                raise TooSlow("did not come to its end.", subject="what was sent") from error
            is_over = is_over or not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_large(most)
            return message

        return receive


class _Answer:
    """`send` that adds the headers, and the cookie of a browser that has none."""

    def __init__(self, send: Send, peer: Peer, fresh: str) -> None:
        self._send = send
        self._peer = peer
        #: A new token for the browser; empty = none.
        self.fresh = fresh
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
            if self.fresh:
                carrier = Response()
                set_cookie(carrier, self._peer, self.fresh)
                headers.append("Set-Cookie", carrier.headers["set-cookie"])
        await self._send(message)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"is too large: at most {most:,} bytes are taken.".replace(",", " "),
        subject="what was sent",
        advice="Send less; an administrator may raise web.max_upload for files.",
    )


#: No page: that would hold addresses made of the strange name.
_STRANGE = PlainTextResponse(
    "The review site does not answer under this name. Use its own address, "
    "or add the name to web.hosts.\n",
    status_code=400,
)


def _refuse(request: Request, response: Response) -> Response:
    """To sign in, a browser is sent to the page for it, and comes back to where it was."""
    if response.status_code != Unknown.status:
        return response
    if request.headers.get("hx-request") == "true":
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        response.headers["HX-Redirect"] = _sign_in(shown.path, shown.query)
        return response
    if request.method in {"GET", "HEAD"}:
        return see_other(_sign_in(request.url.path, request.url.query))
    return response


def _sign_in(path: str, query: str) -> str:
    target = own_path(f"{path}?{query}" if query else path)
    return f"/login?next={quote(target, safe='/')}"


def cookie_name(peer: Peer) -> str:
    """The cookie that tells one browser from another; by https none but this host can set it."""
    return "__Host-monitor_session" if peer.is_https else "monitor_session"


def set_cookie(response: Response, peer: Peer, token: str, *, max_age: int | None = None) -> None:
    """Give the browser a token; without an age it is forgotten with the browser's session."""
    response.set_cookie(
        cookie_name(peer),
        token,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=peer.is_https,
    )


async def posted(request: Request) -> FormData:
    """
    The fields of a form, when it is one that this reader was given.

    Raises:
        Forbidden: it is not.
    """
    form = await request.form(max_files=1, max_fields=2000)
    given = form.get(TOKEN) or request.headers.get("x-token", "")
    if not hmac.compare_digest(
        str(given).encode("utf-8", "replace"), reader_of(request).form_token.encode()
    ):
        raise Forbidden(
            "did not come from a page of this desk.",
            subject="the form",
            advice="Go back, load the page anew, and try again.",
        )
    return form
