"""Allow-lists of source addresses, in both versions of IP."""

import pytest

from coffer.auth.addresses import is_allowed, parse_networks

ALLOWED = parse_networks(["192.0.2.0/24", "198.51.100.7", "2001:db8:1::/48", "::ffff:203.0.113.0/120"])


@pytest.mark.parametrize(
    "address",
    [
        "192.0.2.0",
        "192.0.2.255",
        "198.51.100.7",
        "2001:db8:1::1",
        "2001:DB8:1:ffff:ffff:ffff:ffff:ffff",
        "::ffff:192.0.2.9",
        "::ffff:c000:0209",
        "203.0.113.255",
        "::ffff:203.0.113.1",
    ],
)
def test_an_address_on_the_list_is_allowed(address: str) -> None:
    assert is_allowed(address, ALLOWED)


@pytest.mark.parametrize(
    "address",
    [
        "192.0.3.0",
        "192.0.1.255",
        "198.51.100.8",
        "2001:db8:2::1",
        "::ffff:192.0.3.9",
        "::192.0.2.9",
        "64:ff9b::192.0.2.9",
        "203.0.112.255",
        "",
        "unknown",
        "192.0.2.1, 192.0.2.2",
        "192.0.2.1:443",
        "192.0.2.010",
        "192.0.2.1\n",
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_allowed(address, ALLOWED)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "unknown"])
def test_an_empty_list_allows_every_address(address: str) -> None:
    assert is_allowed(address, parse_networks([]))


def test_all_of_ipv6_is_not_all_of_ipv4() -> None:
    everything = parse_networks(["::/0"])
    assert is_allowed("2001:db8::1", everything)
    assert not is_allowed("192.0.2.1", everything)
    assert not is_allowed("::ffff:192.0.2.1", everything)


@pytest.mark.parametrize(
    "text", ["", "10.0.0.1/8", "10.0.0.0/33", "10.0.0", "example.com", "2001:db8::1/48", "10.0.0.0/-1"]
)
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear to be|has host bits set"):
        parse_networks([text])
