"""What templates do with values: times in the reader's zone, names, figures, safe links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_datetime
from markupsafe import Markup, escape

from monitor.web.desk import Reader
from monitor.wording import plain_line


@jinja2.pass_context
def when(context: jinja2.runtime.Context, moment: datetime | None) -> Markup:
    """A `<time>` in the reader's zone and language; the exact moment is its title."""
    if moment is None:
        return Markup("")
    reader: Reader = context["reader"]
    local = moment.astimezone(ZoneInfo(reader.zone))
    text = format_datetime(local, "d MMM yyyy HH:mm", locale=reader.language)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(), f"{local:%Y-%m-%d %H:%M:%S %Z}", text
    )


def concept(name: str) -> str:
    """A concept of the taxonomy as a person reads it: `rare earths`."""
    return name.replace("_", " ")


def link(url: str) -> str:
    """An address that may stand in a link: http or https; else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""


def clean(text: str) -> Markup:
    """A stranger's text: escaped, without controls, its direction kept to itself."""
    return Markup("<bdi>{}</bdi>").format(escape(plain_line(text)))


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when,
    "concept": concept,
    "link": link,
    "clean": clean,
}
