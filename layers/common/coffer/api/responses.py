"""Answers, as API Gateway's payload format 2.0 takes them."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Response(NamedTuple):
    """Status, body and headers of an answer; `outcome` is what the log says of it."""

    status: int
    body: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    outcome: str = "done"

    def payload(self, request_id: str) -> dict[str, object]:
        """What the function returns. Nothing that Coffer answers may be kept by a cache, unless it says so itself."""
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **self.headers}
        if self.body is None:
            return {"statusCode": self.status, "headers": headers}
        return {
            "statusCode": self.status,
            "headers": {"Content-Type": "application/json", **headers},
            "body": self.body,
        }


def json_response(
    status: int, body: object, headers: Mapping[str, str] | None = None, outcome: str = "done"
) -> Response:
    """An answer with a JSON body."""
    return Response(status, dump(body), headers or {}, outcome)


def dump(body: object) -> str:
    """JSON as it goes out: compact, in UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
