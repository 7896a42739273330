"""Which kind of source an address betrays."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor import urls
from monitor.model import SourceKind

_TELEGRAM_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "www.telegram.me"})
_CHANNEL = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?/?", re.ASCII)
#: First segments of t.me that are no channel.
_NO_CHANNEL = frozenset({"joinchat", "share", "addstickers", "proxy", "socks", "addlist", "login"})


def channel_url(url: str) -> str:
    """The page on which a Telegram channel shows its messages; empty for other addresses."""
    if urls.host(url) not in _TELEGRAM_HOSTS:
        return ""
    match = _CHANNEL.fullmatch(urlsplit(url).path)
    if match is None or match[1].lower() in _NO_CHANNEL:
        return ""
    return f"https://t.me/s/{match[1]}"


def is_channel_host(url: str) -> bool:
    """Whether an address is one of Telegram's own."""
    return urls.host(url) in _TELEGRAM_HOSTS


def watched_at(url: str) -> tuple[SourceKind, str]:
    """The kind that an address betrays, and the address to watch for it."""
    channel = channel_url(url)
    return (SourceKind.TELEGRAM, channel) if channel else (SourceKind.FEED, url)
