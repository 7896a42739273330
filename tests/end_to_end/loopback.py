"""Raw answers on loopback, one address each, from a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tests.spiders.server import Hit, Web, web

Made = bytes | Callable[[], bytes]


@contextmanager
def serving(routes: Mapping[str, Made], *, path: str = "/feed") -> Iterator[dict[str, str]]:
    """
    Serve each answer at `path` of an address of its own.

    Args:
        routes: name -> the raw answer, or what makes it when it is asked for.

    Returns:
        Name -> address, while the block runs.
    """
    with site(tuple(f"127.0.1.{number}" for number in range(1, len(routes) + 1))) as one:
        hosts = dict(zip(routes, one.hosts, strict=True))
        for name, made in routes.items():
            one.web.routes[hosts[name], path] = made if isinstance(made, bytes) else _lazily(made)
        yield {name: one.web.url(path, host) for name, host in hosts.items()}


def _lazily(made: Callable[[], bytes]) -> Callable[[Hit], object]:
    async def answered(_hit: Hit) -> bytes:
        return await asyncio.to_thread(made)

    return answered


class Site:
    """A running web and the addresses it listens at."""

    def __init__(self, running: Web, hosts: tuple[str, ...]) -> None:
        self.web = running
        self.hosts = hosts


@contextmanager
def site(hosts: tuple[str, ...]) -> Iterator[Site]:
    """A web at these addresses, on one port, served by a thread while the block runs."""
    started: list[Site] = []
    is_up, loop = threading.Event(), asyncio.new_event_loop()
    is_over = asyncio.Event()

    async def serve() -> None:
        async with web(hosts) as running:
            started.append(Site(running, hosts))
            is_up.set()
            await is_over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    if not is_up.wait(10):
        raise RuntimeError("the web on loopback does not start")
    try:
        yield started[0]
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(10)
        loop.close()
