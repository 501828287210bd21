"""What every test's log is held to; and what tests of the built or deployed template share, which no other touches."""

import fcntl
import socket
from collections.abc import Generator, Iterator

import pytest

from local.home import PROJECT, Home
from tests.support.logs import watched


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Nothing that a fixture lets the handlers log holds a token, a secret, or what a caller wrote."""
    with watched():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Nor does anything that a test does."""
    with watched():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Nor what is done when it is over."""
    with watched():
        return (yield)


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
