"""Runs each sentence of the contract on each store."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.contract.differences import DIFFERENCES
from tests.contract.stores import STORES, Store


@pytest.fixture(scope="session", params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """One of the stores. They share their tables: each test keeps to its own partition."""
    with STORES[request.param]() as opened:
        yield opened


@pytest.fixture
def pk() -> str:
    """A partition key that no other test has."""
    return f"test-{uuid4()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is known to differ."""
    for item in items:
        if isinstance(item, pytest.Function) and "store" in item.fixturenames:
            on = str(item.callspec.params["store"])
            case = item.callspec.id.removeprefix(on).removeprefix("-")
            for difference in DIFFERENCES:
                if difference.concerns(on, item.originalname, case):
                    item.add_marker(difference.mark)
