"""One invocation: the event as it came, and what is needed to work on it."""

import re
from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from typing import Any

from coffer.api import queries
from coffer.api.runtime import Runtime
from coffer.store.idempotency import Claim
from coffer.store.meter import Meter
from coffer.store.table import Table

# It stands in the log: so it is an id's letters, and no address, name or sentence. Ids that AWS makes may end with `=`.
_REQUEST_ID = re.compile(r"[-\w=]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """An event of payload format 2.0, the process's runtime, and the request's own moment, time and meter.

    `now` is in milliseconds since 1970; `time_left` gives the seconds in which a call to the table can still be made.
    """

    event: Mapping[str, Any]
    runtime: Runtime
    time_left: Callable[[], float]
    now: int
    meter: Meter = field(default_factory=Meter)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with names in lower case, as the gateway gives them."""
        headers: Mapping[str, str] = self.event.get("headers") or {}
        return headers

    @property
    def path(self) -> Mapping[str, str]:
        """The parameters in the path."""
        parameters: Mapping[str, str] = self.event.get("pathParameters") or {}
        return parameters

    @property
    def query(self) -> queries.Pairs:
        """The parameters of the query, from the raw string: the gateway joins repeated ones with a comma."""
        return queries.pairs_of(self.event.get("rawQueryString") or "")

    @property
    def request_id(self) -> str:
        """The caller's own id for the request if it sent one that looks like an id, else the gateway's."""
        sent = self.headers.get("x-request-id", "")
        if _REQUEST_ID.fullmatch(sent):
            return sent
        return str(self.event["requestContext"]["requestId"])

    @property
    def source_ip(self) -> str:
        """The address that the request came from."""
        return str(self.event["requestContext"]["http"]["sourceIp"])

    @property
    def issuer(self) -> str:
        """The issuer of our tokens: as configured, or the address of the API that was called."""
        return self.runtime.issuer or f"https://{self.event['requestContext']['domainName']}"

    def table(self, claim: Claim | None = None) -> Table:
        """This request's access to the table."""
        return replace(self.runtime.table(self.now, self.time_left, claim), meter=self.meter)
