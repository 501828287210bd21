"""The idempotency key that a caller sends with a POST."""

import re
from collections.abc import Mapping

from coffer.ledger.refusal import Reason, Refusal

HEADERS = ("x-idempotency", "idempotency-key")
REPLAYED = {"X-Idempotency-Replayed": "true"}

_KEY = re.compile(r"[\x20-\x7e]{1,255}")


def key_of(headers: Mapping[str, str]) -> str | None:
    """The key in the headers, or None; `Refusal(BAD_REQUEST)` for one that cannot be kept, or two that differ."""
    keys = {headers[name] for name in HEADERS if name in headers}
    if not keys:
        return None
    if len(keys) > 1:
        raise Refusal(
            Reason.BAD_REQUEST,
            "X-Idempotency and Idempotency-Key differ. Send one of them, or the same key in both.",
            {"Idempotency-Key": "differs from X-Idempotency"},
        )
    (key,) = keys
    if not _KEY.fullmatch(key):
        raise Refusal(
            Reason.BAD_REQUEST,
            "The idempotency key must be 1 to 255 printable ASCII characters.",
            {"Idempotency-Key": "is not 1 to 255 printable ASCII characters"},
        )
    return key
