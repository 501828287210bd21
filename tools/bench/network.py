"""What the network takes of a processor for each call: sockets and TLS, which `tools.bench.warm` leaves out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from coffer.api.runtime import CLIENT
from local.home import REGION
from tests.support.samples import sample_world
from tools.bench import warm
from tools.bench.services import services

CALL = {"TableName": "coffer", "Key": {"pk": {"S": "nothing"}, "sk": {"S": "there"}}}
CALLS = 100
"""In each round."""


def milliseconds(rounds: int) -> float:
    """Of a processor's time, for one call on a connection that is open: with TLS, less the same without a network."""
    wire = warm.Wire({"DynamoDB": sample_world().fake})
    stubbed = warm.client(wire, CLIENT)
    with _served() as (address, certificates):
        session = boto3.Session("bench", "bench", region_name=REGION)
        real = session.client("dynamodb", endpoint_url=address, verify=certificates, config=CLIENT)
        differences = []
        for _ in range(rounds + 1):  # the first one opens the connection
            with_network, without = (_seconds(client) for client in (real, stubbed))
            differences.append((with_network - without) * 1_000)
    return max(0.0, median(differences[1:]))


def _seconds(client: Any) -> float:  # noqa: ANN401 -- a client of boto3's
    begun = time.process_time_ns()
    for _ in range(CALLS):
        client.get_item(**CALL)
    return (time.process_time_ns() - begun) / CALLS / 1e9


@contextmanager
def _served() -> Iterator[tuple[str, str]]:
    """Address and certificates of a table in another process, whose time is not this one's."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        address, certificate = here.recv()
        with TemporaryDirectory() as folder:
            certificates = Path(folder) / "certificates.pem"
            certificates.write_text(certificate)
            yield address, str(certificates)
    finally:
        here.send("end")
        process.join()


def _serve(pipe: Connection) -> None:
    with services() as at:
        at.answer_from(sample_world())
        pipe.send((at.address, at.certificate))
        pipe.recv()
