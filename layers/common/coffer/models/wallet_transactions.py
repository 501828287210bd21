"""Wallet transactions: deposits, and transfers, of which those that leave the client's wallets have to be settled."""

from typing import Annotated, Literal

from pydantic import MISSING, Field, StringConstraints

from coffer.models.amounts import Value
from coffer.models.base import Moment, Note, Uuid
from coffer.models.listing import Filters
from coffer.models.wallet_base import Amount, Id, WalletModel

type TransferStatus = Literal["PENDING", "SIGNED", "BROADCAST", "CONFIRMING", "CONFIRMED", "FAILED", "CANCELLED"]
type Given = Annotated[str, StringConstraints(min_length=1)]
type Reference = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class NewTransfer(WalletModel):
    """So much of a token to send from an address of the client's to any other of the chain."""

    operation: Literal["TRANSFER"] = "TRANSFER"
    reference_id: Reference | None = None
    from_address: Given
    to_address: Given
    chain: str
    token_symbol: str
    amount: Value
    memo: Note | None = None


class NewDeposit(WalletModel):
    """So much of a token that has come to an address of the client's, by an output of a transaction on the chain.

    The token is named by its symbol or by its contract.
    """

    chain: str
    tx_hash: Given
    output_index: Annotated[int, Field(ge=0, lt=2**32)] = 0
    to_address: Given
    token_symbol: str | None = None
    contract_address: Given | None = None
    amount: Value


class StatusReport(WalletModel):
    """How far the settlement of a withdrawal has come; the hash of its transaction is there from BROADCAST on."""

    status: TransferStatus
    tx_hash: Given | None = None


class Sent(WalletModel):
    """What is answered to a transfer."""

    tx_id: str
    status: TransferStatus
    message: str


class WalletTransactionFilters(Filters):
    """By what transactions can be listed; a wallet or an account may be on either side."""

    wallet_id: Id | MISSING = MISSING
    account_id: Id | MISSING = MISSING
    chain: str | MISSING = MISSING
    status: TransferStatus | MISSING = MISSING
    reference_id: Reference | MISSING = MISSING


class WalletTransaction(WalletModel):
    """A deposit, or a transfer; its movements are those of the ledger's transaction that it names."""

    tx_id: str
    client_id: str
    operation: Literal["DEPOSIT", "TRANSFER"]
    reference_id: str | None
    status: TransferStatus
    chain: str
    network: Literal["mainnet"]
    token_symbol: str
    caip19: str
    amount: Amount
    from_address: str | None
    to_address: str
    from_account_id: str | None
    to_account_id: str | None
    from_wallet_id: str | None
    to_wallet_id: str | None
    memo: str | None
    tx_hash: str | None
    output_index: int | None
    ledger_transaction_id: Uuid
    created_at: Moment
    updated_at: Moment
