"""
The servers of the fake web: a thread with a loop of its own, an address per outlet.

Every outlet has an address of 127.0.0.0/8 and all share one port. The thread is in the
test's process, so that the crawl under test, in another one, can be killed.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from tests.world.outlets import Outlet, Reply


class FakeWeb:
    """Outlets that answer; `with fake_web(…) as web`."""

    def __init__(self, outlets: int, items: int, sentences: int) -> None:
        self.port = 0
        self.outlets = [
            Outlet(number=number, base="", items=items, sentences=sentences)
            for number in range(outlets)
        ]
        #: (host, path) -> requests.
        self.hits: Counter[tuple[str, str]] = Counter()
        #: When each request came (monotonic), its host and path.
        self.asked: list[tuple[float, str, str]] = []
        #: Host -> seconds until it answers anything.
        self.delays: dict[str, float] = {}
        #: Paths that are asked for and never answered.
        self._held: set[str] = set()
        self._is_holding = threading.Event()
        self._by_host: dict[str, Outlet] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Listen on all addresses."""
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        """Close all connections."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def page_hits(self) -> int:
        """Requests for pages."""
        return sum(count for (_, path), count in self.hits.items() if path.startswith("/news/"))

    def hold(self, path: str) -> None:
        """Answer no request for this path any more."""
        self._held.add(path)

    def wait_until_held(self) -> None:
        """Wait for such a request."""
        assert self._is_holding.wait(60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _listen(self) -> None:
        for outlet in self.outlets:
            host = f"127.0.{1 + outlet.number // 200}.{1 + outlet.number % 200}"
            server = await asyncio.start_server(self._serve, host, self.port, backlog=256)
            self.port = server.sockets[0].getsockname()[1]
            outlet.base = f"http://{host}:{self.port}"
            self._by_host[host] = outlet

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                self.hits[host, path] += 1
                self.asked.append((time.monotonic(), host, path))
                if path in self._held:
                    self._is_holding.set()
                    await asyncio.Event().wait()
                await asyncio.sleep(self.delays.get(host, 0))
                writer.write(_answer(self._by_host[host].reply(path), headers))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@contextmanager
def fake_web(*, outlets: int, items: int, sentences: int = 16) -> Iterator[FakeWeb]:
    """
    A running web.

    Args:
        items: per outlet.
        sentences: of one page.
    """
    web = FakeWeb(outlets, items, sentences)
    web.start()
    try:
        yield web
    finally:
        web.stop()


def _answer(reply: Reply, headers: dict[str, str]) -> bytes:
    if reply.etag and headers.get("if-none-match") == reply.etag.lower():
        reply = Reply(status=304, etag=reply.etag)
    lines = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        f"Content-Type: {reply.kind}",
        f"Content-Length: {len(reply.body)}",
    ]
    lines += [f"ETag: {reply.etag}"] * bool(reply.etag)
    return "\r\n".join([*lines, "", ""]).encode() + reply.body
