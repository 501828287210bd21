"""Operators' functions: no HTTP event, invoked by who runs the stack; what they are asked is an object, and checked.

A refusal is raised, so that the invocation fails visibly: whoever invokes sees the reason and the fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from coffer.api.bodies import validate
from coffer.api.runtime import LambdaContext, Runtime, production, start, time_left
from coffer.store.table import Table


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
