"""What lies in a ledger, by kinds."""

import pytest

from coffer.store.keys import Key
from tests.integration.verification.inspector import Inspector, Stored

KINDS = {
    "entries of external accounts": "#BALANCE#@external/",
    "entries": "#BALANCE#",
    "records": "#TRANSACTION#",
    "accounts": "#ACCOUNT#",
    "aliases": "#ALIAS#",
    "balances by their ids": "#BALANCE_ID#",
    "assets": "#ASSETS",
    "portfolios": "#PORTFOLIOS",
    "segments": "#SEGMENTS",
    "batches": "#BATCH#",
    "the last verification": "#VERIFICATION",
    "the ledger": "#LEDGERS",
}

of_every_kind = pytest.mark.parametrize("kind", KINDS)


def kind_of(key: Key) -> str:
    """The kind of an item."""
    return next(kind for kind, part in KINDS.items() if part in key.pk)


def items_of(inspector: Inspector, kind: str) -> Stored:
    """The items of a kind, of which there are some."""
    items = {key: item for key, item in inspector.items.items() if kind_of(key) == kind}
    assert items
    return items
