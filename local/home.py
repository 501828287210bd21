"""Where a stack keeps its things, and how its processes are called."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.problem import Problem

PROJECT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
DEFAULT_PORT = 4566
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Home:
    """A stack's folder and port; two that differ in both run side by side.

    `interface` is where its emulator listens: the loopback, unless containers of a Linux host are to reach it.
    """

    folder: Path = PROJECT / ".local"
    port: int = DEFAULT_PORT
    interface: str = LOOPBACK

    @property
    def endpoint(self) -> str:
        """The emulator's address, as `AWS_ENDPOINT_URL` takes it."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def build(self) -> Path:
        """What `sam build` makes."""
        return self.folder / "build"

    @property
    def template(self) -> Path:
        """The built template."""
        return self.build / "template.yaml"

    @property
    def access(self) -> Path:
        """Address and credentials of the running stack, as JSON."""
        return self.folder / "stack.json"

    def environment(self) -> dict[str, str]:
        """What a process that talks to the emulator gets: nobody's real AWS profile, credentials or endpoint."""
        return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")} | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # SAM looks for python3.13
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "SAM_CLI_POLL_DELAY": "0.2",  # seconds; what it waits between its questions to the real CloudFormation is 5
            "SAM_CLI_TELEMETRY": "0",
        }


def tool(name: str) -> Path:
    """A program that `make tools` installs; Problem when it isn't there."""
    path = PROJECT / ".tools" / "bin" / name
    if not path.exists():
        raise Problem(f"{name} is not installed here: run `make tools`")
    return path


def run(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> None:
    """Run `command` in the project's folder, its output into `log`; Problem, with the last line of it, if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if done.returncode:
        raise Problem(f"{Path(command[0]).name} {command[1]} failed: {last_line(log)} (all of it: {log})")


def last_line(log: Path) -> str:
    """The last line of a log that says something."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
