"""The decorators that make an endpoint of a function of a few lines.

    @endpoint(__doc__, scope=Scope.ASSETS_WRITE, body=NewAsset, answer=Asset)
    def handler(request: Request[NewAsset]) -> Asset:
        return assets.create(request.table, request.ledger, request.body)

The first line of the module's docstring is the route, the rest is what the OpenAPI document says. Checked before the
function runs, in this order: the caller's verdict and scope, the ids in the path, the query, the body, the idempotency
key.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, overload

from pydantic import BaseModel

from coffer.api import bodies, queries
from coffer.api.call import Call
from coffer.api.caller import Caller, identify
from coffer.api.endpoint import Declaration, Endpoint, route
from coffer.api.idempotency import key_of
from coffer.api.request import Request, check_path
from coffer.api.responses import Response, dump
from coffer.auth.scopes import Scope
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Filters, Listing, Rows
from coffer.store import keys, wallet_ledger
from coffer.store.idempotency import IdempotencyKey

_NO_LISTING = Listing(limit=0)


@overload
def endpoint[Answer: BaseModel](
    doc: str | None, *, scope: Scope, answer: type[Answer], query: Collection[str] = (), recorded: bool = False
) -> Callable[[Callable[[Request[None]], Answer]], Endpoint]: ...
@overload
def endpoint[Body: BaseModel, Answer: BaseModel](
    doc: str | None, *, scope: Scope, body: type[Body], answer: type[Answer], recorded: bool = False
) -> Callable[[Callable[[Request[Body]], Answer]], Endpoint]: ...
def endpoint(
    doc: str | None,
    *,
    scope: Scope,
    answer: type[BaseModel],
    body: type[BaseModel] | None = None,
    query: Collection[str] = (),
    recorded: bool = False,
) -> Callable[[Callable[[Request[Any]], BaseModel]], Endpoint]:
    """An endpoint that answers one resource.

    `query` names the parameters that it must be asked with. A `recorded` one leaves a record by which a repeated
    request is known, and so needs no further one for the idempotency key.
    """
    method, path, description = route(doc)
    declaration = Declaration(
        method=method, path=path, description=description, scope=scope, body=body, answer=answer, query=query
    )

    def decorate(function: Callable[[Request[Any]], BaseModel]) -> Endpoint:
        def respond(call: Call) -> Response:
            caller = _admit(call, declaration, scope)
            asked = queries.require(call.query, query)
            content: Mapping[str, Any] = {}
            if body:
                content = bodies.parse(bodies.read(call.event))
            elif method == "POST":
                bodies.refuse_all(bodies.read(call.event))
            checked = bodies.validate(body, content) if body else None
            key = _idempotency_key(call, caller, declaration, content) if method == "POST" else None
            request = Request(
                client_id=caller.client_id,
                path=call.path,
                table=call.table(None if recorded else key),
                body=checked,
                listing=_NO_LISTING,
                query=asked,
                key=key,
            )
            return Response(declaration.status, _json(function(request)))

        return Endpoint(declaration, respond)

    return decorate


def deletion(doc: str | None, *, scope: Scope) -> Callable[[Callable[[Request[None]], None]], Endpoint]:
    """An endpoint that deletes a resource, and answers nothing."""
    method, path, description = route(doc)
    declaration = Declaration(method=method, path=path, description=description, scope=scope)

    def decorate(function: Callable[[Request[None]], None]) -> Endpoint:
        def respond(call: Call) -> Response:
            caller = _admit(call, declaration, scope)
            queries.require(call.query)
            function(_request(call, caller))
            return Response(declaration.status)

        return Endpoint(declaration, respond)

    return decorate


def counting(doc: str | None, *, scope: Scope) -> Callable[[Callable[[Request[None]], int]], Endpoint]:
    """An endpoint that answers how many there are, in the header `X-Total-Count`."""
    method, path, description = route(doc)
    declaration = Declaration(method=method, path=path, description=description, scope=scope, count=True)

    def decorate(function: Callable[[Request[None]], int]) -> Endpoint:
        def respond(call: Call) -> Response:
            caller = _admit(call, declaration, scope)
            queries.require(call.query)
            total = function(_request(call, caller))
            return Response(declaration.status, None, {"X-Total-Count": str(total)})

        return Endpoint(declaration, respond)

    return decorate


def listing[Row: BaseModel](
    doc: str | None, *, scope: Scope, row: type[Row], filters: type[Filters] = Filters, bare: bool = False
) -> Callable[[Callable[[Request[None]], Rows[Row]]], Endpoint]:
    """An endpoint that answers a page of a list; with `bare`, an array unless it is asked for a page."""
    method, path, description = route(doc)
    declaration = Declaration(
        method=method, path=path, description=description, scope=scope, answer=row, filters=filters, bare=bare
    )

    def decorate(function: Callable[[Request[None]], Rows[Row]]) -> Endpoint:
        def respond(call: Call) -> Response:
            caller = _admit(call, declaration, scope)
            place = f"{caller.client_id} {path.format_map(call.path)}"
            query = queries.read(call.query, filters, place=place, bare=bare)
            rows = function(_request(call, caller, query.listing))
            return _array(query, rows) if query.bare else _page(query, rows)

        return Endpoint(declaration, respond)

    return decorate


def wallet_listing[Row: BaseModel](
    doc: str | None, *, scope: Scope, row: type[Row], filters: type[Filters] = Filters
) -> Callable[[Callable[[Request[None]], Rows[Row]]], Endpoint]:
    """An endpoint that answers a page of a list of the wallet API, with the total of its rows."""
    method, path, description = route(doc)
    declaration = Declaration(
        method=method, path=path, description=description, scope=scope, answer=row, filters=filters
    )

    def decorate(function: Callable[[Request[None]], Rows[Row]]) -> Endpoint:
        def respond(call: Call) -> Response:
            caller = _admit(call, declaration, scope)
            query = queries.read_wallet(call.query, filters, place=f"{caller.client_id} {path}")
            rows = function(_request(call, caller, query.listing))
            return _wallet_page(query, rows)

        return Endpoint(declaration, respond)

    return decorate


def public(
    doc: str | None, *, body: type[BaseModel] | None = None, answer: type[BaseModel] | None = None
) -> Callable[[Callable[[Call], Response]], Endpoint]:
    """An endpoint that is open to everyone, and makes its answer by itself."""
    method, path, description = route(doc)
    declaration = Declaration(method=method, path=path, description=description, body=body, answer=answer)

    def decorate(function: Callable[[Call], Response]) -> Endpoint:
        return Endpoint(declaration, function)

    return decorate


def _request(call: Call, caller: Caller, listing: Listing = _NO_LISTING) -> Request[None]:
    return Request(client_id=caller.client_id, path=call.path, table=call.table(), body=None, listing=listing)


def _admit(call: Call, declaration: Declaration, scope: Scope) -> Caller:
    caller = identify(call.event, call.now)
    caller.require(scope)
    check_path(call.path, declaration.face)
    organization_id = call.path.get("organization_id")
    if declaration.writes and organization_id == wallet_ledger.organization(caller.client_id).organization_id:
        raise Refusal(
            Reason.READ_ONLY,
            "This ledger is kept by the wallet API: its balances change through wallets, and are only read here.",
        )
    return caller


def _idempotency_key(
    call: Call, caller: Caller, declaration: Declaration, content: Mapping[str, Any]
) -> IdempotencyKey | None:
    key = key_of(call.headers)
    if key is None:
        return None
    path = declaration.path.format_map(call.path)
    return IdempotencyKey(
        caller.client_id,
        keys.digest(f"{declaration.method} {path} {key}"),
        bodies.fingerprint(content),
        lambda answer: (declaration.status, _json(answer)),
    )


def _json(answer: object) -> str:
    assert isinstance(answer, BaseModel)  # noqa: S101 -- the decorators' types say so
    return answer.model_dump_json(by_alias=True)


def _array[Row: BaseModel](query: queries.Query, rows: Rows[Row]) -> Response:
    headers = {"Link": f'<{query.following(rows.next)}>; rel="next"'} if rows.next else {}
    return Response(200, f"[{','.join(map(_json, rows.items))}]", headers)


def _page[Row: BaseModel](query: queries.Query, rows: Rows[Row]) -> Response:
    place = {
        "limit": query.listing.limit,
        "page": query.page,
        "next_cursor": query.cursor(rows.next),
        "prev_cursor": query.cursor(rows.previous, backwards=True),
    }
    return Response(200, f'{{"items":[{",".join(map(_json, rows.items))}],{dump(place)[1:]}')


def _wallet_page[Row: BaseModel](query: queries.Query, rows: Rows[Row]) -> Response:
    place = {"total": rows.total, "has_more": rows.next is not None, "next_cursor": query.cursor(rows.next)}
    return Response(200, f'{{"data":[{",".join(map(_json, rows.items))}],{dump(place)[1:]}')
