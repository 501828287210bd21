"""What each endpoint costs: calls to the table, read units and write units, against a committed floor.

    python -m tools.costs            prints them, and fails when one differs from the floor
    python -m tools.costs --accept   makes what is measured the floor

The units are those that DynamoDB reports; here they come from the in-memory stand-in that the tests use, which follows
the published rules for item sizes.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3
from moto import mock_aws

from coffer.api.log import logger
from tests.support.world import Answer, Call, World
from tools.endpoints import endpoints
from tools.scenarios import SCENARIOS, Scene

FLOOR = Path(__file__).parent / "costs.json"


@dataclass(frozen=True, slots=True)
class Cost:
    """The table's part of one request: a read unit is 4 KB read strongly consistent, a write unit 1 KB written."""

    calls: int
    read_units: float
    write_units: float


def cost(calls: list[Call]) -> Cost:
    """The cost of some calls."""
    written = [call for call in calls if call.operation == "transact_write_items"]
    return Cost(
        calls=len(calls),
        read_units=sum(call.units for call in calls if call not in written),
        write_units=sum(call.units for call in written),
    )


def measure() -> dict[str, Cost]:
    """The cost of every scenario, each in a world of its own; AssertionError if one is answered otherwise."""
    with mock_aws():
        kms = boto3.client("kms", region_name="eu-central-1")
        return {name: _measured(name, status, scene, World(kms=kms)) for name, (status, scene) in SCENARIOS.items()}


def _measured(name: str, status: int | None, scene: Callable[[Scene], Callable[[], object]], world: World) -> Cost:
    request = scene(Scene(world, world.client()))
    world.recorder.calls.clear()
    answer = request()
    answered = answer.status if isinstance(answer, Answer) else None
    if answered != status:
        raise AssertionError(f"{name} was answered {answered}, not {status}")
    return cost(world.recorder.calls)


def missing() -> list[str]:
    """The endpoints that no scenario measures."""
    measured = {name.partition(",")[0] for name in SCENARIOS}
    return [name for folder, module, _ in endpoints() if (name := f"{folder}.{module}") not in measured]


def differences(measured: Mapping[str, Cost], floor: Mapping[str, Cost]) -> list[str]:
    """Where the measured costs are not the floor, in words."""
    return [
        f"{name}: measured {measured.get(name, 'nothing')}, the floor is {floor.get(name, 'not set')}"
        for name in sorted({*measured, *floor})
        if measured.get(name) != floor.get(name)
    ]


def read_floor() -> dict[str, Cost]:
    """The committed floor."""
    return {name: Cost(**values) for name, values in json.loads(FLOOR.read_text()).items()}


def main(arguments: list[str]) -> int:
    """Print, compare, and say how it went as an exit code."""
    logger.setLevel(logging.CRITICAL)
    measured = measure()
    width = max(map(len, measured))
    print(f"{'endpoint':{width}}  calls  read units  write units")
    for name, each in measured.items():
        print(f"{name:{width}}  {each.calls:5}  {each.read_units:10g}  {each.write_units:11g}")
    if arguments == ["--accept"]:
        FLOOR.write_text(json.dumps({name: asdict(each) for name, each in measured.items()}, indent=2) + "\n")
        return 0
    problems = [f"{name}: no scenario measures it" for name in missing()] + differences(measured, read_floor())
    print("\n".join(["", *problems] if problems else ["", "All as the floor says."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
