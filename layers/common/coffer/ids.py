"""Ids: 128 bits whose first 48 are the millisecond of creation, so that they sort in creation order.

One id has three texts:

- the ledger API shows a UUID, version 7 (RFC 9562 §5.7);
- the wallet API shows the same bits as a ULID behind a prefix, `cli_01JD…` (30 characters);
- keys of the table hold them packed into 22 characters, in an alphabet that sorts as the bits do.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from secrets import randbits

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CROCKFORD_VALUES = {letter: value for value, letter in enumerate(_CROCKFORD)}
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SORTED = "".join(sorted(_BASE64))
_TO_SORTED = str.maketrans(_BASE64, _SORTED)
_FROM_SORTED = str.maketrans(_SORTED, _BASE64)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PREFIXED_ULID = re.compile(rf"[a-z]{{3}}_[0-7][{_CROCKFORD}]{{25}}")


def new_id(now: int, bits: Callable[[int], int] = randbits) -> str:
    """A fresh UUID, version 7, of the moment `now` (milliseconds since 1970); `bits` draws so many random bits."""
    value = (now & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | bits(12) << 64 | 0b10 << 62 | bits(62)
    return _uuid(value)


def derived_id(text: str, purpose: str) -> str:
    """The id, a UUID of version 8 (RFC 9562 §5.8), that follows from another one for a purpose, and its moment."""
    digest = int.from_bytes(sha256(f"{purpose} {text}".encode()).digest()[:10])
    low = digest & ((1 << 62) - 1)
    high = digest >> 62 & 0xFFF
    return _uuid(created_at(text) << 80 | 0x8 << 76 | high << 64 | 0b10 << 62 | low)


OPERATIONS = 1 << 10
"""How many numbers there are below one transaction's id: its operations take those from 1 up."""


def transaction_id(text: str) -> str:
    """The id of a transaction that is made of another id: its last bits are zero, its operations count in them."""
    return _uuid(_bits(text) & -OPERATIONS)


def claimed_transaction_id(text: str) -> str:
    """The id, a UUID of version 8 (RFC 9562 §5.8), of the transaction that a text stands for; it has no moment."""
    bits = int.from_bytes(sha256(text.encode()).digest()[:16])
    versioned = bits & ~(0xF << 76) & ~(0b11 << 62) | 0x8 << 76 | 0b10 << 62
    return transaction_id(_uuid(versioned))


def operation_id(transaction_id: str, number: int) -> str:
    """The id of one of a transaction's operations, from 1 up: it says itself which transaction it belongs to."""
    return _uuid(_bits(transaction_id) + number)


def operation_number(text: str) -> int:
    """Which of its transaction's operations an id is of; 0 for the transaction itself."""
    return _bits(text) % OPERATIONS


def spread(text: str) -> int:
    """A number that is another one for nearly every transaction, and always the same for one."""
    return _bits(text) // OPERATIONS


def first_id(moment: int) -> str:
    """The smallest id of a moment, and of all for one before 1970: every id made at or after it sorts at or above."""
    return _uuid(max(0, moment) << 80)


def created_at(text: str) -> int:
    """The millisecond since 1970 at which an id was made."""
    return _bits(text) >> 80


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in its canonical form: lower case, with hyphens."""
    return _UUID.fullmatch(text) is not None


def is_prefixed(text: str, prefix: str) -> bool:
    """Whether `text` is a wallet-API id of one kind: `prefix`, an underscore, a ULID."""
    return text.startswith(f"{prefix}_") and _PREFIXED_ULID.fullmatch(text) is not None


def prefixed(prefix: str, text: str) -> str:
    """The wallet API's form of an id: `prefixed("cli", id)` → `cli_01JD…`."""
    bits = _bits(text)
    return f"{prefix}_" + "".join(_CROCKFORD[bits >> shift & 31] for shift in range(125, -5, -5))


@lru_cache(1024)  # the ids of a path are in every key of a request, and those of a client in all of its requests
def pack(text: str) -> str:
    """An id of either form in 22 characters `-0-9A-Z_a-z` that sort as the id does."""
    return urlsafe_b64encode(_bits(text).to_bytes(16)).decode()[:22].translate(_TO_SORTED)


def unpack(packed: str) -> str:
    """The UUID that `pack` packed."""
    return _uuid(int.from_bytes(urlsafe_b64decode(packed.translate(_FROM_SORTED) + "==")))


def _bits(text: str) -> int:
    if _PREFIXED_ULID.fullmatch(text):
        bits = 0
        for letter in text[4:]:
            bits = bits << 5 | _CROCKFORD_VALUES[letter]
        return bits
    if not is_uuid(text):
        raise ValueError(f"{text!r} is no id")
    return int(text.replace("-", ""), 16)


def _uuid(bits: int) -> str:
    """The UUID of 128 bits. (The standard library's class takes four times as long, fifty times a posting.)"""
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
