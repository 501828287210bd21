"""A client of the ledger API with an organization and a ledger to work in, and what answers are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coffer.store.keys import LedgerRef
from tests.support.world import Answer, Client, World

ORGANIZATION: Mapping[str, Any] = {"legalName": "Acme", "legalDocument": "00.000.000/0001-91"}
LEDGER: Mapping[str, Any] = {"name": "Main"}
ASSET: Mapping[str, Any] = {"name": "Bitcoin", "type": "crypto", "code": "BTC"}

NOBODYS = "00000000-0000-7000-8000-000000000000"
"""An id that nothing has."""


@dataclass(frozen=True, slots=True)
class Books:
    """A client, and where it keeps its books."""

    client: Client
    organization_id: str
    ledger_id: str

    @property
    def world(self) -> World:
        """The world of the client."""
        return self.client.world

    @property
    def organization(self) -> str:
        """The path of the organization."""
        return f"/v1/organizations/{self.organization_id}"

    @property
    def ledgers(self) -> str:
        """The path of the organization's ledgers."""
        return f"{self.organization}/ledgers"

    @property
    def ledger(self) -> str:
        """The path of the ledger."""
        return f"{self.ledgers}/{self.ledger_id}"

    @property
    def assets(self) -> str:
        """The path of the ledger's assets."""
        return f"{self.ledger}/assets"

    @property
    def portfolios(self) -> str:
        """The path of the ledger's portfolios."""
        return f"{self.ledger}/portfolios"

    @property
    def segments(self) -> str:
        """The path of the ledger's segments."""
        return f"{self.ledger}/segments"

    @property
    def ref(self) -> LedgerRef:
        """The ledger, as the store names it."""
        return LedgerRef(self.client.client_id, self.organization_id, self.ledger_id)

    def add(self, code: str = "BTC", **fields: object) -> Answer:
        """Creates an asset; it must succeed."""
        return made(self.client.post(self.assets, {**ASSET, "name": f"The {code}", "code": code, **fields}))

    def listed(self, query: str = "") -> list[str]:
        """The codes of the assets that a query lists, in its order; without limit, page and cursor."""
        return [asset["code"] for asset in done(self.client.get(f"{self.assets}?{query}"))]


def open_books(client: Client) -> Books:
    """Makes an organization and a ledger."""
    organization = made(client.post("/v1/organizations", ORGANIZATION))
    ledger = made(client.post(f"/v1/organizations/{organization.id}/ledgers", LEDGER))
    return Books(client, organization.id, ledger.id)


def made(answer: Answer) -> Answer:
    """An answer that must be 201."""
    assert answer.status == 201, answer
    return answer


def done(answer: Answer) -> Any:  # noqa: ANN401 -- the body of any answer
    """The body of an answer that must be 200."""
    assert answer.status == 200, answer
    return answer.json


def gone(answer: Answer) -> Answer:
    """An answer that must be 204, without a body."""
    assert (answer.status, answer.body) == (204, None), answer
    return answer


def counted(answer: Answer) -> int:
    """The number that a count answers."""
    return int(gone(answer).headers["X-Total-Count"])


def refused(answer: Answer, status: int, code: str, *fields: str) -> str:
    """The message of an error of the ledger API, and what it says of its fields, which must be these."""
    assert (answer.status, answer.json.get("code")) == (status, code), answer
    error = answer.json
    assert error.keys() - {"fields"} == {"code", "title", "message"}, answer
    assert error["title"]
    assert error["message"].endswith((".", "…")) or error["message"].endswith(answer.headers["X-Request-Id"])
    assert set(error.get("fields", {})) == set(fields), answer
    assert all(error.get("fields", {"": "…"}).values())
    assert (answer.body or "").encode()  # half of a surrogate pair could not be sent
    return " ".join([error["message"], *error.get("fields", {}).values()])


def replayed(answer: Answer, first: Answer) -> None:
    """An answer is the first one again, and says so."""
    assert (answer.status, answer.body) == (first.status, first.body)
    assert answer.headers["X-Idempotency-Replayed"] == "true"
