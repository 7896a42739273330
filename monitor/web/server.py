"""The web server in the daemon's own loop: it ends when it is told to, never by a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from monitor.errors import BadInput

#: Connections at once; more are told to come back later. A browser opens six, and keeps them.
CONNECTIONS = 400

#: Seconds that a connection may idle between two requests, and that open ones get at the end.
IDLE_S, GRACE_S = 20, 1

#: Seconds after which a connection is closed on which no whole request came.
PATIENCE_S = 30.0

log = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the daemon has its own."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class _Connection(H11Protocol):
    """uvicorn's, but who sends a request byte by byte, or none, is not waited for for ever."""

    _patience: asyncio.TimerHandle | None = None
    _seen: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._patience = self.loop.call_later(PATIENCE_S, self._look)

    def _look(self) -> None:
        is_busy = self.cycle is not None and not self.cycle.response_complete
        if self.cycle is self._seen and not is_busy:
            self.transport.close()
            return
        self._seen = self.cycle
        self._wait()


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[str]:
    """
    Serve the app while the block runs; yields its address.

    Raises:
        BadInput: the address cannot be listened at.
    """
    place = listening(host, port)
    # uvicorn tells of every start and end; only trouble is of interest.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # What proxies say is judged by `web.peer`.
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[place]), name="web")
    try:
        yield address(place)
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
        place.close()


def listening(host: str, port: int) -> socket.socket:
    """
    A socket that listens there.

    Raises:
        BadInput: it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    place = socket.socket(family, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((host, port))
        place.listen()
    except OSError as error:
        place.close()
        # The number of a resolver's error is not one of the system's.
        is_systems = error.errno is not None and not isinstance(error, socket.gaierror)
        reason = os.strerror(error.errno or 0) if is_systems else error.strerror or str(error)
        raise BadInput(
            f"cannot listen there: {reason}.",
            subject=f"web.host {host}, web.port {port}",
            advice="Set web.port to a free one, or to 0 to serve nothing.",
        ) from error
    place.setblocking(False)
    return place


def address(place: socket.socket) -> str:
    """Where a socket listens, as an address for a browser."""
    host, port = place.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
