"""The help page: what is where, which keys there are."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.pages import page


async def help_page(request: Request) -> Response:
    """Everything an analyst needs to know, on one page."""
    return page(request, "help.html")


routes = [Route("/help", help_page, name="help")]
