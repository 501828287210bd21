"""How costs grow: the hot path costs the same however many accounts and entries there are."""

import pytest

from tools.bench import growth

every_operation = pytest.mark.parametrize("operation", growth.OPERATIONS)


@every_operation
def test_what_a_request_costs_does_not_depend_on_how_many_accounts_there_are(operation: str) -> None:
    assert growth.measured(operation, accounts=40) == growth.measured(operation)


@every_operation
def test_what_a_request_costs_does_not_depend_on_how_many_entries_there_are(operation: str) -> None:
    assert growth.measured(operation, entries=99) == growth.measured(operation)


def test_each_further_leg_costs_a_read_and_one_item() -> None:
    two, three, ten = map(growth.of_legs, (2, 3, 10))
    assert (three.read_units - two.read_units, three.write_units - two.write_units) == (1, 2)
    assert ten.read_units == 10
    assert ten.write_units <= 2 * 10 + 7


def test_metadata_stands_on_the_record_alone() -> None:
    little, much = growth.of_metadata(0), growth.of_metadata(16_000)
    assert much.read_units == little.read_units
    assert much.write_units - little.write_units == 2 * 16


def test_money_that_comes_in_costs_the_same_on_any_number_of_shards_but_for_the_read_that_tells_it() -> None:
    one, sixteen = (growth.measured("inflow", shards=shards) for shards in (1, 16))
    assert sixteen.write_units == one.write_units
    assert sixteen.read_units <= one.read_units + 1
