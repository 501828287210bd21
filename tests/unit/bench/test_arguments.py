"""What `make bench` is asked for."""

from tools.bench.__main__ import PARTS, parse


def test_without_any_name_all_parts_are_printed() -> None:
    assert parse([]).parts == PARTS


def test_parts_are_printed_that_are_named() -> None:
    asked = parse(["cold", "warm", "--only", "assets/", "--rounds", "2"])
    assert (asked.parts, asked.only, asked.rounds) == (["cold", "warm"], "assets/", 2)
