"""Addresses of strangers, where a program may follow them."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

#: What may stand in an address as it is; anything else is written as its bytes. Square brackets
#: are for hosts only: in a path some readers of Markdown take them for a link of its own.
_FIT = "!#$%&'()*+,/:;=?@~-._"

#: Scheme and host.
_PLACE = re.compile(r"[^/?#]*//[^/?#]*")


def safe_link(url: str) -> str:
    """
    The address when it is http or https, without what could end a link early; else ''.

    One with a name or a password in it is no link: it looks as if it led to another host.
    """
    try:
        parts = urlsplit(url)
        is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    if not is_web or "@" in parts.netloc:
        return ""
    place = _PLACE.match(url)
    start = place[0] if place else ""
    return quote(start, safe=f"{_FIT}[]", errors="replace") + quote(
        url[len(start) :], safe=_FIT, errors="replace"
    )
