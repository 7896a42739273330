"""
Is it our own network that is down? Asked only after a crawl in which no host answered.

No packet is sent to learn whether there is a route: connecting a datagram socket only
looks it up. The addresses are those of documentation (RFC 5737, RFC 3849).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

NO_ROUTE = "this machine has no network"
NO_NAMES = "no host name can be resolved"

_NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))

#: So many names are looked up before the resolver is blamed.
_NAMES = 5


async def outage(urls: Iterable[str]) -> str:
    """
    What is wrong with our network, in words; empty when the fault lies elsewhere.

    Args:
        urls: addresses of which none answered; without any, only the route is looked at.
    """
    if not any(_has_route(family, address) for family, address in _NOWHERE):
        return NO_ROUTE
    hosts = {urlsplit(url).hostname or "" for url in urls} - {""}
    if not hosts:
        return ""
    codes = await asyncio.gather(*map(_look_up, sorted(hosts)[:_NAMES]))
    # A single name that does not exist is the source's fault; several at once are not.
    is_ours = all(codes) and (socket.EAI_AGAIN in codes or len(codes) > 1)
    return NO_NAMES if is_ours else ""


def _has_route(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True


async def _look_up(host: str) -> int:
    """0 when the name resolves, else the resolver's error."""
    try:
        await asyncio.get_running_loop().getaddrinfo(host, 80)
    except socket.gaierror as error:
        return error.errno or socket.EAI_FAIL
    except (OSError, UnicodeError):
        return socket.EAI_NONAME
    return 0
