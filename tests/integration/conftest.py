"""The endpoints as the gateway would call them, over a table of the template's definition."""

from collections.abc import Iterator

import pytest

from tests.integration.stores import STORES, Everything, Stage
from tests.support.world import World


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A world on the store that the test is marked for, else on the fake."""
    with STORES[getattr(request, "param", "fake")]() as stage:
        yield stage


@pytest.fixture
def world(stage: Stage) -> World:
    """The endpoints."""
    return stage.world


@pytest.fixture
def everything(stage: Stage) -> Everything:
    """Gives the whole table."""
    return stage.everything
