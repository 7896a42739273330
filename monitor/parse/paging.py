"""
Which page of one poll a document is: the number stands in the fragment of its address.

A fragment is never sent, so the site sees the address that it gave, and a parser that knows
nothing but one document can still tell how many came before it.
"""

from __future__ import annotations

import re
from urllib.parse import urldefrag

_NUMBER = re.compile(r"page=(\d{1,4})")


def page_of(url: str) -> int:
    """The number of the page that was asked for as `url`, from 1."""
    found = _NUMBER.fullmatch(urldefrag(url).fragment)
    return int(found[1]) if found else 1


def numbered(url: str, page: int) -> str:
    """The address by which to ask for a page."""
    return f"{urldefrag(url).url}#page={page}"
