"""Operators' functions: no HTTP event, invoked by who runs the stack; what they are asked is an object, and checked.

A refusal is raised, so that the invocation fails visibly: whoever invokes sees the reason and the fields.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict

from coffer.api.bodies import validate
from coffer.api.runtime import LambdaContext, Runtime, production, start, time_left
from coffer.ids import is_prefixed
from coffer.ledger.refusal import Reason, Refusal
from coffer.store.table import Table

MOST_LISTED = 100
"""Rows of one answer; its `next` is the event that gets the following ones."""


class Tick(BaseModel):
    """That it is time: EventBridge's event, of which nothing matters."""

    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True, slots=True)
class Order[Body]:
    """One invocation: what is asked, and what to do it with."""

    body: Body
    table: Table
    runtime: Runtime


@dataclass(frozen=True, slots=True)
class Operator[Body: BaseModel]:
    """A Lambda handler without an HTTP event."""

    model: type[Body]
    function: Callable[[Order[Body]], Mapping[str, object]]

    def __post_init__(self) -> None:
        start()

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> Mapping[str, object]:
        """Serve an event in Lambda."""
        return self.serve(event, production(), time_left(context))

    def serve(self, event: Mapping[str, Any], runtime: Runtime, time_left: Callable[[], float]) -> Mapping[str, object]:
        """Serve an event in the given surroundings; raises `Refusal`."""
        body = validate(self.model, event)
        return self.function(Order(body, runtime.table(runtime.clock(), time_left), runtime))


def operator[Body: BaseModel](
    model: type[Body],
) -> Callable[[Callable[[Order[Body]], Mapping[str, object]]], Operator[Body]]:
    """Makes an operator's handler of a function."""
    return lambda function: Operator(model, function)


def check_client(client_id: str, field: str = "client_id") -> None:
    """`Refusal(BAD_REQUEST)` for what cannot be a client's id, under the name of its field."""
    if not is_prefixed(client_id, "cli"):
        raise Refusal(Reason.BAD_REQUEST, "This is not a client's id.", {field: "does not look like cli_…"})


def page[Row](rows: Iterator[Row]) -> tuple[list[Row], bool]:
    """The first rows, as many as one answer has, and whether there are more."""
    found = list(islice(rows, MOST_LISTED + 1))
    return found[:MOST_LISTED], len(found) > MOST_LISTED
