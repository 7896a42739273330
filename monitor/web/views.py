"""Saved views: kept, renamed, put away and brought back; their feeds and spreadsheets."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.deliver import exports, feed
from monitor.deliver.exports import Chosen
from monitor.model import Role, View
from monitor.ports import Store
from monitor.review.queries import query_pairs, read_query
from monitor.web.desk import Forbidden, Reader, desk_of, peer_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.pages import own_path, page, see_other, tell

#: Stories of a spreadsheet.
MOST_ROWS = 1000

#: Longest number of a view.
_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A view as the page shows it."""

    view: View
    #: The search page that asks for the same.
    address: str
    #: The reader may change it.
    is_own: bool


async def listed(request: Request) -> Response:
    """All views, with whose they are."""
    desk, reader = desk_of(request), reader_of(request)
    found = await desk.runner.read(lambda store: store.views())
    removed = request.query_params.get("removed", "")
    return page(
        request,
        "views.html",
        views=[
            Shown(view=one, address=address_of(one), is_own=_may_change(reader, one))
            for one in found
        ],
        removed=removed if removed.isascii() and removed.isdigit() else "",
        site=_site(request),
        may_save=reader.role.may(Role.ANALYST),
    )


async def add(request: Request) -> Response:
    """Keep what a form's `query` asks for under a name."""
    reader, desk = require(request, Role.ANALYST), desk_of(request)
    form = await posted(request)
    names = {"token", "back", "name"}
    pairs = [(name, str(value)) for name, value in form.multi_items() if name not in names]
    query = read_query(pairs).query
    name = str(form.get("name", ""))
    view = await desk.runner.write(
        lambda store: store.add_view(name, query, owner=reader.name, now=desk.now())
    )
    _ = words_of(request).gettext
    text = _("Saved as %(name)s, with a feed and a spreadsheet of its own.") % {"name": view.name}
    return tell(request, see_other(f"/views#v{view.id}"), text)


async def rename(request: Request) -> Response:
    """Give a view another name."""
    form = await posted(request)
    name = str(form.get("name", ""))
    view = await _changed(request, lambda store, number: store.rename_view(number, name))
    text = words_of(request).gettext("The view is called %(name)s now.") % {"name": view.name}
    return tell(request, _back(form, view), text)


async def renew(request: Request) -> Response:
    """Make the old addresses of its feed and spreadsheet lead nowhere."""
    form = await posted(request)
    view = await _changed(request, lambda store, number: store.renew_view(number))
    _ = words_of(request).gettext
    text = _("The feed has a new address; the old one leads nowhere.")
    return tell(request, _back(form, view), text)


async def remove(request: Request) -> Response:
    """Put a view away; the next page offers to bring it back."""
    await posted(request)
    now = desk_of(request).now()
    view = await _changed(request, lambda store, number: store.remove_view(number, now=now))
    return see_other(f"/views?removed={view.id}")


async def restore(request: Request) -> Response:
    """Bring a view back."""
    require(request, Role.ANALYST)
    form, number = await posted(request), _number(request)
    view = await desk_of(request).runner.write(lambda store: store.restore_view(number))
    text = words_of(request).gettext("The view %(name)s is back.") % {"name": view.name}
    return tell(request, _back(form, view), text)


async def atom(request: Request) -> Response:
    """The feed of a view, for whoever knows its address."""
    desk, now = desk_of(request), desk_of(request).now()
    view = await _of_token(request)
    lines = (
        await desk.runner.read(
            lambda store: store.lines(view.query, reader="", now=now, limit=feed.ENTRIES)
        )
    ).lines
    body = feed.atom(view, lines, site=_site(request), path=request.url.path)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = feed.updated_at(view, lines)
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True),
        "Cache-Control": "private, max-age=60",
    }
    if is_known(request.headers, tag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=headers)


async def spreadsheet(request: Request) -> Response:
    """The stories of a view as CSV, for whoever knows its address."""
    desk, now = desk_of(request), desk_of(request).now()
    view = await _of_token(request)

    def write(store: Store) -> bytes:
        numbers = store.chosen_ids(view.query, now=now, limit=MOST_ROWS)
        with tempfile.TemporaryDirectory(prefix="monitor-web-") as folder:
            path = Path(folder) / "stories.csv"
            chosen = Chosen(noun="stories", story_ids=numbers)
            exports.export(store, chosen, "csv", path, now=now)
            return path.read_bytes()

    name = quote(f"{view.name}.csv", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(
        await desk.runner.read(write), media_type=exports.FORMATS["csv"][0], headers=headers
    )


def address_of(view: View) -> str:
    """The search page that asks for what a view chooses."""
    return f"/search?{urlencode(query_pairs(view.query), errors='replace')}"


def is_known(headers: Mapping[str, str], tag: str, changed: datetime) -> bool:
    """Whether the asker has this very answer already (RFC 9110, 13.1)."""
    if (given := headers.get("if-none-match")) is not None:
        tags = {one.strip().removeprefix("W/") for one in given.split(",")}
        return tag in tags or "*" in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return changed.replace(microsecond=0) <= since.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return False


async def _of_token(request: Request) -> View:
    token = request.path_params["token"]
    view = await desk_of(request).runner.read(lambda store: store.view_of_token(token))
    if view is None:
        raise HTTPException(404)
    return view


async def _changed(request: Request, change: Callable[[Store, int], View]) -> View:
    """
    A view as its owner changed it.

    Raises:
        Forbidden: it is another's.
        BadInput: there is none, or the change is none.
    """
    reader, number = require(request, Role.ANALYST), _number(request)

    def work(store: Store) -> View:
        view = store.view(number)
        if view is not None and not _may_change(reader, view):
            raise Forbidden(
                f"belongs to {view.owner}.",
                subject=view.name,
                advice="Save a view of your own, or ask its owner or an administrator.",
            )
        return change(store, number)

    return await desk_of(request).runner.write(work)


def _may_change(reader: Reader, view: View) -> bool:
    return reader.role.may(Role.ADMIN) or (
        reader.role.may(Role.ANALYST) and reader.name == view.owner
    )


def _number(request: Request) -> int:
    text = request.path_params["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise HTTPException(404)
    return int(text)


def _site(request: Request) -> str:
    """Where the browser, or the feed's reader, reaches this site."""
    scheme = "https" if peer_of(request).is_https else "http"
    return f"{scheme}://{request.url.netloc}"


def _back(form: Mapping[str, Any], view: View) -> Response:
    back = own_path(str(form.get("back", "")))
    return see_other(
        f"/views#v{view.id}" if back.startswith(("/views", "/?")) or back == "/" else back
    )


routes = [
    Route("/views", listed, name="views"),
    Route("/views", add, methods=["POST"], name="view-add"),
    *(
        Route(f"/views/{{number}}/{name}", work, methods=["POST"], name=f"view-{name}")
        for name, work in (
            ("rename", rename),
            ("renew", renew),
            ("remove", remove),
            ("restore", restore),
        )
    ),
    Route("/views/{token}/feed.atom", atom, name="view-feed"),
    Route("/views/{token}/stories.csv", spreadsheet, name="view-csv"),
]
