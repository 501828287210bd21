"""Two clients: one whose books are full, and one who has a look at them."""

import pytest

from tests.integration.access.routes import Belongings, make_all
from tests.support.world import Client, World


@pytest.fixture
def client(world: World) -> Client:
    """A client."""
    return world.client()


@pytest.fixture
def theirs(world: World) -> Belongings:
    """What another client has."""
    return make_all(world.client())
