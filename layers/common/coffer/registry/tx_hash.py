"""The one way to write a transaction's hash: a deposit is recorded once, however its hash was typed."""

import re
from typing import Final

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry import base58
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Chain, Family

_HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
_HEX_PREFIX: Final = "0x"
_SIGNATURE_BYTES: Final = 64
_LONGEST_SIGNATURE: Final = 88  # 64 bytes in base58


def canonical_tx_hash(chain: Chain, text: str, *, field: str = "tx_hash") -> str:
    """What explorers of the chain show: lower-case hexadecimal, with 0x on EVM chains and without on tron and bitcoin;
    on solana the transaction's first signature in base58, where case counts.

    0x may be there or not on EVM chains and on tron; bitcoin never writes it.
    Raises Refusal(BAD_REQUEST), which names `field`.
    """
    try:
        match chain.family:
            case Family.EVM:
                return _HEX_PREFIX + _hash(text.removeprefix(_HEX_PREFIX))
            case Family.TVM:
                return _hash(text.removeprefix(_HEX_PREFIX))
            case Family.UTXO:
                return _hash(text)
            case Family.SVM:
                return _signature(text)
    except MalformedError as malformed:
        message = f"{field} is not a transaction hash on {chain.name}: it {malformed}."
        raise Refusal(Reason.BAD_REQUEST, message, {field: f"it {malformed}"}) from None


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise MalformedError("is not 64 hexadecimal digits")
    return text.lower()


def _signature(text: str) -> str:
    if len(text) > _LONGEST_SIGNATURE:
        raise MalformedError(f"is longer than {_LONGEST_SIGNATURE} characters")
    if (size := len(base58.decode(text))) != _SIGNATURE_BYTES:
        raise MalformedError(f"holds {size} bytes, not {_SIGNATURE_BYTES}")
    return text
