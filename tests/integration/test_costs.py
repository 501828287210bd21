"""The costs of the endpoints: measured, and no other than the floor that is committed."""

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


def test_a_cost_that_differs_from_the_floor_is_named() -> None:
    dear = costs.Cost(calls=2, read_units=1, write_units=0)
    assert costs.differences({"assets.get": dear}, costs.read_floor())[0].startswith("accounts.count: measured nothing")
    (problem,) = costs.differences(costs.read_floor() | {"assets.get": dear}, costs.read_floor())
    assert problem.startswith("assets.get: measured Cost(calls=2,")
