"""An endpoint: its declaration, and what surrounds every one of them.

Whatever happens inside, the caller gets an answer in the shape of the face that was called, with the request's id, and
the log gets one line.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from coffer.api import errors
from coffer.api.call import Call
from coffer.api.caller import verdict_of
from coffer.api.idempotency import REPLAYED
from coffer.api.log import MISTAKE, logger
from coffer.api.responses import Response
from coffer.api.runtime import LambdaContext, Runtime, production, start, time_left
from coffer.auth.scopes import Scope
from coffer.ledger.refusal import Refusal
from coffer.models.listing import Filters
from coffer.store.idempotency import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What an endpoint says of itself; the OpenAPI document is made from it.

    `scope` None: open to everyone. `answer` is the model of the answer, of a list the model of its rows. `filters` is
    there for lists only; a `bare` one answers an array when it is not asked for a page. `query` names the parameters
    that must be there.
    """

    method: str
    path: str
    description: str
    scope: Scope | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    filters: type[Filters] | None = None
    query: Collection[str] = ()
    bare: bool = False
    count: bool = False

    @property
    def face(self) -> errors.Face:
        """The face that the endpoint belongs to."""
        return errors.face_of(self.path)

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method not in {"GET", "HEAD"}

    @property
    def status(self) -> int:
        """The status of its answer: the ledger API creates with 201, the wallet API with 200."""
        if self.count or self.answer is None:
            return 204
        return 201 if self.method == "POST" and self.face is errors.Face.LEDGER else 200


def route(doc: str | None) -> tuple[str, str, str]:
    """Method, path and description in the docstring of an endpoint's module, whose first line is the route."""
    first, _, description = (doc or "").partition("\n")
    method, path = first.split()
    return method, path, description.strip()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Lambda handler: a declaration, and what to do with a call."""

    declaration: Declaration
    respond: Callable[[Call], Response]

    def __post_init__(self) -> None:
        start()

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, object]:
        """Serve an event in Lambda."""
        return self.serve(event, production(), time_left(context))

    def serve(self, event: Mapping[str, Any], runtime: Runtime, time_left: Callable[[], float]) -> dict[str, object]:
        """Serve an event in the given surroundings."""
        call = Call(event, runtime, time_left, runtime.clock())
        face = errors.face_of(event["rawPath"])
        try:
            response = self.respond(call)
        except Replay as replay:
            response = Response(replay.status, replay.body, REPLAYED, "replayed")
        except Refusal as refusal:
            response = errors.render(refusal, face)
        except Exception as error:
            _forget_answers(error)
            logger.exception(MISTAKE, request_id=call.request_id, route=event.get("routeKey"))
            response = errors.render(errors.internal(call.request_id), face)
        logger.info("request", extra=_summary(call, response))
        return response.payload(call.request_id)


def _forget_answers(error: Exception) -> None:
    """Take the answers that an error came upon out of it: it is logged, and they repeat what the caller wrote."""
    each: BaseException | None = error
    while each:
        if isinstance(each.__context__, Refusal | Replay):
            each.__context__ = None
        each = each.__context__


def _summary(call: Call, response: Response) -> dict[str, object]:
    """What the log says of a request; every byte of it is paid for a million times."""
    said = {
        "request_id": call.request_id,
        "client": verdict_of(call.event).get("client_id"),
        "route": call.event.get("routeKey"),
        "status": response.status,
        "outcome": response.outcome,
        "milliseconds": call.runtime.clock() - call.now,
        "calls": len(call.meter.calls),
        "read_units": _short(call.meter.read_units),
        "write_units": _short(call.meter.write_units),
    }
    return {**said, "retries": call.meter.retries} if call.meter.retries else said


def _short(units: float) -> float:
    """A number without `.0`."""
    return int(units) if units.is_integer() else units
