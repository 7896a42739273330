"""Identity, copies, developments and stories: what is the same, and what only looks so."""

from monitor.match.copies import bands, judge, turned
from monitor.match.fingerprint import lasting, tokens
from monitor.match.identity import identify, keys
from monitor.match.opaque import Told, same_telling, title_key
from monitor.match.stories import place

__all__ = [
    "Told",
    "bands",
    "identify",
    "judge",
    "keys",
    "lasting",
    "place",
    "same_telling",
    "title_key",
    "tokens",
    "turned",
]
