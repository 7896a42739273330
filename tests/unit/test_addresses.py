"""Which addresses may be reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.addresses import AddressPolicy
from monitor.errors import BadInput

CLOSED = AddressPolicy()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.9",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fe80::1%eth0",
        "198.18.0.1",
        "2001:db8::1",
    ],
)
def test_forbidden_addresses(address):
    """Private, local, translated and special addresses are refused, with the way out."""
    assert "fetch.allow_private" in CLOSED.refusal(address, 80)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "8.8.8.8"])
def test_public_addresses(address):
    """Public addresses are reached."""
    assert CLOSED.refusal(address, 443) == ""


def test_what_is_allowed():
    """Networks, and addresses with a port, open exactly that."""
    policy = AddressPolicy.parse(["10.0.0.0/8", "127.0.0.1:8000", "[::1]:9000"])
    assert policy.refusal("10.9.9.9", 1) == ""
    assert policy.refusal("127.0.0.1", 8000) == ""
    assert policy.refusal("::ffff:127.0.0.1", 8000) == ""
    assert policy.refusal("::1", 9000) == ""
    assert policy.refusal("127.0.0.1", 8001)
    assert policy.refusal("127.0.0.2", 8000)


def test_allowing_a_translation_opens_nothing_behind_it():
    """NAT64 allowed does not reach private IPv4 addresses through it."""
    policy = AddressPolicy.parse(["64:ff9b::/96"])
    assert policy.refusal("64:ff9b::808:808", 80) == ""
    assert policy.refusal("64:ff9b::a00:1", 80)


@pytest.mark.parametrize(
    "entry", ["", "example.org", "10.0.0.1/8", "127.0.0.1:0", "127.0.0.1:x", "*"]
)
def test_entries_that_are_none(entry):
    """An entry that is no network is refused by name."""
    with pytest.raises(BadInput, match=r"fetch\.allow_private"):
        AddressPolicy.parse([entry])


@given(st.ip_addresses())
def test_mapping_changes_nothing(address):
    """An IPv4 address is judged alike in its mapped form."""
    if address.version == 4:
        mapped = CLOSED.refusal(f"::ffff:{address}", 80)
        assert bool(mapped) == bool(CLOSED.refusal(str(address), 80))
    assert isinstance(CLOSED.refusal(str(address), 80), str)
