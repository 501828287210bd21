"""Is this an address of that chain, and if so, what is the one way to write it?"""

from collections.abc import Callable, Mapping
from typing import Final

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry import bitcoin, evm, solana, tron
from coffer.registry.malformed import MalformedError
from coffer.registry.model import Address, Chain, Family

_LONGEST: Final = 90  # what bech32 allows; the rest is shorter. Nothing longer is looked at.

_CHECKS: Final[Mapping[Family, Callable[[str], Address]]] = {
    Family.EVM: evm.check,
    Family.TVM: tron.check,
    Family.UTXO: bitcoin.check,
    Family.SVM: solana.check,
}


def check_address(chain: Chain, text: str, *, field: str = "address") -> Address:
    """The address in canonical form, and its type.

    Raises Refusal(ADDRESS_INVALID), which says what is wrong with it and names `field`, but never quotes it.
    """
    if len(text) > _LONGEST:
        why = f"is longer than {_LONGEST} characters"
    else:
        try:
            return _CHECKS[chain.family](text)
        except MalformedError as malformed:
            why = f"{malformed}{_elsewhere(chain, text)}"
    raise Refusal(Reason.ADDRESS_INVALID, f"{field} is not an address on {chain.name}: it {why}.", {field: f"it {why}"})


def _elsewhere(chain: Chain, text: str) -> str:
    for family, check in _CHECKS.items():
        if family is not chain.family:
            try:
                return f" (it is an address of type {check(text).address_type})"
            except MalformedError:
                continue
    return ""
