"""A function in a container, as `sam local invoke` runs it, on the emulator's table: for whoever has Docker."""

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from local.build import architecture
from local.cloud import Cloud
from local.home import PROJECT, Home, tool
from local.problem import Problem

_HOST = "host.docker.internal"
"""This machine, as a container calls it."""


def invoke(home: Home, function: str, event: Path) -> None:
    """Run a deployed function once; Problem when there is no such function or event, or Docker fails."""
    if not event.is_file():
        raise Problem(f"there is no event {event}: the samples are events/<folder>/<module>.json")
    variables = environment(home, function)
    template = contained(home, function, variables)
    command: list[str | Path] = [tool("sam"), "local", "invoke", function]
    command += ["--template-file", template, "--event", event.resolve()]
    command += ["--add-host", f"{_HOST}:host-gateway", "--skip-pull-image"]
    # SAM prefers the values of its own environment.
    if subprocess.run(command, cwd=PROJECT, env=home.environment() | variables, check=False).returncode:
        raise Problem(f"SAM couldn't invoke {function}")


def environment(home: Home, function: str) -> dict[str, str]:
    """The variables that a function is deployed with, and where its container finds the emulator; Problem if none."""
    template = _built(home)
    if function not in template.get("Resources", {}):
        raise Problem(f"{function} is not deployed here: `make up` deploys the functions of template.yaml")
    return Cloud(home).environment(function) | {"AWS_ENDPOINT_URL": f"http://{_HOST}:{home.port}"}


def contained(home: Home, function: str, variables: dict[str, str]) -> Path:
    """The built template with a function's variables, beside it: SAM sets none that the template hasn't got."""
    template = _built(home)
    settings = template["Globals"]["Function"]
    settings["Architectures"] = [architecture()]
    settings["Environment"]["Variables"] = variables
    template["Resources"][function]["Properties"].pop("Environment", None)
    path = home.build / "containers.json"
    path.write_text(json.dumps(template))
    return path


def _built(home: Home) -> dict[str, Any]:
    return yaml.safe_load(home.template.read_text()) if home.template.exists() else {}
