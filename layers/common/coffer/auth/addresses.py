"""The source addresses from which an API key may be used."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

type Network = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291 §2.5.5.2: IPv4 addresses as a dual-stack socket shows them


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of an allow-list in CIDR notation, single addresses included.

    Raises ValueError for anything else, and for a network with host bits set: `10.0.0.1/8` is a slip, not a wish.
    """
    return tuple(_unmapped(ip_network(text)) for text in texts)


def is_allowed(address: str, networks: Sequence[Network]) -> bool:
    """Whether a caller at `address` may use a key with this allow-list; an empty list allows every address.

    An IPv4 address and its IPv4-mapped IPv6 form are the same caller. What is no address at all is on no list.
    """
    if not networks:
        return True
    try:
        source = ip_address(address)
    except ValueError:
        return False
    if isinstance(source, IPv6Address) and source.ipv4_mapped is not None:
        source = source.ipv4_mapped
    return any(source in network for network in networks)


def _unmapped(network: Network) -> Network:
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        return IPv4Network((network.network_address.packed[-4:], network.prefixlen - _MAPPED.prefixlen))
    return network
