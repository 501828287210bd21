"""The registry of chains and tokens: which there are, what identifies them, and what their addresses look like.

Pure: data in the package, no I/O but reading it, no clock.
"""

from coffer.registry.address import check_address
from coffer.registry.catalog import CHAINS, TOKENS
from coffer.registry.model import NETWORK, Address, AddressType, AssetType, Chain, Family, Token
from coffer.registry.resolve import find_chain, known_decimals, list_tokens, resolve, resolve_contract
from coffer.registry.tx_hash import canonical_tx_hash

__all__ = [
    "CHAINS",
    "NETWORK",
    "TOKENS",
    "Address",
    "AddressType",
    "AssetType",
    "Chain",
    "Family",
    "Token",
    "canonical_tx_hash",
    "check_address",
    "find_chain",
    "known_decimals",
    "list_tokens",
    "resolve",
    "resolve_contract",
]
