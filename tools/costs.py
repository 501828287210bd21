"""What each endpoint costs: calls to the table, read units and write units, against a committed floor.

    python -m tools.costs            prints them and a payment's bytes, and fails when one differs from the floor
    python -m tools.costs --accept   makes what is measured the floor

The units are those that DynamoDB reports; here they come from the in-memory stand-in that the tests use, which follows
the published rules for item sizes.
"""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3
from moto import mock_aws

from coffer.api.log import logger
from tests.support.dynamodb.sizes import item_size
from tests.support.dynamodb.values import checked_item
from tests.support.world import Answer, Call, World
from tools.endpoints import endpoints
from tools.scenarios import SCENARIOS, Scene

FLOOR = Path(__file__).parent / "costs.json"
PAYMENT = "transactions.create_json, with a key"
"""The scenario that all the others are measured by: two legs and an idempotency key."""


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
        return {name: cost(calls_of(name, World(kms=kms))) for name in SCENARIOS}


def calls_of(name: str, world: World) -> list[Call]:
    """The calls to the table that a scenario's request makes; AssertionError if it is answered otherwise."""
    status, scene = SCENARIOS[name]
    request = scene(Scene(world, world.client()))
    world.recorder.calls.clear()
    answer = request()
    answered = answer.status if isinstance(answer, Answer) else None
    if answered != status:
        raise AssertionError(f"{name} was answered {answered}, not {status}")
    return world.recorder.calls


def sizes(calls: list[Call]) -> list[int]:
    """Bytes of the items that some calls put, in their order: up to 1,024 of them are written as one."""
    actions = [action for call in calls for action in call.request.get("TransactItems", [])]
    return [item_size(checked_item(action["Put"]["Item"])) for action in actions if "Put" in action]


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
    record, *entries = sizes(calls_of(PAYMENT, World()))
    print(f"\n{PAYMENT}: a record of {record} bytes, entries of {' and '.join(map(str, entries))} bytes")
    if arguments == ["--accept"]:
        FLOOR.write_text(json.dumps({name: asdict(each) for name, each in measured.items()}, indent=2) + "\n")
        return 0
    problems = [f"{name}: no scenario measures it" for name in missing()] + differences(measured, read_floor())
    print("\n".join(["", *problems] if problems else ["", "All as the floor says."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
