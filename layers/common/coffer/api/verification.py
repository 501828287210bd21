"""Verification of a ledger, as an operator asks for it: again and again, until it is done."""

from collections.abc import Mapping

from coffer.api.log import MISTAKE, logger
from coffer.api.operators import Order, check_client
from coffer.models.verification import LedgerToVerify
from coffer.store import trial_balance
from coffer.store.keys import LedgerRef
from coffer.store.verification.progress import State
from coffer.store.verification.walk import verify
from coffer.times import rfc3339


def verify_ledger(order: Order[LedgerToVerify]) -> Mapping[str, object]:
    """Goes on with the verification of a ledger until it is through or the time is up; what has been found by then."""
    body = order.body
    check_client(body.client_id)
    run = verify(order.table, LedgerRef(body.client_id, body.organization_id, body.ledger_id))
    answer: dict[str, object] = {
        "state": run.state.value,
        "as_of": rfc3339(run.as_of),
        "scanned": run.scanned,
        "found": run.found,
        "locked": run.locked,
        "locks": [each._asdict() for each in run.locks],
        "findings": [{"item": each.item, "what": each.what, "message": each.message} for each in run.findings],
    }
    if run.found:  # who invoked it may have stopped waiting: the alarm tells; the findings stay in the answer
        said = {"client": body.client_id, "organization": body.organization_id, "ledger": body.ledger_id}
        logger.error(MISTAKE, extra={**said, "found": run.found})
    if run.state is State.DONE:
        totals = trial_balance.of_run(run).assets
        answer["assets"] = [each.model_dump(mode="json", by_alias=False) for each in totals]
    return answer
