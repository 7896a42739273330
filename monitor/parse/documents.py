"""One door for all kinds of sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from monitor.model import Document, SourceKind
from monitor.parse.api import parse_api
from monitor.parse.feeds import parse_feed
from monitor.parse.listing import parse_listing
from monitor.parse.sitemap import parse_sitemap
from monitor.parse.telegram import parse_channel
from monitor.parse.watched import parse_watched


def parse_document(
    kind: SourceKind,
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    asked: str = "",
    memory: Mapping[str, Any] = MappingProxyType({}),
    is_part: bool = False,
) -> Document:
    """
    Read `body` as what the source is.

    Args:
        body: as it came, any size and encoding.
        url: final address, for relative links.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: of the source.
        asked: the address that was asked for; '' = `url`.
        memory: what earlier polls of the source left (`Document.memory`).
        is_part: it was named in `Document.follow` of another document of this poll.

    Raises:
        Permanent: it is not that kind of document.
    """
    match kind:
        case SourceKind.FEED:
            return parse_feed(body, url=url, content_type=content_type, now=now)
        case SourceKind.LISTING:
            return parse_listing(
                body, url=url, content_type=content_type, now=now, options=options, memory=memory
            )
        case SourceKind.TELEGRAM:
            return parse_channel(
                body, url=url, now=now, asked=asked or url, memory=memory, is_part=is_part
            )
        case SourceKind.SITEMAP:
            return parse_sitemap(
                body,
                url=url,
                asked=asked or url,
                content_type=content_type,
                now=now,
                options=options,
                memory=memory,
                is_part=is_part,
            )
        case SourceKind.API:
            return parse_api(
                body,
                url=url,
                asked=asked or url,
                content_type=content_type,
                now=now,
                options=options,
                memory=memory,
                is_part=is_part,
            )
        case SourceKind.PAGE:
            return parse_watched(
                body, url=url, content_type=content_type, now=now, options=options, memory=memory
            )
