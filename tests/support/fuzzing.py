"""Schemathesis: asks an address for all that the OpenAPI document describes, and holds the answers to it."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local.home import PROJECT
from tools.openapi.__main__ import DOCUMENT
from tools.openapi.document import operations

CONFIGURATION = PROJECT / "tests" / "schemathesis.toml"

# A process of its own: as a plugin of pytest it would take a second of every worker's start.
_COMMAND = Path(".venv", "bin", "schemathesis")


def fuzz(
    url: str, token: str, folder: Path, *, phases: Sequence[str], examples: int, without: Sequence[str] = ()
) -> None:
    """AssertionError, with what was asked and answered, unless every answer is as the document says.

    `examples` is the most that are made up for an operation, `without` names checks that are not made; the reasons for
    those that never are stand in the configuration. `folder` is for what the run leaves.
    """
    command = [
        str(PROJECT / _COMMAND),
        f"--config-file={CONFIGURATION}",
        "run",
        str(DOCUMENT),
        f"--url={url}",
        f"--phases={','.join(phases)}",
        f"--max-examples={examples}",
        "--no-color",
        *([f"--exclude-checks={','.join(without)}"] if without else []),
    ]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"COFFER_TOKEN": token}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"Tested: (\d+)", done.stdout) == [str(len(operations()))], done.stdout
