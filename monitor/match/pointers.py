"""
What an article says of where it comes from: a canonical link, a link, a forward, an agency's name.

None of it makes a copy by itself; it lowers how much of the text must be the same.
"""

from __future__ import annotations

from monitor.model import Telling
from monitor.text import hashed
from monitor.urls import canonical_key, host

#: Addresses that one article points to, at most: a list of links goes back to none of them.
MOST_LINKS = 4


def pointer(one: Telling, other: Telling) -> str:
    """How the first text names the second as what it goes back to, in words; '' = it does not."""
    number = f"a{other.article_id}" if other.article_id else "it"
    address = canonical_key(other.url)
    if address in addresses(one):
        is_canonical = canonical_key(one.canonical_url) == address
        how = "its canonical link is the address of" if is_canonical else "it links to"
        return f"{how} {number}"
    if one.forwarded_from and _name(one.forwarded_from) == _name(other.site):
        return f"forwarded from {other.site}"
    said, theirs = one.enrichment, other.enrichment
    if not said.attribution or not said.attributed_to:
        return ""
    is_theirs = theirs.attributed_to == said.attributed_to and not theirs.attribution
    if is_theirs or _name(said.attributed_to) == _name(other.site):
        return f"it names {said.attributed_to} as its source: “{said.attribution}”"
    return ""


def addresses(one: Telling) -> list[str]:
    """Keys of the addresses that an article says it goes back to."""
    links = one.links if len(one.links) <= MOST_LINKS else ()
    elsewhere = host(one.canonical_url) != host(one.url)
    named = (one.canonical_url, *links) if elsewhere else links
    keys = dict.fromkeys(map(canonical_key, named))
    return [key for key in keys if key not in {"", canonical_key(one.url)}]


def link_token(address: str) -> str:
    """The token under which an article is found that points to this address."""
    return f"link:{hashed(address):x}"


def _name(outlet: str) -> str:
    return "".join(filter(str.isalnum, outlet.casefold()))
