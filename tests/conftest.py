"""What tests of the built or deployed template share; no other test touches it."""

import fcntl
import socket
from collections.abc import Iterator

import pytest

from local.home import PROJECT, Home


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    """Where the tests build and run the stack: a folder whose build is kept for the next session, and a free port.

    For one session at a time: another one waits here until this has ended.
    """
    folder = PROJECT / ".local" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "session.lock").open("w") as session:
        fcntl.flock(session, fcntl.LOCK_EX)
        yield Home(folder, _free_port())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
