"""Base58, and base58check, which ends in four bytes of double SHA-256 (Bitcoin's oldest address form).

Decoding takes time quadratic in the text's length: bound it first.
"""

from hashlib import sha256
from typing import Final

from coffer.registry.malformed import MalformedError

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_CHECKSUM_BYTES: Final = 4

# What the first byte of a base58check text says it is. (Tron's main and test networks share one.)
_VERSIONS: Final = {
    0x00: "a bitcoin P2PKH address",
    0x05: "a bitcoin P2SH address",
    0x41: "a tron address",
    0x6F: "a P2PKH address of a bitcoin test network",
    0x80: "a bitcoin private key, which has now been shown and must not be used again",
    0xC4: "a P2SH address of a bitcoin test network",
    0xEF: "a private key of a bitcoin test network",
}


def decode(text: str) -> bytes:
    """The bytes that `text` stands for: every text stands for exactly one string of bytes, and the other way round.

    Raises MalformedError for a character outside the alphabet.
    """
    number = 0
    for position, character in enumerate(text, start=1):
        value = _VALUES.get(character)
        if value is None:
            raise MalformedError(f"has {character!a} as character {position}, which base58 does not use")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def decode_check(text: str) -> tuple[int, bytes]:
    """The version byte and the payload of a base58check text.

    Raises MalformedError for a character outside the alphabet, a text too short to hold a checksum, and a checksum that
    doesn't match.
    """
    raw = decode(text)
    body, checksum = raw[:-_CHECKSUM_BYTES], raw[-_CHECKSUM_BYTES:]
    if not body:
        raise MalformedError("is too short")
    if sha256(sha256(body).digest()).digest()[:_CHECKSUM_BYTES] != checksum:
        raise MalformedError("has a checksum that does not match: a character is wrong, missing or one too many")
    return body[0], body[1:]


def meaning(version: int) -> str:
    """What a base58check text with this version byte is, in words."""
    return _VERSIONS.get(version, f"something else (version 0x{version:02x})")
