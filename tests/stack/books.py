"""A ledger on the stack with one asset, and what tests ask of it; what changes something has a key."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import httpx

from local.stack import Access, Stack
from tests.support.burst import IN_FLIGHT, Request, burst, definite

CODE = "COIN"
EXTERNAL = f"@external/{CODE}"
DECIMALS = 8
NOBODY = "@nobody"
"""An alias that no account has."""
NOTHING = "00000000-0000-7000-8000-000000000000"
"""An id that nothing has."""
MOST = 100
"""The most rows that a page has."""
MOST_PAGES = 200
"""More than any list in these tests has: one that goes on does not end."""

CREATED, GONE, NOT_FOUND = httpx.codes.CREATED, httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND
CONFLICT, UNPROCESSABLE = httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY

type Body = Mapping[str, Any]
type Standing = tuple[Decimal, Decimal]
"""What is available in an account, and what is on hold."""

EMPTY: Standing = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Books:
    """A client of the stack, and the path of a ledger of its own."""

    client: httpx.Client
    path: str

    def add_asset(self) -> None:
        """Makes the asset."""
        body = {"name": "Coin", "type": "crypto", "code": CODE, "decimals": DECIMALS}
        made(self.client.post(f"{self.path}/assets", json=body))

    def asset_id(self) -> str:
        """The id of the asset."""
        (asset,) = self.get("assets")
        return str(asset["id"])

    def open(self, *aliases: str, **fields: object) -> None:
        """Opens accounts of the asset."""
        bodies = [{"assetCode": CODE, "type": "deposit", "alias": alias, **fields} for alias in aliases]
        opened = burst([partial(self.post, "accounts", body, f"open {body['alias']}") for body in bodies], in_flight=2)
        assert opened.statuses == {CREATED: len(bodies)}

    def post(self, path: str, body: Body | None, key: str) -> httpx.Response:
        """A POST below the ledger, with an idempotency key."""
        return self.client.post(f"{self.path}/{path}", json=body, headers={"Idempotency-Key": key})

    def delete(self, path: str) -> httpx.Response:
        """A DELETE below the ledger."""
        return self.client.delete(f"{self.path}/{path}")

    def inflow(self, payee: str, value: str, key: str) -> httpx.Response:
        """Brings money into the ledger."""
        return self.post("transactions/inflow", {"send": send(value, payees=[leg(payee, value)])}, key)

    def outflow(self, payer: str, value: str, key: str) -> httpx.Response:
        """Takes money out of the ledger."""
        return self.post("transactions/outflow", {"send": send(value, payers=[leg(payer, value)])}, key)

    def pay(self, payer: str, payee: str, value: str, key: str, **fields: object) -> httpx.Response:
        """Moves money from one account to another; a pending payment only holds it for that."""
        return self.post("transactions/json", payment(payer, payee, value) | fields, key)

    def settle(self, transaction_id: str, step: str, key: str) -> httpx.Response:
        """A commit, a cancel or a revert."""
        return self.post(f"transactions/{transaction_id}/{step}", None, key)

    def standing(self, alias: str) -> Standing:
        """What stands in an account's default balance."""
        (balance,) = self.get(f"accounts/alias/{alias}/balances")["items"]
        return Decimal(balance["available"]), Decimal(balance["onHold"])

    def standings(self) -> dict[str, Standing]:
        """What stands in every account of the ledger, the external one included."""
        return {
            balance["alias"]: (Decimal(balance["available"]), Decimal(balance["onHold"]))
            for balance in self.items("balances")
        }

    def operations(self, alias: str) -> str:
        """The path of an account's statement."""
        account = f"external/{CODE}" if alias == EXTERNAL else f"alias/{alias}"
        return f"accounts/{self.get(f'accounts/{account}')['id']}/operations"

    def items(self, path: str) -> Iterator[Any]:
        """Every row of a list, page by page."""
        place: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self.get(path, limit=MOST, **place)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            place = {"cursor": page["next_cursor"]}
        raise AssertionError(f"{path} does not end")

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 -- JSON
        """What a GET below the ledger answers, which must be 200."""
        answer, _ = definite(partial(self.client.get, f"{self.path}/{path}", params=query))
        return answer.raise_for_status().json()


@contextmanager
def connected(stack: Stack, access: Access) -> Iterator[httpx.Client]:
    """Requests that carry a client's token; their paths stand below the API's address."""
    headers = {"Authorization": f"Bearer {stack.token(access)}"}
    with httpx.Client(base_url=stack.base_url, headers=headers, timeout=60) as client:
        yield client


def open_books(client: httpx.Client) -> Books:
    """A new organization with a ledger, in which there is the asset."""
    organization = made(client.post("/v1/organizations", json={"legalName": "Acme", "legalDocument": "1"}))
    ledgers = f"/v1/organizations/{organization['id']}/ledgers"
    ledger = made(client.post(ledgers, json={"name": "Main"}))
    books = Books(client, f"{ledgers}/{ledger['id']}")
    books.add_asset()
    return books


def together(requests: Iterable[Request]) -> list[httpx.Response]:
    """The definite answers to requests that race each other."""
    return list(burst(list(requests)).answers)


def warm(*requests: Request) -> None:
    """Has workers ready for a burst of each of these requests, which are refused."""
    for request in requests:
        assert all(answer.is_client_error for answer in together([request] * IN_FLIGHT))


def made(answer: httpx.Response) -> Any:  # noqa: ANN401 -- JSON
    """The body of an answer that must be 201."""
    assert answer.status_code == CREATED, answer.text
    return answer.json()


def refusals(answers: Iterable[httpx.Response]) -> set[tuple[int, str]]:
    """The statuses and codes of those answers that are not 201."""
    return {(each.status_code, each.json()["code"]) for each in answers if each.status_code != CREATED}


def leg(alias: str, value: str) -> Body:
    """A leg that is so much."""
    return {"accountAlias": alias, "amount": {"asset": CODE, "value": value}}


def payment(payer: str, payee: str, value: str) -> dict[str, Any]:
    """The body of a payment from one account to another."""
    return {"send": send(value, payers=[leg(payer, value)], payees=[leg(payee, value)])}


def send(value: str, *, payers: list[Body] | None = None, payees: list[Body] | None = None) -> Body:
    """So much of the asset, from the legs of one side to those of the other."""
    source = {} if payers is None else {"source": {"from": payers}}
    return {"asset": CODE, "value": value} | source | ({} if payees is None else {"distribute": {"to": payees}})
