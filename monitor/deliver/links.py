"""Addresses of strangers, where a program may follow them."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

#: What may stand in an address as it is; anything else is written as its bytes.
_FIT = "!#$%&'()*+,/:;=?@[]~-._"


def safe_link(url: str) -> str:
    """The address when it is http or https, without what could end a link early; else ''."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return quote(url, safe=_FIT, errors="replace") if is_web else ""
