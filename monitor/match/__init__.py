"""Identity, copies, developments and stories: what is the same, and what only looks so."""

from monitor.match.beside import beside
from monitor.match.copies import bands, judge, turned
from monitor.match.fingerprint import lasting, tokens
from monitor.match.identity import identify, keys
from monitor.match.opaque import Told, same_telling, title_key
from monitor.match.pointers import addresses, link_token
from monitor.match.stories import Likeness, likeness, place

__all__ = [
    "Likeness",
    "Told",
    "addresses",
    "bands",
    "beside",
    "identify",
    "judge",
    "keys",
    "lasting",
    "likeness",
    "link_token",
    "place",
    "same_telling",
    "title_key",
    "tokens",
    "turned",
]
