"""Identity, copies, developments and stories: what is the same, and what only looks so."""

from monitor.match.copies import bands, judge, turned
from monitor.match.fingerprint import lasting, tokens
from monitor.match.identity import identify, keys
from monitor.match.stories import place

__all__ = ["bands", "identify", "judge", "keys", "lasting", "place", "tokens", "turned"]
