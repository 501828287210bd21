"""Unit tests reach nothing outside their process."""

import pytest


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """A test that opens a socket fails, with pytest-socket's `SocketBlockedError`."""
