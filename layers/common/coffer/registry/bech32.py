"""Bech32 (BIP-173) and bech32m (BIP-350): base 32 with a checksum that finds any four wrong characters."""

from enum import IntEnum
from typing import Final

from coffer.registry.malformed import MalformedError

_LONGEST: Final = 90
_SEPARATOR: Final = "1"
_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_CHECKSUM_CHARACTERS: Final = 6
_MOST_PADDING: Final = 4  # bits
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Encoding(IntEnum):
    """Which of the two it is: what the checksum's polynomial must come to."""

    BECH32 = 1
    BECH32M = 0x2BC830A3


def decode(text: str) -> tuple[str, list[int], Encoding]:
    """The human-readable part in lower case, the data in groups of five bits, and the encoding.

    Raises MalformedError for a text of more than 90 characters, upper and lower case in one text, a part that is
    missing or too short, a character outside the alphabet, and a checksum that doesn't match.
    """
    if len(text) > _LONGEST:
        raise MalformedError(f"is longer than {_LONGEST} characters")
    if not text.isascii():  # some letters outside ASCII have a lower case inside it
        raise MalformedError("has a character outside ASCII")
    if text not in (text.lower(), text.upper()):
        raise MalformedError("mixes upper and lower case")
    prefix, _, data = text.lower().rpartition(_SEPARATOR)
    if not prefix:
        raise MalformedError("has no prefix")
    if not all("!" <= character <= "~" for character in prefix):
        raise MalformedError("has a character in its prefix that cannot be printed")
    if len(data) < _CHECKSUM_CHARACTERS:
        raise MalformedError("is too short")
    values = []
    for position, character in enumerate(data, start=len(prefix) + 2):
        value = _VALUES.get(character)
        if value is None:
            raise MalformedError(f"has {character!a} as character {position}, which bech32 does not use")
        values.append(value)
    residue = _polymod([*_expand(prefix), *values])
    if residue not in Encoding:
        raise MalformedError("has a checksum that does not match: a character is wrong, missing or one too many")
    return prefix, values[:-_CHECKSUM_CHARACTERS], Encoding(residue)


def to_bytes(groups: list[int]) -> bytes:
    """Groups of five bits, put together to bytes.

    Raises MalformedError if more than four bits are left over, or one of those is set: no encoder writes that.
    """
    number = 0
    for group in groups:
        number = number << 5 | group
    size, left_over = divmod(5 * len(groups), 8)
    if left_over > _MOST_PADDING or number & ((1 << left_over) - 1):
        raise MalformedError("has wrong padding")
    return (number >> left_over).to_bytes(size)


def _expand(prefix: str) -> list[int]:
    return [*(ord(character) >> 5 for character in prefix), 0, *(ord(character) & 31 for character in prefix)]


def _polymod(values: list[int]) -> int:
    residue = 1
    for value in values:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate(_GENERATOR):
            if top >> bit & 1:
                residue ^= term
    return residue
