"""Where tests of the endpoints keep their data: in the in-memory fake, or in moto."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.support.template import table_definition
from tests.support.world import World

type Everything = Callable[[], Mapping[Any, Any]]
"""Gives the whole table by its keys, to compare it with what it is later."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A world, and a look at the whole of its table."""

    world: World
    everything: Everything


on_every_store = pytest.mark.parametrize("stage", ["fake", "moto"], indirect=True)
"""Marks tests to run on moto too: for those that say most, for it is slow."""


@contextmanager
def fake() -> Iterator[Stage]:
    """The in-memory stand-in."""
    world = World()
    yield Stage(world, world.fake.snapshot)


@contextmanager
def moto() -> Iterator[Stage]:
    """moto, with a table of the template's definition."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        world = World(client)
        definition: Any = table_definition()
        client.create_table(TableName=world.fake.table, **definition)

        def everything() -> Mapping[Any, Any]:
            items = client.scan(TableName=world.fake.table)["Items"]
            return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}

        yield Stage(world, everything)


STORES = {"fake": fake, "moto": moto}
