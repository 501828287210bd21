"""Addresses of Tron: base58check of 0x41 and the 20 bytes that an EVM chain would call the address."""

from typing import Final

from coffer.registry import base58
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Address, AddressType

_VERSION: Final = 0x41
_BYTES: Final = 20


def check(text: str) -> Address:
    """The address: it has one form only.

    Raises MalformedError as base58check does, for another version than 0x41, and for a wrong length.
    """
    version, payload = base58.decode_check(text)
    if version != _VERSION:
        raise MalformedError(f"is {base58.meaning(version)}")
    if len(payload) != _BYTES:
        raise MalformedError(f"holds {len(payload)} bytes, not {_BYTES}")
    return Address(text, AddressType.TRON)
