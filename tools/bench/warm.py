"""Warm requests: the processor's time for one of them, without a network.

Each request is served once over the in-memory table, through boto3's own client, and what went over the wire is kept.
Then the same request is served again and again with the kept answers, in turns with its floors. Each of them is parsing
the event and the same calls: through boto3's client as it comes; through a client as Coffer makes it; and by botocore's
serialiser alone, which sends nothing. The answers come from a handler of botocore's `before-send`, so that nothing but
the network itself is left out. Chance and the clock are kept too, so that every call is the one before.

All of it is done on one processor, for that is what a function has at most that has less than 1,769 MB.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import replace
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import cycle
from pathlib import Path
from secrets import randbits
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.serialize import create_serializer

from coffer.api.endpoint import Endpoint
from coffer.api.log import logger
from coffer.api.runtime import CLIENT, THREADS, Runtime
from coffer.ids import new_id
from coffer.store.table import Connection
from local.home import REGION
from tests.support.world import Answer, Call, Recorder, World
from tools.bench.ratios import Goal, ratio, table
from tools.bench.services import respond
from tools.scenarios import SCENARIOS, Scene

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

OPERATIONS = {
    "two-leg transaction": "transactions.create_json, with a key",
    "the same again": "transactions.create_json, repeated",
    "commit": "transactions.commit",
    "inflow": "transactions.create_inflow",
    "batch of 30": "transactions.create_batch, 30 payments in one write",
    "get a balance": "balances.get",
    "get an asset": "assets.get",
    "wallet transfer": "wallet_transactions.create",
    "deposit": "settlement.create_deposit",
}
"""What is measured, by the names of `tools.scenarios`."""

GOAL = Goal(1.5, "processor time, as a multiple of the same calls' through boto3,")
REPETITIONS = 100
"""Of each request in each round."""


@dataclass(slots=True)
class Wire:
    """Stands where botocore's HTTP client would: first it asks the table, then it answers as it was answered before.

    KeyError for what was not asked then.
    """

    clients: Mapping[str, Any] | None
    kept: dict[tuple[str, bytes], tuple[int, bytes]] = field(default_factory=dict)

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """The answer to a request."""
        target, body = _text(request.headers["X-Amz-Target"]), _bytes(request.body)
        if self.clients is not None:
            self.kept[target, body] = respond(self.clients, target, body)
        status, content = self.kept[target, body]
        headers: Any = {"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(content))}
        return AWSResponse(request.url, status, headers, _Raw(content))


@dataclass(slots=True)
class Kept[Value]:
    """What something gave, and gives again in that order, over and over, once it is closed."""

    source: Callable[..., Value]
    values: list[Value] = field(default_factory=list)
    again: Iterator[Value] | None = None

    def __call__(self, *asked: object) -> Value:
        """The next value."""
        if self.again is None:
            self.values.append(self.source(*asked))
            return self.values[-1]
        return next(self.again)

    def close(self) -> None:
        """From now on nothing new is given."""
        self.again = cycle(self.values)


class _Raw(BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_: object) -> list[bytes]:
        """All of it."""
        return [self.read()]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be served any number of times."""

    event: str
    endpoint: Endpoint
    runtime: Runtime
    calls: Sequence[Call]
    plain: Any
    """boto3's client as it comes."""
    own: Any
    """A client as Coffer makes it."""

    def serve(self) -> str:
        """What Lambda does with a request."""
        return json.dumps(self.endpoint.serve(json.loads(self.event), self.runtime, lambda: 10.0))

    def floors(self) -> Mapping[str, Callable[[], object]]:
        """What it is compared with, the most first."""
        return {
            "boto3's calls": partial(self.call, self.plain),
            "its own calls": partial(self.call, self.own),
            "their serialisation": self.serialise,
        }

    def call(self, client: Any) -> None:  # noqa: ANN401 -- any service's
        """Parse the event, and make the calls."""
        json.loads(self.event)
        for call in self.calls:
            try:
                getattr(client, call.operation)(**call.request)
            except ClientError as error:
                if not call.failed:
                    raise AssertionError(call.operation) from error

    def serialise(self) -> None:
        """Parse the event, and serialise the calls."""
        json.loads(self.event)
        model = self.plain.meta.service_model
        serializer = create_serializer("json")
        for call in self.calls:
            operation = self.plain.meta.method_to_api_mapping[call.operation]
            serializer.serialize_to_request(call.request, model.operation_model(operation))


class _Caught(World):
    """A world that keeps the last event, and the endpoint that it went to."""

    event: Mapping[str, Any]
    endpoint: Endpoint

    def call(self, event: Mapping[str, Any], endpoint: Endpoint) -> Answer:
        self.event, self.endpoint = event, endpoint
        return super().call(event, endpoint)


def prepare(scenario: str) -> Request:
    """A scenario's request, served once; AssertionError if it is answered otherwise than it should be."""
    status, scene = SCENARIOS[scenario]
    world = _Caught()
    request = scene(Scene(world, world.client()))
    wire = Wire({"DynamoDB": world.fake})
    own, plain = client(wire, CLIENT), client(wire, Config())
    recorder = Recorder(own)
    bits, clock = Kept(randbits), Kept(world.clock)
    runtime = replace(world.runtime, clock=clock, new_id=partial(new_id, bits=bits), pause=_no_pause)
    world.runtime = _over(runtime, recorder)
    answer = request()
    if not isinstance(answer, Answer) or answer.status != status:
        raise AssertionError(f"{scenario} was answered {answer}")
    wire.clients = None
    for kept in (bits, clock):
        kept.close()
    return Request(
        event=json.dumps(world.event),
        endpoint=world.endpoint,
        runtime=_over(runtime, own, ThreadPoolExecutor(THREADS)),
        calls=list(recorder.calls),
        plain=plain,
        own=own,
    )


def seconds(work: Callable[[], object], repetitions: int = REPETITIONS) -> float:
    """A processor's time for one repetition, in seconds."""
    gc.collect()
    begun = time.process_time_ns()
    for _ in range(repetitions):
        work()
    return (time.process_time_ns() - begun) / repetitions / 1e9


SERVED = "served"


def measure(rounds: int) -> Mapping[str, Mapping[str, Sequence[float]]]:
    """By operation what serving it took, and in turns with that each of its floors: seconds of a processor's time."""
    requests = {name: prepare(scenario) for name, scenario in OPERATIONS.items()}
    works = {name: {SERVED: request.serve, **request.floors()} for name, request in requests.items()}
    measured: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in requests}
    gc.freeze()  # as a function does once it is loaded: what is here is not looked through again and again
    for round_ in range(rounds + 1):
        for name, work in works.items():
            for what, each in work.items():
                took = seconds(each)
                if round_:  # the first one warms up
                    measured[name][what].append(took)
    return measured


def report(measured: Mapping[str, Mapping[str, Sequence[float]]], calls: Mapping[str, int]) -> str:
    """A table of all operations, and how many meet the goal."""
    ratios = {
        name: {what: ratio(each[SERVED], took) for what, took in each.items() if what != SERVED}
        for name, each in measured.items()
    }
    first, *others = next(iter(ratios.values()))
    rows = [
        [
            name,
            str(calls[name]),
            f"{median(each[SERVED]) * 1_000:.2f}",
            f"{ratios[name][first]:.2f}",
            *(f"{ratios[name][what]:.1f}" for what in others),
        ]
        for name, each in measured.items()
    ]
    head = ["request", "calls", "ms", *(f"/ {what}" for what in (first, *others))]
    return "\n".join([table(head, rows), "", GOAL.verdict({name: each[first] for name, each in ratios.items()})])


def main(rounds: int) -> str:
    """Measure and report."""
    hush()
    if hasattr(os, "sched_setaffinity"):  # on Linux
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    calls = {name: len(prepare(scenario).calls) for name, scenario in OPERATIONS.items()}
    return report(measure(rounds), calls)


def client(wire: Wire, config: Config) -> DynamoDBClient:
    """A client of boto3's that asks nobody but the wire."""
    session = boto3.Session("bench", "bench", region_name=REGION)
    made = session.client("dynamodb", config=config)
    made.meta.events.register("before-send.dynamodb", cast("Any", wire))
    return made


def _over(surroundings: Runtime, client: object, pool: ThreadPoolExecutor | None = None) -> Runtime:
    """The same surroundings with another client."""
    name = surroundings.connection.table
    return replace(surroundings, connection=Connection(cast("DynamoDBClient", client), name, pool))


def _no_pause(_: float) -> None:
    """Who plans again, as whoever gives an asset's code a second time, waits before; that takes no processor time."""


def hush() -> None:
    """Log lines are made, and go nowhere."""
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 -- it stays until the process ends
    for handler in logging.getLogger(logger.name).handlers:
        cast("logging.StreamHandler[Any]", handler).setStream(nowhere)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(value: Any) -> bytes:  # noqa: ANN401 -- whatever botocore has made of it
    return value.encode() if isinstance(value, str) else bytes(value)
