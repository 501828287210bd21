"""Clients with their purses."""

import pytest

from tests.integration.wallet_api.purse import Purse, open_purse
from tests.integration.wallet_api.till import Till, open_till
from tests.support.world import Client, World


@pytest.fixture
def client(world: World) -> Client:
    """A client that has nothing yet."""
    return world.client()


@pytest.fixture
def purse(client: Client) -> Purse:
    """The client's purse: a wallet without accounts."""
    return open_purse(client)


@pytest.fixture
def till(client: Client) -> Till:
    """Two accounts with addresses, and nothing in them."""
    return open_till(client)
