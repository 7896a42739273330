"""Those who get messages: a webhook and a mail server on loopback, which count what they got."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Webhook:
    """A webhook that keeps what was posted to it."""

    url: str = ""
    #: As they came; one that is sent twice is here twice.
    posts: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    #: Status of the next answers, first one first; then 200.
    answers: list[int] = field(default_factory=list)
    #: Sent with a 3xx.
    location: str = ""
    #: Called with each post before it is answered.
    before: Callable[[], None] = lambda: None
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def ids(self) -> Counter[str]:
        """How often each id came."""
        return Counter(post["id"] for post in self.posts)

    def wait_for(self, count: int, *, timeout: float = 60) -> list[dict[str, Any]]:
        """Wait until so many posts came; all of them."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.posts) >= count, timeout), len(self.posts)
        return self.posts


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A running webhook."""
    here = Webhook()

    class Handler(BaseHTTPRequestHandler):
        """Takes posts."""

        def do_POST(self) -> None:
            """Keep it, then answer."""
            content = self.rfile.read(int(self.headers["Content-Length"]))
            with here.came:
                here.posts.append(json.loads(content))
                here.headers.append(dict(self.headers))
                status = here.answers.pop(0) if here.answers else 200
                here.came.notify_all()
            here.before()
            self.send_response(status)
            if here.location:
                self.send_header("Location", here.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_address[1]}/hook/secret-token"
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


@dataclass
class Postbox:
    """A mail server that keeps what it took."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    #: What it answers to the next recipients, first one first; then it takes them.
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        """Take a recipient, or not."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep a mail."""
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        return "250 OK"


@contextmanager
def postbox(**options: Any) -> Iterator[Postbox]:
    """A running mail server; `options` are those of aiosmtpd's `Controller`."""
    here = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here.port = probe.getsockname()[1]
    controller = Controller(here, hostname="127.0.0.1", port=here.port, **options)
    controller.start()
    try:
        yield here
    finally:
        controller.stop()
