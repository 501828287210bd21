"""What DynamoDB does in one call at most. Limits of our own stand where they are kept.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

from coffer.ledger.limits import MAX_ITEMS

WRITTEN_TOGETHER = MAX_ITEMS
"""Items of one `TransactWriteItems`, as the engine knows it: what it plans must fit."""

READ_TOGETHER = 100
"""Items of one `TransactGetItems`, or of one `BatchGetItem`."""

READ_TOGETHER_OF_ANY_SIZE = 10
"""Items of one `TransactGetItems` however large they are: of 400 KB each, and 4 MB in all."""
