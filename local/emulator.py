"""The AWS emulator as a background process of this machine, with its state on disk."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from local.home import LOOPBACK, REGION, Home, last_line, tool
from local.problem import Problem

_START_SECONDS = 60
_STOP_SECONDS = 60
_POLL_SECONDS = 0.05
_REMOVED_TOGETHER = 16


class Emulator:
    """One MiniStack for one Home.

    Whether it runs is told by a lock that its process holds for as long as it lives: unlike a process id in a file, a
    lock can't outlive its owner or come to mean another process.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = home.folder / "emulator.lock"
        self._log = home.folder / "emulator.log"
        self._workers = home.folder / "workers"

    def is_running(self) -> bool:
        """Whether the process lives, answering or not."""
        with self._locked() as lock:
            return lock is None

    def start(self) -> bool:
        """Start the emulator unless it runs; whether it was started.

        Returns once it answers. Problem when it can't: its port is taken, it runs on another port, or it ended.
        """
        program = tool("ministack")
        with self._locked() as lock:
            if lock is None:
                self._insist_on_port()
                return False
            if _answers(self._home.port):
                raise Problem(
                    f"port {self._home.port} is taken: stop what listens there, or choose another with `PORT=…`"
                )
            self._workers.mkdir(parents=True, exist_ok=True)
            spawned = subprocess.run(
                # Through a shell that ends at once, so that the emulator is nobody's child and outlives us.
                ["/bin/sh", "-c", '"$0" >"$1" 2>&1 </dev/null & echo $!', program, self._log],
                env=self._environment(),
                start_new_session=True,  # Ctrl-C at the terminal must not reach it: it is told to stop, and saves
                pass_fds=[lock],
                capture_output=True,
                check=True,
            )
            os.ftruncate(lock, 0)
            os.pwrite(lock, b"%d %d" % (int(spawned.stdout), self._home.port), 0)
        self._wait_until_ready()
        return True

    def stop(self) -> bool:
        """Let the emulator save its state and end; whether there was one to stop."""
        if not self.is_running():
            self._clear_workers()
            return False
        process, _ = self._owner()
        os.kill(process, signal.SIGTERM)  # state is saved on SIGTERM, and on nothing else
        deadline = time.monotonic() + _STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                raise Problem(f"the emulator (process {process}) doesn't stop: see {self._log}")
            time.sleep(_POLL_SECONDS)
        self._clear_workers()
        return True

    def wait(self) -> None:
        """Return when the emulator has ended."""
        with self._lock.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)

    @contextmanager
    def _locked(self) -> Iterator[int | None]:
        """The lock's descriptor, held; None while the emulator holds it."""
        self._home.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
            else:
                yield lock
        finally:
            os.close(lock)

    def _owner(self) -> tuple[int, int]:
        """The running emulator's process id and port."""
        process, port = self._lock.read_text().split()
        return int(process), int(port)

    def _insist_on_port(self) -> None:
        _, port = self._owner()
        if port != self._home.port:
            raise Problem(f"the stack already runs, on port {port}: `make down` first, or `PORT={port}`")

    def _environment(self) -> dict[str, str]:
        """Little of ours, for every Lambda worker inherits it."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home.folder),
            "TMPDIR": str(self._workers),  # each worker unzips its layers here and leaves them
            "GATEWAY_PORT": str(self._home.port),
            "BIND_HOST": self._home.interface,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._home.folder / "state"),
            "S3_DATA_DIR": str(self._home.folder / "s3"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self.is_running() and time.monotonic() < deadline:
            if _is_ready(self._home.endpoint):
                return
            time.sleep(_POLL_SECONDS)
        self.stop()
        raise Problem(f"the emulator didn't start: {last_line(self._log)} (all of it: {self._log})")

    def _clear_workers(self) -> None:
        """Remove what the workers unzipped, thousands of files each: some file systems make each of them wait."""
        with ThreadPoolExecutor(_REMOVED_TOGETHER) as pool:
            for folder in self._workers.glob("*"):
                pool.submit(shutil.rmtree, folder, ignore_errors=True)
        shutil.rmtree(self._workers, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _is_ready(endpoint: str) -> bool:
    try:
        return httpx.get(f"{endpoint}/_ministack/ready", timeout=2).is_success
    except httpx.TransportError:
        return False
