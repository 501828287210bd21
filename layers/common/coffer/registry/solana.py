"""Addresses of Solana: 32 bytes in base58, and no checksum, so a mistyped one can't be told from a right one."""

from typing import Final

from coffer.registry import base58
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Address, AddressType

_BYTES: Final = 32


def check(text: str) -> Address:
    """The address: it has one form only. It may be a wallet's key or one derived by a program, which is off the curve:
    both can hold tokens.

    Raises MalformedError for a character outside the alphabet and for a wrong length.
    """
    if (size := len(base58.decode(text))) != _BYTES:
        raise MalformedError(f"holds {size} bytes, not {_BYTES}")
    return Address(text, AddressType.SOLANA)
