"""Every row of the table of faults names the tests that hold it, and they are there."""

import ast
import re
from functools import cache

import pytest

from local.home import PROJECT

DOCUMENT = PROJECT / "docs" / "faults.md"

ROWS = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("|")][2:]
"""The lines of the table below its head."""


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in a file."""
    module = ast.parse((PROJECT / path).read_text())
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_a_row_names_a_test_that_is_there(row: str) -> None:
    _, what, gets, held_by, _ = row.split("|")
    assert what.strip()
    assert gets.strip()
    named = re.fullmatch(r" `(tests/[\w/]+\.py)::(test_\w+)` ", held_by)
    assert named
    path, test = named.groups()
    assert test in names_in(path)


def test_there_are_rows() -> None:
    assert len(ROWS) > 20
