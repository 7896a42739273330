"""
Where a request comes from, and whether it was meant for this site.

Two attacks end here. A name of the attacker's that leads to our address (DNS rebinding): the
`Host` must be a name of ours. A page of another site that sends a form to us: `Sec-Fetch-Site`
and `Origin` must be ours. What a proxy says of the browser behind it is believed only when the
proxy is one of `web.proxies`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from monitor.errors import BadInput
from monitor.settings import WebSettings

#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Headers by which proxies tell that they stand between.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

#: A host with an optional port: a name, an IPv4 address, or an IPv6 address in brackets.
_HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>\d{1,5}))?", re.ASCII)

_PORTS = {"http": "80", "https": "443"}

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other side of a request."""

    #: Its address; of IPv6 its network, in which one machine has as many addresses as it wants.
    place: str
    #: The browser's connection is encrypted.
    is_https: bool
    #: It sits at this machine, asks for this machine, and there is no proxy between.
    is_local: bool


class Doorman:
    """Knows the names of the site, and whom to believe."""

    def __init__(self, web: WebSettings) -> None:
        """
        Raises:
            BadInput: a host or a proxy is none.
        """
        self._is_https = web.https
        self._proxies = [_network(text) for text in web.proxies]
        self._names = {_name(text) for text in web.hosts} | {web.host.strip("[]").lower()}
        if web.public_url:
            self._names.add(_host_name(urlsplit(web.public_url).netloc))

    def peer(self, scope: Scope) -> Peer:
        """Who asks."""
        headers = Headers(scope=scope)
        client = scope.get("client")
        address = _address(client[0]) if client else None
        is_proxied = any(name in headers for name in _FORWARDED)
        asks_here = is_loopback(_host_name(headers.get("host", "")))
        is_local = asks_here and not is_proxied and address is not None and address.is_loopback
        is_https = self._is_https
        if address is not None and self._is_proxy(address):
            proto = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            is_https = is_https or proto == "https"
            address = self._behind(headers.getlist("x-forwarded-for")) or address
        return Peer(place=_place(address), is_https=is_https, is_local=is_local)

    def knows(self, request: Request) -> bool:
        """Whether the request names this site as its host."""
        given = request.headers.getlist("host")
        name = _host_name(given[0]) if len(given) == 1 else ""
        if not name:
            return False
        # The address at which the connection came in is no name that somebody could turn.
        server = request.scope.get("server")
        own = (server[0].lower(),) if server else ()
        return is_loopback(name) or name in self._names or name in own

    def is_own(self, request: Request, peer: Peer) -> bool:
        """Whether a request that changes something came from a page of this site."""
        fetched = request.headers.get("sec-fetch-site", "same-origin")
        if fetched not in {"same-origin", "none"}:
            return False
        origins = request.headers.getlist("origin")
        return all(self._is_same(origin, request, peer) for origin in origins)

    def _is_same(self, origin: str, request: Request, peer: Peer) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        schemes = {"https"} if peer.is_https else {"http", "https"}
        return parts.scheme in schemes and _authority(parts.netloc, parts.scheme) == _authority(
            request.headers.get("host", ""), parts.scheme
        )

    def _is_proxy(self, address: _Address) -> bool:
        return any(address in network for network in self._proxies)

    def _behind(self, forwarded: Iterable[str]) -> _Address | None:
        """The nearest address that is no proxy of ours: what is left of it anybody may write."""
        for text in reversed(",".join(forwarded).split(",")):
            address = _address(text.strip())
            if address is None or not self._is_proxy(address):
                return address
        return None


def is_loopback(host: str) -> bool:
    """True when only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _host_name(host: str) -> str:
    """The name in a `Host`, lower case, without port, brackets and last dot; empty when none."""
    found = _HOST.fullmatch(host)
    return found["name"].lower().strip("[]").removesuffix(".") if found else ""


def _authority(host: str, scheme: str) -> tuple[str, str]:
    """Name and port; two that are no host are never the same."""
    found = _HOST.fullmatch(host)
    if not found:
        return (host, "none")
    return found["name"].lower(), found["port"] or _PORTS[scheme]


def _place(address: _Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address or "unknown")


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise BadInput(
            "is no address.", subject=f"web.proxies: {text}", advice="Write 10.0.0.7 or 10.0.0.0/8."
        ) from error


def _name(text: str) -> str:
    name = _host_name(text)
    if not name or _HOST.fullmatch(text)["port"]:  # type: ignore[index]
        raise BadInput(
            "is no host name.",
            subject=f"web.hosts: {text}",
            advice="Write desk.example.org, without scheme and port.",
        )
    return name
