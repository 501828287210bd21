"""Keccak-256, which EIP-55 hashes an address with: FIPS 202's SHA3-256 but for one byte of padding.

Our own, for no library is worth its weight here: hashlib has it only where Python is linked with OpenSSL 3.2 or later,
pycryptodome is 7 MB and takes 50 ms to import, and an address needs one block, which takes 0.3 ms here.
What it leaves to trust is little: with the other padding, the sponge below must yield hashlib's own SHA3-256, and the
tests compare the two on whatever input hypothesis finds.
"""

from typing import Final

_KECCAK: Final = 0x01
_RATE: Final = 136  # bytes absorbed by each permutation: 200 of the state less twice the digest's 32
_MASK: Final = (1 << 64) - 1

# FIPS 202, 3.2.5 (iota) and 3.2.2-3.2.3: the lanes in the order in which pi moves them, with rho's offset for each.
_ROUND_CONSTANTS: Final = (
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
    0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
)  # fmt: skip
_MOVES: Final = (
    (10, 1), (7, 3), (11, 6), (17, 10), (18, 15), (3, 21), (5, 28), (16, 36), (8, 45), (21, 55), (24, 2), (4, 14),
    (15, 27), (23, 41), (19, 56), (13, 8), (12, 25), (2, 43), (20, 62), (14, 18), (22, 39), (9, 61), (6, 20), (1, 44),
)  # fmt: skip


def keccak_256(data: bytes) -> bytes:
    """The 32-byte digest of `data`."""
    return _sponge(data, _KECCAK)


def _sponge(data: bytes, padding: int) -> bytes:
    padded = bytearray(data)
    padded.append(padding)
    padded.extend(bytes(-len(padded) % _RATE))
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            state[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _permute(state: list[int]) -> None:
    for constant in _ROUND_CONSTANTS:
        # theta
        parity = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        for x in range(5):
            beside = parity[(x + 1) % 5]
            flip = parity[x - 1] ^ (beside << 1 | beside >> 63) & _MASK
            for lane in range(x, 25, 5):
                state[lane] ^= flip
        # rho and pi: each lane rotated, without a call that would take as long as the rest of the permutation
        moving = state[1]
        for to, offset in _MOVES:
            state[to], moving = (moving << offset | moving >> 64 - offset) & _MASK, state[to]
        # chi
        for y in range(0, 25, 5):
            a, b, c, d, e = state[y : y + 5]
            state[y : y + 5] = a ^ ~b & c, b ^ ~c & d, c ^ ~d & e, d ^ ~e & a, e ^ ~a & b
        # iota
        state[0] ^= constant
