"""
The sample news web: a small threaded HTTP server, one address of 127.0.0.0/8 per outlet.

A slow outlet sleeps in its own thread and holds up nobody else.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from monitor.demo.content import Outlet, load_outlets
from monitor.demo.site import Answer, Site
from monitor.model import NewSource

#: Outlet number n answers at 127.77.0.n, where the system lets us have that address.
NETWORK = "127.77.0"
#: Elsewhere (macOS) only this one exists, and outlets differ by their port.
FALLBACK = "127.0.0.1"


class SampleWeb:
    """All outlets, running between `start` and `stop`."""

    def __init__(self, *, now: datetime, content: Path | None = None) -> None:
        """
        Args:
            now: aware; ages of articles are counted back from it.
            content: a folder of outlets; None takes the bundled one.

        Raises:
            BadInput: the content cannot be used.
        """
        self.now = now
        #: Which day it is for a reader; may be set while it runs.
        self.day = 1
        self._outlets = load_outlets(content)
        self._sites: list[Site] = []
        self._servers: list[ThreadingHTTPServer] = []
        self._stopped = threading.Event()

    def start(self) -> None:
        """Listen, and answer from threads of our own."""
        self._stopped.clear()
        for number, outlet in enumerate(self._outlets, start=1):
            server = _bound(number, self._handler(outlet))
            self._servers.append(server)
            host, port = server.server_address[:2]
            self._sites.append(Site(outlet=outlet, base=f"http://{host!s}:{port}", now=self.now))
            threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
            ).start()

    def stop(self) -> None:
        """Stop answering; sleepers are woken."""
        self._stopped.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()
        self._sites.clear()

    def sources(self) -> list[NewSource]:
        """What a catalogue of this web would hold; only while it runs."""
        return [site.source() for site in self._sites]

    @property
    def sites(self) -> Sequence[Site]:
        """The running sites, in the order of `sources`."""
        return tuple(self._sites)

    @property
    def allow_private(self) -> Sequence[str]:
        """The addresses that a crawl must be allowed to reach, and no more."""
        return [site.base.removeprefix("http://") for site in self._sites]

    def _handler(self, outlet: Outlet) -> type[_Handler]:
        def find(path: str) -> Answer:
            if outlet.delay_s:
                self._stopped.wait(outlet.delay_s)
            site = next(site for site in self._sites if site.outlet is outlet)
            return site.answer(path, self.day)

        return type("Handler", (_Handler,), {"find": staticmethod(find)})


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD with validators (RFC 9110, section 13)."""

    protocol_version = "HTTP/1.1"
    server_version = "SampleWeb/1"
    sys_version = ""
    find: Callable[[str], Answer]

    def do_GET(self) -> None:
        self._reply(self.find(self.path), with_body=True)

    def do_HEAD(self) -> None:
        self._reply(self.find(self.path), with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
        """Say nothing: the terminal is the demo's."""

    def _reply(self, answer: Answer, *, with_body: bool) -> None:
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
        is_known = answer.status == 200 and self._is_known(etag, answer.modified_at)
        body = b"" if is_known else answer.body
        try:
            self.send_response(304 if is_known else answer.status)
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.status == 200:
                self.send_header("ETag", etag)
            if answer.status == 200 and answer.modified_at:
                self.send_header("Last-Modified", format_datetime(answer.modified_at, usegmt=True))
            if not is_known:
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def _is_known(self, etag: str, modified_at: datetime | None) -> bool:
        """Whether the reader has this body; If-None-Match outweighs If-Modified-Since."""
        if theirs := self.headers.get("If-None-Match"):
            return etag in {tag.strip().removeprefix("W/") for tag in theirs.split(",")}
        since = self.headers.get("If-Modified-Since")
        if not since or modified_at is None:
            return False
        try:
            return modified_at <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False


def _bound(number: int, handler: type[_Handler]) -> ThreadingHTTPServer:
    try:
        return _Server((f"{NETWORK}.{number}", 0), handler)
    except OSError:
        return _Server((FALLBACK, 0), handler)


class _Server(ThreadingHTTPServer):
    """Threads end with the process; no name is looked up for the address."""

    daemon_threads = True
    # A reader that is cut off must not print a traceback over the demo.
    block_on_close = False

    def server_bind(self) -> None:
        """Bind without asking for the host's name, which takes seconds where there is no DNS."""
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the reader has gone, and it will say why."""
