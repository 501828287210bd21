"""Addresses of EVM chains, with the checksum that EIP-55 puts into the case of their letters."""

import re
from typing import Final

from coffer.registry.keccak import keccak_256
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Address, AddressType

_PREFIX: Final = "0x"
_DIGITS: Final = 40
_NOT_HEXADECIMAL: Final = re.compile(r"[^0-9a-fA-F]")


def check(text: str) -> Address:
    """The address with its checksum. One that is written in a single case has none, and gets it.

    Raises MalformedError without `0x`, for a wrong number of digits, a character that is none, and letters in both
    cases that don't agree with the checksum.
    """
    if not text.startswith(_PREFIX):
        raise MalformedError(f"does not start with {_PREFIX}")
    digits = text.removeprefix(_PREFIX)
    if stranger := _NOT_HEXADECIMAL.search(digits):
        position = stranger.start() + len(_PREFIX) + 1
        raise MalformedError(f"has {stranger[0]!a} as character {position}, which is not a hexadecimal digit")
    if len(digits) != _DIGITS:
        raise MalformedError(f"has {len(digits)} hexadecimal digits, not {_DIGITS}")
    checksummed = _checksummed(digits.lower())
    if digits not in (digits.lower(), digits.upper(), checksummed):
        raise MalformedError("has letters whose case does not match the checksum (EIP-55): a character is wrong")
    return Address(_PREFIX + checksummed, AddressType.EVM)


def _checksummed(digits: str) -> str:
    signs = keccak_256(digits.encode()).hex()
    return "".join(digit.upper() if sign >= "8" else digit for digit, sign in zip(digits, signs, strict=False))
