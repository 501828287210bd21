"""What the registry speaks of: chains and their families, the tokens that live on them, and addresses."""

from enum import StrEnum
from typing import Final, NamedTuple

NETWORK: Final = "mainnet"
"""The only network in the registry: a token of a testnet has no value, and must never look as if it had."""


class Family(StrEnum):
    """Chains that write addresses and transaction hashes alike."""

    EVM = "evm"
    TVM = "tvm"
    UTXO = "utxo"
    SVM = "svm"


class AssetType(StrEnum):
    """How a token exists on its chain: as the chain's own coin, or by which contract standard."""

    NATIVE = "NATIVE"
    ERC20 = "ERC20"
    BEP20 = "BEP20"
    TRC20 = "TRC20"
    SPL = "SPL"


class AddressType(StrEnum):
    """What an address stands for: for bitcoin the kind of output script, in Bitcoin Core's terms."""

    EVM = "EVM"
    TRON = "TRON"
    SOLANA = "SOLANA"
    P2PKH = "P2PKH"
    P2SH = "P2SH"
    P2WPKH = "P2WPKH"
    P2WSH = "P2WSH"
    P2TR = "P2TR"
    WITNESS_UNKNOWN = "WITNESS_UNKNOWN"
    """A witness program with no meaning yet. BIP-350 has senders pay to it; whoever gives it out as an address of their
    own gives the money to anyone."""


class Address(NamedTuple):
    """An address that its chain takes, in the one form in which it is stored and compared."""

    text: str
    address_type: AddressType


class Chain(NamedTuple):
    """A chain's main network."""

    name: str
    family: Family
    caip2: str
    """Its identity, after CAIP-2: `eip155:1`."""
    chain_id: int | None
    """The number it signs transactions with (EIP-155, TIP-474); None where there is no such thing."""
    native: str
    """The symbol of its own coin."""
    token_standard: AssetType | None
    """What its contract tokens are; None where there are none."""

    @property
    def address_space(self) -> str:
        """Where an address is one and the same account: all EVM chains share one, every other chain has its own."""
        return self.family.value if self.family is Family.EVM else self.name


class Token(NamedTuple):
    """A token on one chain. Its identity is `caip19`; symbols are what people call it, and may change."""

    chain: Chain
    symbol: str
    aliases: tuple[str, ...]
    """Former symbols that are still taken on this chain."""
    name: str
    decimals: int
    """Decimal places of the unit in which the chain counts it."""
    asset_type: AssetType
    contract_address: str | None
    """In its chain's canonical form; None for a native coin."""
    caip19: str
    ledger_code: str
    """Its asset code in a ledger: upper-case letters and digits, first a letter. Ledgers keep it: it never changes."""
    disabled: str | None
    """Why it is not offered; None if it is."""

    @property
    def ledger_name(self) -> str:
        """Its asset name in a ledger: `Tether USD (ethereum)`."""
        return f"{self.name} ({self.chain.name})"
