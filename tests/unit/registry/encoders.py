"""The other way round from the package's decoders, written apart from them: what they must agree with."""

from hashlib import sha256
from typing import Final, Literal

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def base58(raw: bytes) -> str:
    """`raw` in base58, a 1 for each leading zero byte."""
    number = int.from_bytes(raw)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(BASE58[digit])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def base58check(version: int, payload: bytes) -> str:
    """`payload` behind its version byte, with the checksum."""
    body = bytes([version]) + payload
    return base58(body + sha256(sha256(body).digest()).digest()[:4])


def witness_address(
    version: int, program: bytes, prefix: str = "bc", constant: Literal[1, 0x2BC830A3] | None = None
) -> str:
    """The bech32 address (bech32m from version 1 on, unless `constant` says otherwise) of a witness program."""
    bits = "".join(f"{byte:08b}" for byte in program)
    bits += "0" * (-len(bits) % 5)
    data = [version, *(int(bits[start : start + 5], 2) for start in range(0, len(bits), 5))]
    expanded = [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]
    wanted = constant or (1 if version == 0 else 0x2BC830A3)
    residue = _remainder([*expanded, *data, 0, 0, 0, 0, 0, 0]) ^ wanted
    checksum = [residue >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1{''.join(BECH32[value] for value in [*data, *checksum])}"


def _remainder(values: list[int]) -> int:
    # BIP-173's reference algorithm
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    residue = 1
    for value in values:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for place in range(5):
            residue ^= generator[place] if top >> place & 1 else 0
    return residue
