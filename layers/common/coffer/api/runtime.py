"""What a process gives every request: the table's connection, the clock, ids and chance. Tests give their own."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

from botocore.config import Config
from botocore.session import get_session

from coffer import IN_LAMBDA, __version__
from coffer.ids import new_id, pack
from coffer.store.idempotency import Claim
from coffer.store.table import Connection, Table

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

CONNECT_TIMEOUT = 1
READ_TIMEOUT = 2
"""Seconds: the table answers in milliseconds, and what it has not answered by then is asked again."""
RESERVE = CONNECT_TIMEOUT + READ_TIMEOUT + 0.5
"""Seconds that must be left of a request's time for another call: the call itself, and the answer."""
THREADS = 8
"""Of the pool, and connections: as many as holds are canceled at once (`coffer.store.expiry`). What a request reads at
once needs fewer (`coffer.store.table`); a thread begins, and a connection is opened, when there is something to do."""

CLIENT = Config(
    # Repeating is coffer.store's business: it knows what a lost answer may have done, and how much time is left. In
    # botocore's standard mode the last attempt's checksum goes unchecked, and half an answer is read as an empty one.
    retries={"total_max_attempts": 1, "mode": "legacy"},
    connect_timeout=CONNECT_TIMEOUT,
    read_timeout=READ_TIMEOUT,
    max_pool_connections=THREADS,
    # What is asked is built by coffer.store and held to DynamoDB's rules in every test: a fifth of a call's time.
    parameter_validation=False,
    # botocore puts its own together anew for every call, from a dozen parts: a tenth of a call's time.
    user_agent=f"coffer/{__version__}",
)
"""How every client of a service is made."""

_session = cache(get_session)  # a further client finds credentials and endpoints there


class LambdaContext(Protocol):
    """What Coffer asks of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda ends the invocation."""


def time_left(context: LambdaContext) -> Callable[[], float]:
    """Tells the seconds in which a call to the table can still be made and answered."""
    return lambda: context.get_remaining_time_in_millis() / 1000 - RESERVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One process's surroundings. `clock` gives milliseconds since 1970; `pause` takes seconds."""

    connection: Connection
    kms: Callable[[], KMSClient]
    audience: str
    issuer: str
    clock: Callable[[], int]
    new_id: Callable[[int], str]
    random: Random
    pause: Callable[[float], None]

    def table(self, now: int, time_left: Callable[[], float], claim: Claim | None = None) -> Table:
        """One request's access to the table; `now` is its moment."""
        return Table(
            connection=self.connection,
            now=now,
            attempt=pack(self.new_id(now)),
            new_id=lambda: self.new_id(now),
            time_left=time_left,
            pause=self.pause,
            random=self.random,
            claim=claim,
        )


@cache
def production() -> Runtime:
    """The surroundings in Lambda, made once per process from its environment."""
    return Runtime(
        connection=Connection(_client("dynamodb"), os.environ["TABLE_NAME"], ThreadPoolExecutor(THREADS)),
        kms=_kms,
        audience=os.environ["AUDIENCE"],
        issuer=os.environ["ISSUER"],
        clock=lambda: time.time_ns() // 1_000_000,
        new_id=new_id,
        random=SystemRandom(),
        pause=time.sleep,
    )


def start() -> None:
    """Makes the surroundings, in Lambda: while the function starts, rather than in its first request.

    It is called when all modules are loaded. What is there now is never garbage, and is not looked at again.
    """
    if IN_LAMBDA:
        production()
        gc.freeze()
        gc.enable()


@cache
def _kms() -> KMSClient:
    client: KMSClient = _client("kms")
    return client


def _client(service: str) -> Any:  # noqa: ANN401 -- the service's own
    """A client as boto3 would make it, of botocore alone."""
    return _session().create_client(service, config=CLIENT)
