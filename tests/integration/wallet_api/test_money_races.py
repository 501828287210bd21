"""Money in the wallet API when requests overlap or their answers are lost, in orders that follow from a seed."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random

import pytest

from tests.integration.wallet_api.purse import done
from tests.integration.wallet_api.till import ALSO_OURS, OURS, Till, open_till, tx_hash
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer

SEEDS = range(6)


def crowded(seed: int) -> tuple[CrowdedWorld, Till]:
    """A world in which requests overlap, and a till in it."""
    world = CrowdedWorld(seed)
    return world, open_till(world.client())


def statuses(answers: list[Answer]) -> Counter[int]:
    """How often each status was answered; none that says nothing definite."""
    counted = Counter(answer.status for answer in answers)
    assert 503 not in counted
    return counted


@pytest.mark.parametrize("seed", SEEDS)
def test_100_reports_of_one_deposit_credit_it_once(seed: int) -> None:
    world, till = crowded(seed)
    world.time_left = 60
    answers = world.together([partial(till.deposit, "10", tx_hash=tx_hash(1))] * 100)
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert till.stands() == ("10.00", "0.00")
    assert problems(world.fake.snapshot()) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_deposits_of_many_new_tokens_to_one_account_are_all_credited(seed: int) -> None:
    world, till = crowded(seed)
    tokens = [("ethereum", "ETH"), ("ethereum", "USDC"), ("ethereum", "USDT"), ("polygon", "USDT"), ("bsc", "USDT")]
    reports = [
        partial(till.deposit, "1", chain=chain, token_symbol=symbol) for chain, symbol in tokens for _ in range(4)
    ]
    assert statuses(world.together(reports)) == {200: 20}
    assert {till.stands(chain=chain, symbol=symbol) for chain, symbol in tokens} == {("4.00", "0.00")}
    assert done(till.client.get("/api/v1/assets"))["total"] == len(tokens)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_50_withdrawals_of_1_from_30_exactly_30_are_accepted(seed: int) -> None:
    world, till = crowded(seed)
    world.time_left = 60
    done(till.deposit("30"))
    answers = world.together([partial(till.send, "1")] * 50)
    assert statuses(answers) == {200: 30, 400: 20}
    assert {answer.json["code"] for answer in answers if answer.status == 400} == {"insufficient_balance"}
    assert till.stands() == ("0.00", "30.00")


@pytest.mark.parametrize("seed", range(20))
def test_of_failed_and_confirmed_one_wins(seed: int) -> None:
    world, till = crowded(seed)
    done(till.deposit("30"))
    tx_id = till.withdraw("10")
    reports = [partial(till.report, tx_id, status) for status in ("CONFIRMED", "FAILED") for _ in range(4)]
    assert statuses(world.together(reports)) == {200: 4, 409: 4}
    ended = till.get(tx_id)["status"]
    assert till.stands() == ({"CONFIRMED": "20.00", "FAILED": "30.00"}[ended], "0.00")


@pytest.mark.parametrize("seed", SEEDS)
def test_of_20_transfers_with_one_reference_one_is_made(seed: int) -> None:
    world, till = crowded(seed)
    done(till.deposit("30"))
    answers = world.together([partial(till.send, "1", ALSO_OURS, reference_id="once")] * 20)
    assert statuses(answers) == {200: 1, 400: 19}
    assert till.stands() == ("29.00", "0.00")


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_sent_after_the_answer_to_a_freeze(seed: int) -> None:
    world, till = crowded(seed)
    done(till.deposit("100"))
    frozen_at: list[int] = []
    sent: list[tuple[int, Answer]] = []

    def freeze() -> None:
        done(till.client.patch(f"/api/v1/accounts/{till.account_id}", {"status": "FROZEN"}))
        frozen_at.append(world.clock.now)

    def send() -> None:
        began = world.clock.now
        sent.append((began, till.send("1")))

    world.together([send] * 10 + [freeze] + [send] * 30, in_flight=8)
    accepted = [began for began, answer in sent if answer.status == 200]
    assert all(began <= frozen_at[0] for began in accepted)
    assert {answer.json["code"] for _, answer in sent if answer.status != 200} <= {"account_not_active"}
    assert till.stands() == (f"{100 - len(accepted)}.00", f"{len(accepted)}.00")


@pytest.mark.parametrize("seed", SEEDS)
def test_an_asset_that_is_added_while_its_account_is_frozen_does_not_send(seed: int) -> None:
    world, till = crowded(seed)
    freeze = partial(till.client.patch, f"/api/v1/accounts/{till.account_id}", {"status": "FROZEN"})
    tokens = [("ethereum", "ETH"), ("ethereum", "USDC"), ("polygon", "USDT")]
    deposits = [partial(till.deposit, "5", chain=chain, token_symbol=symbol) for chain, symbol in tokens]
    assert statuses(world.together([*deposits, freeze, *deposits])) == {200: 7}
    for chain, symbol in tokens:
        assert till.stands(chain=chain, symbol=symbol) == ("10.00", "0.00")
        assert till.send("1", chain=chain, token_symbol=symbol).json["code"] == "account_not_active"


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_withdrawal_whose_answer_was_lost_is_not_made_twice(nth: int) -> None:
    world, till = crowded(0)
    done(till.deposit("10"))
    world.faults.lose_answer(nth=nth)
    first = till.send("10", Idempotency_Key="one")
    again = till.send("10", Idempotency_Key="one")
    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert till.stands() == ("0.00", "10.00")


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_confirmation_whose_answer_was_lost_is_done_once(nth: int) -> None:
    world, till = crowded(0)
    done(till.deposit("10"))
    tx_id = till.withdraw("4")
    world.faults.lose_answer(nth=nth)
    assert done(till.report(tx_id, "CONFIRMED"))["status"] == "CONFIRMED"
    assert done(till.report(tx_id, "CONFIRMED"))["status"] == "CONFIRMED"
    assert till.stands() == ("6.00", "0.00")
    assert till.get(tx_id)["from_address"] == OURS


STATES = [{"status": "FROZEN"}, {"status": "ACTIVE"}, {"is_active": False}, {"is_active": True}]


def changes(till: Till) -> list[Callable[[], Answer]]:
    """Changes of an account and of its one asset, to each of `STATES`."""
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    paths = [f"/api/v1/accounts/{till.account_id}"] * 2 + [f"/api/v1/assets/{asset['asset_id']}"] * 2
    return [partial(till.client.patch, path, state) for path, state in zip(paths, STATES, strict=True)]


def does_what_it_says(till: Till) -> bool:
    """Whether an account sends if it and its asset are active, and receives if the asset is."""
    (asset,) = done(till.client.get("/api/v1/assets"))["data"]
    account = done(till.client.get(f"/api/v1/accounts/{till.account_id}"))
    active, taken = account["status"] == "ACTIVE", asset["is_active"]
    sent, received = till.send("1").status, till.deposit("1").status
    return (sent, received) == (200 if active and taken else 400, 200 if taken else 400)


@pytest.mark.parametrize("nth", range(1, 7))
@pytest.mark.parametrize("meanwhile", range(4))
@pytest.mark.parametrize("change", range(4))
def test_a_change_of_an_account_or_its_asset_amid_another_is_not_undone(
    till: Till, change: int, meanwhile: int, nth: int
) -> None:
    done(till.deposit("30"))
    requests, fake, calls = changes(till), till.client.world.fake, count(1)
    done(requests[change ^ 1]())

    def on_call(*_: object) -> None:
        if next(calls) == nth:
            fake.on_call = None
            done(requests[meanwhile]())

    fake.on_call = on_call
    done(requests[change]())
    fake.on_call = None
    assert problems(fake.snapshot()) == []
    assert does_what_it_says(till)


@pytest.mark.parametrize("seed", range(20))
def test_what_an_account_and_its_asset_say_when_both_change_at_once_is_what_may_be_done(seed: int) -> None:
    world, till = crowded(seed)
    done(till.deposit("30"))
    requests = changes(till) * 4
    Random(seed).shuffle(requests)  # noqa: S311 -- it must be repeatable
    assert statuses(world.together(requests)) == {200: len(requests)}
    assert problems(world.fake.snapshot()) == []
    assert does_what_it_says(till)
