"""The review site: all its pages behind the gate, and errors as pages."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from monitor.errors import BadInput, MonitorError
from monitor.web import (
    account,
    alerts,
    exchange,
    inbox,
    overview,
    search,
    sources,
    static,
    story,
    switch,
)
from monitor.web.desk import Desk, Forbidden
from monitor.web.gate import Gate
from monitor.web.pages import page
from monitor.web.status import Vitals, status_routes

log = logging.getLogger(__name__)


def site(desk: Desk, vitals: Vitals | None = None) -> Starlette:
    """The whole site; with the status pages when somebody answers them."""
    areas = (
        inbox,
        story,
        search,
        overview,
        sources,
        alerts,
        exchange,
        account,
        switch,
        static,
    )
    routes: list[BaseRoute] = [route for area in areas for route in area.routes]
    if vitals is not None:
        routes += status_routes(vitals)
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            MonitorError: _monitor_error,
            Exception: _fault,
        },
    )
    app.add_middleware(Gate, desk=desk)
    app.state.desk = desk
    return app


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _shown(request, error.status_code, str(error.detail), "")


async def _monitor_error(request: Request, error: Exception) -> Response:
    status = 403 if isinstance(error, Forbidden) else 400 if isinstance(error, BadInput) else 503
    return _shown(request, status, str(error), "")


async def _fault(request: Request, error: Exception) -> Response:
    log.error("a page met a fault of the monitor: %s", request.url.path, exc_info=error)
    return _shown(request, 500, "", "")


def _shown(request: Request, status: int, what: str, advice: str) -> Response:
    return page(request, "error.html", status=status, code=status, what=what, advice=advice)
