"""An item has 400 KB: whatever is noted of a transaction, it can be settled, and what finds no room is told so."""

from __future__ import annotations

from typing import Any

import pytest

from coffer.store.idempotency import MOST_KEPT
from coffer.store.records import MOST_NOTED
from coffer.store.values import Value, encode, size
from tests.integration.ledger_api.bank import ALICE, Bank, leg, send
from tests.integration.ledger_api.books import done, made, refused, replayed
from tests.support.audit import problems
from tests.support.dynamodb.sizes import item_size

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


def fill(bank: Bank, transaction_id: str) -> str:
    """Notes as much as there is room for of a transaction's operations; what the refusal says in the end."""
    for operation in bank.get(transaction_id)["operations"]:
        path = f"{bank.transactions}/{transaction_id}/operations/{operation['id']}"
        answer = bank.client.patch(path, {"metadata": metadata(15)})
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
