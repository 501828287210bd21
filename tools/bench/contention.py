"""How many postings a second a hot account takes, by its shards: one by one, and in batches.

Many customers pay into one account, or one account pays out to many, so many requests at once. The requests are served
by the product's code over `tools.bench.service`, each in a function of its own with the template's memory. The figures
follow from the seed and are the same on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from typing import Any

from local.home import PROJECT
from tests.support.world import Answer, Client
from tools.bench.plot import Series, plot
from tools.bench.ratios import table
from tools.bench.service import BusyWorld, default_memory
from tools.bench.warm import hush
from tools.scenarios import LEDGER, ORGANIZATION, REAL

SHARDS = (1, 2, 4, 8, 16)
IN_FLIGHT = 32
"""Requests that are under way at once; each next one follows as soon as one is answered."""
REQUESTS = 640
CUSTOMERS = 64
BATCH = 30
BATCHES = 64
SEED = 20_260_115
PICTURE = PROJECT / "docs" / "contention.svg"
HOT = "@hot"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: which way the money goes, and how many payments a request has."""

    name: str
    paying_out: bool = False
    payments: int = 1

    @property
    def requests(self) -> int:
        """How many there are in all."""
        return REQUESTS if self.payments == 1 else BATCHES


LOADS = (
    Load("paid in, one by one"),
    Load("paid out, one by one", paying_out=True),
    Load(f"paid in, batches of {BATCH}", payments=BATCH),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load: postings a second, milliseconds of a request, and what was in the way, for each request."""

    postings: float
    median: float
    slowest: float
    collisions: float
    unavailable: int


def measure(load: Load, shards: int, *, requests: int | None = None, in_flight: int = IN_FLIGHT) -> Outcome:
    """Send a load to an account of so many shards; AssertionError for an answer that is neither done nor 503."""
    world = BusyWorld(SEED + shards, default_memory())
    client = world.client()
    ledger = _books(client, load, shards)
    world.service.traffic.collisions = 0
    times: list[float] = []
    began = world.clock.now
    asked = requests or load.requests
    answers = world.scheduler.run(
        [partial(_timed, world, times, _request(client, ledger, load, number)) for number in range(asked)],
        in_flight=in_flight,
    )
    posted = sum(_posted(answer, load) for answer in answers)
    percentiles = quantiles(times, n=100)
    return Outcome(
        postings=posted * 1_000 / (world.clock.now - began),
        median=percentiles[49],
        slowest=percentiles[98],
        collisions=world.service.traffic.collisions / asked,
        unavailable=sum(answer.status == HTTPStatus.SERVICE_UNAVAILABLE for answer in answers),
    )


def main(picture: Path = PICTURE) -> str:
    """Measure all loads, draw the plot, and report."""
    hush()
    outcomes = {load: [measure(load, shards) for shards in SHARDS] for load in LOADS}
    series = [Series(load.name, [each.postings for each in outcomes[load]]) for load in LOADS]
    picture.write_text(
        plot(
            title=f"Postings a second on one account, {IN_FLIGHT} requests at once",
            across="shards of the account",
            marks=[str(shards) for shards in SHARDS],
            series=series,
        )
    )
    parts = []
    for load, row in outcomes.items():
        rows = [_row(shards, outcome) for shards, outcome in zip(SHARDS, row, strict=True)]
        head = ["shards", "postings/s", "p50 ms", "p99 ms", "collisions a request", "503"]
        parts.append(f"{load.name}, {IN_FLIGHT} requests at once\n{table(head, rows)}")
    return "\n\n".join([*parts, f"drawn in {picture.relative_to(PROJECT)}"])


def _row(shards: int, outcome: Outcome) -> list[str]:
    return [
        str(shards),
        f"{outcome.postings:.0f}",
        f"{outcome.median:.0f}",
        f"{outcome.slowest:.0f}",
        f"{outcome.collisions:.2f}",
        str(outcome.unavailable),
    ]


def _books(client: Client, load: Load, shards: int) -> str:
    """The path of a ledger with the hot account and its customers, all of whom have money if they will need it."""
    organization = f"/v1/organizations/{client.post('/v1/organizations', ORGANIZATION).id}"
    ledger = f"{organization}/ledgers/{client.post(f'{organization}/ledgers', LEDGER).id}"
    client.post(f"{ledger}/assets", REAL)
    client.post(f"{ledger}/accounts", _account(HOT, shards))
    for number in range(CUSTOMERS):
        client.post(f"{ledger}/accounts", _account(_customer(number), 1))
    payers = [HOT] * shards * 8 if load.paying_out else [_customer(number) for number in range(CUSTOMERS)]
    for payer in payers:  # each inflow takes a shard of its own: several of them leave something on each
        to = [{"accountAlias": payer, "remaining": "remaining"}]
        body = {"send": {"asset": "BRL", "value": "100000", "distribute": {"to": to}}}
        funded = client.post(f"{ledger}/transactions/inflow", body)
        if funded.status != HTTPStatus.CREATED:
            raise AssertionError(funded.body)
    return ledger


def _request(client: Client, ledger: str, load: Load, number: int) -> Callable[[], Answer]:
    """One of the requests; successive ones are of different customers, who meet on the hot account only."""
    payments = [_payment(load, number)] * load.payments
    key = {"Idempotency_Key": f"{load.name} {number}"}
    if load.payments == 1:
        return partial(client.post, f"{ledger}/transactions/json", payments[0], **key)
    return partial(client.post, f"{ledger}/transactions/batch", {"transactions": payments}, **key)


def _payment(load: Load, number: int) -> dict[str, Any]:
    customer = _customer(number % CUSTOMERS)
    payer, payee = (HOT, customer) if load.paying_out else (customer, HOT)
    return {
        "send": {
            "asset": "BRL",
            "value": "1.00",
            "source": {"from": [{"accountAlias": payer, "remaining": "remaining"}]},
            "distribute": {"to": [{"accountAlias": payee, "remaining": "remaining"}]},
        }
    }


def _timed(world: BusyWorld, times: list[float], request: Callable[[], Answer]) -> Answer:
    began = world.clock.now
    answer = request()
    times.append(world.clock.now - began)
    return answer


def _posted(answer: Answer, load: Load) -> int:
    """How many payments were made."""
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return 0
    if answer.status != HTTPStatus.CREATED:
        raise AssertionError(answer.body)
    if load.payments == 1:
        return 1
    return sum(each["status"] == HTTPStatus.CREATED for each in answer.json["transactions"])


def _account(alias: str, shards: int) -> dict[str, object]:
    return {"assetCode": "BRL", "type": "deposit", "alias": alias, "shards": shards}


def _customer(number: int) -> str:
    return f"@customer{number}"
