"""A verification that is cut off goes on where it was, however often, and comes to the same end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coffer.ids import new_id
from coffer.ledger.amounts import ZERO
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.tally import Tally
from coffer.store import keys
from coffer.store.keys import Key
from coffer.store.verification import progress
from coffer.store.verification.progress import PROGRESS, RESULT, Run, State
from coffer.store.verification.walk import PAGE, RESERVE, verify
from tests.integration.ledger_api.books import Books
from tests.integration.verification.rich import rich_books
from tests.integration.verification.tampering import resealed
from tests.support.crowd import CrowdedWorld
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults
from tests.support.template import table_definition
from tests.support.world import JANUARY, World

SMALL = 7
"""Items of a page that has seldom a whole chain."""


def forge(books: Books) -> None:
    """Adds something to every twentieth item of a ledger."""
    stored = books.world.fake.snapshot()
    for key in [key for key in stored if str(key[0]).startswith(f"{books.ref.prefix}#")][::20]:
        put(books, {**stored[key], "~": {"S": "~"}})


def put(books: Books, item: Mapping[str, Any]) -> None:
    """Stores an item behind Coffer's back."""
    books.world.fake.put_item(TableName=books.world.fake.table, Item=dict(item))


@pytest.fixture
def fake() -> FakeDynamoDB:
    """An empty table."""
    return FakeDynamoDB(table_definition())


@pytest.fixture
def faults(fake: FakeDynamoDB) -> Faults:
    """What can fail."""
    return Faults(fake)


@pytest.fixture
def books(fake: FakeDynamoDB, faults: Faults) -> Books:
    """A rich ledger in which something was forged."""
    books = rich_books(World(faults, fake=fake))
    forge(books)
    return books


def once(books: Books, page: int = SMALL) -> Run:
    """One invocation, which has time for a page."""
    return verify(books.world.table(), books.ref, page=page)


def to_the_end(books: Books, page: int = SMALL) -> tuple[Run, int]:
    """As many invocations as it takes, and their number."""
    for number in range(1, 1_000):
        run = once(books, page)
        if run.state is State.DONE:
            return run, number
    raise AssertionError("no end")


def told(run: Run) -> tuple[object, ...]:
    """What a verification has to tell."""
    findings = sorted((each.key.pk, each.key.sk, each.what, each.message) for each in run.findings)
    return run.state, run.found, findings, dict(run.tallies)


@pytest.mark.parametrize("page", [1, SMALL, 50])
def test_in_many_invocations_it_comes_to_the_same_as_in_one(books: Books, page: int) -> None:
    whole, invocations = to_the_end(books, PAGE)
    assert (whole.found > 10, invocations) == (True, 1)
    pieces, invocations = to_the_end(books, page)
    assert invocations > 200 / page
    assert told(pieces) == told(whole)


def test_with_time_enough_it_comes_to_its_end_at_once(books: Books) -> None:
    books.world.time_left = 2 * RESERVE
    _, invocations = to_the_end(books)
    assert invocations == 1


def test_on_the_way_it_tells_how_far_it_has_come(books: Books) -> None:
    first = once(books)
    second = once(books)
    assert (first.state, second.state) == (State.RUNNING, State.RUNNING)
    assert second.as_of == first.as_of
    assert second.scanned > first.scanned or second.after != first.after
    assert second.found >= first.found


def test_when_it_is_done_another_one_begins(books: Books) -> None:
    first, _ = to_the_end(books)
    second = once(books)
    assert second.state is State.RUNNING
    assert second.as_of > first.as_of


def test_the_last_one_s_result_is_kept_while_another_is_on_its_way(books: Books) -> None:
    first, _ = to_the_end(books)
    once(books)
    kept = progress.load(books.world.table(), books.ref, RESULT)
    assert isinstance(kept, Run)
    assert told(kept) == told(first)


# ------------------------------------------------------------------------------------------------------------- failure


def test_a_table_that_does_not_answer_loses_nothing_of_what_was_seen(books: Books, faults: Faults) -> None:
    whole, _ = to_the_end(books, PAGE)
    books.world.time_left = 2 * RESERVE
    silence = faults.refuse_connection("scan", nth=range(10, 1_000))
    with pytest.raises(Refusal) as refused:
        once(books)
    assert refused.value.reason is Reason.UNAVAILABLE
    faults.plans.remove(silence)
    books.world.recorder.calls.clear()
    run, _ = to_the_end(books)
    assert told(run) == told(whole)
    scans = [call for call in books.world.recorder.calls if call.operation == "scan"]
    assert len(scans) < len(books.world.fake.snapshot()) / SMALL - 5


def test_answers_may_be_lost(books: Books, faults: Faults) -> None:
    whole, _ = to_the_end(books, PAGE)
    faults.lose_answer("transact_write_items", probability=0.3)
    faults.cancel("TransactionConflict", probability=0.1)
    faults.fail(None, "InternalServerError", probability=0.02)
    faults.fail("scan", "ThrottlingException", probability=0.2)
    run, _ = to_the_end(books)
    assert faults.struck > 20
    assert told(run) == told(whole)


def _forged(note: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**note, "scanned": {"N": "1"}}


def _unreadable(note: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**note, "scanned": {"B": b"1"}}


def _of_another_run(note: Mapping[str, Any]) -> Mapping[str, Any]:
    return resealed({**note, "as_of": {"N": "1"}})


def _without_sense(note: Mapping[str, Any]) -> Mapping[str, Any]:
    return resealed({**note, "state": {"S": "~"}, "rows": {"L": [{"M": {"asset_id": {"S": "~"}}}]}})


@pytest.mark.parametrize("forge_note", [_forged, _unreadable, _of_another_run, _without_sense])
@pytest.mark.parametrize("part", [PROGRESS, f"{PROGRESS}#000"])
def test_notes_that_were_forged_are_named_and_it_begins_anew(
    books: Books, part: str, forge_note: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> None:
    whole, _ = to_the_end(books, PAGE)
    while not once(books).tallies:
        continue
    key = keys.verification(books.ref, part)
    put(books, forge_note(books.world.fake.snapshot()[key.pk, key.sk]))
    run, _ = to_the_end(books)
    assert keys.verification(books.ref, PROGRESS) in {each.key for each in run.findings}
    assert run.found == whole.found + 1


def test_a_note_that_is_gone_is_missed(books: Books) -> None:
    while not once(books).tallies:
        continue
    key = keys.verification(books.ref, f"{PROGRESS}#000")
    books.world.fake.delete_item(TableName=books.world.fake.table, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})
    run, _ = to_the_end(books)
    assert keys.verification(books.ref, PROGRESS) in {each.key for each in run.findings}


# ------------------------------------------------------------------------------------------------------------ together


@pytest.mark.parametrize("seed", range(3))
def test_several_at_once_do_not_disturb_each_other(seed: int) -> None:
    world = CrowdedWorld(seed)
    books = rich_books(world)
    forge(books)
    world.time_left = 1_000
    whole = once(books, PAGE)
    runs = world.together([lambda: once(books)] * 3)
    assert [told(run) for run in runs if run.state is State.DONE] == [told(whole)]
    for run in runs:  # the others have seen that somebody is at it
        assert run.found <= whole.found


def test_the_assets_of_a_ledger_may_be_many() -> None:
    world = World()
    ledger = keys.LedgerRef(*(new_id(JANUARY) for _ in range(3)))
    tallies = {
        new_id(JANUARY): Tally(code=f"A{number}", inside=ZERO, outside=ZERO, accounts=number, doors=1)
        for number in range(2_500)
    }
    saved = progress.save(world.table(), ledger, Run(as_of=JANUARY, after=Key("p", "s"), tallies=tallies))
    assert progress.load(world.table(), ledger, PROGRESS) == saved
    assert saved
    finished = progress.finish(world.table(), ledger, saved)
    result = progress.load(world.table(), ledger, RESULT)
    assert finished
    assert isinstance(result, Run)
    assert (result.state, result.tallies) == (State.DONE, tallies)
