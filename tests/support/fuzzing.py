"""Schemathesis: asks an address for all that the OpenAPI document describes, and holds the answers to it."""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coffer.auth.metadata import TOKEN_PATH
from local.home import PROJECT
from tests.support.world import find
from tools.openapi.__main__ import DOCUMENT
from tools.openapi.document import operations

CONFIGURATION = PROJECT / "tests" / "schemathesis.toml"

_PATH = "/v1/organizations/{organization_id}"
_NOT_SERVED = {
    f"DELETE {_PATH}": "the one that is empty has got ledgers by then",
    f"DELETE {_PATH}/ledgers/{{ledger_id}}/balances/{{balance_id}}": "what is there to delete went with its account",
    f"POST {_PATH}/ledgers/{{ledger_id}}/transactions/{{transaction_id}}/commit": "what is pending was canceled before",
    f"POST {TOKEN_PATH}": "API keys and their secrets are made up, too",
}
"""Operations whose requests may all be refused, most of them for what others have done; every other one is served."""

# A process of its own: as a plugin of pytest it would take a second of every worker's start.
_COMMAND = Path(".venv", "bin", "schemathesis")


def fuzz(
    url: str,
    token: str,
    folder: Path,
    *,
    phases: Sequence[str],
    examples: int,
    without: Sequence[str] = (),
    not_served: Iterable[str] = (),
) -> None:
    """AssertionError, with what was asked and answered, unless every answer is as the document says.

    That a refusal is documented says little: so nearly every operation must have been served, too, and nobody refused
    for want of the token who sent it. `examples` is the most that are made up for an operation, `without` names checks
    that are not made (the reasons for those that never are stand in the configuration), `not_served` operations that
    may be refused here. `folder` is for what the run leaves.
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
        f"--report-har-path={folder / 'har.json'}",
        "--output-sanitize=false",
        *([f"--exclude-checks={','.join(without)}"] if without else []),
    ]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"COFFER_TOKEN": token}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"Tested: (\d+)", done.stdout) == [str(len(operations()))], done.stdout
    asked = list(_asked(folder / "har.json", url))
    refused = {each.operation for each in asked if each.status == 401 and each.authorization == f"Bearer {token}"}
    assert refused <= {f"POST {TOKEN_PATH}"}
    served = {each.operation for each in asked if each.status < 300}
    unserved = {f"{each.declaration.method} {each.declaration.path}" for each in operations()} - served
    assert unserved - _NOT_SERVED.keys() - {*not_served} == set()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, and the status of its answer."""

    operation: str
    authorization: str | None
    status: int


def _asked(har: Path, url: str) -> Iterator[_Asked]:
    """What was asked below an address, by Schemathesis's own record (HTTP Archive)."""
    for entry in json.loads(har.read_text())["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        declared = find(request["method"], request["url"].removeprefix(url).partition("?")[0])[0].declaration
        headers = {header["name"].lower(): header["value"] for header in request["headers"]}
        yield _Asked(f"{declared.method} {declared.path}", headers.get("authorization"), response["status"])
