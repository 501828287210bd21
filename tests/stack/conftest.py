"""The deployed template on an emulator of its own, beside a developer's: everything below this folder may use it.

Tests elsewhere need neither the emulator nor SAM.
"""

import shutil
from collections.abc import Iterator

import httpx
import pytest

from local.home import Home
from local.stack import Stack, down, up


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[Stack]:
    """The whole stack, as `make up` brings it up, with nothing stored."""
    down(home)  # what an aborted session has left
    shutil.rmtree(home.folder / "state", ignore_errors=True)
    try:
        yield up(home)
    finally:
        down(home)


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    """A new client of the stack that may do everything: requests carry its token, paths stand below the API's address.

    Of its own, so that no test sees what another stored.
    """
    token = stack.token(stack.new_access("Test"))
    with httpx.Client(base_url=stack.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        yield client
