"""A posting that is sent again with its key moves no money again, and is answered as it was first."""

import json
from functools import partial

import pytest

from tests.integration.ledger_api.bank import (
    ALICE,
    BOB,
    SHOP,
    Bank,
    Body,
    leg,
    open_bank,
    payment,
    send,
)
from tests.integration.ledger_api.books import done, gone, made, refused, replayed
from tests.integration.stores import Everything, on_every_store
from tests.support.crowd import CrowdedWorld
from tests.support.faults import Faults

KEY = "order 42"

FORMS: dict[str, Body] = {
    "json": payment(ALICE, SHOP, "10", description="order 42", metadata={"orderId": "42"}),
    "inflow": {"send": send("10", to=[leg(SHOP, 90), leg(BOB)])},
    "outflow": {"send": send("10", [leg(ALICE, "10")])},
    "annotation": payment(ALICE, SHOP, "10"),
}
"""A body of each form."""


# ------------------------------------------------------------------------------------------------------------- replays


@pytest.mark.parametrize("form", FORMS)
def test_the_same_key_and_body_give_the_first_answer_again_and_move_nothing(
    bank: Bank, everything: Everything, form: str
) -> None:
    first = made(bank.post(form, FORMS[form], KEY))
    assert "X-Idempotency-Replayed" not in first.headers
    before = everything()
    replayed(bank.post(form, FORMS[form], KEY), first)
    assert everything() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_replay_reads_no_more_than_the_first_request_did(bank: Bank, form: str) -> None:
    calls = bank.world.recorder.calls
    calls.clear()
    made(bank.post(form, FORMS[form], KEY))
    first = [(call.operation, call.failed) for call in calls]
    calls.clear()
    bank.post(form, FORMS[form], KEY)
    assert first[-1] == ("transact_write_items", False)
    assert [(call.operation, call.failed) for call in calls] == [*first[:-1], ("transact_write_items", True)]


@on_every_store
def test_the_first_answer_is_given_whatever_has_become_of_the_transaction_and_its_accounts(bank: Bank) -> None:
    body = payment(ALICE, SHOP, "60", pending=True, expiresAt="2026-02-01T00:00:00Z")
    first = made(bank.post("json", body, KEY))
    replay = partial(bank.post, "json", body, KEY)
    made(bank.settle(first.id, "commit"))
    replayed(replay(), first)
    made(bank.settle(first.id, "revert"))
    replayed(replay(), first)
    made(bank.outflow(ALICE, "100"))
    replayed(replay(), first)
    bank.block(ALICE)
    replayed(replay(), first)
    gone(bank.client.delete(bank.path(SHOP)))
    replayed(replay(), first)
    bank.world.clock.now += 10 * 365 * 86_400_000  # it has long expired
    replayed(replay(), first)
    assert bank.stands(ALICE) == ("0", "0")


def test_after_a_commit_the_replay_of_the_post_that_made_it_still_shows_it_pending(bank: Bank) -> None:
    first = made(bank.pay(ALICE, SHOP, "60", KEY, pending=True))
    made(bank.settle(first.id, "commit"))
    again = bank.pay(ALICE, SHOP, "60", KEY, pending=True)
    replayed(again, first)
    assert again.json["status"]["code"] == "PENDING"
    assert [each["type"] for each in again.json["operations"]] == ["ON_HOLD"]
    assert bank.status(first.id) == "APPROVED"


def test_after_a_cancel_too(bank: Bank) -> None:
    first = made(bank.pay(ALICE, SHOP, "60", KEY, pending=True))
    made(bank.settle(first.id, "cancel"))
    replayed(bank.pay(ALICE, SHOP, "60", KEY, pending=True), first)
    assert bank.stands(ALICE) == ("100", "0")


NOTED: dict[str, list[Body]] = {
    "once": [{"description": "a", "metadata": {"n": 1}}],
    "twice": [{"description": "a"}, {"description": "b"}],
    "first one, then the other": [{"description": "a"}, {"metadata": {"n": 1}}],
    "to nothing": [{"description": None, "metadata": {}}],
    "and back": [{"description": "a"}, {"description": None}],
    "to nothing and on": [{"description": None, "metadata": {}}, {"description": "a", "metadata": {"n": 1}}],
}
"""Changes of what is noted, one after the other."""


@pytest.mark.parametrize("changes", NOTED.values(), ids=NOTED)
@pytest.mark.parametrize("noted", [{}, {"description": "first", "metadata": {"first": True}}], ids=["bare", "noted"])
def test_after_changes_of_a_transaction_the_first_answer_is_still_the_first(
    bank: Bank, noted: Body, changes: list[Body]
) -> None:
    first = made(bank.pay(ALICE, SHOP, "1", KEY, **noted))
    for change in changes:
        done(bank.client.patch(f"{bank.transactions}/{first.id}", change))
        replayed(bank.pay(ALICE, SHOP, "1", KEY, **noted), first)


@pytest.mark.parametrize("changes", NOTED.values(), ids=NOTED)
@pytest.mark.parametrize("noted", [{}, {"description": "first", "metadata": {"first": True}}], ids=["bare", "noted"])
def test_and_after_changes_of_its_operations(bank: Bank, noted: Body, changes: list[Body]) -> None:
    body = {"send": send("1", [leg(ALICE, "1", **noted)], [leg(SHOP, **noted)])}
    first = made(bank.post("json", body, KEY))
    for operation in first.json["operations"]:
        for change in changes:
            done(bank.client.patch(f"{bank.transactions}/{first.id}/operations/{operation['id']}", change))
            replayed(bank.post("json", body, KEY), first)


def test_the_replay_of_a_revert_is_the_revert(bank: Bank) -> None:
    paid = made(bank.pay(ALICE, SHOP, "60"))
    first = made(bank.settle(paid.id, "revert", KEY))
    done(bank.client.patch(f"{bank.transactions}/{first.id}", {"description": "undone"}))
    replayed(bank.settle(paid.id, "revert", KEY), first)
    assert bank.stands(ALICE) == ("100", "0")


@pytest.mark.parametrize("step", ["commit", "cancel"])
def test_a_commit_and_a_cancel_have_keys_too(bank: Bank, everything: Everything, step: str) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    first = made(bank.settle(held, step, KEY))
    done(bank.client.patch(f"{bank.transactions}/{held}", {"description": "changed since"}))
    before = everything()
    replayed(bank.settle(held, step, KEY), first)
    refused(bank.settle(held, step, "another"), 409, "0099")
    assert everything() == before
    if step == "commit":
        made(bank.settle(held, "revert"))
        replayed(bank.settle(held, step, KEY), first)


def test_after_a_commit_with_a_key_a_cancel_with_the_same_key_is_another_request(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "60")
    made(bank.settle(held, "commit", KEY))
    refused(bank.settle(held, "cancel", KEY), 409, "0099")


# ----------------------------------------------------------------------------------------------------------- conflicts

OTHERWISE: dict[str, Body] = {
    "another amount": payment(ALICE, SHOP, "11"),
    "another account": payment(ALICE, BOB, "10"),
    "the amount in other words": payment(ALICE, SHOP, "10.0"),
    "more noted": payment(ALICE, SHOP, "10", description="x"),
    "pending": payment(ALICE, SHOP, "10", pending=True),
    "not pending, but said": payment(ALICE, SHOP, "10", pending=False),
    "more than there is": payment(ALICE, SHOP, "1000"),
}
"""Bodies that are not the first one."""


@pytest.mark.parametrize("body", OTHERWISE.values(), ids=OTHERWISE)
def test_another_body_under_the_same_key_is_refused_and_moves_nothing(
    bank: Bank, everything: Everything, body: Body
) -> None:
    first = made(bank.pay(ALICE, SHOP, "10", KEY))
    before = everything()
    assert "new key" in refused(bank.post("json", body, KEY), 422, "0084")
    assert everything() == before
    replayed(bank.pay(ALICE, SHOP, "10", KEY), first)


def test_the_same_json_written_otherwise_is_the_same_body(bank: Bank) -> None:
    body = payment(ALICE, SHOP, "10")
    first = made(bank.post("json", json.dumps(body, indent=2), KEY))
    replayed(bank.post("json", json.dumps(dict(reversed(body.items())), separators=(",", ":")), KEY), first)


def test_the_same_number_written_otherwise_is_the_same_body(bank: Bank) -> None:
    body = json.dumps({"send": send("?", to=[leg(SHOP)])})
    first = made(bank.post("inflow", body.replace('"?"', "10.5"), KEY))
    replayed(bank.post("inflow", body.replace('"?"', "10.50"), KEY), first)


# ------------------------------------------------------------------------------------------------------------ refusals


def test_a_refused_request_does_not_use_up_its_key(bank: Bank, everything: Everything) -> None:
    before = everything()
    refused(bank.pay(SHOP, ALICE, "10", KEY), 422, "0018")
    assert everything() == before
    made(bank.inflow(SHOP, "10"))
    first = made(bank.pay(SHOP, ALICE, "10", KEY))
    assert "X-Idempotency-Replayed" not in first.headers
    replayed(bank.pay(SHOP, ALICE, "10", KEY), first)


def test_a_refused_request_may_come_again_with_another_body(bank: Bank) -> None:
    refused(bank.pay(SHOP, ALICE, "10", KEY), 422, "0018")
    refused(bank.pay(SHOP, ALICE, "0", KEY), 422, "0125")
    made(bank.pay(ALICE, SHOP, "10", KEY))


def test_nor_does_a_refused_commit(bank: Bank) -> None:
    held = bank.hold(ALICE, SHOP, "10")
    bank.block(SHOP)
    refused(bank.settle(held, "commit", KEY), 422, "0024")
    bank.block(SHOP, blocked=False)
    first = made(bank.settle(held, "commit", KEY))
    replayed(bank.settle(held, "commit", KEY), first)


def test_nor_does_a_refused_revert(bank: Bank) -> None:
    paid = made(bank.pay(ALICE, SHOP, "10")).id
    made(bank.outflow(SHOP, "1"))
    refused(bank.settle(paid, "revert", KEY), 422, "0018")
    made(bank.inflow(SHOP, "1"))
    first = made(bank.settle(paid, "revert", KEY))
    replayed(bank.settle(paid, "revert", KEY), first)


# ------------------------------------------------------------------------------------------------------ whose key it is


def test_a_key_is_its_clients(bank: Bank) -> None:
    other = open_bank(bank.world.client())
    first, second = (made(each.pay(ALICE, SHOP, "10", KEY)) for each in (bank, other))
    assert first.id != second.id
    assert (bank.stands(SHOP), other.stands(SHOP)) == (("10", "0"), ("10", "0"))


def test_a_key_is_its_paths(bank: Bank) -> None:
    body = payment(ALICE, SHOP, "10")
    ids = {made(bank.post(form, body, KEY)).id for form in ("json", "annotation")}
    paid = made(bank.inflow(SHOP, "10", KEY)).id
    held = [bank.hold(ALICE, SHOP, "1") for _ in range(2)]
    ids |= {paid, made(bank.settle(paid, "revert", KEY)).id}
    ids |= {made(bank.settle(each, "commit", KEY)).id for each in held}
    assert len(ids) == 6
    assert bank.stands(SHOP) == ("12", "0")


def test_a_key_does_not_open_what_the_caller_may_not_see(bank: Bank) -> None:
    made(bank.pay(ALICE, SHOP, "10", KEY))
    stranger = bank.world.client()
    body = payment(ALICE, SHOP, "10")
    refused(stranger.post(f"{bank.transactions}/json", body, Idempotency_Key=KEY), 404, "0037")


def test_without_a_key_nothing_is_known_again(bank: Bank) -> None:
    assert made(bank.pay(ALICE, SHOP, "10")).id != made(bank.pay(ALICE, SHOP, "10")).id
    assert bank.stands(SHOP) == ("20", "0")


# -------------------------------------------------------------------------------------------------------- lost answers
#
# The first try may have spent the very money that the second one misses.


@pytest.mark.parametrize("form", ["json", "outflow"])
def test_the_payer_of_everything_who_asks_again_gets_the_transaction_not_insufficient_funds(
    bank: Bank, everything: Everything, form: str
) -> None:
    body = {"json": payment(ALICE, SHOP, "100"), "outflow": {"send": send("100", [leg(ALICE, "100")])}}[form]
    first = made(bank.post(form, body, KEY))
    assert bank.stands(ALICE) == ("0", "0")
    before = everything()
    replayed(bank.post(form, body, KEY), first)
    assert everything() == before
    refused(bank.post(form, body, "another"), 422, "0018")


def test_so_does_the_payer_whose_account_is_gone(bank: Bank) -> None:
    first = made(bank.pay(ALICE, SHOP, "100", KEY))
    gone(bank.client.delete(bank.path(ALICE)))
    replayed(bank.pay(ALICE, SHOP, "100", KEY), first)
    refused(bank.pay(ALICE, SHOP, "100", "another"), 422, "0019")


def shaken() -> tuple[Bank, Faults]:
    """A bank whose calls to the table can be made to fail."""
    world = CrowdedWorld()
    return open_bank(world.client()), world.faults


def test_the_payer_of_everything_whose_first_answer_was_lost_gets_the_transaction_when_they_ask_again() -> None:
    bank, faults = shaken()
    faults.lose_answer("transact_write_items", nth=range(1, 1000))
    refused(bank.pay(ALICE, SHOP, "100", KEY), 503, "9004")
    assert faults.struck > 1
    faults.plans.clear()
    again = made(bank.pay(ALICE, SHOP, "100", KEY))
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert (bank.stands(ALICE), bank.stands(SHOP)) == (("0", "0"), ("100", "0"))


@pytest.mark.parametrize("key", [None, KEY], ids=["without a key", "with a key"])
@pytest.mark.parametrize(
    ("step", "status", "stand"), [("commit", "APPROVED", ("40", "60")), ("cancel", "CANCELED", ("100", "0"))]
)
def test_a_commit_or_a_cancel_whose_answer_was_lost_succeeds_when_it_is_repeated_inside_the_request(
    step: str, status: str, stand: tuple[str, str], key: str | None
) -> None:
    bank, faults = shaken()
    held = bank.hold(ALICE, SHOP, "60")
    faults.lose_answer("transact_write_items")
    faults.cancel("TransactionConflict", nth=2)
    faults.fail("transact_write_items", "InternalServerError", nth=3)
    answer = made(bank.settle(held, step, key))
    assert faults.struck == 3
    assert answer.json["status"]["code"] == status
    assert (bank.stands(ALICE)[0], bank.stands(SHOP)[0]) == stand


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_revert_whose_answer_was_lost_is_made_once(nth: int) -> None:
    bank, faults = shaken()
    paid = made(bank.pay(ALICE, SHOP, "60")).id
    faults.lose_answer(nth=nth)
    first = made(bank.settle(paid, "revert", KEY))
    assert faults.struck == 1
    replayed(bank.settle(paid, "revert", KEY), first)
    assert bank.get(paid)["status"]["code"] == "APPROVED"
    assert bank.stands(ALICE) == ("100", "0")
