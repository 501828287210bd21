"""What a function does while it starts: in Lambda everything that a request needs, elsewhere nothing."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tools.endpoints import ROOT

SAY = """
import gc, json
import functions.{module}
from coffer.api.runtime import production
print(json.dumps([production.cache_info().currsize, gc.isenabled(), gc.get_freeze_count() > 0]))
"""

LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": "coffer",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TABLE_NAME": "coffer",
    "AUDIENCE": "coffer",
    "ISSUER": "",
}


def started(module: str, environment: dict[str, str]) -> Any:  # noqa: ANN401 -- what was printed
    """Runtimes that were made, whether garbage is collected, and whether what is there is left alone."""
    command = [sys.executable, "-W", "error", "-c", SAY.format(module=module)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=inherited | environment, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", ["assets.get", "operators.create_client", "auth.authorizer"])
def test_in_lambda_the_client_is_made_before_the_first_request_and_garbage_collected_again(module: str) -> None:
    assert started(module, LAMBDA) == [1, True, True]


def test_elsewhere_importing_a_function_does_nothing() -> None:
    assert started("assets.get", {}) == [0, True, False]
