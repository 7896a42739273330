"""
What an article says of where it comes from: a canonical link, a link, a forward, an agency's name.

None of it makes a copy by itself; it lowers how much of the text must be the same.
"""

from __future__ import annotations

from monitor.model import Telling
from monitor.urls import canonical_key, host


def pointer(one: Telling, other: Telling) -> str:
    """How the first text names the second as what it goes back to, in words; '' = it does not."""
    number = f"a{other.article_id}" if other.article_id else "it"
    address = canonical_key(other.url)
    if address and host(one.url) != host(other.url):
        if canonical_key(one.canonical_url) == address:
            return f"its canonical link is the address of {number}"
        if address in map(canonical_key, one.links):
            return f"it links to {number}"
    if one.forwarded_from and _name(one.forwarded_from) == _name(other.site):
        return f"forwarded from {other.site}"
    said, theirs = one.enrichment, other.enrichment
    if not said.attribution or not said.attributed_to:
        return ""
    is_theirs = theirs.attributed_to == said.attributed_to and not theirs.attribution
    if is_theirs or _name(said.attributed_to) == _name(other.site):
        return f"it names {said.attributed_to} as its source: “{said.attribution}”"
    return ""


def _name(outlet: str) -> str:
    return "".join(filter(str.isalnum, outlet.casefold()))
