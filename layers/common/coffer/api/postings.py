"""Transactions as they are asked for over HTTP."""

from typing import Protocol

from coffer.api.request import Request
from coffer.ledger.lifecycle import TransactionStatus
from coffer.models.drafts import Draft
from coffer.models.iso4217 import MINOR_UNITS
from coffer.models.transactions import Transaction
from coffer.store import presence, settling, transactions

FINEST = 18
"""Decimals to which shares of an asset are cut that has none set and is neither a currency nor a known token."""


class Drafting(Protocol):
    """A body that asks for a transaction, in whichever form."""

    def draft(self) -> Draft:
        """What is to be made of it."""


def create(request: Request[Drafting]) -> Transaction:
    """Makes a transaction; raises `Refusal`."""
    with presence.presumed(request.table, request.ledger):
        draft = request.body.draft()
    return transactions.create(request.table, request.ledger, draft, request.key, places=lambda: places(draft))


def commit(request: Request[None]) -> Transaction:
    """Commits the pending transaction in the path; raises `Refusal`."""
    return settling.settle(request.table, request.ledger, request.path["transaction_id"], TransactionStatus.APPROVED)


def cancel(request: Request[None]) -> Transaction:
    """Cancels the pending transaction in the path; raises `Refusal`."""
    return settling.settle(request.table, request.ledger, request.path["transaction_id"], TransactionStatus.CANCELED)


def revert(request: Request[None]) -> Transaction:
    """Reverts the transaction in the path; raises `Refusal`."""
    return settling.revert(request.table, request.ledger, request.path["transaction_id"], request.key)


def places(draft: Draft) -> int:
    """The decimals to which shares are cut if the asset has none set.

    The minor units of the currency that goes by this code, whatever the asset's type, which no entry tells; else the
    decimals of the token that does, else 18.
    """
    from coffer.registry import known_decimals  # noqa: PLC0415 -- rarely needed, and large to load

    code = draft.send.asset
    units = MINOR_UNITS.get(code)
    known = known_decimals(code) if units is None else units
    return FINEST if known is None else known
