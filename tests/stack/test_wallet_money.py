"""Money in the wallet API over HTTP: as often as it may happen, it happens."""

from __future__ import annotations

import secrets
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest

from tests.support.burst import IN_FLIGHT, burst

OK, BAD_REQUEST, CONFLICT = httpx.codes.OK, httpx.codes.BAD_REQUEST, httpx.codes.CONFLICT
DEPOSITS, TRANSACTIONS = "/api/v1/deposits", "/api/v1/transactions"
OUTSIDE = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"
HASH = f"0x{'5c' * 32}"


class Till:
    """Two accounts of a client on ethereum, and money for the first."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.addresses = [f"0x{secrets.token_hex(20)}" for _ in range(2)]
        self._outputs = count()
        wallet = client.post("/api/v1/wallets", json={"wallet_name": "Main"}).json()
        self.ledger = f"/v1/organizations/{wallet['organization_id']}/ledgers/{wallet['ledger_id']}"
        self.accounts = [
            client.post(
                "/api/v1/accounts", json={"wallet_id": wallet["wallet_id"], "chain": "ethereum", "address": address}
            ).json()["account_id"]
            for address in self.addresses
        ]

    def report(self, amount: str, output_index: int | None = None) -> dict[str, Any]:
        """A report of a deposit, each of another output unless one is given."""
        return {
            "chain": "ethereum",
            "tx_hash": HASH,
            "output_index": next(self._outputs) if output_index is None else output_index,
            "to_address": self.addresses[0],
            "token_symbol": "USDT",
            "amount": amount,
        }

    def transfer(self, amount: str, to: str = OUTSIDE, **fields: str) -> dict[str, Any]:
        """A transfer from the first account."""
        return {
            "operation": "TRANSFER",
            "from_address": self.addresses[0],
            "to_address": to,
            "chain": "ethereum",
            "token_symbol": "USDT",
            "amount": amount,
            **fields,
        }

    def deposit(self, amount: str) -> None:
        """Money for the first account."""
        assert self.client.post(DEPOSITS, json=self.report(amount)).status_code == OK

    def withdraw(self, amount: str) -> str:
        """The id of a withdrawal."""
        answer = self.client.post(TRANSACTIONS, json=self.transfer(amount))
        assert answer.json()["status"] == "PENDING"
        return str(answer.json()["tx_id"])

    def stands(self, number: int = 0) -> tuple[str, str]:
        """What of its USDT an account can spend, and what is locked."""
        (asset,) = self.client.get("/api/v1/assets", params={"account_id": self.accounts[number]}).json()["data"]
        return asset["balance"], asset["locked_balance"]

    def warm(self, path: str) -> None:
        """Gives the function of a path as many workers as a burst has."""
        burst([partial(self.client.post, path, json={})] * IN_FLIGHT)


@pytest.fixture
def till(client: httpx.Client) -> Till:
    """Two accounts, and nothing in them."""
    return Till(client)


def test_money_comes_in_moves_and_goes_out_and_the_ledger_says_the_same(till: Till) -> None:
    till.deposit("100")
    inside = till.client.post(TRANSACTIONS, json=till.transfer("30.5", till.addresses[1]))
    assert (inside.status_code, inside.json()["status"]) == (OK, "CONFIRMED")
    confirmed, failed = till.withdraw("20"), till.withdraw("10")
    assert till.stands() == ("39.50", "30.00")
    for tx_id, status, fields in (
        (confirmed, "BROADCAST", {"tx_hash": HASH}),
        (confirmed, "CONFIRMED", {"tx_hash": HASH}),
        (failed, "FAILED", {}),
    ):
        assert till.client.post(f"{TRANSACTIONS}/{tx_id}/status", json={"status": status, **fields}).status_code == OK
    assert (till.stands(), till.stands(1)) == (("49.50", "0.00"), ("30.50", "0.00"))
    balances = till.client.get(f"{till.ledger}/balances", params={"limit": 100}).json()["items"]
    ours = {each["alias"].partition(":")[0]: each["available"] for each in balances if each["accountType"] == "wallet"}
    assert ours == {till.accounts[0]: "49.5", till.accounts[1]: "30.5"}
    (outside,) = (each["available"] for each in balances if each["accountType"] == "external")
    assert outside == "-80"


def test_100_reports_of_one_deposit_credit_it_once(till: Till) -> None:
    till.warm(DEPOSITS)
    answers = burst([partial(till.client.post, DEPOSITS, json=till.report("10", 7))] * 100)
    assert answers.statuses == {OK: 100}
    assert len({answer.text for answer in answers.answers}) == 1
    assert till.stands() == ("10.00", "0.00")


def test_of_50_withdrawals_of_1_from_30_exactly_30_are_accepted(till: Till) -> None:
    till.deposit("30")
    till.warm(TRANSACTIONS)
    requests = [
        partial(till.client.post, TRANSACTIONS, json=till.transfer("1"), headers={"Idempotency-Key": str(number)})
        for number in range(50)
    ]
    answers = burst(requests)
    assert answers.statuses == {OK: 30, BAD_REQUEST: 20}
    refused = {answer.json()["code"] for answer in answers.answers if answer.status_code == BAD_REQUEST}
    assert refused == {"insufficient_balance"}
    assert till.stands() == ("0.00", "30.00")


def test_of_failed_and_confirmed_one_wins(till: Till) -> None:
    till.deposit("30")
    path = f"{TRANSACTIONS}/{till.withdraw('10')}/status"
    till.warm(path)
    reports = [{"status": "CONFIRMED", "tx_hash": HASH}, {"status": "FAILED"}] * 8
    answers = burst([partial(till.client.post, path, json=report) for report in reports])
    assert answers.statuses == {OK: 8, CONFLICT: 8}
    (ended,) = {answer.json()["status"] for answer in answers.answers if answer.status_code == OK}
    assert till.stands() == ({"CONFIRMED": "20.00", "FAILED": "30.00"}[ended], "0.00")


def test_nothing_is_sent_after_the_answer_to_a_freeze(till: Till) -> None:
    till.deposit("100")
    till.warm(TRANSACTIONS)
    transfers = [partial(till.client.post, TRANSACTIONS, json=till.transfer("1")) for _ in range(30)]
    path = f"/api/v1/accounts/{till.accounts[0]}"
    freeze = partial(till.client.patch, path, json={"status": "FROZEN"})
    answers = burst([*transfers[:15], freeze, *transfers[15:]])
    accepted = answers.statuses[httpx.codes.OK] - 1
    assert till.stands() == (f"{100 - accepted}.00", f"{accepted}.00")
    late = till.client.post(TRANSACTIONS, json=till.transfer("1"))
    assert (late.status_code, late.json()["code"]) == (BAD_REQUEST, "account_not_active")
