"""Many who want the same money at once: it moves as often as it may, and everybody else is told so."""

from collections import Counter
from functools import partial

import pytest

from tests.integration.ledger_api.bank import ALICE, BOB, SHOP, Bank, open_bank
from tests.integration.ledger_api.books import done, made, refused
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer

SEEDS = range(3)
PATIENCE = 60.0
"""Seconds that a request has among so many."""


def crowded(seed: int) -> tuple[CrowdedWorld, Bank]:
    """A world in which requests overlap, and a bank in it."""
    world = CrowdedWorld(seed)
    bank = open_bank(world.client())
    world.time_left = PATIENCE
    return world, bank


def outcomes(answers: list[Answer]) -> Counter[str]:
    """How often each was answered: that it was made, or with which code it was not."""
    return Counter("made" if answer.status == 201 else answer.json["code"] for answer in answers)


def sound(bank: Bank) -> None:
    """The table is as it may be, and no money has come or gone."""
    assert problems(bank.world.fake.snapshot()) == []
    assert bank.sum() == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_50_requests_with_one_key_are_one_transaction_and_get_one_answer(seed: int) -> None:
    world, bank = crowded(seed)
    answers = world.together([partial(bank.pay, ALICE, SHOP, "100", "one")] * 50)
    assert {(answer.status, answer.body) for answer in answers} == {(201, answers[0].body)}
    assert sum("X-Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("100", "0"))
    assert len(bank.listed("limit=100")) == 2
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_bodies_under_one_key_one_is_made_and_the_others_are_told(seed: int) -> None:
    world, bank = crowded(seed)
    requests = [partial(bank.pay, ALICE, payee, "10", "one") for payee in (SHOP, BOB)] * 8
    answers = world.together(requests)
    assert outcomes(answers) == {"made": 8, "0084": 8}
    assert {bank.stands(SHOP), bank.stands(BOB)} == {("10", "0"), ("0", "0")}
    sound(bank)


@pytest.mark.parametrize("shards", [1, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_of_100_debits_of_1_from_a_balance_of_60_exactly_60_succeed(seed: int, shards: int) -> None:
    world, bank = crowded(seed)
    bank.open("@payer", shards=shards)
    for _ in range(12):
        made(bank.inflow("@payer", "5"))
    answers = world.together([partial(bank.outflow, "@payer", "1")] * 100)
    assert outcomes(answers) == {"made": 60, "0018": 40}
    assert bank.stands("@payer") == ("0", "0")
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_25_commits_against_25_cancels_exactly_one_succeeds(seed: int) -> None:
    world, bank = crowded(seed)
    held = bank.hold(ALICE, SHOP, "60")
    answers = world.together([partial(bank.settle, held, step) for step in ("commit", "cancel") * 25])
    assert outcomes(answers) == {"made": 1, "0099": 49}
    (winner,) = (answer for answer in answers if answer.status == 201)
    assert bank.get(held) == winner.json
    standing = {"APPROVED": (("40", "0"), ("60", "0")), "CANCELED": (("100", "0"), ("0", "0"))}
    assert (bank.stands(ALICE), bank.stands(SHOP)) == standing[winner.json["status"]["code"]]
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_commits_and_cancels_while_the_source_and_the_destination_are_busy(seed: int) -> None:
    """A commit that is planned on a hold as it was, and on balances as another has left them, is no mistake."""
    world, bank = crowded(seed)
    held = [bank.hold(ALICE, SHOP, "10") for _ in range(4)]
    steps = [partial(bank.settle, each, step) for each in held for step in ("commit", "cancel", "commit")]
    answers = world.together([*steps, *[partial(bank.pay, ALICE, SHOP, "1")] * 12, *reversed(steps)])
    assert outcomes(answers) == {"made": 4 + 12, "0099": 24 - 4}
    committed = sum(bank.status(each) == "APPROVED" for each in held)
    assert bank.stands(SHOP) == (str(12 + 10 * committed), "0")
    assert bank.stands(ALICE) == (str(88 - 10 * committed), "0")
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_50_commits_with_one_key_get_the_same_answer(seed: int) -> None:
    world, bank = crowded(seed)
    held = bank.hold(ALICE, SHOP, "60")
    answers = world.together([partial(bank.settle, held, "commit", "one")] * 50)
    assert {(answer.status, answer.body) for answer in answers} == {(201, answers[0].body)}
    assert sum("X-Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_50_reverts_with_as_many_keys_exactly_one_succeeds(seed: int) -> None:
    world, bank = crowded(seed)
    paid = made(bank.pay(ALICE, SHOP, "60")).id
    made(bank.inflow(SHOP, "1000"))  # there is enough for more than one
    answers = world.together([partial(bank.settle, paid, "revert", str(number)) for number in range(50)])
    assert outcomes(answers) == {"made": 1, "0087": 49}
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("100", "0"), ("1000", "0"))
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_revert_and_a_payment_of_the_same_money_do_not_both_get_it(seed: int) -> None:
    world, bank = crowded(seed)
    paid = made(bank.pay(ALICE, SHOP, "60")).id
    answers = world.together([*[partial(bank.outflow, SHOP, "60")] * 5, *[partial(bank.settle, paid, "revert")] * 5])
    assert outcomes(answers)["made"] == 1
    assert set(outcomes(answers)) <= {"made", "0018", "0087"}
    assert bank.stands(SHOP) == ("0", "0")
    sound(bank)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_taken_from_an_account_after_the_answer_that_it_is_blocked(seed: int) -> None:
    world, bank = crowded(seed)
    path = bank.path(ALICE)
    blocked_at: list[int] = []
    sent: list[tuple[int, Answer]] = []

    def block() -> None:
        done(bank.client.patch(path, {"blocked": True}))
        blocked_at.append(world.clock.now)

    def pay() -> None:
        begun = world.clock.now
        sent.append((begun, bank.pay(ALICE, SHOP, "1")))

    world.together([*[pay] * 10, block, *[pay] * 30], in_flight=8)
    paid = [begun for begun, answer in sent if answer.status == 201]
    assert all(begun <= blocked_at[0] for begun in paid)
    assert set(outcomes([answer for _, answer in sent])) == {"made", "0024"}
    assert bank.stands(SHOP) == (str(len(paid)), "0")
    sound(bank)


@pytest.mark.parametrize("seed", range(6))
def test_an_account_is_deleted_over_no_money(seed: int) -> None:
    world, bank = crowded(seed)
    path = bank.path(SHOP)
    deletion = partial(bank.client.delete, path)
    answers = world.together([*[partial(bank.pay, ALICE, SHOP, "1")] * 4, deletion, *[deletion] * 3], in_flight=8)
    paid = outcomes(answers[:4])["made"]
    deleted = [answer.status for answer in answers[4:]].count(204)
    assert bank.stands(ALICE) == (str(100 - paid), "0")
    if deleted:
        assert (paid, deleted) == (0, 1)
        refused(bank.client.get(path), 404, "0007")
    else:
        assert bank.stands(SHOP) == (str(paid), "0")
        assert paid
    sound(bank)


@pytest.mark.parametrize("seed", SEEDS)
def test_transfers_back_and_forth_all_happen(seed: int) -> None:
    world, bank = crowded(seed)
    made(bank.pay(ALICE, BOB, "50"))
    there, back = partial(bank.pay, ALICE, BOB, "1"), partial(bank.pay, BOB, ALICE, "1")
    assert outcomes(world.together([there, back] * 25)) == {"made": 50}
    assert (bank.stands(ALICE), bank.stands(BOB)) == (("50", "0"), ("50", "0"))
    assert len(bank.entries(ALICE)) == 1 + 1 + 1 + 50
    sound(bank)
