"""Templates to answers: one environment for each language, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor import __version__
from monitor.web import filters, language, static
from monitor.web.desk import reader_of

_TEMPLATES = Path(__file__).parent / "templates"


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

    The template knows `request`, `reader`, `_` and the rest of gettext, the filters of
    `web.filters`, `static(name)`, and what is given here.
    """
    reader = reader_of(request)
    template = environment(reader.language).get_template(name)
    text = template.render(request=request, reader=reader, **context)
    return HTMLResponse(text, status_code=status, headers=dict(headers or {}))


def see_other(path: str) -> Response:
    """After a form was taken: look there."""
    return RedirectResponse(path, status_code=303)


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
    made.globals.update(static=static.address, version=__version__, language_code=code)
    return made
