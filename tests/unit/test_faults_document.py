"""Every row of the tables of faults, and of what the simulator leaves out, names the tests that hold it."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest

from local.home import PROJECT

DOCUMENT = PROJECT / "docs" / "faults.md"

LINES = DOCUMENT.read_text().splitlines()
ROWS = [line for line, below in pairwise([*LINES, ""]) if line.startswith("| ") and not below.startswith("|---")]
"""The lines of the tables below their heads."""

NAME = r"`(tests/[\w/]+)\.py::(test_\w+)`"


def named_in(row: str) -> Sequence[Any]:
    """The tests that a row names."""
    held_by = row.split("|")[3].strip()
    assert re.fullmatch(rf"{NAME}(, {NAME})*", held_by)
    return [getattr(import_module(path.replace("/", ".")), test) for path, test in re.findall(NAME, held_by)]


def cases_of(test: Any) -> Iterator[str]:  # noqa: ANN401 -- any test
    """The names of the cases that a test is made for."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            ids = mark.kwargs.get("ids", ())
            yield from map(ids, mark.args[1]) if callable(ids) else ids


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_a_row_names_tests_that_are_there_and_that_try_all_that_it_lists(row: str) -> None:
    _, what, gets, _, _ = row.split("|")
    assert what.strip()
    assert gets.strip()
    cases = {case for test in named_in(row) for case in cases_of(test)}
    listed = {case for several in re.findall(r"\((.*?)\)", what) for case in several.split(", ")}
    assert listed <= cases


def test_rows_list_what_is_tried() -> None:
    assert len(ROWS) > 20
    assert sum("(" in row.split("|")[1] for row in ROWS) > 5
