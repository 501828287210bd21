"""The Assets API over HTTP, on the deployed template: the same functions, routes and authorizer as in the cloud."""

from collections.abc import Callable
from functools import partial

import httpx
import pytest

from tests.support.burst import IN_FLIGHT, burst

BITCOIN = {"name": "Bitcoin", "type": "crypto", "code": "BTC", "metadata": {"internalExchangeCustody": "Binance US"}}
CREATED, CONFLICT = httpx.codes.CREATED, httpx.codes.CONFLICT


@pytest.fixture
def assets(client: httpx.Client) -> str:
    """The path of a new ledger's assets."""
    organization = client.post("/v1/organizations", json={"legalName": "Acme", "legalDocument": "1"}).json()["id"]
    ledgers = f"/v1/organizations/{organization}/ledgers"
    ledger = client.post(ledgers, json={"name": "Main"}).json()["id"]
    return f"{ledgers}/{ledger}/assets"


@pytest.fixture
def create(client: httpx.Client, assets: str) -> Callable[..., httpx.Response]:
    """Creates an asset; the function is warm, with a worker for each request of a burst."""
    request = partial(client.post, assets)
    burst([partial(request, json=BITCOIN | {"code": "btc"})] * IN_FLIGHT)
    return request


def test_an_asset_lives_from_its_creation_to_its_deletion(client: httpx.Client, assets: str) -> None:
    created = client.post(assets, json=BITCOIN)
    assert created.status_code == CREATED
    path = f"{assets}/{created.json()['id']}"
    assert client.get(path).json() == created.json()
    assert client.get(assets, params={"type": "crypto"}).json() == [created.json()]
    assert client.get(assets, params={"type": "currency"}).json() == []
    assert client.get(assets, params={"limit": 1}).json()["items"] == [created.json()]
    assert client.patch(path, json={"metadata": {"cfo": "S."}}).json()["metadata"] == {"cfo": "S."}
    count = client.head(f"{assets}/metrics/count")
    assert (count.status_code, count.headers["X-Total-Count"]) == (204, "1")
    assert client.delete(path).status_code == 204
    assert client.get(path).json()["code"] == "0007"
    assert client.post(assets, json=BITCOIN).status_code == CREATED


def test_of_50_creates_of_one_code_exactly_one_succeeds(create: Callable[..., httpx.Response]) -> None:
    answers = burst([partial(create, json=BITCOIN | {"name": f"Bitcoin {number}"}) for number in range(50)])
    assert answers.statuses == {CREATED: 1, CONFLICT: 49}
    assert {answer.json()["code"] for answer in answers.answers if answer.status_code == CONFLICT} == {"0003"}


def test_50_creates_with_one_idempotency_key_get_the_same_answer(
    client: httpx.Client, assets: str, create: Callable[..., httpx.Response]
) -> None:
    answers = burst([partial(create, json=BITCOIN, headers={"Idempotency-Key": "one"})] * 50)
    assert answers.statuses == {CREATED: 50}
    assert len({answer.text for answer in answers.answers}) == 1
    assert sum("X-Idempotency-Replayed" not in answer.headers for answer in answers.answers) == 1
    assert len(client.get(assets).json()) == 1


def test_creates_of_different_codes_in_one_ledger_all_succeed_and_are_counted(
    client: httpx.Client, assets: str, create: Callable[..., httpx.Response]
) -> None:
    bodies = [BITCOIN | {"code": f"BTC{number}", "name": f"Bitcoin {number}"} for number in range(32)]
    headers = [{"Idempotency-Key": str(number)} for number in range(32)]
    answers = burst([partial(create, json=body, headers=key) for body, key in zip(bodies, headers, strict=True)])
    assert answers.statuses == {CREATED: 32}
    assert client.head(f"{assets}/metrics/count").headers["X-Total-Count"] == "32"
    assert {asset["code"] for asset in client.get(assets).json()} == {body["code"] for body in bodies}
