"""Accounts in a crowd: whatever the order of requests that overlap, the outcome is that of one after the other.

Each test goes through many orders, each of which follows from a seed; one that fails names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from tests.integration.ledger_api.books import counted, done, open_books
from tests.integration.ledger_api.till import Till, open_till
from tests.support.audit import problems
from tests.support.crowd import CrowdedWorld
from tests.support.world import Answer

CREATES = 50


def tills(seeds: int) -> Iterator[tuple[CrowdedWorld, Till]]:
    """Crowded worlds, each with a till in it; the tables are sound when the test is through with them."""
    for seed in range(seeds):
        world = CrowdedWorld(seed)
        try:
            yield world, open_till(open_books(world.client()))
            assert problems(world.fake.snapshot()) == []
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


def codes(answers: list[Answer]) -> Counter[str]:
    """How often each answer was given: `made` or `done`, or the code of a refusal."""
    return Counter({201: "made", 200: "done", 204: "gone"}.get(each.status) or each.json["code"] for each in answers)


def test_of_many_creates_of_one_alias_one_succeeds() -> None:
    for world, till in tills(3):
        answers = world.together([partial(till.client.post, till.accounts, till.body("@alice"))] * CREATES)
        assert codes(answers) == {"made": 1, "0020": CREATES - 1}
        (first,) = (answer.json for answer in answers if answer.status == 201)
        assert done(till.client.get(f"{till.accounts}/alias/@alice")) == first
        assert counted(till.client.head(f"{till.accounts}/metrics/count")) == 2
        assert world.traffic.collisions > 10


def test_of_many_creates_with_one_idempotency_key_all_get_the_same_answer() -> None:
    for world, till in tills(2):
        create = partial(till.client.post, till.accounts, till.body("@alice"), Idempotency_Key="1")
        answers = world.together([create] * CREATES)
        assert codes(answers) == {"made": CREATES}
        assert len({answer.body for answer in answers}) == 1
        assert counted(till.client.head(f"{till.accounts}/metrics/count")) == 2


def test_of_many_who_open_one_key_of_an_account_one_succeeds() -> None:
    for world, till in tills(6):
        account = till.open("@alice", shards=3)
        answers = world.together([partial(till.client.post, f"{account}/balances", {"key": "savings"})] * 12)
        assert codes(answers) == {"made": 1, "9009": 11}
        assert [row["key"] for row in till.rows("@alice")] == ["default", "savings"]


def test_keys_that_are_opened_while_an_account_is_blocked_are_blocked() -> None:
    for world, till in tills(6):
        account = till.open("@alice", shards=2)
        opens = [partial(till.client.post, f"{account}/balances", {"key": key}) for key in "abcd"]
        block = partial(till.client.patch, account, {"blocked": True})
        assert codes(world.together([*opens[:2], block, *opens[2:]])) == {"made": 4, "done": 1}
        for key in ("default", *"abcd"):
            assert till.send((till.outside, "5", "default"), ("@alice", "5", key)).json["code"] == "0024"


def test_an_account_is_deleted_or_gets_money_and_never_both() -> None:
    outcomes = Counter[tuple[int, int]]()
    for world, till in tills(16):
        account = till.open("@alice", shards=2)
        delete = partial(till.client.delete, account)
        deposit = partial(till.send, (till.outside, "5", "default"), ("@alice", "5", "default"))
        deleted, deposited = world.together([delete, deposit])
        outcomes[deleted.status, deposited.status] += 1
    assert set(outcomes) == {(204, 422), (400, 201)}


def life(till: Till, account: str) -> list[Answer]:
    """Opens a balance, fills and empties it, and changes and deletes whichever there is by then."""
    outside, inside = (till.outside, "1", "default"), ("@alice", "1", "savings")
    lived = [till.client.post(f"{account}/balances", {"key": "savings"})]
    lived += [till.send(outside, inside), till.send(inside, outside)]
    for row in done(till.client.get(f"{account}/balances"))["items"][1:]:
        balance = f"{till.balances}/{row['id']}"
        lived += [till.client.patch(balance, {"allowSending": not row["allowSending"]}), till.client.get(balance)]
        lived.append(till.client.delete(balance))
    return lived


def test_a_balance_that_is_opened_filled_emptied_and_deleted_by_many_is_always_sound() -> None:
    seen = Counter[str]()
    for world, till in tills(8):
        account = till.open("@alice", shards=2)
        lives = world.together([partial(life, till, account)] * 8, in_flight=4)
        seen += codes([answer for lived in lives for answer in lived])
    assert {"made", "done", "gone", "0007", "9009"} <= seen.keys()
    assert seen.keys() <= {"made", "done", "gone", "0007", "9009", "0018", "0019", "0024", "0093"}
