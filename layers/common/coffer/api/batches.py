"""Batches of transactions as they are asked for over HTTP."""

from copy import replace
from http import HTTPStatus

from pydantic import MISSING

from coffer.api import errors
from coffer.api.postings import places
from coffer.api.request import Request
from coffer.ledger.refusal import Refusal
from coffer.models.batches import Batch, BatchResult, NewBatch, Problem
from coffer.models.drafts import Draft
from coffer.models.new_transactions import NewTransaction
from coffer.models.transactions import Transaction
from coffer.store import batches, presence
from coffer.store.batches import Results
from coffer.store.idempotency import Replay


def create(request: Request[NewBatch]) -> Batch:
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


def _together(request: Request[NewBatch]) -> Batch:
    drafts = {}
    for position, body in enumerate(request.body.transactions):
        try:
            drafts[position] = body.draft()
        except Refusal as refusal:
            presence.require(request.table, request.ledger)
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
