"""The wallet API over HTTP, on the deployed template."""

from functools import partial

import httpx
import pytest

from tests.support.burst import IN_FLIGHT, burst

OK, BAD_REQUEST = httpx.codes.OK, httpx.codes.BAD_REQUEST
ASSETS = "/api/v1/assets"


@pytest.fixture
def account_id(client: httpx.Client) -> str:
    """A new account of a new wallet; the function that adds assets is warm, with a worker for each of a burst."""
    wallet_id = client.post("/api/v1/wallets", json={"wallet_name": "Main"}).json()["wallet_id"]
    account = client.post("/api/v1/accounts", json={"wallet_id": wallet_id, "chain": "ethereum"}).json()
    burst([partial(client.post, ASSETS, json={})] * IN_FLIGHT)
    return str(account["account_id"])


def test_an_asset_is_added_read_and_listed(client: httpx.Client, account_id: str) -> None:
    body = {"account_id": account_id, "symbol": "USDT", "chain": "ethereum"}
    added = client.post(ASSETS, json=body)
    assert added.status_code == OK
    assert (added.json()["balance"], added.json()["locked_balance"]) == ("0.00", "0.00")
    assert client.get(f"{ASSETS}/{added.json()['asset_id']}").json() == added.json()
    assert client.get(ASSETS, params={"account_id": account_id}).json()["data"] == [added.json()]
    again = client.post(ASSETS, json=body)
    assert (again.status_code, again.json()["code"]) == (BAD_REQUEST, "asset_already_exists")


def test_of_50_adds_of_one_token_exactly_one_succeeds(client: httpx.Client, account_id: str) -> None:
    body = {"account_id": account_id, "symbol": "USDT", "chain": "bsc"}
    answers = burst([partial(client.post, ASSETS, json=body)] * 50)
    assert answers.statuses == {OK: 1, BAD_REQUEST: 49}
    codes = {answer.json()["code"] for answer in answers.answers if answer.status_code == BAD_REQUEST}
    assert codes == {"asset_already_exists"}


def test_50_adds_with_one_idempotency_key_get_the_same_answer(client: httpx.Client, account_id: str) -> None:
    body = {"account_id": account_id, "symbol": "USDC", "chain": "base"}
    answers = burst([partial(client.post, ASSETS, json=body, headers={"Idempotency-Key": "one"})] * 50)
    assert answers.statuses == {OK: 50}
    assert len({answer.text for answer in answers.answers}) == 1


def test_50_first_wallets_of_a_new_client_share_one_ledger(client: httpx.Client) -> None:
    make = partial(client.post, "/api/v1/wallets", json={"wallet_name": "First"})
    burst([partial(client.post, "/api/v1/wallets", json={})] * IN_FLIGHT)
    answers = burst([make] * 50)
    assert answers.statuses == {OK: 50}
    assert len({answer.json()["ledger_id"] for answer in answers.answers}) == 1
    assert len(client.get("/v1/organizations").json()["items"]) == 1
    assert client.get("/api/v1/wallets").json()["total"] == 50
