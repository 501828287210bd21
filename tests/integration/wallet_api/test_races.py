"""Requests of the wallet API that overlap, in orders that follow from a seed."""

from functools import partial

import pytest

from tests.integration.wallet_api.purse import ADDRESSES, open_purse
from tests.support.crowd import CrowdedWorld

SEEDS = range(12)
TOGETHER = 50
IN_FLIGHT = 16


@pytest.mark.parametrize("seed", SEEDS)
def test_of_50_adds_of_one_token_exactly_one_succeeds(seed: int) -> None:
    world = CrowdedWorld(seed)
    purse = open_purse(world.client())
    account_id = purse.account("ethereum")
    answers = world.together([partial(purse.add, account_id, "USDT", "ethereum")] * TOGETHER, in_flight=IN_FLIGHT)
    assert sorted(answer.status for answer in answers) == [200] + [400] * (TOGETHER - 1)
    assert {answer.json["code"] for answer in answers if answer.status == 400} == {"asset_already_exists"}


@pytest.mark.parametrize("seed", SEEDS)
def test_50_adds_with_one_idempotency_key_get_the_same_answer(seed: int) -> None:
    world = CrowdedWorld(seed)
    purse = open_purse(world.client())
    account_id = purse.account("ethereum")
    add = partial(purse.add, account_id, "USDT", "ethereum", Idempotency_Key="one")
    answers = world.together([add] * TOGETHER, in_flight=IN_FLIGHT)
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}


@pytest.mark.parametrize("seed", SEEDS)
def test_50_first_wallets_of_a_client_share_one_ledger(seed: int) -> None:
    world = CrowdedWorld(seed)
    client = world.client()
    make = partial(client.post, "/api/v1/wallets", {"wallet_name": "First"})
    answers = world.together([make] * TOGETHER, in_flight=IN_FLIGHT)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["ledger_id"] for answer in answers}) == 1
    (organization,) = client.get("/v1/organizations").json["items"]
    (ledger,) = client.get(f"/v1/organizations/{organization['id']}/ledgers").json["items"]
    assert ledger["id"] == answers[0].json["ledger_id"]
    assert client.get("/api/v1/wallets").json["total"] == TOGETHER


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_adds_of_a_token_on_many_accounts_make_its_ledger_asset_once(seed: int) -> None:
    world = CrowdedWorld(seed)
    purse = open_purse(world.client())
    accounts = [purse.account("tron") for _ in range(8)]
    answers = world.together([partial(purse.add, account_id, "USDT") for account_id in accounts], in_flight=IN_FLIGHT)
    assert {answer.status for answer in answers} == {200}
    wallet = purse.client.get(f"/api/v1/wallets/{purse.wallet_id}").json
    path = f"/v1/organizations/{wallet['organization_id']}/ledgers/{wallet['ledger_id']}"
    assert [asset["code"] for asset in purse.client.get(f"{path}/assets").json] == ["USDTTRON"]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_address_is_taken_once(seed: int) -> None:
    world = CrowdedWorld(seed)
    purse = open_purse(world.client())
    body = {"wallet_id": purse.wallet_id, "chain": "ethereum", "address": ADDRESSES["ethereum"]}
    answers = world.together([partial(purse.client.post, "/api/v1/accounts", body)] * 20, in_flight=IN_FLIGHT)
    assert sorted(answer.status for answer in answers) == [200] + [409] * 19
