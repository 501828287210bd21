"""API keys and their secrets.

A key's text carries its client's id, so that the lookup it asks for begins with the client, like every other one. Both
texts start with a prefix of their own, for people and for the scanners that look for leaked secrets, and hold nothing
that HTTP Basic, a form or a header would have to escape.
"""

import re
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import NamedTuple

from coffer.ids import pack, unpack

_API_KEY = re.compile(r"cfk_([-0-9A-Z_a-z]{22})([-0-9A-Z_a-z]{22})")
_SECRET_BYTES = 32
_NO_HASH = "0" * 64  # what the secret of an unknown key is compared with


class ApiKeyId(NamedTuple):
    """What the text of an API key says: whose key it is, and which. Both are UUIDs."""

    client: str
    key: str

    def __str__(self) -> str:
        return f"cfk_{pack(self.client)}{pack(self.key)}"


def parse_api_key(text: str) -> ApiKeyId | None:
    """The ids in an API key, or None if the text is none: only the text that `ApiKeyId` writes, no variant of it."""
    match = _API_KEY.fullmatch(text)
    if match is None:
        return None
    key_id = ApiKeyId(client=unpack(match[1]), key=unpack(match[2]))
    # 22 characters hold 132 bits, an id has 128: without this comparison 256 texts would name one key.
    return key_id if str(key_id) == text else None


def new_secret() -> str:
    """A fresh secret, `cfs_` and 43 characters: 256 bits of the system's generator. Shown once, never stored."""
    return f"cfs_{token_urlsafe(_SECRET_BYTES)}"


def hash_secret(secret: str) -> str:
    """What is stored of a secret: its SHA-256, in hexadecimal.

    Slow, salted hashes make it dear to guess people's passwords. Nobody guesses one of 2^256 equally likely secrets,
    however fast the hash; a slow one would only let callers without a key burn our time.
    """
    # A lone surrogate can come in through an event's JSON: it has to be wrong like any other secret, not fail.
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def is_secret(presented: str, stored_hash: str | None) -> bool:
    """Whether a caller presented the secret whose hash is stored; None is the hash of a key that does not exist.

    Both cases do the same work, and neither takes longer the more of the hash is right.
    """
    expected = _NO_HASH if stored_hash is None else stored_hash
    return compare_digest(hash_secret(presented), expected) and stored_hash is not None
