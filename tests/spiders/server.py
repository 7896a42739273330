"""
A small web on loopback: one asyncio server, several addresses of 127.0.0.0/8 as hosts.

Answers are raw bytes, so that a test can be as wrong as a real server is.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 7))


@dataclass
class Hit:
    """One request as the server saw it; times are monotonic seconds."""

    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float = 0.0


Answer = bytes | Callable[[Hit], Awaitable[bytes]]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A complete HTTP/1.1 answer; `content_type` becomes Content-Type."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


MISSING = answer(b"", "404 Not Found")


@dataclass
class Web:
    """Routes by (host, path) or path alone, and what was asked."""

    port: int = 0
    routes: dict[tuple[str, str] | str, Answer] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    #: Greatest number of simultaneous requests per host.
    busiest: dict[str, int] = field(default_factory=dict)
    #: Greatest number of simultaneous requests over all hosts.
    most: int = 0
    _active: dict[str, int] = field(default_factory=dict)

    def url(self, path: str, host: str = HOSTS[0], scheme: str = "http") -> str:
        """An address on one of the hosts."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self, *, robots: bool = False) -> list[str]:
        """Paths asked for, in order."""
        return [hit.path for hit in self.hits if robots or hit.path != "/robots.txt"]

    def rests(self, host: str = HOSTS[0]) -> list[float]:
        """Seconds between the end of each request to a host and the start of the next."""
        hits = [hit for hit in self.hits if hit.host == host]
        return [after.began - before.ended for before, after in pairwise(hits)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            host = writer.get_extra_info("sockname")[0]
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
            hit = Hit(host, head[0].split(" ")[1], headers, time.monotonic())
            self.hits.append(hit)
            writer.write(await self._answer(hit))
            await writer.drain()
            hit.ended = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, hit: Hit) -> bytes:
        self._active[hit.host] = self._active.get(hit.host, 0) + 1
        self.busiest[hit.host] = max(self.busiest.get(hit.host, 0), self._active[hit.host])
        self.most = max(self.most, sum(self._active.values()))
        try:
            route = self.routes.get((hit.host, hit.path), self.routes.get(hit.path, MISSING))
            return route if isinstance(route, bytes) else await route(hit)
        finally:
            self._active[hit.host] -= 1


@asynccontextmanager
async def web(
    hosts: tuple[str, ...] = HOSTS, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Web]:
    """A running web on one free port of all the hosts; open requests are cut off at the end."""
    site = Web()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await site.serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            tasks.discard(task)

    servers = []
    for host in hosts:
        servers.append(await asyncio.start_server(serve, host, site.port, ssl=tls))
        site.port = servers[0].sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        for server in servers:
            server.close()
        for task in tuple(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tuple(tasks))
