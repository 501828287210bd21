"""Two clients: one whose books are full, and one who has a look at them."""

import pytest

from coffer.api.errors import Face
from tests.integration.access.routes import make_all
from tests.support.world import Client, World


@pytest.fixture
def client(world: World) -> Client:
    """A client."""
    return world.client()


@pytest.fixture
def theirs(world: World) -> dict[Face, dict[str, str]]:
    """The ids of what another client has, for each face."""
    return make_all(world.client())
