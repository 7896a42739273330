"""
The connection, under the address guard.

Every address is judged twice: when its name is resolved (forbidden ones are dropped)
and again, as the very address that is about to be connected to, when the socket is
made. The second covers redirects, rebinding and literal addresses by construction.
A proxy would connect in our place and defeat the guard, so none is ever used.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, cast

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from monitor.addresses import AddressPolicy
from spiders.state import batch_of
from spiders.verdict import AddressRefused

#: (family, type, protocol, canonical name, address) as `socket.getaddrinfo` gives it.
AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]

#: Names that do not exist may take seconds each; the loop's own few threads have other work.
_DNS = ThreadPoolExecutor(64, thread_name_prefix="dns")


class GuardedResolver(AbstractResolver):
    """Resolves names and keeps only the addresses that may be reached."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """
        The allowed addresses of a host name.

        Raises:
            AddressRefused: it has addresses, but none that may be reached.
            OSError: it cannot be resolved.
        """
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        infos = await asyncio.get_running_loop().run_in_executor(_DNS, look_up)
        found = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _type, protocol, _name, address in infos
        ]
        reasons = [self._policy.refusal(one["host"], port) for one in found]
        allowed = [one for one, why in zip(found, reasons, strict=True) if not why]
        if not allowed and reasons:
            raise AddressRefused(reasons[0])
        return allowed

    async def close(self) -> None:
        """Nothing to release."""


def guarded_connector(policy: AddressPolicy, *, limit: int) -> aiohttp.TCPConnector:
    """A connector that cannot connect to what the policy forbids; at most `limit` sockets."""

    def make_socket(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _name, address = info
        reason = policy.refusal(str(address[0]), int(address[1]))
        if reason:
            raise AddressRefused(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.TCPConnector(
        resolver=GuardedResolver(policy), socket_factory=make_socket, limit=limit
    )


@cache
def tls_context() -> ssl.SSLContext:
    """Certificates and host names are verified; loading the roots takes milliseconds."""
    return ssl.create_default_context()


class GuardedHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with our connector, and a way to abandon downloads."""

    experimental = False  # silences a warning that would appear for every crawl

    def __init__(self, crawler: Crawler) -> None:
        # The parent's constructor would open a session with an unguarded connector.
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._batch = batch_of(crawler)
        self._ssl_context = tls_context()
        rules = self._batch.rules
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(rules.allow_private, limit=rules.concurrency),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        # It would ask again at once, behind the back of our gates; the spider does, through them.
        self._session._retry_connection = False  # noqa: SLF001

    async def download_request(self, request: Request) -> Response:
        """Fetch one request; abandoned (`Stopped`) when the batch stops."""
        return await self._batch.run(super().download_request(request))

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """The header bytes as they came: publishers send any charset."""
        return Headers(cast("Any", list(response.raw_headers)))
