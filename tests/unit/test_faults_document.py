"""Every row of the tables of faults, and of what the simulator leaves out, names the test that holds it."""

import ast
import re
from functools import cache
from itertools import pairwise

import pytest

from local.home import PROJECT

DOCUMENT = PROJECT / "docs" / "faults.md"

LINES = DOCUMENT.read_text().splitlines()
ROWS = [line for line, below in pairwise([*LINES, ""]) if line.startswith("| ") and not below.startswith("|---")]
"""The lines of the tables below their heads."""


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
