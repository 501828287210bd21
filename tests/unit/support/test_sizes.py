"""Sizes and units by the published rules, with the examples that stand beside them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

import pytest

from tests.support.dynamodb.sizes import EVENTUAL, KB, TRANSACTIONAL, item_size, read_units, value_size, write_units
from tests.support.dynamodb.values import Value, checked


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "text"}, 4),
        ({"S": "é"}, 2),
        ({"S": "€"}, 3),
        ({"S": "🌍"}, 4),
        ({"B": b"\x00\xff"}, 2),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": True}]}, 3 + (1 + 2) + (1 + 1)),
        ({"M": {"name": {"S": "ab"}}}, 3 + 1 + 4 + 2),
        ({"L": [{"L": []}]}, 3 + 1 + 3),
        ({"SS": ["a", "bc"]}, 3),
    ],
)
def test_a_value_has_its_bytes_and_those_of_its_container(value: Value, size: int) -> None:
    assert value_size(checked(value)) == size


@pytest.mark.parametrize(
    ("number", "size"),
    [
        ("0", 1),
        ("-0", 1),
        ("7", 2),
        ("42", 2),
        ("-42", 3),
        ("123", 3),
        ("1234", 3),
        ("0042", 2),
        ("4200", 2),
        ("9" * 38, 20),
        ("0.25", 2),
        ("0.00025", 2),
        ("2.5", 3),
        ("2.500", 3),
        ("100.5", 4),
        ("3.14159", 5),
        ("1E100", 2),
    ],
)
def test_a_number_has_a_byte_and_one_for_every_two_digits_on_either_side_of_its_point(number: str, size: int) -> None:
    assert value_size(checked({"N": number})) == size


def test_an_item_has_the_bytes_of_its_names_and_values() -> None:
    assert item_size({"pk": {"S": "client"}, "größe": {"N": "12"}}) == 2 + 6 + 7 + 2


@pytest.mark.parametrize(("size", "units"), [(0, 1), (500, 1), (KB, 1), (KB + 1, 2), (2 * KB, 2), (310 * KB, 310)])
def test_writing_costs_a_unit_for_each_started_kb(size: int, units: int) -> None:
    assert write_units(size) == units


@pytest.mark.parametrize(("size", "units"), [(0, 1), (3_500, 1), (4 * KB, 1), (8 * KB, 2), (10 * KB, 3), (44 * KB, 11)])
def test_reading_costs_a_unit_for_each_started_4_kb(size: int, units: int) -> None:
    assert read_units(size) == units


def test_reading_8_kb_costs_one_two_or_four_units_by_its_consistency() -> None:
    units = read_units(8 * KB)
    assert (units * EVENTUAL, units, units * TRANSACTIONAL) == (1, 2, 4)
