"""
Which network addresses may be reached: an own deny list with an explicit allow list.

`ipaddress.is_global` disagrees between Python versions and calls `::127.0.0.1`, NAT64
and `fec0::1` global, so nothing here rests on it. The judgement is about the address a
socket is connected to, never about a name: that covers redirects and DNS rebinding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from monitor.errors import BadInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SETTING = "fetch.allow_private"

_DENIED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),  # RFC 1122, section 3.2.1.3
    ("10.0.0.0/8", "private"),  # RFC 1918
    ("100.64.0.0/10", "private (carrier-grade NAT)"),  # RFC 6598
    ("127.0.0.0/8", "private"),  # loopback
    ("169.254.0.0/16", "link-local"),  # RFC 3927; cloud metadata services live here
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),  # RFC 6890
    ("192.0.2.0/24", "documentation"),  # RFC 5737
    ("192.88.99.0/24", "reserved"),  # 6to4 relay anycast, RFC 7526
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "reserved for benchmarks"),  # RFC 2544
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),  # with 255.255.255.255
    ("::/128", "unspecified"),
    ("::1/128", "private"),
    ("::/96", "reserved"),  # IPv4-compatible, RFC 4291, section 2.5.5.1
    ("::ffff:0:0:0/96", "reserved"),  # IPv4-translated, RFC 2765
    ("64:ff9b::/96", "a translated IPv4 address (NAT64)"),  # RFC 6052
    ("64:ff9b:1::/48", "private (NAT64)"),  # RFC 8215
    ("100::/64", "reserved"),  # discard-only, RFC 6666
    ("100:0:0:1::/64", "reserved"),  # RFC 9780
    ("2001::/32", "a tunnelled IPv4 address (Teredo)"),  # RFC 4380
    ("2001::/23", "reserved"),  # RFC 2928
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "a tunnelled IPv4 address (6to4)"),  # RFC 3056
    ("3fff::/20", "documentation"),  # RFC 9637
    ("5f00::/16", "reserved"),  # segment routing, RFC 9602
    ("fc00::/7", "private"),  # RFC 4193
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private (site-local)"),  # RFC 3879
    ("ff00::/8", "multicast"),
)
_DENY_LIST: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(cidr), why) for cidr, why in _DENIED
)
#: IPv6 blocks that carry an IPv4 destination, with how far it is from the right end.
_EMBEDDING: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_TEREDO = IPv6Network("2001::/32")


@dataclass(frozen=True, slots=True)
class _Allowed:
    """One entry of the allow list; port 0 = any."""

    network: Network
    port: int

    def covers(self, address: Address, port: int) -> bool:
        """Whether this entry allows a connection there."""
        same_family = address.version == self.network.version
        return same_family and address in self.network and self.port in {0, port}


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """The deny list, less what the operator allows; build it with `parse`."""

    #: CIDR (`10.0.0.0/8`), address, or `address:port` (`127.0.0.1:8000`, `[::1]:8000`).
    allow: tuple[str, ...] = ()

    @classmethod
    def parse(cls, allow: Iterable[str]) -> AddressPolicy:
        """
        Check the entries and build the policy.

        `localhost:PORT` stands for both loopback addresses; no other name is accepted,
        since what a name means changes under us.

        Raises:
            BadInput: an entry is neither a network, an address, nor an address with port.
        """
        entries = tuple(entry.strip() for entry in allow)
        _compiled(entries)
        return cls(entries)

    def refusal(self, ip: str, port: int) -> str:
        """
        Why a connection to this address is refused, in words; empty when it is allowed.

        An IPv4 address embedded in an IPv6 one is judged too: allowing the IPv6 form
        (`64:ff9b::/96`) does not open the private IPv4 networks behind it.
        """
        try:
            address = ip_address(ip.partition("%")[0])
        except ValueError:
            return f"{ip[:60]!a} is not an IP address"
        why = self._why_denied(_unmapped(address), port)
        return f"address {ip} is {why}; allow it with {_SETTING}" if why else ""

    def _why_denied(self, address: Address, port: int) -> str:
        """The kind of forbidden address this is, or empty."""
        is_allowed = any(entry.covers(address, port) for entry in _compiled(self.allow))
        inner = _embedded(address)
        if inner is not None and is_allowed:
            return self._why_denied(inner, port)
        return "" if is_allowed else _kind(address)


def _kind(address: Address) -> str:
    """What the deny list calls this address; empty when it is not on it."""
    for network, why in _DENY_LIST:
        if address.version == network.version and address in network:
            return why
    return ""


def _unmapped(address: Address) -> Address:
    """`::ffff:a.b.c.d` is a.b.c.d on the wire (RFC 4291, section 2.5.5.2)."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 destination inside a tunnelled or translated IPv6 address."""
    if isinstance(address, IPv4Address) or int(address) <= 1:
        return None
    if address in _TEREDO:
        return IPv4Address(~int(address) & 0xFFFFFFFF)
    for network, shift in _EMBEDDING:
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


@lru_cache(maxsize=64)
def _compiled(entries: tuple[str, ...]) -> tuple[_Allowed, ...]:
    """The entries as networks and ports."""
    return tuple(allowed for entry in entries for allowed in _entry(entry))


def _entry(text: str) -> tuple[_Allowed, ...]:
    """
    One entry of the allow list.

    Raises:
        BadInput: it cannot be understood.
    """
    host, colon, port = text.rpartition(":")
    if colon and host.lower() == "localhost":
        number = _port(text, port)
        return tuple(_Allowed(ip_network(ip), number) for ip in ("127.0.0.1", "::1"))
    if colon and (host.startswith("[") or ":" not in host):
        return (_Allowed(_network(text, host.strip("[]")), _port(text, port)),)
    return (_Allowed(_network(text, text), 0),)


def _network(entry: str, text: str) -> Network:
    """A network or one address, mapped IPv4 unwrapped."""
    try:
        network = ip_network(text)
    except ValueError:
        raise _bad(entry) from None
    if isinstance(network, IPv6Network) and network.prefixlen >= 96:
        inner = network.network_address.ipv4_mapped
        if inner is not None:
            return ip_network((inner, network.prefixlen - 96))
    return network


def _port(entry: str, text: str) -> int:
    """A port number from 1 to 65535."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise _bad(entry)
    return int(text)


def _bad(entry: str) -> BadInput:
    """The error for an entry that cannot be understood."""
    return BadInput(
        f"{entry[:80]!a} is neither a network nor an address with a port.",
        subject=_SETTING,
        advice="Write 10.0.0.0/8, 192.168.1.7:8080 or localhost:8000.",
    )
