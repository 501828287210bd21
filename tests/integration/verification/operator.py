"""A verification as an operator asks for it."""

from collections.abc import Mapping
from typing import Any, cast

from coffer.api.operators import Operator
from coffer.store.keys import LedgerRef
from tests.support.world import World
from tools.endpoints import handler


def verify_ledger(world: World, ledger: LedgerRef, **changed: str) -> Mapping[str, Any]:
    """The answer to one invocation; raises `Refusal`."""
    function = cast("Operator[Any]", handler("operators", "verify_ledger"))
    event = {
        "client_id": ledger.client_id,
        "organization_id": ledger.organization_id,
        "ledger_id": ledger.ledger_id,
        **changed,
    }
    return function.serve(event, world.runtime, world.countdown())
