"""One door for all kinds of sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.errors import Permanent
from monitor.model import Document, SourceKind
from monitor.parse.feeds import parse_feed
from monitor.parse.listing import parse_listing
from monitor.parse.telegram import parse_channel


def parse_document(
    kind: SourceKind,
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
) -> Document:
    """
    Read `body` as what the source is.

    Args:
        kind: feed, listing or telegram.
        body: as it came, any size and encoding.
        url: final address, for relative links.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: selectors of a listing.

    Raises:
        Permanent: it is not that kind of document, or this kind is not read here.
    """
    if kind is SourceKind.FEED:
        return parse_feed(body, url=url, content_type=content_type, now=now)
    if kind is SourceKind.LISTING:
        return parse_listing(body, url=url, content_type=content_type, now=now, options=options)
    if kind is SourceKind.TELEGRAM:
        return parse_channel(body, url=url, now=now)
    raise Permanent(
        f"sources of kind {kind.value} are not read as documents",
        subject=url,
        advice="Use feed, listing or telegram.",
    )
