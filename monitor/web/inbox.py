"""The inbox: one line per story, what is new in it, and decisions by one key."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.model import StoryQuery
from monitor.review.queries import read_query
from monitor.web.desk import desk_of, reader_of
from monitor.web.pages import page

#: Stories on one page.
PAGE = 50


async def inbox(request: Request) -> Response:
    """What is still open, or what a query chooses."""
    desk, reader = desk_of(request), reader_of(request)
    pairs = request.query_params.multi_items()
    read = read_query(pairs, base=StoryQuery(is_open=True))
    cursor = request.query_params.get("after", "")
    found = await desk.runner.read(
        lambda store: store.lines(
            read.query, reader=reader.name, now=desk.now(), limit=PAGE, cursor=cursor
        )
    )
    return page(request, "inbox.html", found=found, query=read.query, unread=read.unread)


routes = [Route("/", inbox, name="inbox")]
