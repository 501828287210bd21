"""The whole document."""

from collections.abc import Iterable

from coffer import __version__
from tools.endpoints import endpoints
from tools.openapi import components, examples, problems
from tools.openapi.components import Json
from tools.openapi.operations import Operation, shared_refusals

DEFAULT_ROUTE = "$default"

_DESCRIPTION = """\
An asset ledger for your own AWS account. JSON in and out, in UTF-8; times are RFC 3339, in UTC, with milliseconds.

- Nothing is ignored in silence: a field or a query parameter that is not known is refused.
- What belongs to another client is answered exactly as what does not exist.
- A known path with another method is answered 405 with `Allow`, an unknown path 404.
- 503 comes with `Retry-After`: nothing is half-done, and the same request with the same idempotency key is safe to send
  again. Without it (`9011`, `outcome_unknown`) it is not known whether a request that came without a key was done: look
  before you send it again.
- What API Gateway answers before a request reaches an endpoint has a shape of its own, and no `X-Request-Id`.
"""

_TAGS = {
    "organizations": "The legal persons whose ledgers are kept.",
    "ledgers": "The books of an organization.",
    "assets": "What a ledger counts.",
    "portfolios": "What accounts are gathered in, for an entity or for none.",
    "segments": "What accounts are divided into, each with a name of its own.",
    "accounts": "Who holds something of an asset.",
    "balances": "What accounts hold.",
    "operations": "What transactions do to balances: statements.",
    "transactions": "What moves value between accounts.",
    "registry": "The chains and tokens that there are.",
    "wallets": "What groups a client's accounts.",
    "wallet_accounts": "One address on one chain each.",
    "wallet_assets": "The tokens that an account holds.",
    "wallet_transactions": "Deposits, and transfers within and out of a client's wallets.",
    "settlement": "What whoever watches the chains reports of them.",
    "auth": "Access tokens, and how to verify them.",
    "meta": "What the stack says of itself.",
}

_SERVER: Json = {
    "url": "{api}",
    "description": "Your stack",
    "variables": {
        "api": {
            "default": "https://api-id.execute-api.eu-central-1.amazonaws.com",
            "description": "The stack's output `ApiUrl`; on your machine `base_url` in `.local/stack.json`.",
        }
    },
}


def operations() -> list[Operation]:
    """Every endpoint that can be asked for by its path, in the order of their paths."""
    found = [Operation(folder, module, endpoint.declaration) for folder, module, endpoint in endpoints()]
    return sorted(
        (each for each in found if each.declaration.path != DEFAULT_ROUTE),
        key=lambda each: (each.declaration.path, each.declaration.method),
    )


def document() -> Json:
    """The OpenAPI document, always the same when it is made of the same code."""
    found = operations()
    shared = shared_refusals(found)
    paths: dict[str, Json] = {}
    for each in found:
        paths.setdefault(each.declaration.path, {})[each.declaration.method.lower()] = each.render(shared)
    schemas = components.schemas(each.declaration for each in found) | problems.SCHEMAS
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Coffer",
            "version": __version__,
            "summary": "An asset ledger",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [_SERVER],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "parameters": _ids(found) | components.PARAMETERS,
            "headers": components.HEADERS,
            "responses": shared,
            "securitySchemes": components.SECURITY,
        },
    }


def _ids(found: Iterable[Operation]) -> dict[str, Json]:
    """The parameters in paths, for each face its own."""
    return {
        f"{face}.{name}": components.path_parameter(face, name, sample)
        for each in found
        for face in (each.declaration.face,)
        for name, sample in examples.path_parameters(each.folder, each.module).items()
    }
