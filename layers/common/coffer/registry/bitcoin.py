"""Addresses of Bitcoin's main network: base58check, bech32 for witness version 0, bech32m for the later ones."""

from typing import Final

from coffer.registry import base58, bech32
from coffer.registry.bech32 import Encoding
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Address, AddressType

_VERSIONS: Final = {0x00: AddressType.P2PKH, 0x05: AddressType.P2SH}
_HASH_BYTES: Final = 20

_PREFIX: Final = "bc"
_OTHER_NETWORKS: Final = ("tb", "bcrt")
_PROGRAMS: Final = {(0, 20): AddressType.P2WPKH, (0, 32): AddressType.P2WSH, (1, 32): AddressType.P2TR}
_LATEST_WITNESS_VERSION: Final = 16
_SHORTEST_PROGRAM: Final = 2
_LONGEST_PROGRAM: Final = 40


def check(text: str) -> Address:
    """The address, in lower case if it is of the bech32 kind, and the kind of output that it pays to.

    Raises MalformedError as the encodings do, for an address of another network, and for a witness version or a length
    that can't be (BIP-141, BIP-350).
    """
    if text.lower().startswith(tuple(f"{prefix}1" for prefix in (_PREFIX, *_OTHER_NETWORKS))):
        return _check_witness(text)
    version, payload = base58.decode_check(text)
    if version not in _VERSIONS:
        raise MalformedError(f"is {base58.meaning(version)}")
    if len(payload) != _HASH_BYTES:
        raise MalformedError(f"holds {len(payload)} bytes, not {_HASH_BYTES}")
    return Address(text, _VERSIONS[version])


def _check_witness(text: str) -> Address:
    prefix, data, encoding = bech32.decode(text)
    if prefix != _PREFIX:
        raise MalformedError(f"is of another network: {prefix}, not {_PREFIX}")
    if not data:
        raise MalformedError("is too short")
    version, program = data[0], bech32.to_bytes(data[1:])
    if version > _LATEST_WITNESS_VERSION:
        raise MalformedError(f"has witness version {version}: the latest is {_LATEST_WITNESS_VERSION}")
    if not _SHORTEST_PROGRAM <= len(program) <= _LONGEST_PROGRAM:
        raise MalformedError(f"holds {len(program)} bytes, not {_SHORTEST_PROGRAM} to {_LONGEST_PROGRAM}")
    address_type = _PROGRAMS.get((version, len(program)))
    if version == 0 and address_type is None:
        raise MalformedError(f"holds {len(program)} bytes, not 20 or 32 as witness version 0 does")
    if encoding is not (Encoding.BECH32 if version == 0 else Encoding.BECH32M):
        raise MalformedError(
            f"has the checksum of {encoding.name.lower()}, which witness version {version} does not use"
        )
    return Address(text.lower(), address_type or AddressType.WITNESS_UNKNOWN)
