"""The four stores that the contract is held against, each with an empty table of the template's definition."""

from __future__ import annotations

import gc
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from botocore.config import Config
from moto import mock_aws

from local.emulator import Emulator
from local.home import REGION, Home
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.template import table_definition

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1}, max_pool_connections=32)
"""As Coffer's own client: what may be repeated is not botocore's to decide."""


@dataclass(frozen=True, slots=True)
class Store:
    """A client, and its table."""

    client: DynamoDBClient
    table: str


@contextmanager
def fake() -> Iterator[Store]:
    """The in-memory stand-in of these tests."""
    table = FakeDynamoDB(table_definition())
    yield Store(table.client, table.table)


@contextmanager
def moto() -> Iterator[Store]:
    """moto, in this process."""
    with mock_aws():
        yield from _with_table(boto3.client("dynamodb", region_name=REGION))


@contextmanager
def ministack() -> Iterator[Store]:
    """MiniStack over HTTP: the one at `COFFER_EMULATOR_URL`, or one that lives as long as these tests."""
    if endpoint := os.environ.get("COFFER_EMULATOR_URL"):
        yield from _with_table(_emulated(endpoint))
        return
    with TemporaryDirectory() as folder:
        home = Home(Path(folder), _free_port())
        emulator = Emulator(home)
        with warnings.catch_warnings():
            # It is made to outlive whoever starts it: that its process goes on is no leak.
            warnings.simplefilter("ignore", ResourceWarning)
            emulator.start()
            gc.collect()
        try:
            yield from _with_table(_emulated(home.endpoint))
        finally:
            emulator.stop()


@contextmanager
def aws() -> Iterator[Store]:
    """The service itself, with the credentials and the region of the environment."""
    yield from _with_table(boto3.client("dynamodb", config=_ONCE))


ON_AWS = os.environ.get("COFFER_AWS_CONTRACT") == "1"
"""Whether the contract is held against the service too. That creates a table there, for some minutes."""

STORES: dict[str, Callable[[], AbstractContextManager[Store]]] = {
    "fake": fake,
    "moto": moto,
    "ministack": ministack,
    **({"aws": aws} if ON_AWS else {}),
}


def _with_table(client: DynamoDBClient) -> Iterator[Store]:
    table = f"coffer-contract-{uuid4()}"
    definition: Any = table_definition()
    client.create_table(TableName=table, **definition)
    try:
        client.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
        yield Store(client, table)
    finally:
        client.delete_table(TableName=table)


def _emulated(endpoint: str) -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=_ONCE,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
