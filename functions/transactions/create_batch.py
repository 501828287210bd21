"""POST /v1/organizations/{organization_id}/ledgers/{ledger_id}/transactions/batch

Makes up to 100 transactions: all or nothing in one write if `atomic`, otherwise each by itself, in their order.
Sent again with its idempotency key, one that is not atomic never repeats what was posted and tries again what was
refused; it is a replay when nothing is left to try. Its answer has 4,000,000 bytes at most.
"""

from coffer.api import batches
from coffer.api.declare import endpoint
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.batches import Batch, NewBatch


@endpoint(__doc__, scope=Scope.TRANSACTIONS_WRITE, body=NewBatch, answer=Batch, recorded=True)
def handler(request: Request[NewBatch]) -> Batch:
    return batches.create(request)
