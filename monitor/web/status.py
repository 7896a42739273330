"""
The status pages: is it alive, can it work, what did it count.

They know nothing of the daemon: whoever serves them says how each question is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

#: Nothing of it is to be kept, guessed at or shown within another page.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_well: bool
    #: In words; without anything secret.
    detail: str = ""


class Vitals(Protocol):
    """Who answers."""

    def alive(self) -> Check:
        """Whether the process does its work; if not, it is to be started again."""
        ...

    async def ready(self) -> Sequence[Check]:
        """All that it needs for its work."""
        ...

    async def metrics(self) -> tuple[bytes, str]:
        """What was counted, and the type of that text."""
        ...


def status_routes(vitals: Vitals) -> list[BaseRoute]:
    """The pages /healthz, /readyz and /metrics."""

    async def healthz(_request: Request) -> Response:
        check = vitals.alive()
        return _answer(check.is_well, {"alive": check.is_well, "detail": check.detail})

    async def readyz(_request: Request) -> Response:
        checks = await vitals.ready()
        is_ready = all(check.is_well for check in checks)
        listed = [{"name": c.name, "ok": c.is_well, "detail": c.detail} for c in checks]
        return _answer(is_ready, {"ready": is_ready, "checks": listed})

    async def metrics(_request: Request) -> Response:
        text, kind = await vitals.metrics()
        return Response(text, headers={**HEADERS, "Content-Type": kind})

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def _answer(is_well: bool, content: object) -> JSONResponse:
    return JSONResponse(content, status_code=200 if is_well else 503, headers=HEADERS)
