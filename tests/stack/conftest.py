"""The deployed template on an emulator of its own, beside a developer's: everything below this folder may use it.

Tests elsewhere need neither the emulator nor SAM.
"""

import shutil
import socket
from collections.abc import Iterator

import httpx
import pytest

from local.home import PROJECT, Home
from local.stack import Stack, down, up


@pytest.fixture(scope="session")
def home() -> Home:
    """Where the tests' stack lives: its build is kept from one session to the next, its port is a free one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Home(PROJECT / ".local" / "test", probe.getsockname()[1])


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[Stack]:
    """The whole stack, as `make up` brings it up, with nothing stored."""
    down(home)  # what an aborted session may have left
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
