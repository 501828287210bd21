"""Entries: a balance is its newest entry, and opening and closing are entries too."""

from copy import replace
from decimal import Decimal
from functools import partial

import pytest

from coffer.ids import new_id
from coffer.ledger.entries import (
    EXTERNAL_SHARDS,
    Entry,
    EntryType,
    Opening,
    change_flags,
    close_balance,
    close_external,
    external_alias,
    is_external,
    move,
    open_balance,
)
from coffer.ledger.refusal import Reason, Refusal

NOW = 1_768_473_600_000
OPENING = Opening(
    asset_id=new_id(NOW),
    asset_code="BTC",
    decimals=8,
    account_id=new_id(NOW),
    balance_id=new_id(NOW),
    shards=EXTERNAL_SHARDS,
)
NEW_CHAINS: list[None] = [None] * EXTERNAL_SHARDS


def heads(*available: str, on_hold: str = "0", created_at: int = NOW) -> list[Entry]:
    """The newest entries of an external account's chains: its first shards hold amounts, the others nothing."""
    opened = open_balance(OPENING, NEW_CHAINS, created_at)
    amounts = [*map(Decimal, available), *[Decimal(0)] * (EXTERNAL_SHARDS - len(available))]
    return [
        replace(entry, sequence=2, available=amount, on_hold=Decimal(on_hold), previous="first", hash=f"second {shard}")
        for shard, (entry, amount) in enumerate(zip(opened, amounts, strict=True))
    ]


def test_the_external_accounts_alias_is_made_from_the_assets_code() -> None:
    assert external_alias("BTC") == "@external/BTC"


def test_a_balance_opens_with_one_entry_for_each_shard_at_zero() -> None:
    entries = open_balance(OPENING, NEW_CHAINS, NOW)
    assert [entry.shard for entry in entries] == list(range(EXTERNAL_SHARDS))
    for entry in entries:
        assert entry == Entry(
            sequence=1,
            opened=1,
            type=EntryType.OPEN,
            available=Decimal(0),
            on_hold=Decimal(0),
            asset_id=OPENING.asset_id,
            asset_code="BTC",
            decimals=8,
            account_id=OPENING.account_id,
            balance_id=OPENING.balance_id,
            shard=entry.shard,
            shards=EXTERNAL_SHARDS,
            created_at=NOW,
        )


def test_a_new_chain_follows_nothing() -> None:
    assert {entry.previous for entry in open_balance(OPENING, NEW_CHAINS, NOW)} == {None}


def test_a_closed_chain_goes_on_under_the_new_account_from_where_it_stands() -> None:
    closed = [replace(entry, hash=f"third {entry.shard}") for entry in close_external(heads("-5", "5"), NOW)]
    again = replace(OPENING, asset_id=new_id(NOW), account_id=new_id(NOW), decimals=None)
    reopened = open_balance(again, closed, NOW)
    assert [(entry.sequence, entry.opened) for entry in reopened] == [(4, 4)] * EXTERNAL_SHARDS
    assert [entry.previous for entry in reopened] == [f"third {shard}" for shard in range(EXTERNAL_SHARDS)]
    assert {(entry.type, entry.closed, entry.available) for entry in reopened} == {(EntryType.OPEN, False, Decimal(0))}
    assert {(entry.asset_id, entry.account_id, entry.decimals) for entry in reopened} == {
        (again.asset_id, again.account_id, None)
    }


def test_chains_of_different_lengths_go_on_each_from_its_own_end() -> None:
    closed = [replace(entry, sequence=entry.shard + 2) for entry in close_external(heads(), NOW)]
    reopened = open_balance(OPENING, closed, NOW)
    assert [entry.sequence for entry in reopened] == [shard + 3 for shard in range(EXTERNAL_SHARDS)]
    assert [entry.opened for entry in reopened] == [shard + 3 for shard in range(EXTERNAL_SHARDS)]


def test_an_open_chain_cannot_be_opened_again() -> None:
    closed = close_external(heads(), NOW)
    with pytest.raises(ValueError, match=OPENING.balance_id):
        open_balance(OPENING, [*closed[:-1], heads()[-1]], NOW)


def test_closing_writes_the_next_entry_of_each_chain_and_leaves_what_stands() -> None:
    before = heads("-5", "2", "3")
    for head, entry in zip(before, close_external(before, NOW + 9), strict=True):
        assert entry == replace(
            head,
            sequence=3,
            type=EntryType.CLOSE,
            closed=True,
            created_at=NOW + 9,
            previous=f"second {head.shard}",
            hash=None,
        )


@pytest.mark.parametrize(
    "amounts",
    [
        (),
        ("-1", "1"),
        ("-0.1", "-0.2", "0.3"),
        ("1e59", "-1e59"),
        ("-1e59", "1e-36", "1e59", "-1e-36"),
        ("9" * 60 + "." + "9" * 36, "-" + "9" * 60 + "." + "9" * 36),
    ],
)
def test_shards_that_sum_to_zero_exactly_can_be_closed(amounts: tuple[str, ...]) -> None:
    assert len(close_external(heads(*amounts), NOW)) == EXTERNAL_SHARDS


@pytest.mark.parametrize(
    "amounts",
    [
        ("-1",),
        ("-0.00000001",),
        ("-1e-36",),
        ("-1e59", "1e59", "-1e-36"),
        ("-0.1", "-0.2", "0.30000000000000004"),
        ("-1e59",),
        ("-" + "9" * 60 + "." + "9" * 36,),
    ],
)
def test_whatever_else_they_sum_to_is_still_inside_and_the_asset_stays(amounts: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        close_external(heads(*amounts), NOW)
    assert refused.value.reason is Reason.ASSET_HOLDS_BALANCE
    assert "still hold BTC" in refused.value.message
    assert "@external/BTC" in refused.value.message


def test_what_is_on_hold_counts_too() -> None:
    with pytest.raises(Refusal):
        close_external(heads(on_hold="0.1"), NOW)
    assert close_external(heads("-1.6", on_hold="0.1"), NOW)


@pytest.mark.parametrize("flags", [{"blocked": True}, {"allow_sending": False}, {"allow_receiving": False}])
def test_a_balance_opens_with_the_flags_it_is_to_have(flags: dict[str, bool]) -> None:
    as_usual = open_balance(OPENING, NEW_CHAINS, NOW)
    opening = replace(OPENING, **flags)  # type: ignore[arg-type]
    assert open_balance(opening, NEW_CHAINS, NOW) == [replace(entry, **flags) for entry in as_usual]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["blocked", "allow_sending", "allow_receiving"])
def test_a_change_of_flags_is_an_entry_of_every_shard_and_leaves_all_else(name: str) -> None:
    before = heads("-5", "2", "3", on_hold="1")
    flag = not getattr(before[0], name)
    for head, entry in zip(before, change_flags(before, NOW + 9, **{name: flag}), strict=True):
        due = replace(head, sequence=3, type=EntryType.CHANGE, created_at=NOW + 9, previous=head.hash, hash=None)
        assert entry == replace(due, **{name: flag})  # type: ignore[arg-type]


def test_flags_can_be_changed_together_and_back() -> None:
    changed = change_flags(heads(), NOW, blocked=True, allow_sending=False, allow_receiving=False)
    assert {(entry.blocked, entry.allow_sending, entry.allow_receiving) for entry in changed} == {(True, False, False)}
    back = change_flags(changed, NOW, allow_receiving=True)
    assert {(entry.blocked, entry.allow_sending, entry.allow_receiving) for entry in back} == {(True, False, True)}
    free = change_flags(back, NOW, blocked=False)
    assert {(entry.blocked, entry.allow_sending, entry.allow_receiving) for entry in free} == {(False, False, True)}


HOLDING = Refusal(Reason.BAD_REQUEST, "There is money in it.")


def test_a_balance_without_money_can_be_closed() -> None:
    assert close_balance(heads(), NOW, HOLDING) == close_external(heads(), NOW)


@pytest.mark.parametrize(
    "before", [heads("0.00000001"), heads("-5", "5"), heads(on_hold="0.00000001"), heads("-0.1", on_hold="0.1")]
)
def test_a_balance_with_money_in_any_shard_cannot(before: list[Entry]) -> None:
    with pytest.raises(Refusal) as refused:
        close_balance(before, NOW, HOLDING)
    assert refused.value is HOLDING


@pytest.mark.parametrize(
    ("type_", "available", "on_hold"),
    [
        (EntryType.DEBIT, "7", "5"),
        (EntryType.CREDIT, "13", "5"),
        (EntryType.ON_HOLD, "7", "8"),
        (EntryType.RELEASE, "13", "2"),
        (EntryType.SPEND, "10", "2"),
    ],
)
def test_an_entry_moves_its_amount_and_says_what_stands_afterwards(
    type_: EntryType, available: str, on_hold: str
) -> None:
    (head, *_) = heads("10", on_hold="5")
    assert move(head, type_, Decimal(3), "of three", NOW + 9) == replace(
        head,
        sequence=3,
        type=type_,
        transaction_id="of three",
        amount=Decimal(3),
        available=Decimal(available),
        on_hold=Decimal(on_hold),
        created_at=NOW + 9,
        previous=head.hash,
        hash=None,
    )


def test_what_follows_a_posting_is_not_of_its_transaction() -> None:
    moved = [move(head, EntryType.CREDIT, Decimal(3), "of three", NOW) for head in heads()]
    (entry, *_) = change_flags(moved, NOW, blocked=True)
    assert (entry.transaction_id, entry.amount) == (None, None)


def test_the_version_of_a_balance_counts_its_entries_from_its_opening() -> None:
    (head, *_) = heads()
    assert head.version == 2
    assert replace(head, sequence=9, opened=7).version == 3


@pytest.mark.parametrize("alias", ["external/BTC", "@externals", "@EXTERNAL/BTC", "BTC", ""])
def test_an_account_is_external_by_the_beginning_of_its_alias(alias: str) -> None:
    assert is_external(external_alias("BTC"))
    assert not is_external(alias)


@pytest.mark.parametrize("write", [partial(open_balance, OPENING), close_external, partial(change_flags, blocked=True)])
@pytest.mark.parametrize(
    ("clock", "written"), [(NOW + 1, NOW + 5), (NOW + 5, NOW + 5), (NOW + 6, NOW + 6), (0, NOW + 5)]
)
def test_moments_never_run_backwards_along_a_chain_and_all_entries_of_a_write_bear_the_same(
    write: partial[list[Entry]], clock: int, written: int
) -> None:
    chains = [replace(entry, created_at=NOW) for entry in close_external(heads(), NOW)]
    chains[7] = replace(chains[7], created_at=NOW + 5)
    assert {entry.created_at for entry in write(chains, clock)} == {written}
