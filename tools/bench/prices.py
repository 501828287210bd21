"""What a million of each request costs, in US dollars: units, processor, waiting, logs and transfer at public prices.

- The units are those of `make costs`.
- The processor's time is measured here, as in `tools.bench.warm`, on whatever machine this is, and for each call what
  the network takes of it (`tools.bench.network`).
- Waiting is the time that the product's code spends in calls, on average over their published latencies.
- Log lines and answers are counted in bytes.

Not in it: the authorizer (once a minute for each token), what is stored, cold starts, and the transfer to the Internet,
which is printed beside it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from logging import Handler, LogRecord, getLogger
from statistics import median
from typing import Any

from coffer.api.log import logger
from tests.support.template import resources
from tests.support.world import Answer
from tools import costs
from tools.bench import network, warm
from tools.bench.ratios import Goal, table
from tools.bench.service import CORE, BusyWorld, default_memory
from tools.costs import Cost
from tools.scenarios import SCENARIOS, Scene

MILLION = 1_000_000
GIGABYTE = 1_000_000_000
MEMORIES = (256, 512, 1_024, CORE)
EVENT = 26
"""Bytes that CloudWatch Logs adds to every event."""
REPETITIONS = 10
"""Of each request in each round."""
HEADERS = 300
"""Bytes of an answer's head, about."""
PAYMENT = costs.PAYMENT
GOAL = Goal(6.50, "dollars for a million two-leg transactions, all-in,")


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars, in us-east-1, on demand, in the first tier, without what is free."""

    write_units: float = 0.625 / MILLION
    """Since 2024-11-01: https://aws.amazon.com/dynamodb/pricing/on-demand/"""
    read_units: float = 0.125 / MILLION
    request: float = 1.00 / MILLION
    """An HTTP API's, for each 512 KB: https://aws.amazon.com/api-gateway/pricing/"""
    invocation: float = 0.20 / MILLION
    """https://aws.amazon.com/lambda/pricing/"""
    gigabyte_second: float = 0.0000133334
    """Of arm64."""
    logged: float = 0.50 / GIGABYTE
    """A byte that CloudWatch Logs takes in: https://aws.amazon.com/cloudwatch/pricing/"""
    sent: float = 0.09 / GIGABYTE
    """A byte to the Internet, after the first 100 GB of a month: https://aws.amazon.com/ec2/pricing/on-demand/"""


AS_OF = "2026-11"
"""When these prices were last looked up."""
PRICES = Prices()
PARTS = ("table", "gateway", "function", "logs", "total", "transfer")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one request uses: units, milliseconds of a whole core and of waiting, bytes logged and sent."""

    cost: Cost
    processor: float
    waiting: float
    logged: int
    sent: int

    def duration(self, memory: int) -> float:
        """Milliseconds that a function of so many MB runs for it."""
        return self.waiting + self.processor / min(1.0, memory / CORE)

    def billed(self, memory: int) -> float:
        """The same in whole milliseconds, which is half a one more on average."""
        return self.duration(memory) + 0.5


@dataclass(frozen=True, slots=True)
class Bill:
    """Dollars for a million requests."""

    table: float
    gateway: float
    function: float
    logs: float
    transfer: float

    @property
    def total(self) -> float:
        """All that every request is billed for: not the transfer, which is free to callers in the Region."""
        return self.table + self.gateway + self.function + self.logs


def bill(usage: Usage, memory: int, prices: Prices = PRICES) -> Bill:
    """What a million of such requests cost with functions of so many MB."""
    gigabyte_seconds = memory / 1_024 * usage.billed(memory) / 1_000
    return Bill(
        table=units(usage.cost, prices),
        gateway=MILLION * prices.request,
        function=MILLION * (prices.invocation + gigabyte_seconds * prices.gigabyte_second),
        logs=MILLION * usage.logged * prices.logged,
        transfer=MILLION * usage.sent * prices.sent,
    )


def units(cost: Cost, prices: Prices = PRICES) -> float:
    """Dollars for a million times these units."""
    return MILLION * (cost.write_units * prices.write_units + cost.read_units * prices.read_units)


def access_line(form: str, event: Mapping[str, Any], answer: Answer) -> str:
    """The gateway's line for a request, in the form that the template gives it."""
    context = event["requestContext"]
    known = {
        "identity.sourceIp": context["http"]["sourceIp"],
        "routeKey": event["routeKey"],
        "status": str(answer.status),
        "requestId": "JKJaXmPLvHcESHA=",
        "responseLatency": "45",
        "responseLength": str(len(answer.body or "")),
        "authorizer.client_id": context.get("authorizer", {}).get("lambda", {}).get("client_id", "-"),
    }
    return re.sub(r"\$context\.([A-Za-z_.]+\b)", lambda found: known.get(found[1], "-"), form)


def waiting(scenario: str) -> float:
    """Milliseconds that a scenario's request waits for the table, if each call takes as long as it does on average."""
    _, scene = SCENARIOS[scenario]
    world = BusyWorld(seed=None)
    request = scene(Scene(world, world.client()))
    began = world.clock.now
    world.scheduler.run([request], in_flight=1)
    return world.clock.now - began


def usage(scenario: str, rounds: int, network_time: float) -> Usage:
    """What a scenario's request uses; `network_time` is what the network takes of a processor for a call, in ms."""
    request = warm.prepare(scenario)
    written: list[LogRecord] = []
    listener = _Listener(written)
    inner = getLogger(logger.name)
    inner.addHandler(listener)
    answer = json.loads(request.serve())
    inner.removeHandler(listener)
    answered = Answer(answer["statusCode"], answer["headers"], answer.get("body"))
    form = " ".join(resources()["Api"]["Properties"]["AccessLogSettings"]["Format"].split())
    lines = [*map(logger.registered_formatter.format, written), access_line(form, json.loads(request.event), answered)]
    warm.seconds(request.serve, REPETITIONS)
    processor = median(warm.seconds(request.serve, REPETITIONS) for _ in range(rounds))
    return Usage(
        cost=costs.read_floor()[scenario],
        processor=processor * 1_000 + network_time * len(request.calls),
        waiting=waiting(scenario),
        logged=sum(len(line.encode()) + EVENT for line in lines),
        sent=len((answered.body or "").encode()) + HEADERS,
    )


class _Listener(Handler):
    """Keeps what is logged."""

    def __init__(self, records: list[LogRecord]) -> None:
        super().__init__()
        self._records = records

    def emit(self, record: LogRecord) -> None:
        """Keep it."""
        self._records.append(record)


def is_priced(scenario: str) -> bool:
    """Whether it comes through the HTTP API, with a token."""
    status, _ = SCENARIOS[scenario]
    return status is not None and not scenario.startswith(("auth.", "meta."))


def main(rounds: int) -> str:
    """Measure all that is asked for over HTTP, and report."""
    warm.hush()
    network_time = network.milliseconds(rounds)
    memory = default_memory()
    used = {scenario: usage(scenario, rounds, network_time) for scenario in SCENARIOS if is_priced(scenario)}
    bills = {scenario: bill(each, memory) for scenario, each in used.items()}
    rows = [
        [
            scenario,
            *(f"{getattr(each, part):.2f}" for part in PARTS),
            f"{used[scenario].duration(memory):.0f}",
        ]
        for scenario, each in bills.items()
    ]
    head = ["dollars a million", "table", "gateway", "function", "logs", "all", "to the Internet", "ms"]
    choices = [
        [f"{memory} MB", f"{used[PAYMENT].duration(memory):.0f}", f"{bill(used[PAYMENT], memory).total:.2f}"]
        for memory in MEMORIES
    ]
    return "\n".join(
        [
            f"us-east-1, on demand, prices as of {AS_OF}, functions of {memory} MB on arm64;",
            f"the network takes {network_time:.2f} ms of a processor for each call.",
            "",
            table(head, rows),
            "",
            table([PAYMENT, "ms", "dollars a million"], choices),
            "",
            GOAL.verdict({PAYMENT: bills[PAYMENT].total}),
        ]
    )
