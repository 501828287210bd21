"""Transactions as they are asked for over HTTP, one or many."""

from dataclasses import replace
from http import HTTPStatus
from typing import Protocol

from pydantic import MISSING

from coffer.api import errors
from coffer.api.request import Request
from coffer.ledger.lifecycle import TransactionStatus
from coffer.ledger.refusal import Refusal
from coffer.models.iso4217 import MINOR_UNITS
from coffer.models.transactions import (
    Batch,
    BatchResult,
    Draft,
    NewBatch,
    NewTransaction,
    Problem,
    Transaction,
)
from coffer.store import batches, ledgers, settling, transactions
from coffer.store.batches import Results
from coffer.store.idempotency import Replay

FINEST = 18
"""Decimals to which shares of an asset are cut that has none set and is neither a currency nor a known token."""


class Drafting(Protocol):
    """A body that asks for a transaction, in whichever form."""

    def draft(self) -> Draft:
        """What is to be made of it."""


def create(request: Request[Drafting]) -> Transaction:
    """Makes a transaction; raises `Refusal`."""
    with ledgers.presumed(request.table, request.ledger):
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


def create_batch(request: Request[NewBatch]) -> Batch:
    """Makes all transactions of a batch or none, if it is atomic; otherwise the answer says what became of each."""
    if request.body.atomic:
        return _together(request)
    drafts, refused = _drafts(request.body.transactions)
    outcome = batches.post_each(request.table, batches.lot(request.table, request.ledger, drafts, request.key, places))
    results = refused | outcome.results
    answer = Batch(transactions=[_result(position, results[position]) for position in sorted(results)])
    if request.key and outcome.replayed:
        raise Replay(*request.key.render(answer))
    return answer


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


def _together(request: Request[NewBatch]) -> Batch:
    drafts = {}
    for position, body in enumerate(request.body.transactions):
        try:
            drafts[position] = body.draft()
        except Refusal as refusal:
            ledgers.require(request.table, request.ledger)
            raise batches.named(refusal, position) from None
    key = request.key
    rendering = replace(key, render=lambda made: key.render(_answer(made))) if key else None
    lot = batches.lot(request.table, request.ledger, drafts, rendering, places)
    return _answer(batches.post_together(request.table, lot))


def _drafts(bodies: list[NewTransaction]) -> tuple[dict[int, Draft], Results]:
    drafts: dict[int, Draft] = {}
    refused: Results = {}
    for position, body in enumerate(bodies):
        try:
            drafts[position] = body.draft()
        except Refusal as refusal:
            refused[position] = refusal
    return drafts, refused


def _result(position: int, result: Transaction | Refusal) -> BatchResult:
    if isinstance(result, Transaction):
        return BatchResult(index=position, status=HTTPStatus.CREATED, transaction=result, error=None)
    error = errors.LEDGER[result.reason]
    fields = dict(result.fields) or MISSING
    problem = Problem(code=error.code, title=error.title, message=result.message, fields=fields)
    return BatchResult(index=position, status=error.status, transaction=None, error=problem)


def _answer(made: object) -> Batch:
    assert isinstance(made, list)  # noqa: S101 -- the store's types say so
    return Batch(transactions=[_result(position, each) for position, each in enumerate(made)])
