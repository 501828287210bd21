"""The seal of an item: a SHA-256 over its canonical form, by which any later change of it is found."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from json import JSONEncoder

HASH = "hash"
"""The attribute that holds the seal; it is the only one that the seal does not cover."""

_CANONICAL = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(attributes: Mapping[str, object]) -> str:
    """The hash of an item's attributes: 43 characters of base64url.

    The canonical form is JSON in UTF-8 with sorted keys and no white space; attributes that are None are not there.
    Values are strings, integers, booleans, and lists and objects of them: no floats, so that it is unambiguous.
    """
    present = {name: value for name, value in attributes.items() if name != HASH and value is not None}
    return urlsafe_b64encode(sha256(_CANONICAL.encode(present).encode()).digest()).decode().rstrip("=")
