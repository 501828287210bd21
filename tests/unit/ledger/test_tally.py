"""Sums of an asset: whatever is inside has come in from outside."""

from copy import replace
from decimal import Decimal
from itertools import pairwise

from coffer.ledger.entries import close_balance
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.tally import Tallies, Tally, count, hold
from tests.unit.ledger.small_ledger import BRL, OUTSIDE, SmallLedger, leg, pay, send


def story() -> SmallLedger:
    """Accounts that got money from outside and passed some on, of which some is on hold."""
    ledger = SmallLedger()
    ledger.open("@alice", "100", "20")
    ledger.open("@bob", "7")
    ledger.open("@bob", "5", key="savings")
    ledger.post(pay("30", "@alice", "@bob"))
    ledger.post(pay("10", "@bob", "@alice", pending=True))
    ledger.post(send("2", [leg("@bob", "2")], [leg(OUTSIDE, "2")]))
    return ledger


def by_heads(ledger: SmallLedger) -> Tallies:
    """The sums of a ledger, from the newest entries alone."""
    tallies: Tallies = {}
    for chain, head in ledger.heads.items():
        count(tallies, chain, None, head)
    return tallies


def by_entries(ledger: SmallLedger) -> Tallies:
    """The same, from all entries as they pass."""
    tallies: Tallies = {}
    for chain, entries in ledger.chains.items():
        for before, entry in pairwise([None, *entries]):
            assert entry
            count(tallies, chain, before, entry)
    return tallies


def test_what_is_inside_has_come_in_from_outside() -> None:
    ledger = story()
    tally = by_heads(ledger)[ledger.asset_id]
    assert tally == Tally(code=BRL, inside=Decimal(130), outside=Decimal(-130), held=Decimal(10), accounts=2, doors=1)
    assert tally.difference == 0


def test_what_is_on_hold_is_held_by_pending_transactions() -> None:
    ledger = story()
    tallies = by_heads(ledger)
    hold(tallies, ledger.asset_id, BRL, Decimal("7.5"))
    assert tallies[ledger.asset_id].ownerless == Decimal("2.5")
    hold(tallies, ledger.asset_id, BRL, Decimal("2.5"))
    assert tallies[ledger.asset_id].ownerless == 0
    hold(tallies, "another", BRL, Decimal(1))
    assert tallies["another"].ownerless == -1


def test_entry_by_entry_it_comes_to_the_same() -> None:
    ledger = story()
    assert by_entries(ledger) == by_heads(ledger)


def test_money_that_was_made_is_the_difference() -> None:
    ledger = story()
    (chain,) = ledger.chains_of("@bob")
    ledger.chains[chain][-1] = replace(ledger.heads[chain], on_hold=Decimal("10.01"))
    assert by_heads(ledger)[ledger.asset_id].difference == Decimal("0.01")


def test_an_account_that_is_closed_counts_no_more_and_its_chain_still_does() -> None:
    ledger = story()
    ledger.open("@carol", shards=3)
    assert by_heads(ledger)[ledger.asset_id].accounts == 3
    chains = ledger.chains_of("@carol")
    closed = close_balance([ledger.heads[each] for each in chains], ledger.now, Refusal(Reason.BALANCE_NOT_EMPTY, ""))
    for chain, entry in zip(chains, closed, strict=True):
        ledger.append(chain, entry)
    assert by_heads(ledger)[ledger.asset_id].accounts == 2
    assert by_entries(ledger) == by_heads(ledger)


def test_assets_of_one_code_are_told_from_each_other() -> None:
    ledger = story()
    former, ledger.asset_id = ledger.asset_id, "another"
    ledger.open("@dora")
    tallies = by_entries(ledger)
    assert (tallies[former].accounts, tallies["another"].accounts) == (2, 1)
    assert tallies["another"] == Tally(code=BRL, accounts=1)
