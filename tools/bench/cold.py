"""Cold starts: from the start of a process to the function's first answer, as Lambda would have it.

The real runtime interface client runs the function as `sam build` made it, the layers on its path as in Lambda, between
a Runtime API and a table that stand beside it. The table is behind TLS, as AWS's is: each connection makes a handshake,
and reads the certificates of all authorities that the function's botocore trusts, to which the table's is added.

Each start is measured in turns with two floors: an empty function that makes boto3's client, and one that also reads an
item. Their boto3 is the published one, compiled.

What counts is the processor time of the process: a cold start does little else than compute, and whoever else uses this
machine does not count. The elapsed time is printed beside it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.build import build
from local.home import PROJECT, REGION, Home
from local.problem import Problem
from tests.support.samples import SIGNING_KEY_ARN, sample_event, sample_world
from tests.support.template import resources
from tools.bench.ratios import Goal, ratio, table
from tools.bench.runtime_api import PATIENCE, RuntimeApi, runtime_api
from tools.bench.services import Services, services

HOME = Home(folder=PROJECT / ".local" / "bench")
RUNTIME = PROJECT / ".tools" / "runtime"
"""What Lambda has in /var/runtime: the runtime interface client and a boto3 (`make bench` makes it)."""
FLOORS = Path(__file__).parent / "floors"
GOALS = Goal(1.35, "processor time, as a multiple of the empty function's,"), Goal(1.35, "… of the one that reads,")
ONLY_REPORTED = {"auth/authorizer", "auth/access_token"}
"""They load cryptography and sign: they have no goal."""
FUNCTIONS_PER_FLOOR = 4


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it is built: its place in the sources, its folder, its handler's module, and its layers."""

    name: str
    folder: Path
    layers: Sequence[Path]

    @property
    def module(self) -> str:
        """The handler's module."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Start:
    """What one start took until it had answered: seconds elapsed, and of a processor's time, and calls of services."""

    elapsed: float
    cpu: float
    calls: int


EMPTY = Function("floors/empty", FLOORS, ())
ONE_READ = Function("floors/one_read", FLOORS, ())


def built_functions(template: Path) -> Iterator[Function]:
    """Every function of a built template, in its order."""
    content: dict[str, Any] = yaml.safe_load(template.read_text())
    shared = content["Globals"]["Function"]["Layers"]
    sources = {name: resource["Properties"] for name, resource in resources().items()}
    for name, resource in content["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            layers = [template.parent / layer["Ref"] / "python" for layer in [*shared, *properties.get("Layers", [])]]
            module = properties["Handler"].removesuffix(".handler")
            folder = str(sources[name]["CodeUri"]).removeprefix("functions/")
            yield Function(f"{folder}/{module}", template.parent / properties["CodeUri"], layers)


def bundle(function: Function, certificate: str, folder: Path) -> Path:
    """The certificates that a function's botocore comes with, and one more, in a file in this folder."""
    places = [layer / "botocore" / "cacert.pem" for layer in [*function.layers, RUNTIME]]
    shipped = next(place for place in places if place.exists())
    file = folder / "cacert.pem"
    file.write_text(shipped.read_text() + certificate)
    return file


def environment(function: Function, api: str, endpoint: str, authorities: Path) -> dict[str, str]:
    """What a function's process gets: Lambda's variables and the template's, and nothing of this machine's."""
    globals_: Mapping[str, Any] = yaml.safe_load((HOME.template).read_text())["Globals"]["Function"]
    told = {
        name: str(value) for name, value in globals_["Environment"]["Variables"].items() if not isinstance(value, dict)
    }
    return told | {
        "AWS_LAMBDA_RUNTIME_API": api,
        "AWS_LAMBDA_FUNCTION_NAME": function.module,
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CA_BUNDLE": str(authorities),
        "LANG": "en_US.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, [function.folder, *function.layers, RUNTIME])),
        "TABLE_NAME": "coffer",
        "AUDIENCE": "coffer",
        "ISSUER": "https://coffer.example",
        "LOG_LEVEL": "INFO",
        "SIGNING_KEY_ARN": SIGNING_KEY_ARN,
    }


def start(function: Function, event: Mapping[str, Any], api: RuntimeApi, at: Services) -> Start:
    """Start a function, have it answer an event, and end it; Problem when it doesn't answer."""
    invocation = api.expect(event)
    # Neither this project's environment nor bytecode that is written on the way: what was built is what runs.
    command = [_interpreter(), "-S", "-B", "-m", "awslambdaric", f"{function.module}.handler"]
    authorities = bundle(function, at.certificate, HOME.build)
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        command,
        env=environment(function, api.address, at.address, authorities),
        cwd=function.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    answered = invocation.answered.wait(PATIENCE)
    os.kill(process.pid, signal.SIGKILL)  # `process.kill` would reap one that is dead, and its times with it
    _, _, usage = os.wait4(process.pid, 0)
    invocation.over.set()
    process.returncode = 0  # it was waited for
    if not answered or invocation.failed:
        raise Problem(f"{function.name} has not answered: {invocation.path} {invocation.answer.decode()}")
    return Start(elapsed=invocation.answered_at - begun, cpu=usage.ru_utime + usage.ru_stime, calls=len(at.asked))


def measure(functions: Sequence[Function], rounds: int) -> Mapping[str, list[Start]]:
    """So many starts of each function, and of the floors in turns with them."""
    events: dict[str, Mapping[str, Any]] = {EMPTY.name: {}, ONE_READ.name: {}}
    events |= {function.name: sample_event(*function.name.split("/")) for function in functions}
    starts: dict[str, list[Start]] = {name: [] for name in events}
    with runtime_api() as api, services() as at:
        for round_ in range(rounds + 1):
            for number, function in enumerate(functions):
                floors = [EMPTY, ONE_READ] if number % FUNCTIONS_PER_FLOOR == 0 else []
                for each in [*floors, function]:
                    at.answer_from(sample_world())
                    started = start(each, events[each.name], api, at)
                    if round_:  # the first one brings everything into the page cache
                        starts[each.name].append(started)
    return starts


def report(starts: Mapping[str, Sequence[Start]]) -> str:
    """A table of all functions, slowest first, and how many meet the goal."""
    measured = {name: each for name, each in starts.items() if name not in {EMPTY.name, ONE_READ.name}}

    def ratios(part: str, floor: Function) -> dict[str, float]:
        below = [getattr(each, part) for each in starts[floor.name]]
        return {name: ratio([getattr(one, part) for one in each], below) for name, each in measured.items()}

    columns = [ratios(part, floor) for part in ("cpu", "elapsed") for floor in (EMPTY, ONE_READ)]
    rows = [
        [name, *(f"{column[name]:.2f}" for column in columns), str(max(each.calls for each in measured[name]))]
        for name in sorted(measured, key=lambda name: -columns[0][name])
    ]
    lines = [table(["function", "processor", "/ one read's", "elapsed", "/ one read's", "calls"], rows), ""]
    for goal, column in zip(GOALS, columns, strict=False):
        lines.append(goal.verdict({name: each for name, each in column.items() if name not in ONLY_REPORTED}))
    return "\n".join(lines)


def main(only: str, rounds: int) -> str:
    """Build for this machine, measure the functions whose names begin with `only`, and report."""
    if not RUNTIME.exists():
        raise Problem("Lambda's runtime is not here: run `make bench`")
    build(HOME)
    functions = [function for function in built_functions(HOME.template) if function.name.startswith(only)]
    return report(measure(functions, rounds))


def _interpreter() -> str:
    """The Python below this project's environment."""
    return str(getattr(sys, "_base_executable", sys.executable))
