"""The engine: what is asked for, and what stands, become entries, or a refusal and nothing."""

from collections.abc import Callable
from copy import replace
from decimal import Decimal
from functools import partial

import pytest

from coffer.ids import new_id
from coffer.ledger.amounts import add
from coffer.ledger.book import Posting
from coffer.ledger.chains import Chain
from coffer.ledger.distribution import Remaining
from coffer.ledger.entries import EntryType, close_balance, close_external
from coffer.ledger.posting import Transfer, cancel, commit, note, post
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import MAX_POSTINGS, Send
from coffer.ledger.shards import Standing
from tests.unit.ledger.small_ledger import NOW, OUTSIDE, SmallLedger, leg, moves, pay, send

REST = Remaining()
CHANGED_SINCE = Refusal(Reason.BAD_REQUEST, "never raised here")
MOST = "9" * 60


@pytest.fixture
def ledger() -> SmallLedger:
    """Alice has 100, Bob and Carol have nothing; Sam has 120 on three shards."""
    ledger = SmallLedger()
    ledger.open("@alice", "100")
    ledger.open("@bob")
    ledger.open("@carol")
    ledger.open("@sam", "60", "20", "40")
    return ledger


def standing(ledger: SmallLedger, alias: str) -> tuple[str, str]:
    """What is available and on hold."""
    balance = ledger.balance(alias)
    return str(balance.available), str(balance.on_hold)


def refused(plan: Callable[[], object]) -> Refusal:
    """The refusal of a plan."""
    with pytest.raises(Refusal) as caught:
        plan()
    return caught.value


class TestPosting:
    def test_money_moves_from_source_to_destination(self, ledger: SmallLedger) -> None:
        booking = ledger.post(pay("30", "@alice", "@bob"))
        assert moves(booking.operations) == [("@alice", 0, "DEBIT", "30"), ("@bob", 0, "CREDIT", "30")]
        assert (standing(ledger, "@alice"), standing(ledger, "@bob")) == (("70", "0"), ("30", "0"))

    def test_an_entry_says_what_happened_and_what_stands_afterwards(self, ledger: SmallLedger) -> None:
        head = ledger.heads[Chain("@alice", "default", 0)]
        debit, _ = post(
            pay("30", "@alice", "@bob"), ledger.heads, transaction_id="of 30", now=NOW + 1, preference=0, places=2
        ).operations
        assert debit.before == head
        assert debit.after == replace(
            head,
            sequence=head.sequence + 1,
            type=EntryType.DEBIT,
            transaction_id="of 30",
            operation=None,
            amount=Decimal(30),
            available=Decimal(70),
            created_at=NOW + 1,
            previous=head.hash,
            hash=None,
        )

    def test_money_comes_in_and_goes_out_by_the_external_account_which_may_go_below_zero(
        self, ledger: SmallLedger
    ) -> None:
        before = ledger.balance(OUTSIDE).available
        ledger.post(pay("5", OUTSIDE, "@bob"))
        assert ledger.balance(OUTSIDE).available == before - 5
        ledger.post(pay("2", "@bob", OUTSIDE))
        assert ledger.balance(OUTSIDE).available == before - 3

    def test_legs_of_all_kinds_come_to_the_value_on_both_sides(self, ledger: SmallLedger) -> None:
        asked = send(
            "10.01",
            [leg("@alice", 50), leg("@sam", REST)],
            [leg("@bob", "3.33"), leg("@carol", 33), leg(OUTSIDE, REST)],
        )
        assert moves(ledger.post(asked).operations) == [
            ("@alice", 0, "DEBIT", "5.00"),
            ("@sam", 0, "DEBIT", "5.01"),
            ("@bob", 0, "CREDIT", "3.33"),
            ("@carol", 0, "CREDIT", "3.30"),
            (OUTSIDE, 0, "CREDIT", "3.38"),
        ]

    def test_a_leg_that_comes_to_nothing_makes_no_entry(self, ledger: SmallLedger) -> None:
        booking = ledger.post(send("0.05", [leg("@alice", "0.05")], [leg("@carol", 1), leg("@bob", REST)]))
        assert moves(booking.operations) == [("@alice", 0, "DEBIT", "0.05"), ("@bob", 0, "CREDIT", "0.05")]
        assert [posting.leg for posting in booking.transfer.destination] == [1]

    def test_legs_that_name_one_balance_follow_each_other_on_its_chain(self, ledger: SmallLedger) -> None:
        booking = ledger.post(
            send("50", [leg("@alice", "20"), leg("@alice", "30")], [leg("@bob", 50), leg("@bob", 50)])
        )
        entries = [(each.after.sequence, str(each.after.available)) for each in booking.operations]
        assert entries == [(3, "80"), (4, "50"), (2, "25.00"), (3, "50.00")]
        assert ledger.findings() == []

    def test_what_one_leg_takes_the_next_one_lacks(self, ledger: SmallLedger) -> None:
        asked = send("120", [leg("@alice", 50), leg("@alice", 50)], [leg("@bob", "120")])
        refusal = refused(lambda: ledger.plan(asked))
        assert refusal.reason is Reason.FUNDS_INSUFFICIENT
        assert "'default' of the account @alice has 40 BRL available, and 60 would be taken" in refusal.message

    def test_further_balances_of_an_account_are_apart(self, ledger: SmallLedger) -> None:
        ledger.open("@alice", key="savings")
        ledger.post(send("40", [leg("@alice", "40")], [leg("@alice", "40", "savings")]))
        assert ledger.balance("@alice", "savings") == Standing(Decimal(40), Decimal(0), version=2)
        assert standing(ledger, "@alice") == ("60", "0")
        assert (
            refused(lambda: ledger.plan(send("61", [leg("@alice", "61")], [leg("@bob", "61")]))).reason
            is Reason.FUNDS_INSUFFICIENT
        )

    def test_everything_can_be_spent_and_not_one_unit_more(self, ledger: SmallLedger) -> None:
        assert refused(lambda: ledger.plan(pay("100.01", "@alice", "@bob"))).reason is Reason.FUNDS_INSUFFICIENT
        ledger.post(pay("100", "@alice", "@bob"))
        assert standing(ledger, "@alice") == ("0", "0")
        assert refused(lambda: ledger.plan(pay("0.01", "@alice", "@bob"))).reason is Reason.FUNDS_INSUFFICIENT

    def test_entries_of_one_write_share_a_moment_no_earlier_than_any_head(self, ledger: SmallLedger) -> None:
        ledger.now = NOW + 60_000
        ledger.post(pay("1", OUTSIDE, "@bob"))
        ledger.now = NOW + 1
        booking = ledger.post(pay("1", "@alice", "@bob"))
        assert booking.created_at == NOW + 60_000
        assert {each.after.created_at for each in booking.operations} == {NOW + 60_000}

    def test_a_refused_plan_leaves_the_heads_alone(self, ledger: SmallLedger) -> None:
        heads = ledger.heads
        asked = send("10", [leg("@alice", "10")], [leg("@bob", "5"), leg("@nobody", "5")])
        with pytest.raises(Refusal):
            post(asked, heads, transaction_id="refused", now=NOW, preference=0, places=2)
        assert heads == ledger.heads


class TestRefusals:
    @pytest.mark.parametrize("asked", [pay("1", "@nobody", "@bob"), pay("1", "@alice", "@nobody")])
    def test_an_unknown_alias(self, ledger: SmallLedger, asked: Send) -> None:
        refusal = refused(lambda: ledger.plan(asked))
        assert refusal.reason is Reason.ACCOUNT_INELIGIBLE
        assert "There is no account @nobody with a balance 'default'" in refusal.message

    def test_an_unknown_balance_key(self, ledger: SmallLedger) -> None:
        asked = send("1", [leg("@alice", "1", "savings")], [leg("@bob", "1")])
        assert refused(lambda: ledger.plan(asked)).reason is Reason.ACCOUNT_INELIGIBLE

    def test_an_unknown_alias_whose_leg_comes_to_nothing(self, ledger: SmallLedger) -> None:
        asked = send("0.01", [leg("@alice", "0.01")], [leg("@bob", REST), leg("@nobody", 1)])
        assert refused(lambda: ledger.plan(asked)).reason is Reason.ACCOUNT_INELIGIBLE

    @pytest.mark.parametrize(("payer", "payee"), [("@alice", "@bob"), ("@carol", "@alice")])
    @pytest.mark.parametrize("pending", [False, True])
    def test_a_closed_account(self, ledger: SmallLedger, payer: str, payee: str, pending: bool) -> None:
        ledger.post(pay("100", "@alice", OUTSIDE))
        chain = Chain("@alice", "default", 0)
        (closed,) = close_balance([ledger.heads[chain]], NOW, CHANGED_SINCE)
        ledger.append(chain, closed)
        assert refused(lambda: ledger.plan(pay("1", payer, payee, pending=pending))).reason is Reason.ACCOUNT_INELIGIBLE

    def test_an_account_of_another_asset(self, ledger: SmallLedger) -> None:
        ledger.open("@dollars", code="USD")
        for asked in (pay("1", "@dollars", "@bob"), pay("1", "@alice", "@dollars")):
            refusal = refused(lambda asked=asked: ledger.plan(asked))  # type: ignore[misc]
            assert refusal.reason is Reason.ASSET_MISMATCH
            assert "@dollars is of USD, and the transaction sends BRL" in refusal.message

    def test_accounts_of_a_deleted_asset_never_come_alive_under_a_new_one_of_its_code(
        self, ledger: SmallLedger
    ) -> None:
        ledger.asset_id = new_id(NOW + 1)
        ledger.open("@dora")
        asked_for = [pay("1", "@alice", "@dora"), pay("1", "@alice", "@dora", pending=True), pay("1", OUTSIDE, "@dora")]
        for asked in asked_for:
            refusal = refused(lambda asked=asked: ledger.plan(asked))  # type: ignore[misc]
            assert refusal.reason is Reason.ASSET_MISMATCH

    @pytest.mark.parametrize("pending", [False, True])
    @pytest.mark.parametrize("flags", [{"blocked": True}, {"allow_sending": False}])
    def test_a_source_that_may_not_send(self, ledger: SmallLedger, flags: dict[str, bool], pending: bool) -> None:
        ledger.change("@sam", **flags)
        refusal = refused(lambda: ledger.plan(pay("1000", "@sam", "@bob", pending=pending)))
        assert refusal.reason is Reason.ACCOUNT_RESTRICTED, "which is more than that it has too little"
        assert ("is blocked" in refusal.message) == ("blocked" in flags)

    @pytest.mark.parametrize("flags", [{"blocked": True}, {"allow_receiving": False}])
    def test_a_destination_that_may_not_receive(self, ledger: SmallLedger, flags: dict[str, bool]) -> None:
        ledger.change("@sam", **flags)
        assert refused(lambda: ledger.plan(pay("1", "@alice", "@sam"))).reason is Reason.ACCOUNT_RESTRICTED

    @pytest.mark.parametrize("flags", [{"allow_receiving": False}, {"blocked": False}])
    def test_but_a_source_need_not_receive(self, ledger: SmallLedger, flags: dict[str, bool]) -> None:
        ledger.change("@alice", **flags)
        ledger.post(pay("1", "@alice", "@bob"))

    def test_and_a_destination_need_not_send(self, ledger: SmallLedger) -> None:
        ledger.change("@bob", allow_sending=False)
        ledger.post(pay("1", "@alice", "@bob"))

    @pytest.mark.parametrize(
        "asked",
        [
            pay("0.001", "@alice", "@bob"),
            send("0.001", [leg("@alice", REST)], [leg("@bob", REST)]),
            send("1", [leg("@alice", "0.999"), leg("@alice", REST)], [leg("@bob", "1")]),
        ],
    )
    def test_a_value_finer_than_the_asset(self, ledger: SmallLedger, asked: Send) -> None:
        assert refused(lambda: ledger.plan(asked)).reason is Reason.VALUE_TOO_FINE

    def test_sides_that_do_not_come_to_the_value(self, ledger: SmallLedger) -> None:
        short = send("10", [leg("@alice", "9.99")], [leg("@bob", "10")])
        assert "legs of the source come to 9.99" in refused(lambda: ledger.plan(short)).message
        long = send("10", [leg("@alice", "10")], [leg("@bob", "10.01")])
        assert "legs of the destination come to 10.01" in refused(lambda: ledger.plan(long)).message

    def test_a_balance_past_60_digits(self, ledger: SmallLedger) -> None:
        ledger.post(pay(MOST, OUTSIDE, "@bob"), preference=1)
        full = refused(lambda: ledger.plan(pay("1", "@alice", "@bob"), preference=2))
        assert full.reason is Reason.BALANCE_TOO_LARGE
        assert "@bob" in full.message

    @pytest.mark.parametrize(("shards", "part"), [(2, "5" + "0" * 59), (3, "3" * 59 + "4"), (16, "625" + "0" * 56)])
    def test_a_shard_past_its_part_of_60_digits(self, ledger: SmallLedger, shards: int, part: str) -> None:
        """Whichever shards are paid, all of them together have 60 digits at most."""
        ledger.open("@split", shards=shards)
        full = refused(lambda: ledger.plan(pay(part, OUTSIDE, "@split")))
        assert full.reason is Reason.BALANCE_TOO_LARGE
        assert f"{shards} shards" in full.message
        for shard in range(shards):
            ledger.post(pay(str(int(part) - 1), OUTSIDE, "@split"), preference=shard)
        assert len(str(ledger.balance("@split").available)) == 60
        for shard in range(shards):
            again = refused(partial(ledger.plan, pay("1", "@alice", "@split"), preference=shard))
            assert again.reason is Reason.BALANCE_TOO_LARGE

    def test_but_the_external_account_has_room_for_what_all_others_have(self, ledger: SmallLedger) -> None:
        for alias in ("@bob", "@carol"):
            ledger.post(pay(MOST, OUTSIDE, alias))
        assert str(ledger.balance(OUTSIDE).available) == "-2" + "0" * 57 + "218"

    def test_a_transaction_over_more_chains_than_it_could_be_settled_and_reverted_on(self) -> None:
        ledger = SmallLedger()
        ledger.open("@sam", "0.5", "0.5")
        ledger.open("@bob")

        def asked(legs: int, *, pending: bool = False) -> Send:
            each = leg("@bob", "0.01")
            return send(f"{legs}e-2", [leg("@sam", REST)], [each] * legs, pending=pending)

        assert len(ledger.plan(asked(MAX_POSTINGS - 2)).operations) == MAX_POSTINGS
        for pending in (False, True):
            refusal = refused(lambda pending=pending: ledger.plan(asked(MAX_POSTINGS - 1, pending=pending)))  # type: ignore[misc]
            assert refusal.reason is Reason.TOO_LARGE


class TestWithoutDecimals:
    def test_amounts_keep_whatever_precision_they_have(self) -> None:
        ledger = SmallLedger(decimals=None)
        finest = "0." + "0" * 35 + "1"
        half = "4" + "9" * 59  # the most that one of two shards may have
        ledger.open("@alice", half + ".5", finest)
        ledger.open("@bob", finest)
        ledger.post(pay(half + ".25", "@alice", "@bob"))
        assert ledger.balance("@bob").available == Decimal(half + ".25" + "0" * 33 + "1")

    def test_shares_are_cut_to_the_places_that_are_given(self) -> None:
        ledger = SmallLedger(decimals=None)
        ledger.open("@alice", "1")
        ledger.open("@bob")
        asked = send("0.05", [leg("@alice", REST)], [leg("@bob", 50), leg(OUTSIDE, 50)])
        assert [str(each.amount) for each in ledger.plan(asked).transfer.destination] == ["0.02", "0.03"]
        finer = post(asked, ledger.heads, transaction_id="finer", now=NOW, preference=0, places=18)
        assert {each.amount for each in finer.transfer.destination} == {Decimal("0.025")}

    def test_the_assets_own_decimals_go_before_them(self) -> None:
        ledger = SmallLedger(decimals=0)
        ledger.open("@alice", "5")
        ledger.open("@bob")
        asked = send("5", [leg("@alice", REST)], [leg("@bob", 50), leg(OUTSIDE, 50)])
        assert [str(each.amount) for each in ledger.plan(asked).transfer.destination] == ["2", "3"]


class TestShards:
    @pytest.mark.parametrize(("preference", "shard"), [(0, 0), (1, 1), (2, 2), (3, 0)])
    def test_money_that_comes_in_takes_the_preferred_shard(
        self, ledger: SmallLedger, preference: int, shard: int
    ) -> None:
        booking = ledger.post(pay("1", "@alice", "@sam"), preference=preference)
        assert moves(booking.operations)[1] == ("@sam", shard, "CREDIT", "1")

    @pytest.mark.parametrize(
        ("value", "preference", "taken"),
        [
            ("40", 0, [(0, "40")]),
            ("40", 1, [(2, "40")]),
            ("60", 1, [(0, "60")]),
            ("61", 1, [(0, "60"), (2, "1")]),
            ("120", 0, [(0, "60"), (2, "40"), (1, "20")]),
        ],
    )
    def test_money_that_goes_out_takes_the_shards_that_cover_it(
        self, ledger: SmallLedger, value: str, preference: int, taken: list[tuple[int, str]]
    ) -> None:
        for pending, kind in ((False, "DEBIT"), (True, "ON_HOLD")):
            booking = ledger.plan(pay(value, "@sam", "@bob", pending=pending), preference=preference)
            source = [each for each in moves(booking.operations) if each[0] == "@sam"]
            assert source == [("@sam", shard, kind, part) for shard, part in taken]
            assert [posting.leg for posting in booking.transfer.source] == [0] * len(taken)

    def test_a_balance_that_all_its_shards_cannot_cover_is_insufficient(self, ledger: SmallLedger) -> None:
        refusal = refused(lambda: ledger.plan(pay("120.01", "@sam", "@bob")))
        assert refusal.reason is Reason.FUNDS_INSUFFICIENT
        assert "has 120 BRL available" in refusal.message

    def test_it_cannot_be_judged_without_the_heads_of_all_shards(self, ledger: SmallLedger) -> None:
        heads = {chain: head for chain, head in ledger.heads.items() if chain != Chain("@sam", "default", 2)}
        with pytest.raises(KeyError):
            post(pay("1", "@sam", "@bob"), heads, transaction_id="blind", now=NOW, preference=0, places=2)


class TestHolds:
    def test_a_pending_transaction_holds_the_money_and_delivers_nothing(self, ledger: SmallLedger) -> None:
        booking = ledger.post(pay("30", "@alice", "@bob", pending=True))
        assert moves(booking.operations) == [("@alice", 0, "ON_HOLD", "30")]
        assert (standing(ledger, "@alice"), standing(ledger, "@bob")) == (("70", "30"), ("0", "0"))
        assert [(each.chain.alias, each.amount) for each in booking.transfer.destination] == [("@bob", Decimal(30))]

    def test_what_is_held_cannot_be_spent(self, ledger: SmallLedger) -> None:
        ledger.post(pay("30", "@alice", "@bob", pending=True))
        assert refused(lambda: ledger.plan(pay("70.01", "@alice", "@bob"))).reason is Reason.FUNDS_INSUFFICIENT

    def test_a_commit_spends_what_is_held_and_delivers_it(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        booking = ledger.commit(held)
        assert moves(booking.operations) == [("@alice", 0, "SPEND", "30"), ("@bob", 0, "CREDIT", "30")]
        assert (standing(ledger, "@alice"), standing(ledger, "@bob")) == (("70", "0"), ("30", "0"))
        assert booking.transfer == held

    def test_a_cancel_gives_it_back(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        booking = ledger.cancel(held)
        assert moves(booking.operations) == [("@alice", 0, "RELEASE", "30")]
        assert (standing(ledger, "@alice"), standing(ledger, "@bob")) == (("100", "0"), ("0", "0"))

    def test_both_turn_to_the_shards_that_hold_it_and_to_the_one_that_was_chosen_for_it(
        self, ledger: SmallLedger
    ) -> None:
        held = ledger.post(pay("110", "@sam", OUTSIDE, pending=True), preference=5).transfer
        recorded = [(each.chain.shard, str(each.amount)) for each in held.source]
        assert recorded == [(0, "60"), (2, "40"), (1, "10")]
        settled = {each.chain for each in (*held.source, *held.destination)}
        heads = {chain: head for chain, head in ledger.heads.items() if chain in settled}
        delivered = commit(held, heads, transaction_id="pending", now=NOW)
        assert [(each[1], each[3]) for each in moves(delivered.operations)] == [*recorded, (5, "110")]
        given_back = cancel(held, heads, transaction_id="pending", now=NOW)
        assert [(each[1], each[3]) for each in moves(given_back.operations)] == recorded

    def test_flags_are_looked_at_when_money_is_taken_and_when_it_is_delivered(self, ledger: SmallLedger) -> None:
        ledger.change("@bob", allow_receiving=False)
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        assert refused(lambda: ledger.commit(held)).reason is Reason.ACCOUNT_RESTRICTED
        ledger.change("@bob", allow_receiving=True)
        ledger.change("@alice", blocked=True)
        ledger.commit(held)

    def test_a_blocked_sources_hold_can_still_be_canceled(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        for alias in ("@alice", "@bob"):
            ledger.change(alias, blocked=True, allow_sending=False, allow_receiving=False)
        ledger.cancel(held)
        assert standing(ledger, "@alice") == ("100", "0")

    def test_a_destination_that_was_closed_meanwhile_gets_nothing(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        chain = Chain("@bob", "default", 0)
        (closed,) = close_balance([ledger.heads[chain]], NOW, CHANGED_SINCE)
        ledger.append(chain, closed)
        assert refused(lambda: ledger.commit(held)).reason is Reason.ACCOUNT_INELIGIBLE
        ledger.cancel(held)

    def test_what_is_held_always_finds_room_when_it_comes_back(self, ledger: SmallLedger) -> None:
        ledger.post(pay(MOST, OUTSIDE, "@bob"), preference=1)
        held = ledger.post(pay(MOST, "@bob", "@carol", pending=True)).transfer
        assert refused(lambda: ledger.plan(pay("1", "@alice", "@bob"))).reason is Reason.BALANCE_TOO_LARGE
        ledger.cancel(held)
        assert standing(ledger, "@bob") == (MOST, "0")

    def test_more_than_is_held_is_never_given_back(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        ledger.cancel(held)
        for settle in (ledger.cancel, ledger.commit):
            with pytest.raises(ValueError, match="below zero"):
                settle(held)


class TestReverts:
    def test_a_revert_is_the_opposite(self, ledger: SmallLedger) -> None:
        before = ledger.stands()
        booking = ledger.revert(ledger.post(pay("30", "@alice", "@bob")).transfer)
        assert moves(booking.operations) == [("@bob", 0, "DEBIT", "30"), ("@alice", 0, "CREDIT", "30")]
        assert ledger.stands() == before

    def test_each_chain_gives_back_what_it_got(self, ledger: SmallLedger) -> None:
        before = ledger.stands()
        paid = ledger.post(pay("110", "@sam", OUTSIDE), preference=5).transfer
        booking = ledger.revert(paid)
        assert (booking.transfer.source, booking.transfer.destination) == (paid.destination, paid.source)
        assert ledger.stands() == before

    def test_a_shard_that_has_spent_it_is_helped_by_the_others_of_its_balance(self, ledger: SmallLedger) -> None:
        paid = ledger.post(pay("50", "@alice", "@sam"), preference=1).transfer
        ledger.post(pay("65", "@sam", OUTSIDE), preference=1)
        booking = ledger.revert(paid)
        assert moves(booking.operations) == [("@sam", 0, "DEBIT", "50"), ("@alice", 0, "CREDIT", "50")]
        assert [posting.chain.shard for posting in booking.transfer.source] == [0]

    def test_it_fails_for_lack_of_funds(self, ledger: SmallLedger) -> None:
        paid = ledger.post(pay("30", "@alice", "@bob")).transfer
        ledger.post(pay("0.01", "@bob", "@carol"))
        assert refused(lambda: ledger.revert(paid)).reason is Reason.FUNDS_INSUFFICIENT

    def test_flags_are_looked_at_as_in_any_transaction(self, ledger: SmallLedger) -> None:
        paid = ledger.post(pay("30", "@alice", "@bob")).transfer
        ledger.change("@bob", allow_sending=False)
        assert refused(lambda: ledger.revert(paid)).reason is Reason.ACCOUNT_RESTRICTED
        ledger.change("@bob", allow_sending=True)
        ledger.change("@alice", allow_receiving=False)
        assert refused(lambda: ledger.revert(paid)).reason is Reason.ACCOUNT_RESTRICTED

    def test_money_that_left_never_comes_back_by_the_external_account_of_another_asset(self) -> None:
        ledger = SmallLedger()
        ledger.open("@alice", "30")
        paid = ledger.post(pay("30", "@alice", OUTSIDE)).transfer
        outside = ledger.chains_of(OUTSIDE)
        for chain, entry in zip(outside, close_external([ledger.heads[each] for each in outside], NOW), strict=True):
            ledger.append(chain, entry)
        assert refused(lambda: ledger.revert(paid)).reason is Reason.ACCOUNT_INELIGIBLE
        ledger.asset_id = new_id(NOW + 1)
        ledger.open(OUTSIDE, shards=len(outside))
        assert refused(lambda: ledger.revert(paid)).reason is Reason.ASSET_MISMATCH


class TestNotes:
    def test_what_is_noted_moves_nothing_whatever_there_is(self, ledger: SmallLedger) -> None:
        ledger.change("@bob", blocked=True)
        asked = send("1000", [leg("@alice", REST)], [leg("@bob", 90), leg("@carol", REST)])
        noted = note(asked, ledger.heads, now=NOW - 1, preference=0, places=2)
        assert (noted.operations, noted.heads, noted.created_at) == ((), ledger.heads, NOW)
        assert [str(each.amount) for each in noted.transfer.destination] == ["900.00", "100.00"]

    def test_but_who_is_named_must_be_there(self, ledger: SmallLedger) -> None:
        asked = pay("1", "@alice", "@nobody")
        refusal = refused(lambda: note(asked, ledger.heads, now=NOW, preference=0, places=2))
        assert refusal.reason is Reason.ACCOUNT_INELIGIBLE

    def test_and_so_must_the_asset(self) -> None:
        ledger = SmallLedger()
        ledger.open("@alice")
        ledger.open("@bob")
        asked = pay("1", "@alice", "@bob")
        outside = ledger.chains_of(OUTSIDE)
        for chain, entry in zip(outside, close_external([ledger.heads[each] for each in outside], NOW), strict=True):
            ledger.append(chain, entry)
        gone = refused(lambda: note(asked, ledger.heads, now=NOW, preference=5, places=2))
        assert (gone.reason, OUTSIDE in gone.message) == (Reason.ACCOUNT_INELIGIBLE, True)
        ledger.asset_id = new_id(NOW + 1)
        ledger.open(OUTSIDE, shards=len(outside))
        another = refused(lambda: note(asked, ledger.heads, now=NOW, preference=5, places=2))
        assert another.reason is Reason.ASSET_MISMATCH


class TestSeveralInOneWrite:
    def test_each_is_planned_on_what_the_one_before_leaves(self, ledger: SmallLedger) -> None:
        heads = ledger.heads
        planned = []
        for number in range(30):
            booking = post(
                pay("3", "@alice", "@bob"), heads, transaction_id=str(number), now=NOW, preference=0, places=2
            )
            heads = dict(booking.heads)
            planned.append(booking)
        chain = [
            each.after for booking in planned for each in booking.operations if each.posting.chain.alias == "@alice"
        ]
        assert [entry.sequence for entry in chain] == list(range(3, 33))
        assert [entry.previous for entry in chain] == [ledger.heads[Chain("@alice", "default", 0)].hash, *[None] * 29]
        assert chain[-1].available == 10
        for booking in planned:
            ledger.write(booking)
        assert ledger.findings() == []

    def test_a_refused_one_leaves_the_others_as_they_are(self, ledger: SmallLedger) -> None:
        heads = ledger.heads
        first = post(pay("60", "@alice", "@bob"), heads, transaction_id="1", now=NOW, preference=0, places=2)
        with pytest.raises(Refusal):
            post(pay("60", "@alice", "@bob"), first.heads, transaction_id="2", now=NOW, preference=0, places=2)
        third = post(pay("40", "@alice", "@bob"), first.heads, transaction_id="3", now=NOW, preference=0, places=2)
        assert third.heads[Chain("@alice", "default", 0)].available == 0
        assert third.heads[Chain("@bob", "default", 0)].available == 100


class TestTransfers:
    def test_both_sides_of_a_transfer_are_equal(self) -> None:
        one = Posting(leg=0, chain=Chain("@alice", "default", 0), account_id="alice", amount=Decimal(1))
        with pytest.raises(ValueError, match="1 taken and 2 given"):
            Transfer(asset_id="brl", source=(one,), destination=(replace(one, amount=Decimal(2)),))

    def test_an_account_is_the_one_it_was_when_the_transfer_was_planned(self, ledger: SmallLedger) -> None:
        held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
        other = replace(held, source=tuple(replace(each, account_id=new_id(NOW)) for each in held.source))
        assert refused(lambda: ledger.cancel(other)).reason is Reason.ACCOUNT_INELIGIBLE


def test_no_money_is_made_or_lost(ledger: SmallLedger) -> None:
    held = ledger.post(pay("30", "@alice", "@bob", pending=True)).transfer
    ledger.post(pay("1.01", "@sam", OUTSIDE))
    paid = ledger.post(send("10.01", [leg("@sam", 50), leg("@alice", REST)], [leg("@carol", "10.01")])).transfer
    ledger.commit(held)
    ledger.revert(paid)
    assert add(amount for head in ledger.heads.values() for amount in (head.available, head.on_hold)) == 0
    assert ledger.findings() == []
