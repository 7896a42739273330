"""
What a parser remembers between polls, small enough for a column of the database.

A set of texts becomes a Golomb-coded set of their hashes: for n texts and b bits about
n * (b + 1.5) bits, with one false "known" in 2**b. A long text is packed by zlib.
Source: Golomb 1966, "Run-length encodings"; Putze, Sanders, Singler 2009, "Cache-, hash- and
space-efficient Bloom filters".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Container, Iterable

#: Bits a text: more are of no use, fewer would take too many new texts for known ones.
MOST_BITS, LEAST_BITS = 16, 6
#: Bits that a text costs on top, in the mean.
_OVERHEAD = 1.6
#: What a packed text may become at most (characters).
_MOST_TEXT = 4_000_000


def fingerprint(text: str) -> str:
    """Eight hexadecimal digits that stand for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def packed_set(texts: Iterable[str], room: int) -> str:
    """
    A set of texts in at most about `room` characters; '' when it does not fit.

    Args:
        room: ASCII characters that it may take.
    """
    wide = {_hashed(text) for text in texts}
    count = len(wide)
    if not count:
        return "0:0:"
    bits = min(MOST_BITS, int(room * 6 / count - _OVERHEAD))
    if bits < LEAST_BITS:
        return ""
    values = sorted({one % (count << bits) for one in wide})
    pieces, before = ["1"], 0
    for value in values:
        gap, before = value - before, value
        pieces.append("1" * (gap >> bits) + "0" + format(gap & ((1 << bits) - 1), f"0{bits}b"))
    number = int("".join(pieces), 2)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return f"{count}:{bits}:{base64.b64encode(raw).decode('ascii')}"


class KnownTexts(Container[str]):
    """The set in what `packed_set` made; what is no such thing holds nothing."""

    def __init__(self, packed: object) -> None:
        self._modulus = 1
        self._values: frozenset[int] = frozenset()
        try:
            count, bits, raw = str(packed).split(":")
            self._modulus = max(1, int(count) << int(bits))
            self._values = frozenset(_gaps_summed(base64.b64decode(raw, validate=True), int(bits)))
        except (ValueError, binascii.Error):
            self._values = frozenset()

    def __contains__(self, text: object) -> bool:
        return _hashed(str(text)) % self._modulus in self._values

    def __len__(self) -> int:
        return len(self._values)


def _gaps_summed(raw: bytes, bits: int) -> Iterable[int]:
    digits = bin(int.from_bytes(raw, "big"))[3:]
    at = value = 0
    while at < len(digits):
        stop = digits.index("0", at)
        rest = digits[stop + 1 : stop + 1 + bits]
        value += ((stop - at) << bits) + int(rest, 2)
        at = stop + 1 + bits
        yield value


def _hashed(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def packed_text(text: str) -> str:
    """A text made short, in ASCII."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode("ascii")


def unpacked_text(packed: object) -> str:
    """The text in what `packed_text` made; '' for anything else."""
    try:
        raw = base64.b64decode(str(packed), validate=True)
        return zlib.decompressobj().decompress(raw, _MOST_TEXT).decode("utf-8", "replace")
    except (ValueError, zlib.error, binascii.Error):
        return ""
