"""Batches: several transactions in one request, and what became of each."""

from typing import Annotated

from pydantic import MISSING, Field

from coffer.models.base import Input, Output
from coffer.models.new_transactions import NewTransaction
from coffer.models.transactions import Transaction

MAX_BATCH = 100


class NewBatch(Input):
    """Several transactions: all or nothing if `atomic`, otherwise each by itself, in their order."""

    transactions: Annotated[list[NewTransaction], Field(min_length=1, max_length=MAX_BATCH)]
    atomic: bool = False


class Problem(Output):
    """Why one transaction of a batch was refused; `fields` is there if any are to blame."""

    code: str
    title: str
    message: str
    fields: dict[str, str] | MISSING = MISSING


class BatchResult(Output):
    """What became of one transaction of a batch: the transaction, or why it was not made."""

    index: int
    status: int
    transaction: Transaction | None
    error: Problem | None


class Batch(Output):
    """What became of each transaction, in the order in which they were sent."""

    transactions: list[BatchResult]
