"""The costs of the endpoints: measured, and no other than the floor that is committed."""

import pytest

from tests.support.world import World
from tools import costs


def test_every_endpoint_costs_what_the_floor_says() -> None:
    assert costs.differences(costs.measure(), costs.read_floor()) == []


def test_every_endpoint_is_measured() -> None:
    assert costs.missing() == []


def test_getting_an_asset_is_one_read() -> None:
    assert costs.read_floor()["assets.get"] == costs.Cost(calls=1, read_units=1, write_units=0)


def test_creating_an_asset_for_a_new_code_is_one_write() -> None:
    floor = costs.read_floor()["assets.create, with a key"]
    assert (floor.calls, floor.read_units) == (1, 0)


PROMISED = {
    "transactions.create_json": costs.Cost(calls=3, read_units=2, write_units=7),
    "transactions.create_json, with a key": costs.Cost(calls=3, read_units=2, write_units=7),
    "transactions.create_json, repeated": costs.Cost(calls=3, read_units=2, write_units=0),
    "transactions.create_json, pending": costs.Cost(calls=3, read_units=2, write_units=5),
    "transactions.create_json, pending and will expire": costs.Cost(calls=3, read_units=2, write_units=6),
    "transactions.commit": costs.Cost(calls=4, read_units=3, write_units=6),
    "transactions.commit, would have expired": costs.Cost(calls=4, read_units=3, write_units=7),
    "transactions.cancel": costs.Cost(calls=3, read_units=2, write_units=4),
    "transactions.cancel, would have expired": costs.Cost(calls=3, read_units=2, write_units=5),
    "transactions.revert": costs.Cost(calls=4, read_units=3, write_units=9),
}
"""What must not become dearer, whatever the floor is set to: two units for an item, one for its place in an index."""


@pytest.mark.parametrize(("name", "promised"), PROMISED.items(), ids=PROMISED)
def test_what_a_transaction_of_two_legs_costs(name: str, promised: costs.Cost) -> None:
    assert costs.read_floor()[name] == promised


def test_a_payment_is_two_heads_that_are_read_and_three_items_in_one_write() -> None:
    calls = costs.calls_of(costs.PAYMENT, World())
    assert [call.operation for call in calls] == ["query", "query", "transact_write_items"]
    record, *entries = calls[-1].request["TransactItems"]
    assert record["Put"]["Item"]["sk"] == {"S": "TRANSACTION"}
    assert all("#BALANCE#" in entry["Put"]["Item"]["pk"]["S"] for entry in entries)
    assert len(costs.sizes(calls)) == len([record, *entries]) == 3


def test_a_cost_that_differs_from_the_floor_is_named() -> None:
    dear = costs.Cost(calls=2, read_units=1, write_units=0)
    assert costs.differences({"assets.get": dear}, costs.read_floor())[0].startswith("accounts.count: measured nothing")
    (problem,) = costs.differences(costs.read_floor() | {"assets.get": dear}, costs.read_floor())
    assert problem.startswith("assets.get: measured Cost(calls=2,")
