"""
Who may come in: what every request must pass, and what every answer says to the browser.

On loopback the desk is open to whoever sits at this machine (`Desk.sole_user`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.model import Role
from monitor.web.desk import Desk, Forbidden, Reader, reader_of

#: The cookie that tells one browser from another.
COOKIE = "monitor_session"

#: The name of the field that a form brings its token in.
TOKEN = "token"  # noqa: S105  (a name, no secret)

#: Scripts, styles, pictures and requests of our own only; shown in no other page.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Gate:
    """ASGI middleware around the site."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in with its reader, and its answer out with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        seed = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
        request.state.reader = Reader(
            name=self._desk.sole_user, role=Role.ADMIN, form_token=form_token(seed)
        )

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if COOKIE not in request.cookies:
                    headers.append("Set-Cookie", f"{COOKIE}={seed}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        await self._app(scope, receive, sending)


def form_token(session: str) -> str:
    """What a form must bring back: it follows from the cookie, which no other site can read."""
    return hashlib.sha256(b"form:" + session.encode()).hexdigest()


async def posted(request: Request) -> FormData:
    """
    The fields of a form, when it is one that this reader was given.

    Raises:
        Forbidden: it is not.
    """
    form = await request.form(max_files=1, max_fields=2000)
    given = form.get(TOKEN) or request.headers.get("x-token", "")
    if not hmac.compare_digest(str(given).encode(), reader_of(request).form_token.encode()):
        raise Forbidden(
            "did not come from a page of this desk.",
            subject="the form",
            advice="Go back, load the page anew, and try again.",
        )
    return form
