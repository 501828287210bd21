"""Requests and their answers, printed as they go over the wire; of secrets only the beginning."""

import json
from collections.abc import Iterator, Mapping, Sequence

import httpx

_SHOWN_OF_A_SECRET = 12
_SECRETS = {"token", "access_token"}
_SECRET_HEADERS = ("X-API-Key", "X-API-Secret")
_KEY, _REPLAYED = "Idempotency-Key", "X-Idempotency-Replayed"
_WIDTH = 140

type Shown = Mapping[str, Shown]
"""Which members of an answer are shown, and of them again which, in this order; {} is all that there is."""


def client(base_url: str) -> httpx.Client:
    """Sends requests, and prints each."""
    return httpx.Client(base_url=base_url, timeout=60, event_hooks={"request": [_print_request]})


def call(
    api: httpx.Client,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    key: str | None = None,
    expected: int | None = None,
    shown: Shown | None = None,
) -> httpx.Response:
    """Send a request, with an idempotency key if there is a `key`, and print the answer, or what is `shown` of it.

    httpx.HTTPStatusError when it is an error other than the expected one.
    """
    keyed = {_KEY: key} if key else {}
    response = api.request(method, path, json=body, headers={**(headers or {}), **keyed})
    part = shown if response.is_success else None
    print(f"  ← {response.status_code} {response.reason_phrase}{', in part' if part else ''}")
    if _REPLAYED in response.headers:
        print(f"    {_REPLAYED}: {response.headers[_REPLAYED]}")
    if response.content:
        _print_json(_only(response.json(), part) if part else response.json())
    if response.status_code != expected:
        response.raise_for_status()
    return response


def _print_request(request: httpx.Request) -> None:
    path = request.url.raw_path.decode().partition("$default")[2]
    print(f"\n{request.method} {path}")
    for name in _SECRET_HEADERS:
        if name in request.headers:
            print(f"    {name}: {_shortened(request.headers[name])}")
    if _KEY in request.headers:
        print(f"    {_KEY}: {request.headers[_KEY]}")
    if request.content:
        _print_json(json.loads(request.content))


def _print_json(value: object) -> None:
    print("\n".join(f"    {line}" for line in _lines(_without_secrets(value), _WIDTH - 4)))


def _lines(value: object, width: int, name: str = "") -> list[str]:
    """JSON behind the name of a member, in which whatever fits a line stands in one."""
    line = name + json.dumps(value, ensure_ascii=False)
    match value:
        case dict() if len(line) > width:
            parts = [_lines(each, width - 2, f"{json.dumps(key, ensure_ascii=False)}: ") for key, each in value.items()]
            return [f"{name}{{", *_indented(parts), "}"]
        case list() if len(line) > width:
            return [f"{name}[", *_indented([_lines(each, width - 2) for each in value]), "]"]
        case _:
            return [line]


def _indented(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of several parts, a comma behind each part but the last."""
    for position, part in enumerate(parts, 1):
        *before, last = part
        yield from (f"  {line}" for line in before)
        yield f"  {last}{',' if position < len(parts) else ''}"


def _only(value: object, shown: Shown) -> object:
    match value:
        case dict() if shown:
            return {name: _only(value[name], part) for name, part in shown.items() if name in value}
        case list():
            return [_only(each, shown) for each in value]
        case _:
            return value


def _without_secrets(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: _shortened(item) if key in _SECRETS else item for key, item in value.items()}


def _shortened(secret: str) -> str:
    return f"{secret[:_SHOWN_OF_A_SECRET]}…"
