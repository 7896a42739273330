"""Templates to answers: one environment for each language, everything escaped."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor import __version__
from monitor.web import filters, language, static
from monitor.web.desk import desk_of, reader_of

_TEMPLATES = Path(__file__).parent / "templates"

#: What is to be said on the next page, for seconds.
_TOLD, _TOLD_S = "told", 30

#: Longest message that a cookie carries.
_LONGEST = 400

#: Pages that belong to an entry of the navigation, by the beginning of their path.
_AREAS = {"/stories": "/", "/views": "/search", "/rules": "/alerts"}


@dataclass(frozen=True, slots=True)
class Told:
    """What was done, in words, and the batch of decisions to undo it."""

    text: str
    undo: str = ""


def page(
    request: Request,
    name: str,
    /,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """
    An answer made of a template.

    The template knows `request`, `reader`, `now`, `here` (this page's own path and query), `_`
    and the rest of gettext, the filters of `web.filters`, `static(name)`, and what is given here.
    """
    reader = reader_of(request)
    told = None if is_part_wanted(request) else _told(request)
    known = {
        "request": request,
        "reader": reader,
        "now": desk_of(request).now(),
        "here": _here(request),
        "area": _area(request.url.path),
        "told": told,
    }
    template = environment(reader.language).get_template(name)
    text = template.render(known | context)
    # A lone surrogate, which no filter met, is not worth a fault.
    body = text.encode("utf-8", "replace")
    answer = HTMLResponse(body, status_code=status, headers=dict(headers or {}))
    if told:
        answer.delete_cookie(_TOLD)
    return answer


def see_other(path: str) -> Response:
    """After a form was taken: look there."""
    return RedirectResponse(path, status_code=303)


def tell(request: Request, answer: Response, text: str, *, undo: int = 0) -> Response:
    """
    Let the answer say what was done: htmx at once, a browser on the page that it is sent to.

    So it is where htmx is told to load a page (`HX-Refresh`, `HX-Redirect`).

    Args:
        text: translated, one sentence: `Kept.`
        undo: the batch of decisions that undoing takes back; 0 = nothing to undo.
    """
    said = {"text": text[:_LONGEST], "undo": str(undo or "")}
    is_left = "HX-Refresh" in answer.headers or "HX-Redirect" in answer.headers
    if is_part_wanted(request) and not is_left:
        answer.headers["HX-Trigger"] = json.dumps({"said": said})
    else:
        packed = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
        answer.set_cookie(_TOLD, packed, max_age=_TOLD_S, httponly=True, samesite="lax")
    return answer


def own_path(back: str) -> str:
    """
    A path on this site that a form wants to go back to; `/` for anything else.

    A browser takes `//host` and `/\\host` for another site, and drops tabs and line ends.
    """
    is_own = back.startswith("/") and not back.startswith("//") and back.isprintable()
    return back if is_own and "\\" not in back else "/"


def is_part_wanted(request: Request) -> bool:
    """Whether htmx asks for a part of a page, and no browser for the whole."""
    return request.headers.get("hx-request") == "true"


@cache
def environment(code: str) -> jinja2.Environment:
    """The templates in one language."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    words = language.translations(code)
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(filters.FILTERS)
    made.globals.update(
        static=static.address,
        version=__version__,
        language_code=code,
        languages=language.LANGUAGES,
    )
    return made


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def _area(path: str) -> str:
    """The entry of the navigation that a page belongs to."""
    first = "/" + urlsplit(path).path.strip("/").partition("/")[0]
    return _AREAS.get(first, first)


def _told(request: Request) -> Told | None:
    """What the answer before this one had to say."""
    packed = request.cookies.get(_TOLD, "")
    try:
        said = json.loads(base64.urlsafe_b64decode(packed))
        undo = str(said["undo"])
        return Told(str(said["text"])[:_LONGEST], undo if undo.isdigit() else "")
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
