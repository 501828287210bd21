"""What is said about the stores themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.contract.differences import DIFFERENCES
from tests.contract.stores import ON_AWS, STORES


@pytest.mark.skipif(
    not ON_AWS, reason="the contract was not run on AWS: that takes credentials and COFFER_AWS_CONTRACT=1"
)
def test_the_service_itself_is_among_the_stores() -> None:
    assert "aws" in STORES


def test_every_difference_is_about_a_test() -> None:
    sources = [ast.parse(path.read_text()) for path in Path(__file__).parent.glob("test_*.py")]
    tests = {node.name for source in sources for node in source.body if isinstance(node, ast.FunctionDef)}
    assert {difference.test for difference in DIFFERENCES} <= tests


def test_the_fake_has_no_differences() -> None:
    assert "fake" not in {difference.store for difference in DIFFERENCES}
