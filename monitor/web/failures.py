"""Errors as pages: what a person can do about them, and nothing of our insides."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.errors import BadInput
from monitor.web.desk import Forbidden, TooSoon
from monitor.web.pages import page
from monitor.web.refusals import refusal

log = logging.getLogger(__name__)


async def http_failure(request: Request, error: Exception) -> Response:
    """No such page, or another method."""
    assert isinstance(error, HTTPException)
    return shown(request, error.status_code, str(error.detail), headers=error.headers)


async def monitor_failure(request: Request, error: Exception) -> Response:
    """What the monitor refuses, or cannot do now."""
    if isinstance(error, BadInput):
        status = error.status if isinstance(error, Forbidden) else 400
        headers = {"Retry-After": str(error.wait_s)} if isinstance(error, TooSoon) else None
        return shown(request, status, refusal(request, error), headers=headers)
    # It may name files and servers: that is for the log.
    log.error("%s: %s", request.url.path, error)
    return shown(request, 503, "")


def fault(request: Request, error: Exception) -> Response:
    """A fault of ours."""
    log.error("a page met a fault of the monitor: %s", request.url.path, exc_info=error)
    return shown(request, 500, "")


def shown(
    request: Request, status: int, what: str, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The page of an error."""
    return page(
        request, "error.html", status=status, headers=headers, code=status, what=what, advice=""
    )
