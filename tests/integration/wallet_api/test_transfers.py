"""Transfers: between addresses of one client at once, to any other by a lock until the withdrawal is settled."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.stores import Everything, on_every_store
from tests.integration.wallet_api.purse import ADDRESSES, done, refused
from tests.integration.wallet_api.till import ALSO_OURS, OURS, OUTSIDE, Till, open_till
from tests.support.world import World


@on_every_store
def test_to_an_address_of_the_same_client_the_money_moves_at_once(till: Till) -> None:
    done(till.deposit("100"))
    sent = done(till.send("30.25", ALSO_OURS, memo="rent"))
    assert sent.keys() == {"tx_id", "status", "message"}
    assert sent["status"] == "CONFIRMED"
    assert (till.stands(), till.stands(till.other_id)) == (("69.75", "0.00"), ("30.25", "0.00"))
    transaction = till.get(sent["tx_id"])
    assert (transaction["operation"], transaction["status"], transaction["memo"]) == ("TRANSFER", "CONFIRMED", "rent")
    assert (transaction["from_account_id"], transaction["to_account_id"]) == (till.account_id, till.other_id)


@on_every_store
def test_to_any_other_address_it_is_locked(till: Till) -> None:
    done(till.deposit("100"))
    sent = done(till.send("30"))
    assert sent["status"] == "PENDING"
    assert till.stands() == ("70.00", "30.00")
    transaction = till.get(sent["tx_id"])
    assert (transaction["to_address"], transaction["to_account_id"], transaction["tx_hash"]) == (OUTSIDE, None, None)


def test_the_movements_are_those_of_the_ledger_beneath(till: Till) -> None:
    done(till.deposit("100"))
    sent = done(till.send("30"))
    path = f"{till.ledger()}/transactions/{till.get(sent['tx_id'])['ledger_transaction_id']}"
    posted = done(till.client.get(path))
    assert (posted["code"], posted["status"]["code"], posted["assetCode"]) == (sent["tx_id"], "PENDING", "USDTETHEREUM")
    assert [each["type"] for each in posted["operations"]] == ["ON_HOLD"]
    assert posted["source"] == [f"{till.account_id}:USDTETHEREUM"]
    assert posted["destination"] == ["@external/USDTETHEREUM"]


def test_the_ledger_api_can_read_all_of_it_and_undo_nothing(till: Till, everything: Everything) -> None:
    done(till.deposit("100"))
    ledger = till.ledger()
    path = f"{ledger}/transactions/{till.get(done(till.send('30'))['tx_id'])['ledger_transaction_id']}"
    assert len(done(till.client.get(f"{ledger}/transactions"))["items"]) == 2
    before = everything()
    for refusal in (
        till.client.post(f"{path}/cancel", None),
        till.client.post(f"{path}/commit", None),
        till.client.post(f"{path}/revert", None),
        till.client.patch(path, {"description": "mine"}),
        till.client.delete(f"{ledger}/assets/{done(till.client.get(f'{ledger}/assets'))[0]['id']}"),
    ):
        assert (refusal.status, refusal.json["code"]) == (403, "0043")
    assert everything() == before


def test_whoever_has_not_got_the_token_yet_gets_it_with_the_money(till: Till) -> None:
    done(till.deposit("100"))
    assert done(till.client.get(f"/api/v1/assets?account_id={till.other_id}"))["total"] == 0
    done(till.send("1", ALSO_OURS))
    assert till.stands(till.other_id) == ("1.00", "0.00")


def test_an_evm_address_is_one_account_on_every_evm_chain(till: Till) -> None:
    done(till.deposit("5", chain="polygon"))
    assert done(till.send("2", ALSO_OURS, chain="polygon"))["status"] == "CONFIRMED"
    assert till.stands(till.other_id, "polygon") == ("2.00", "0.00")


def test_another_client_s_address_is_outside(world: World, till: Till) -> None:
    stranger = world.client()
    wallet = done(stranger.post("/api/v1/wallets", {"wallet_name": "Main"}))["wallet_id"]
    done(stranger.post("/api/v1/accounts", {"wallet_id": wallet, "chain": "ethereum", "address": OUTSIDE}))
    done(till.deposit("10"))
    assert done(till.send("1", OUTSIDE))["status"] == "PENDING"
    assert done(stranger.get("/api/v1/assets"))["total"] == 0


def test_more_than_there_is_to_spend_is_refused_and_what_is_locked_cannot_be_spent(
    till: Till, everything: Everything
) -> None:
    done(till.deposit("10"))
    till.withdraw("4")
    before = everything()
    refused(till.send("6.000001"), 400, "insufficient_balance", "business_error")
    refused(till.send("6.000001", ALSO_OURS), 400, "insufficient_balance", "business_error")
    assert everything() == before
    till.withdraw("6")


@pytest.mark.parametrize("to", [OUTSIDE, ALSO_OURS])
def test_a_reference_is_used_once(till: Till, everything: Everything, to: str) -> None:
    done(till.deposit("10"))
    done(till.send("1", to, reference_id="payout-1"))
    before = everything()
    assert "Duplicate reference_id" in refused(till.send("2", to, reference_id="payout-1"), 400, "invalid_parameter")
    assert "Duplicate reference_id" in refused(till.send("99", to, reference_id="payout-1"), 400, "invalid_parameter")
    assert everything() == before
    done(till.send("1", to, reference_id="payout-2"))


def test_a_reference_stays_used_when_its_withdrawal_has_failed_and_not_when_it_was_refused(till: Till) -> None:
    done(till.deposit("10"))
    refused(till.send("11", reference_id="payout-1"), 400, "insufficient_balance")
    done(till.report(till.withdraw("1", reference_id="payout-1"), "FAILED"))
    refused(till.send("1", reference_id="payout-1"), 400, "invalid_parameter")


def test_references_are_each_client_s_own(world: World, till: Till) -> None:
    other = open_till(world.client())
    for each in (till, other):
        done(each.deposit("10"))
        each.withdraw("1", reference_id="payout-1")


def test_a_repeated_key_gets_the_first_answer_whatever_has_become_of_it(till: Till, everything: Everything) -> None:
    done(till.deposit("10"))
    first = till.send("10", reference_id="payout-1", Idempotency_Key="one")
    done(till.report(first.json["tx_id"], "CONFIRMED"))
    before = everything()
    again = till.send("10", reference_id="payout-1", Idempotency_Key="one")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["X-Idempotency-Replayed"] == "true"
    refused(till.send("9", reference_id="payout-1", Idempotency_Key="one"), 422, "conflict")
    assert everything() == before


def test_a_frozen_account_does_not_send_but_what_it_has_locked_is_settled(till: Till) -> None:
    done(till.deposit("10"))
    spent, returned = till.withdraw("3"), till.withdraw("2")
    done(till.client.patch(f"/api/v1/accounts/{till.account_id}", {"status": "FROZEN"}))
    refused(till.send("1"), 400, "account_not_active", "business_error")
    refused(till.send("1", ALSO_OURS), 400, "account_not_active", "business_error")
    done(till.report(spent, "CONFIRMED"))
    done(till.report(returned, "FAILED"))
    assert till.stands() == ("7.00", "0.00")


def test_who_is_refused_by_a_freeze_is_told_so_though_the_account_is_let_go_meanwhile(till: Till) -> None:
    done(till.deposit("10"))
    path, fake = f"/api/v1/accounts/{till.account_id}", till.client.world.fake
    done(till.client.patch(path, {"status": "FROZEN"}))
    read: list[str] = []

    def on_call(called: str, request: Mapping[str, Any]) -> None:
        if read:
            fake.on_call = None
            done(till.client.patch(path, {"status": "ACTIVE"}))
        elif called == "query" and till.account_id in request["ExpressionAttributeValues"][":pk"]["S"]:
            read.append(called)

    fake.on_call = on_call
    refused(till.send("1"), 400, "account_not_active", "business_error")
    assert read
    done(till.send("1"))


def test_freezing_twice_is_freezing_once(till: Till, everything: Everything) -> None:
    done(till.deposit("10"))
    path = f"/api/v1/accounts/{till.account_id}"
    done(till.client.patch(path, {"status": "FROZEN"}))
    before = everything()
    done(till.client.patch(path, {"status": "FROZEN"}))
    assert everything() == before


def test_an_asset_that_was_deactivated_while_its_account_was_frozen_stays_so(till: Till) -> None:
    done(till.deposit("10"))
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    account, path = f"/api/v1/accounts/{till.account_id}", f"/api/v1/assets/{asset['asset_id']}"
    done(till.client.patch(account, {"status": "FROZEN"}))
    done(till.client.patch(path, {"is_active": False}))
    done(till.client.patch(account, {"status": "ACTIVE"}))
    refused(till.send("1"), 400, "asset_not_active")
    done(till.client.patch(account, {"status": "FROZEN"}))
    done(till.client.patch(path, {"is_active": True}))
    refused(till.send("1"), 400, "account_not_active")
    done(till.client.patch(account, {"status": "ACTIVE"}))
    done(till.send("1"))


def test_a_deactivated_asset_neither_sends_nor_receives_transfers(till: Till) -> None:
    done(till.deposit("10"))
    done(till.send("1", ALSO_OURS))
    (asset,) = done(till.client.get(f"/api/v1/assets?account_id={till.other_id}"))["data"]
    done(till.client.patch(f"/api/v1/assets/{asset['asset_id']}", {"is_active": False}))
    refused(till.send("1", ALSO_OURS), 400, "asset_not_active")
    refused(till.send("1", OURS, from_address=ALSO_OURS), 400, "asset_not_active")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"from_address": OUTSIDE}, 404, "not_found"),
        ({"from_address": "0x12"}, 400, "invalid_address"),
        ({"to_address": "0x12"}, 400, "invalid_address"),
        ({"to_address": ADDRESSES["tron"]}, 400, "invalid_address"),
        ({"to_address": OURS}, 400, "invalid_parameter"),
        ({"chain": "dogecoin"}, 400, "invalid_parameter"),
        ({"token_symbol": "NOPE"}, 400, "invalid_parameter"),
        ({"token_symbol": "USDC"}, 400, "invalid_parameter"),
        ({"chain": "polygon"}, 400, "invalid_parameter"),
        ({"amount": "0"}, 400, "invalid_parameter"),
        ({"amount": "-1"}, 400, "invalid_parameter"),
        ({"amount": "1e1"}, 400, "invalid_parameter"),
        ({"amount": "0.0000001"}, 400, "invalid_parameter"),
        ({"operation": "SWAP"}, 400, "invalid_parameter"),
        ({"reference_id": ""}, 400, "invalid_parameter"),
        ({"reference_id": "r" * 101}, 400, "invalid_parameter"),
        ({"fee": "1"}, 400, "invalid_parameter"),
    ],
)
def test_a_bad_transfer_is_refused_and_nothing_is_stored(
    till: Till, everything: Everything, fields: dict[str, str], status: int, code: str
) -> None:
    done(till.deposit("10"))
    before = everything()
    sent = {"amount": "1", "to": OUTSIDE} | fields
    sent["to"] = sent.pop("to_address", sent["to"])
    refused(till.send(sent.pop("amount"), sent.pop("to"), **sent), status, code)
    assert everything() == before


def test_transactions_are_listed_by_wallet_account_chain_status_and_reference(till: Till) -> None:
    done(till.deposit("10"))
    done(till.deposit("10", chain="polygon"))
    inside = done(till.send("1", ALSO_OURS))["tx_id"]
    waiting = till.withdraw("2", reference_id="payout-1")
    failed = till.withdraw("3")
    done(till.report(failed, "FAILED"))

    def listed(query: str) -> list[str]:
        return [each["tx_id"] for each in done(till.client.get(f"/api/v1/transactions?{query}"))["data"]]

    assert len(listed(f"wallet_id={till.purse.wallet_id}")) == len(listed("")) == 5
    assert listed(f"account_id={till.other_id}") == [inside]
    assert len(listed("chain=polygon")) == 1
    assert (listed("status=PENDING"), listed("status=FAILED")) == ([waiting], [failed])
    assert listed("reference_id=payout-1") == [waiting]
    assert listed("reference_id=payout-2") == listed("chain=polygon&status=FAILED") == []
    assert listed("wallet_id=wal_01KF0KV800E00800000000001H") == []


def test_transactions_are_paged_by_number_and_by_cursor(till: Till) -> None:
    for amount in range(1, 8):
        done(till.deposit(str(amount)))
    path = "/api/v1/transactions?page_size=3"
    first = done(till.client.get(path))
    assert (first["total"], first["has_more"]) == (7, True)
    second = done(till.client.get(f"{path}&page=2"))
    assert done(till.client.get(f"{path}&cursor={first['next_cursor']}"))["data"] == second["data"]
    amounts = [each["amount"] for each in (*first["data"], *second["data"])]
    assert amounts == ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"]
    refused(till.client.get("/api/v1/transactions?status=LOST"), 400, "invalid_parameter")


def test_a_transaction_that_is_not_there_is_not_found(till: Till) -> None:
    refused(till.client.get("/api/v1/transactions/txn_01KF0KV800E00800000000001H"), 404, "not_found")
    refused(till.client.get("/api/v1/transactions/nothing"), 404, "not_found")
