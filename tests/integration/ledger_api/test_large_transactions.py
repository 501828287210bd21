"""An item has 400 KB: whatever is noted of a transaction, it can be settled, and what finds no room is told so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from coffer.ledger.amounts import EXACT
from coffer.ledger.sends import MAX_POSTINGS
from coffer.store.idempotency import MOST_KEPT
from coffer.store.records import MOST_NOTED
from coffer.store.values import Value, encode, size
from coffer.times import rfc3339
from tests.integration.ledger_api.bank import ALICE, SHOP, Bank, Body, leg, send
from tests.integration.ledger_api.books import done, made, refused, replayed
from tests.support.audit import problems
from tests.support.dynamodb.sizes import item_size
from tests.support.world import JANUARY, Answer

LEGS = 40
OPENED = [f"@payee{number}" for number in range(LEGS)]


def metadata(kilobytes: int) -> dict[str, str]:
    """So many KB of notes, the most for one being 16."""
    return {f"note {number}": "x" * 1_000 for number in range(kilobytes)}


@pytest.fixture
def many(bank: Bank) -> list[dict[str, Any]]:
    """Legs of many accounts, which have 1 each, with a lot that is noted of them."""
    for alias in OPENED:
        bank.open(alias, "1")
    return [leg(alias, "1", metadata=metadata(5)) for alias in OPENED]


@pytest.fixture
def held(bank: Bank, many: list[dict[str, Any]]) -> str:
    """A hold for many."""
    body = {"send": send(str(LEGS), [leg(ALICE, str(LEGS))], many), "pending": True}
    return made(bank.post("json", body)).id


@pytest.fixture
def gathered(bank: Bank, many: list[dict[str, Any]]) -> str:
    """A hold of many."""
    body = {"send": send(str(LEGS), many, [leg(ALICE, str(LEGS))]), "pending": True}
    return made(bank.post("json", body)).id


def fill(bank: Bank, transaction_id: str, noted: Mapping[str, str] | None = None) -> str:
    """Notes as much as there is room for of a transaction's operations; what the refusal says in the end."""
    for operation in bank.get(transaction_id)["operations"]:
        path = f"{bank.transactions}/{transaction_id}/operations/{operation['id']}"
        answer = bank.client.patch(path, {"metadata": noted or metadata(15)})
        if answer.status != 200:
            return refused(answer, 413, "0143")
    raise AssertionError("there is room for all of it")


def test_notes_for_which_there_is_no_room_are_refused_and_change_nothing(bank: Bank, held: str) -> None:
    made(bank.settle(held, "commit"))
    assert str(MOST_NOTED) in fill(bank, held)
    before = bank.world.fake.snapshot()
    refused(bank.client.patch(f"{bank.transactions}/{held}", {"metadata": metadata(15)}), 413, "0143")
    assert bank.world.fake.snapshot() == before
    done(bank.client.patch(f"{bank.transactions}/{held}", {"description": "short"}))
    assert problems(bank.world.fake.snapshot()) == []


@pytest.mark.parametrize("step", ["commit", "cancel"])
def test_however_much_is_noted_of_a_hold_it_can_be_settled(bank: Bank, gathered: str, step: str) -> None:
    fill(bank, gathered)
    made(bank.settle(gathered, step))
    assert problems(bank.world.fake.snapshot()) == []


def test_however_much_is_noted_a_transaction_can_be_reverted(bank: Bank, held: str) -> None:
    made(bank.settle(held, "commit"))
    fill(bank, held)
    made(bank.settle(held, "revert", "one"))
    assert bank.stands(ALICE) == ("100", "0")


def test_a_commit_whose_answer_cannot_be_kept_under_a_key_is_refused_and_done_without_one(
    bank: Bank, gathered: str
) -> None:
    """What is noted of a leg is noted of each of its operations: of a hold that is committed, its source has two."""
    before = bank.world.fake.snapshot()
    assert "without" in refused(bank.settle(gathered, "commit", "one"), 413, "0143")
    assert bank.world.fake.snapshot() == before
    assert len(made(bank.settle(gathered, "commit")).body or "") > MOST_KEPT
    assert bank.status(gathered) == "APPROVED"


def test_the_largest_answers_are_kept_under_a_key_and_told_again(bank: Bank, held: str) -> None:
    first = made(bank.settle(held, "commit", "one"))
    assert len(first.body or "") > 200_000
    replayed(bank.settle(held, "commit", "one"), first)


VALUES: dict[str, Value] = {
    "nothing": None,
    "truth": True,
    "text": "é" * 100,
    "numbers": [0, 1, -1, 10, 100, 1_768_473_600_000, -98_765],
    "nested": {"list": [{"é": "x"}, [], {}], "map": {"deep": [None, False]}},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_takes_no_more_than_is_counted(value: Value) -> None:
    wire: Any = encode(value)
    assert 0 <= size({"name": value}) - item_size({"name": wire}) <= 20


# ------------------------------------------------------------------------------------------------- the largest of each

HUGE = "9" * 58 + "." + "1" * 36
PART = "1." + "1" * 35 + "3"
HOUR = 3_600_000
MOST_STORED = 400 * 1024
"""Bytes that an item may have: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of transaction: where it is sent, how many pay and are paid in it, and what else is said of it."""

    path: str
    payers: int
    payees: int
    fields: Mapping[str, Any] = field(default_factory=dict)

    def open(self, bank: Bank) -> None:
        """Opens all accounts, with as much in them as takes the most room."""
        for alias in (*self._aliases("payer", self.payers), *self._aliases("payee", self.payees)):
            bank.open(alias, HUGE, asset="FINE")

    def send(self, bank: Bank, noted: int) -> Answer:
        """The answer to one of which and of whose legs much is noted; of the transaction itself so many letters more.

        A number in JSON is stored as the double that it is: the four letters of 1e15 become eighteen.
        """
        letters = "x" * noted
        metadata = {str(each): letters[each * 2_000 : (each + 1) * 2_000] for each in range(8)}
        body = {"send": self._send(), "metadata": metadata, **self.fields}
        sent = {"transactions": [body]} if self.path == "batch" else body
        return bank.post(self.path, json.dumps(sent, separators=(",", ":")).replace(str(1e15), "1e15"))

    def _send(self) -> Body:
        sides = [
            [leg(alias, PART, "FINE", metadata={f"{key:011}": 1e15 for key in range(100)}) for alias in aliases]
            for aliases in (self._aliases("payer", self.payers), self._aliases("payee", self.payees))
        ]
        value = EXACT.multiply(Decimal(PART), Decimal(max(self.payers, self.payees)))
        return send(str(value), *(side or None for side in sides), asset="FINE")

    @staticmethod
    def _aliases(side: str, count: int) -> list[str]:
        return [f"@{side}{number}" for number in range(count)]


HALF = MAX_POSTINGS // 2
PENDING = {"pending": True, "expiresAt": rfc3339(JANUARY + HOUR)}
KINDS = {
    "a payment": Kind("json", HALF, HALF),
    "a hold": Kind("json", HALF, HALF, PENDING),
    "an inflow": Kind("inflow", 0, MAX_POSTINGS - 1),
    "an outflow": Kind("outflow", MAX_POSTINGS - 1, 0),
    "a withdrawal": Kind("outflow", MAX_POSTINGS - 1, 0, PENDING),
    "an annotation": Kind("annotation", HALF, HALF),
    "one of a batch": Kind("batch", HALF, HALF, PENDING),
}


def only(answer: Answer) -> str:
    """The id of a transaction that was made, if need be as the only one of a batch."""
    body = made(answer).json
    return str(body["transactions"][0]["transaction"]["id"] if "transactions" in body else body["id"])


ENDS: list[tuple[str, list[str]]] = [
    ("a payment", ["revert"]),
    ("a hold", ["cancel"]),
    ("an inflow", ["revert"]),
    ("an outflow", ["revert"]),
    ("a withdrawal", ["expire"]),
    ("a withdrawal", ["commit", "revert"]),
    ("an annotation", []),
    ("one of a batch", ["commit", "revert"]),
]


@pytest.mark.parametrize(("named", "steps"), ENDS, ids=[" ".join((named, *steps)) for named, steps in ENDS])
def test_the_largest_that_can_be_made_can_be_taken_to_its_end(bank: Bank, named: str, steps: list[str]) -> None:
    kind = KINDS[named]
    bank.books.add("FINE")
    kind.open(bank)
    probe = only(kind.send(bank, 0))
    letters = MOST_NOTED - 10 - size(bank.record(probe))
    if steps:  # all stands again as it stood before
        made(bank.settle(probe, "cancel" if "pending" in kind.fields else "revert"))

    largest = only(kind.send(bank, letters))
    assert 0 <= MOST_NOTED - size(bank.record(largest)) < 20
    before = bank.world.fake.snapshot()
    assert str(MOST_NOTED) in str(kind.send(bank, letters + 20).body)
    assert bank.world.fake.snapshot() == before
    for step in steps:
        if step == "expire":
            bank.world.clock.now += 2 * HOUR
            assert bank.expire() == 1
        else:
            made(bank.settle(largest, step))
    assert problems(bank.world.fake.snapshot()) == []


def test_a_record_that_takes_over_the_legs_of_the_largest_has_room_for_every_posting_of_its_own() -> None:
    """A revert's has what was noted of the legs, and a posting for each shard that pays."""
    standing: list[Value] = [10**9, f"-{HUGE}", f"-{HUGE}", 10**9]
    posting: Value = {"shard": 15, "amount": HUGE, "after": standing}
    assert MOST_NOTED + MAX_POSTINGS * (1 + size(posting)) < MOST_STORED


# ------------------------------------------------------------------------------------------------------ largest answers

SHARDED = [f"@payer{number}" for number in range(6)]
LARGEST_ANSWER = 6 * 1024 * 1024
"""Bytes of what a function of Lambda's may answer, as JSON."""


def quotes(count: int) -> dict[str, str]:
    """Metadata that takes the most room in an answer: text within text, in which a quote takes four bytes."""
    return {str(number): '"' * min(1_000, count - number * 1_000) for number in range(-(-count // 1_000))}


def from_every_shard(count: int) -> Body:
    """A hold for which each shard of six accounts pays, with so much noted of each."""
    text = "\1" * 256
    payers = [leg(alias, "16", metadata=quotes(count), description=text, chartOfAccounts=text) for alias in SHARDED]
    return {"send": send("96", payers, [leg(SHOP, metadata=quotes(8_000))]), "pending": True}


@pytest.fixture
def split(bank: Bank) -> Bank:
    """The bank with accounts each of whose shards has 1."""
    for number, alias in enumerate(SHARDED):
        bank.open(alias, shards=16)
        bank.fund(alias, *["1"] * 16, nth=number)
    return bank


def test_the_largest_answer_is_one_that_lambda_can_give(split: Bank) -> None:
    held = made(split.post("json", from_every_shard(5_090))).id
    fill(split, held, quotes(8_000))
    largest = made(split.settle(held, "commit")).body
    assert len(json.loads(largest or "")["operations"]) == 2 * 6 * 16 + 1
    assert 4_000_000 < len(json.dumps(largest, ensure_ascii=False)) < LARGEST_ANSWER
    assert split.client.get(f"{split.transactions}/{held}").body == largest
    made(split.settle(held, "revert"))


@pytest.mark.parametrize("path", ["json", "batch"])
def test_what_is_noted_once_and_would_be_told_of_too_many_shards_is_refused(split: Bank, path: str) -> None:
    body = from_every_shard(5_120)
    before = split.world.fake.snapshot()
    sent = {"transactions": [body], "atomic": True} if path == "batch" else body
    fields = ["transactions.0"] if path == "batch" else []
    assert "each shard" in refused(split.post(path, sent), 413, "0143", *fields)
    assert split.world.fake.snapshot() == before
