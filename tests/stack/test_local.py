"""The stack on this machine: it keeps what it was given, does nothing twice, and says in one line what is wrong."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local.containers import contained, environment, invoke
from local.home import PROJECT, Home, tool
from local.problem import Problem
from local.stack import Stack, up
from local.walk import walk


def test_requests_reach_the_functions_through_the_gateway(stack: Stack) -> None:
    assert httpx.get(f"{stack.base_url}/health", timeout=60).status_code == httpx.codes.OK


def test_a_route_with_a_token_asks_the_authorizer(stack: Stack) -> None:
    organizations = f"{stack.base_url}/v1/organizations"
    assert httpx.get(organizations, timeout=60).json() == {"message": "Unauthorized"}
    refused = httpx.get(organizations, headers={"Authorization": "Bearer x"}, timeout=60)
    assert refused.json()["code"] == "0042"


def test_another_up_builds_and_deploys_nothing(stack: Stack, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    again = up(home)
    assert (again.base_url, again.access) == (stack.base_url, stack.access)
    assert [line.split("…")[0].strip() for line in capsys.readouterr().out.splitlines()] == ["starting the emulator"]


def test_the_walk_shows_every_call_and_no_secret(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    walk(stack.base_url, stack.access)
    shown = capsys.readouterr().out
    for method in ("POST", "GET", "PATCH", "DELETE"):
        assert f"\n{method} /v1/organizations/" in shown
    assert "    X-Idempotency-Replayed: true\n" in shown
    assert '{"alias": "@shop", "assetCode": "BRL", "available": "55", "onHold": "0"}\n' in shown
    assert stack.access.api_secret not in shown
    assert stack.access.api_key not in shown


def test_an_operators_refusal_is_a_problem_with_its_reason(stack: Stack) -> None:
    with pytest.raises(Problem, match=r"CreateApiKeyFunction failed: .*not a client's id"):
        stack.invoke("CreateApiKeyFunction", {"client_id": "nobody"})


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "local", "up", "--directory", str(tmp_path), "--port", str(port)]
        failed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert failed.stderr == f"error: port {port} is taken: stop what listens there, or choose another with `PORT=…`\n"


def test_a_stack_that_runs_elsewhere_is_not_started_again(stack: Stack, home: Home) -> None:
    assert stack.base_url.startswith(home.endpoint)
    with pytest.raises(Problem, match=f"already runs, on port {home.port}"):
        up(Home(home.folder, home.port + 1))


def test_a_function_gets_in_a_container_what_it_is_deployed_with(stack: Stack, home: Home) -> None:
    assert stack.base_url
    name = "PublishSigningKeyFunction"
    variables = environment(home, name)
    assert variables["AWS_ENDPOINT_URL"] == f"http://host.docker.internal:{home.port}"
    assert variables["TABLE_NAME"] == stack.cloud.table().table
    assert variables["SIGNING_KEY_ARN"].startswith("arn:aws:kms:")
    template = json.loads(contained(home, name, variables).read_text())
    assert template["Globals"]["Function"]["Environment"]["Variables"] == variables
    function = template["Resources"][name]["Properties"]
    assert "Environment" not in function
    assert (home.build / function["CodeUri"]).is_dir()


@pytest.mark.parametrize(
    ("function", "event", "message"),
    [
        ("NobodyFunction", "events/assets/get.json", "NobodyFunction is not deployed here"),
        ("GetAssetFunction", "events/assets/none.json", "there is no event"),
    ],
)
def test_what_cannot_be_invoked_is_told(stack: Stack, home: Home, function: str, event: str, message: str) -> None:
    assert stack.base_url
    with pytest.raises(Problem, match=message):
        invoke(home, function, PROJECT / event)


def test_a_missing_tool_says_how_to_get_it() -> None:
    with pytest.raises(Problem, match="run `make tools`"):
        tool("nothing")
