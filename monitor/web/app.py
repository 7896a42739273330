"""The review site: all its pages behind the gate, and errors as pages."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from monitor.errors import MonitorError
from monitor.web import (
    account,
    alerts,
    claims,
    deciding,
    desk_rules,
    exchange,
    failures,
    guide,
    inbox,
    overview,
    rules,
    search,
    sources,
    static,
    story,
    story_forms,
    switch,
    users,
)
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.passwords import Turns
from monitor.web.status import Vitals, status_routes


def site(desk: Desk, vitals: Vitals | None = None) -> Starlette:
    """The whole site; with the status pages when somebody answers them."""
    areas = (
        inbox,
        deciding,
        story,
        story_forms,
        search,
        overview,
        claims,
        rules,
        sources,
        alerts,
        desk_rules,
        exchange,
        account,
        users,
        guide,
        switch,
        static,
    )
    routes: list[BaseRoute] = [route for area in areas for route in area.routes]
    if vitals is not None:
        routes += status_routes(vitals)
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: failures.http_failure,
            MonitorError: failures.monitor_failure,
        },
    )
    app.add_middleware(Gate, desk=desk)
    app.state.desk = desk
    app.state.hashing = Turns()
    return app
