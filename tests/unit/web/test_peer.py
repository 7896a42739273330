"""Where a request comes from, by its connection and its headers."""

import pytest
from starlette.requests import Request

from monitor.errors import BadInput
from monitor.settings import WebSettings
from monitor.web.peer import Doorman


def scope(client="192.0.2.1", server="192.0.2.9", **headers):
    """A request from that address."""
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "client": (client, 1234) if client else None,
        "server": (server, 8000),
        "headers": [
            (name.replace("_", "-").lower().encode(), value.encode())
            for name, value in headers.items()
        ],
    }


def request(**more):
    """The same as pages see it."""
    return Request(scope(**more))


@pytest.mark.parametrize(
    ("client", "forwarded", "place"),
    [
        ("192.0.2.1", "203.0.113.7", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("10.0.0.1", "1.1.1.1, not an address", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.1"),
        ("10.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("", "203.0.113.7", "unknown"),
        ("/run/socket", "203.0.113.7", "unknown"),
    ],
)
def test_the_place_of_a_peer(client, forwarded, place):
    """Only what a configured proxy adds is believed: the last address that is none of ours."""
    doorman = Doorman(WebSettings(proxies=("10.0.0.0/8",)))
    peer = doorman.peer(scope(client=client, X_Forwarded_For=forwarded))
    assert peer.place == place


@pytest.mark.parametrize(
    ("client", "proto", "is_https"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "http, https", True),
        ("10.0.0.1", "https, http", False),
        ("10.0.0.1", "ftp", False),
        ("192.0.2.1", "https", False),
    ],
)
def test_whether_a_browser_s_connection_is_encrypted(client, proto, is_https):
    """A configured proxy says so, or the settings do."""
    doorman = Doorman(WebSettings(proxies=("10.0.0.1",)))
    assert doorman.peer(scope(client=client, X_Forwarded_Proto=proto)).is_https is is_https
    assert Doorman(WebSettings(https=True)).peer(scope()).is_https


def test_who_sits_at_this_machine():
    """A loopback address, asked for by its name, and nothing that a proxy leaves behind."""
    doorman = Doorman(WebSettings())
    here = {"client": "127.0.0.1", "Host": "localhost:8000"}
    assert doorman.peer(scope(**here)).is_local
    assert doorman.peer(scope(**here | {"client": "::1", "Host": "[::1]:8000"})).is_local
    assert not doorman.peer(scope(**here | {"client": "192.0.2.1"})).is_local
    assert not doorman.peer(scope(**here | {"Host": "desk.example"})).is_local
    assert not doorman.peer(scope(**here, X_Real_IP="192.0.2.1")).is_local


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("192.0.2.9:8000", True),
        ("desk.example", True),
        ("DESK.example.:80", True),
        ("public.example", True),
        ("127.0.0.2", True),
        ("192.0.2.10", False),
        ("desk.example.evil.example", False),
        ("desk.example:port", False),
        ("desk.example:123456", False),
        ("desk.example\u00a0", False),
    ],
)
def test_the_names_of_the_site(host, is_known):
    """Loopback, what is configured, and the address at which the connection came in."""
    web = WebSettings(host="0.0.0.0", hosts=("Desk.example",), public_url="https://public.example/")
    doorman = Doorman(web)
    assert doorman.knows(request(Host=host.encode().decode("latin-1"))) is is_known


def test_two_hosts_are_none():
    """Whoever names two of them, or none, means to confuse."""
    doorman = Doorman(WebSettings())
    two = scope(Host="localhost")
    two["headers"] *= 2
    assert not doorman.knows(Request(two))
    assert not doorman.knows(request())


@pytest.mark.parametrize(
    ("origin", "host", "is_https", "is_own"),
    [
        ("http://desk.example", "desk.example:80", False, True),
        ("https://desk.example", "desk.example:443", True, True),
        ("https://desk.example:8443", "desk.example:8443", True, True),
        ("https://desk.example", "desk.example", False, True),
        ("http://desk.example", "desk.example", True, False),
        ("https://desk.example:8443", "desk.example", True, False),
        ("https://sub.desk.example", "desk.example", True, False),
        ("https://desk.example@evil.example", "desk.example", True, False),
        ("https://desk.example,evil.example", "desk.example", True, False),
        ("null", "desk.example", True, False),
        ("", "desk.example", True, False),
    ],
)
def test_the_origin_of_a_form(origin, host, is_https, is_own):
    """It is the site's own: scheme, name and port."""
    doorman = Doorman(WebSettings(https=is_https))
    one = request(Host=host, Origin=origin)
    assert doorman.is_own(one, doorman.peer(one.scope)) is is_own


@pytest.mark.parametrize(
    "web",
    [
        {"hosts": ("https://desk.example",)},
        {"hosts": ("desk.example:80",)},
        {"hosts": ("",)},
        {"proxies": ("proxy.example",)},
        {"proxies": ("10.0.0.0/99",)},
    ],
)
def test_settings_that_cannot_be_read(web):
    """The refusal names the key."""
    with pytest.raises(BadInput, match=r"web\.(hosts|proxies): "):
        Doorman(WebSettings(**web))
