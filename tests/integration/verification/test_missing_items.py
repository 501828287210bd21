"""Items that are gone, or somewhere else."""

import pytest

from coffer.ledger.refusal import Reason, Refusal
from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.values import decode_item
from tests.integration.verification.inspector import Inspector, Wire
from tests.integration.verification.kinds import items_of, kind_of, of_every_kind
from tests.integration.verification.tampering import resealed


def leaves_no_trace(inspector: Inspector, key: Key, item: Wire) -> bool:
    """Whether nothing in the ledger leads to an item, so that it could as well never have been there.

    A transaction that is only noted, the record of a batch's key, a portfolio or a deleted segment that no account
    names, what is left of a name that was given up, and the last entry of a chain when it only lets its balance send or
    receive, or no more. And what was found the last time is not looked for.
    """
    match kind_of(key), decode_item(item):
        case ("batches" | "portfolios" | "the last verification", _) | ("records", {"status": "NOTED"}):
            return True
        case "segments", {"deleted_at": _}:
            return True
        case "assets" | "segments", claim if key.sk.startswith(("CODE#", "NAME#")):
            return "owner" not in claim
        case "entries", {"type": "CHANGE", "shards": 1, "blocked": False}:
            return Key(key.pk, f"{int(key.sk) + 1:012}") not in inspector.items
    return False


@of_every_kind
def test_an_item_that_is_gone_is_missed(inspector: Inspector, kind: str) -> None:
    """Unless it is the ledger itself, of which there is then nothing to verify."""
    own = keys.ledger(inspector.books.ref)
    gone = {key: item for key, item in items_of(inspector, kind).items() if key != own}
    unseen = {key for key in gone if not inspector.look(key, None, page=2) and not inspector.whole({key: None}).found}
    assert unseen == {key for key, item in gone.items() if leaves_no_trace(inspector, key, item)}


def test_a_ledger_that_is_gone_is_not_found(inspector: Inspector) -> None:
    with pytest.raises(Refusal) as refused:
        inspector.whole({keys.ledger(inspector.books.ref): None})
    assert refused.value.reason is Reason.LEDGER_NOT_FOUND


def elsewhere(item: Wire, **moved: str) -> tuple[Key, Wire]:
    """An item under another key."""
    there = {**item, **{name: {"S": value} for name, value in moved.items()}}
    return Key(there["pk"]["S"], there["sk"]["S"]), there


@pytest.mark.parametrize("sealed_again", [False, True], ids=["as it was", "sealed again"])
@of_every_kind
def test_an_item_that_is_somewhere_else_is_named(inspector: Inspector, kind: str, *, sealed_again: bool) -> None:
    key, item = next(iter(items_of(inspector, kind).items()))
    for name, value in (("pk", f"{key.pk}~"), ("sk", f"{key.sk}~")):
        place, moved = elsewhere(item, **{name: value})
        run = inspector.whole({place: resealed(moved) if sealed_again else moved})
        # What lies beside the ledger rather than in it is nothing to it.
        assert (place in {each.key for each in run.findings}) is (kind != "the ledger"), place
