"""Unpacking bodies with a limit, so that a small download cannot fill the memory."""

from __future__ import annotations

import zlib

#: What we ask for: both are in the standard library and unpack in bounded steps.
ACCEPT_ENCODING = "gzip, deflate"

#: Encodings that we cannot undo. Other names undo nothing: some servers name a charset here.
_UNWANTED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})

_STEP = 65_536
_GZIP, _ZLIB, _RAW = 31, 15, -15
_GZIP_START = b"\x1f\x8b"
#: How a text that we read begins.
_TEXT_STARTS = (b"<", b"{", b"\xef\xbb\xbf")


class BrokenBody(Exception):
    """The body cannot be unpacked; `str()` says why in words."""

    def __init__(self, cause: str, start: bytes = b"") -> None:
        super().__init__(cause)
        #: What came out before it broke.
        self.start = start


class LargeBody(Exception):
    """The body is larger than allowed once unpacked."""

    def __init__(self, start: bytes) -> None:
        super().__init__()
        #: What came out before it was too much.
        self.start = start


def unpacked(body: bytes, content_encoding: str, *, max_bytes: int) -> bytes:
    """
    Undo the Content-Encoding (RFC 9110, section 8.4), the last applied first.

    Raises:
        BrokenBody: truncated, corrupt, or an encoding that we did not ask for.
        LargeBody: more than `max_bytes` bytes come out.
    """
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    if len(names) > 3:
        raise BrokenBody("body is compressed more than three times")
    for name in reversed(names):
        body = _undo(body, name, max_bytes)
    return body


def start_of(body: bytes, content_encoding: str, *, most: int) -> bytes:
    """The first bytes of a body, `most` at most, whatever is wrong with the rest of it."""
    try:
        return unpacked(body, content_encoding, max_bytes=most)[:most]
    except (BrokenBody, LargeBody) as error:
        return error.start[:most]


def _undo(body: bytes, name: str, max_bytes: int) -> bytes:
    """Undo one encoding."""
    if name in _UNWANTED:
        raise BrokenBody("body is compressed in a way that was not asked for")
    if not body:
        return body
    if name in {"gzip", "x-gzip"}:
        # Without its first bytes it is no gzip: the header lies, and the body is plain.
        return _inflate(body, _GZIP, max_bytes) if body.startswith(_GZIP_START) else body
    if name == "deflate":
        # Some servers send raw deflate without the zlib header that the RFC asks for.
        is_zlib = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        try:
            return _inflate(body, _ZLIB if is_zlib else _RAW, max_bytes)
        except BrokenBody:
            if body.lstrip().startswith(_TEXT_STARTS):
                return body  # plain after all
            raise
    return body


def _inflate(body: bytes, window: int, max_bytes: int) -> bytes:
    """Inflate in steps; a gzip body may have several members (RFC 1952, section 2.2)."""
    pieces: list[bytes] = []
    size = 0
    while body:
        stream = zlib.decompressobj(window)
        while not stream.eof:
            piece = _step(stream, body)
            if piece is None or not (piece or stream.eof or stream.unconsumed_tail):
                raise BrokenBody("compressed body is broken", b"".join(pieces))
            body = stream.unconsumed_tail
            size += len(piece)
            pieces.append(piece)
            if size > max_bytes:
                raise LargeBody(b"".join(pieces))
        # Padding after the last member is common and carries nothing.
        body = stream.unused_data if window == _GZIP else b""
        if not body.startswith(_GZIP_START):
            break
    return b"".join(pieces)


def _step(stream: zlib._Decompress, body: bytes) -> bytes | None:
    """The next piece of at most `_STEP` bytes; None when it is broken."""
    try:
        return stream.decompress(body, _STEP)
    except zlib.error:
        return None
