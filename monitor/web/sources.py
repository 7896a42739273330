"""The board of sources: how each is doing, what needs a person; pause and resume several."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.errors import BadInput
from monitor.health.arrivals import DAYS
from monitor.model import Role
from monitor.web import adding, source_page
from monitor.web.board import PAGE, Sorting, rows, wish_of
from monitor.web.charts import spark
from monitor.web.desk import desk_of, require
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.pages import own_path, page, see_other, tell
from monitor.web.watched import remembered, set_states

#: Kinds of trouble that are told of before the list, and sources that each names.
TROUBLES, NAMED = 8, 5

#: Sources that one form may change.
MOST = 500


async def board(request: Request) -> Response:
    """All sources, or what a reader's wish chooses; those that need a person on top."""
    desk, wish = desk_of(request), wish_of(request.query_params)
    seen = await remembered(request)
    chosen = seen.chosen(wish)
    last = max(1, -(-len(chosen) // PAGE))
    number = min(max(wish.page, 1), last)
    shown = chosen[(number - 1) * PAGE : number * PAGE]
    since = (desk.now() - timedelta(days=DAYS - 1)).date()
    ids = [one.source.id for one in shown]
    brought = await desk.runner.read(lambda store: store.arrivals_of(ids, since=since))
    found = seen.troubles if number == 1 and not wish.is_narrow else ()
    return page(
        request,
        "sources.html",
        board=seen,
        wish=wish,
        rows=rows(shown, brought, now=desk.now()),
        count=len(chosen),
        number=number,
        last=last,
        at=lambda place: _address(wish.pairs, place),
        troubles=found[:TROUBLES],
        more_troubles=max(0, len(found) - TROUBLES),
        named=NAMED,
        orders=list(Sorting),
        days=DAYS,
        spark_of=spark,
    )


async def change(request: Request) -> Response:
    """Pause or resume the sources that were chosen."""
    reader = require(request, Role.ANALYST)
    form = await posted(request)
    ids = _numbers(str(value) for value in form.getlist("source"))
    action, back = str(form.get("action", "")), own_path(str(form.get("back", "/sources")))
    if action not in {"pause", "resume"}:
        raise BadInput("is no action.", subject=action or "action", advice="pause or resume.")
    count = await set_states(request, ids, action=action, who=reader.name)
    words = words_of(request)
    if action == "pause":
        text = words.ngettext("%(n)s source is paused.", "%(n)s sources are paused.", count)
    else:
        text = words.ngettext("%(n)s source is resumed.", "%(n)s sources are resumed.", count)
    return tell(request, see_other(back), text % {"n": count})


def _address(pairs: list[tuple[str, str]], place: int) -> str:
    """Another page of the same list."""
    query = urlencode([*pairs, ("page", str(place))] if place > 1 else pairs)
    return f"/sources?{query}" if query else "/sources"


def _numbers(given: Iterable[str]) -> list[int]:
    """
    Raises:
        BadInput: one is no number, there are none, or too many.
    """
    found = list(dict.fromkeys(given))
    if not found:
        raise BadInput("is chosen.", subject="no source", advice="Check the boxes of some.")
    if len(found) > MOST:
        raise BadInput(f"are more than {MOST}.", subject=f"{len(found)} sources")
    wrong = next((o for o in found if not (o.isascii() and o.isdigit() and len(o) < 16)), None)
    if wrong is not None:
        raise BadInput("is no number of a source.", subject=wrong[:80])
    return [int(one) for one in found]


routes: list[BaseRoute] = [
    Route("/sources", board, name="sources"),
    Route("/sources/change", change, methods=["POST"]),
    Route("/sources/add", adding.form, methods=["GET"]),
    Route("/sources/add", adding.begin, methods=["POST"]),
    Route("/sources/add/{token}", adding.search, methods=["GET"]),
    Route("/sources/add/{token}", adding.take, methods=["POST"]),
    Route("/sources/{id:int}", source_page.source, methods=["GET"]),
    Route("/sources/{id:int}/{action}", source_page.act, methods=["POST"]),
]
