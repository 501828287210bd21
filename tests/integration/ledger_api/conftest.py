"""Clients with their books."""

import pytest

from tests.integration.ledger_api.bank import Bank, open_bank
from tests.integration.ledger_api.books import Books, open_books
from tests.integration.ledger_api.shelves import SHELVES, Shelf
from tests.integration.ledger_api.till import Till, open_till
from tests.support.world import Client, World


@pytest.fixture
def client(world: World) -> Client:
    """A client that has nothing yet."""
    return world.client()


@pytest.fixture
def books(client: Client) -> Books:
    """The client's books: an organization, and a ledger without assets."""
    return open_books(client)


@pytest.fixture
def till(books: Books) -> Till:
    """The same with an asset, BRL, and no accounts but its external one."""
    return open_till(books)


@pytest.fixture
def shelf(client: Client, request: pytest.FixtureRequest) -> Shelf:
    """An empty list of the resource that the test is for."""
    return SHELVES[request.param](client)


@pytest.fixture
def bank(client: Client) -> Bank:
    """The client's bank."""
    return open_bank(client)
