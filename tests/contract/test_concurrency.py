"""What Coffer relies on when several write at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from tests.contract.stores import Store
from tests.contract.wire import ABSENT, collection, item, key, put, read, update, values

WRITERS = 16


def _race(attempt: Callable[[int], object]) -> list[str]:
    """What became of each writer: `written`, or the codes that it was refused with."""

    def run(writer: int) -> str:
        try:
            attempt(writer)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = {reason["Code"] for reason in reasons} - {"None"} or {error.response["Error"]["Code"]}
            return " ".join(sorted(codes))
        return "written"

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_of_several_writers_of_one_entry_exactly_one_succeeds(store: Store, pk: str) -> None:
    outcomes = _race(
        lambda writer: store.client.transact_write_items(
            TransactItems=[
                put(store, item(pk, f"record-{writer:02}"), ConditionExpression=ABSENT),
                put(store, item(pk, "entry", writer=writer), ConditionExpression=ABSENT),
            ]
        )
    )
    assert outcomes.count("written") == 1
    assert set(outcomes) <= {"written", "ConditionalCheckFailed", "TransactionConflict"}
    winner = outcomes.index("written")
    assert collection(store, pk) == [item(pk, "entry", writer=winner), item(pk, f"record-{winner:02}")]


def test_no_acknowledged_change_is_lost(store: Store, pk: str) -> None:
    outcomes = _race(
        lambda writer: store.client.transact_write_items(
            TransactItems=[
                update(store, key(pk, "counter"), "ADD tally :one", ExpressionAttributeValues=values(one=1)),
                put(store, item(pk, f"record-{writer:02}"), ConditionExpression=ABSENT),
            ]
        )
    )
    written = outcomes.count("written")
    assert written >= 1
    assert set(outcomes) <= {"written", "TransactionConflict"}
    assert read(store, pk, "counter") == item(pk, "counter", tally=written)
    assert len(collection(store, pk)) == 1 + written
