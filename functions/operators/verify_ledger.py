"""Verifies a ledger: `{"client_id": "cli_…", "organization_id": …, "ledger_id": …}` → what was found.

As long as the answer's `state` is RUNNING, the same event goes on where this one has stopped.
"""

from collections.abc import Mapping

from coffer.api.operators import Order, operator
from coffer.api.verification import verify_ledger
from coffer.models.verification import LedgerToVerify


@operator(LedgerToVerify)
def handler(order: Order[LedgerToVerify]) -> Mapping[str, object]:
    return verify_ledger(order)
