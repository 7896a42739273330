"""
In which language and time zone a reader sees the pages.

What the user chose comes first, then what this browser was told, then what it says of itself.
What cannot be read is passed over: a cookie is anybody's text.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import unquote
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response

from monitor.model import User
from monitor.web import language as languages

#: The cookie of a language that was chosen.
LANGUAGE = languages.COOKIE

#: The cookie of a zone that was chosen on /account where there are no accounts.
ZONE = "chosen_zone"

#: The cookie in which site.js tells the browser's zone.
BROWSERS_ZONE = "zone"

#: Seconds that a choice is remembered: a year.
_REMEMBERED_S = 366 * 86_400


def language(request: Request, user: User | None) -> str:
    """The language of the interface for this request."""
    chosen = user.language if user else ""
    if chosen not in languages.LANGUAGES:
        chosen = request.cookies.get(LANGUAGE, "")
    return languages.language_for(chosen, request.headers.get("accept-language", ""))


def zone(request: Request, user: User | None) -> str:
    """The IANA name of the zone in which times are shown."""
    return next(
        (name for name in (user.zone if user else "", *_told(request)) if is_zone(name)), "UTC"
    )


def browsers_zone(request: Request) -> str:
    """The zone that the browser says it is in; empty when it says none."""
    told = unquote(request.cookies.get(BROWSERS_ZONE, ""))
    return told if is_zone(told) else ""


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name."""
    return name in _zones()


def zone_choices() -> list[str]:
    """Zones to choose from: places, and UTC."""
    return ["UTC", *sorted(name for name in _zones() if "/" in name and "Etc/" not in name)]


def remember(response: Response, name: str, value: str, *, is_https: bool) -> None:
    """Keep a choice in the browser; an empty one is forgotten."""
    response.set_cookie(
        name,
        value,
        max_age=_REMEMBERED_S if value else 0,
        httponly=True,
        samesite="lax",
        secure=is_https,
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"} | {"UTC"})


def _told(request: Request) -> list[str]:
    return [unquote(request.cookies.get(name, "")) for name in (ZONE, BROWSERS_ZONE)]
