"""The deployed template on an emulator of its own, beside a developer's: everything below this folder may use it.

Tests elsewhere need neither the emulator nor SAM.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import httpx
import pytest

from local.home import Home
from local.stack import Access, Stack, down, up
from tests.stack.books import Books, connected, open_books
from tests.stack.log import found, logged


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[Stack]:
    """The whole stack, as `make up` brings it up, with nothing stored. At the end all that was logged is looked at."""
    down(home)  # what an aborted session has left
    shutil.rmtree(home.folder / "state", ignore_errors=True)
    try:
        yield up(home)
        wrong = list(found(logged(home)))
    finally:
        down(home)
    assert not wrong, "the log holds " + "\n".join(wrong)


@dataclass(frozen=True, slots=True)
class Leaver:
    """A client whose key was revoked when its token was known to be good, and when that was, by the monotonic clock."""

    access: Access
    token: str
    revoked: float


@pytest.fixture(scope="session", autouse=True)
def leaver(stack: Stack) -> Leaver:
    """It leaves before all tests: the gateway keeps a verdict for a minute, which nobody has to wait for."""
    access = stack.new_access("Leaver")
    token = stack.token(access)
    headers = {"Authorization": f"Bearer {token}"}
    httpx.get(f"{stack.base_url}/v1/organizations", headers=headers, timeout=60).raise_for_status()
    stack.invoke("RevokeApiKeyFunction", {"api_key": access.api_key})
    return Leaver(access, token, monotonic())


@pytest.fixture
def access(stack: Stack) -> Access:
    """A new client of the stack, of its own, so that no test sees what another stored."""
    return stack.new_access("Test")


@pytest.fixture
def client(stack: Stack, access: Access) -> Iterator[httpx.Client]:
    """That client, which may do everything: requests carry its token, paths stand below the API's address."""
    with connected(stack, access) as client:
        yield client


@pytest.fixture
def books(client: httpx.Client) -> Books:
    """A ledger of that client, with an asset."""
    return open_books(client)
