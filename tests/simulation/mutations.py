"""Bugs that somebody might make, each with a seed whose run finds it.

A mutation is planted in the code of the product while it runs, by putting another function in the place of one of its
own. `make simulate MUTATION=…` looks for a seed, `make simulate MUTATION=… SEED=…` tells how it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import replace
from dataclasses import dataclass
from functools import partial
from threading import local
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from coffer.api import declare
from coffer.api.runtime import Runtime
from coffer.ledger import book, chains, entries, lifecycle, posting
from coffer.ledger.chains import Chain, Heads
from coffer.ledger.entries import Entry
from coffer.ledger.posting import Booking, Transfer
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.balances import Balance
from coffer.models.drafts import Draft
from coffer.models.transactions import Transaction
from coffer.store import (
    accounts,
    answers,
    balances,
    batches,
    commit,
    failures,
    heads,
    index,
    keys,
    opening,
    records,
    resources,
    segments,
    settlement,
    settling,
    transactions,
    wallet_accounts,
    wallet_assets,
    wallet_transactions,
)
from coffer.store import entries as stored
from coffer.store.commit import Met, Plan
from coffer.store.failures import Failure
from coffer.store.idempotency import Claim, IdempotencyKey, Replay
from coffer.store.keys import Key, LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, decode_item
from coffer.store.writes import LIVE, THERE, Check, Put

type Change = AbstractContextManager[object]


@dataclass(frozen=True, slots=True)
class Mutation:
    """What it does wrong, how it is planted, which seed finds it, and what is said there of what is wrong."""

    what: str
    changes: Callable[[], Iterable[Change]]
    seed: int
    found: str

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The product with this bug."""
        with ExitStack() as stack:
            for change in self.changes():
                stack.enter_context(change)
            yield


def _drop_the_heads_condition() -> Iterable[Change]:
    yield patch.object(stored, "Put", partial(Put, when=None))


def _overwrite_records() -> Iterable[Change]:
    def overwrite(_before: Item, after: Item) -> Put:
        return Put(item=after, when=None)

    yield patch.object(transactions, "overwrite", overwrite)


def _retry_with_a_new_id() -> Iterable[Change]:
    def create(
        table: Table, ledger: LedgerRef, draft: Draft, key: IdempotencyKey | None, *, places: Callable[[], int]
    ) -> Transaction:
        claimed = transactions.new_transaction_id(table, key)
        recorded = transactions.recorded_at(
            table, keys.transaction(ledger, claimed), key, lambda record: answers.first(ledger, record)
        )

        def plan(_met: Met) -> Plan[Transaction]:
            new_id = transactions.new_transaction_id(table, key)
            record, booking = transactions.draw_up(recorded, ledger, new_id, draft, key, places=places)
            written = stored.append(recorded, ledger, booking.operations)
            return Plan([Put(item=record), *written], answers.transaction(ledger, record), written[0].key)

        return commit.commit(recorded, plan, proof=keys.transaction(ledger, claimed))

    yield patch.object(transactions, "create", create)
    yield from _take_time_outs_for_failures()


def _take_time_outs_for_failures() -> Iterable[Change]:
    def classify(error: Any) -> Failure:  # noqa: ANN401 -- of botocore
        failure = failures.classify(error)
        return Failure.CONFLICT if failure is Failure.AMBIGUOUS else failure

    yield patch.object(commit, "classify", classify)


def _read_heads_weakly() -> Iterable[Change]:
    def newest(self: Table, pk: str) -> Item | None:
        answer = self._repeat(
            "query",
            TableName=self.connection.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ScanIndexForward=False,
            Limit=1,
        )
        return decode_item(answer["Items"][0]) if answer["Items"] else None

    yield patch.object(Table, "_newest", newest)


def _forget_a_shard_of_an_account() -> Iterable[Change]:
    whole = accounts._chains

    def without_the_last(ledger: LedgerRef, item: Item) -> list[str]:
        names = whole(ledger, item)
        return names[:-1] or names

    yield patch.object(accounts, "_chains", without_the_last)


def _forget_a_shard_that_could_pay() -> Iterable[Change]:
    whole = chains.payers

    def without_the_last(chain: Chain, shards: int) -> list[Chain]:
        found = whole(chain, shards)
        return found[:-1] or found

    for module in (book, heads, settling):
        yield patch.object(module, "payers", without_the_last)


def _refuse_without_looking() -> Iterable[Change]:
    def confirm(_: object, refusal: Refusal) -> None:
        raise refusal

    yield patch.object(commit._Settling, "confirm", confirm)


def _believe_torn_heads() -> Iterable[Change]:
    yield patch.object(heads, "confirm", lambda *_: None)


def _clock_runs_back() -> Iterable[Change]:
    def latest(_: object, now: int) -> int:
        return now

    for module in (entries, book, posting, settling):
        yield patch.object(module, "latest", latest)


def _skip_the_claim() -> Iterable[Change]:
    original = transactions.new_transaction_id

    def fresh(table: Table, _key: IdempotencyKey | None, _position: int | None = None) -> str:
        return original(table, None)

    yield patch.object(transactions, "new_transaction_id", fresh)


def _take_any_body_for_the_first() -> Iterable[Change]:
    def recognise(self: Any, record: Item) -> Replay:  # noqa: ANN401 -- a class that nobody else knows
        return Replay(*self.idempotency.render(self.answer(record)))

    yield patch.object(transactions._Record, "recognise", recognise)


def _commit_after_expiry() -> Iterable[Change]:
    yield patch.object(lifecycle, "check_committable", lambda status, *_: lifecycle.check_pending(status))


def _refuse_what_the_first_write_has_no_room_for() -> Iterable[Change]:
    original = batches._post_some

    def post_some(*of: Any, **room: Any) -> Any:  # noqa: ANN401 -- what the original is given, and its own class
        some, waiting = original(*of, **room), of[2]
        left = waiting.keys() - some.posted.keys() - some.tried.keys()
        refused = dict.fromkeys(left, Refusal(Reason.TOO_LARGE, "There is no room for it."))
        return replace(some, tried={**some.tried, **refused})

    yield patch.object(batches, "_post_some", post_some)


def _give_up_a_batch_as_a_whole() -> Iterable[Change]:
    original = batches._post_some

    def post_some(table: Table, lot: batches.Lot, *of: Any, **room: Any) -> Any:  # noqa: ANN401 -- likewise
        try:
            return original(table, lot, *of, **room)
        except Refusal as refusal:
            if refusal.reason is not Reason.UNAVAILABLE:
                raise
            return batches._Some({}, dict.fromkeys(lot.drafts, refusal), room["room"])

    yield patch.object(batches, "_post_some", post_some)


def _forget_that_it_was_reverted() -> Iterable[Change]:
    def untouched(table: Table, record: Item, _transaction_id: str, booking: Booking) -> Item:
        return records._changed(table, record, {}, booking.created_at)

    yield patch.object(records, "reverted", untouched)


def _know_a_key_on_any_path() -> Iterable[Change]:
    def digest(method_path_and_key: str) -> str:
        return keys.digest(method_path_and_key.rpartition(" ")[2])

    yield _seen_otherwise(declare, keys, digest=digest)


def _know_a_key_of_any_client() -> Iterable[Change]:
    def key(self: IdempotencyKey) -> Key:
        return Key(f"IDEMPOTENCY#{self.digest}", "IDEMPOTENCY")

    yield patch.object(IdempotencyKey, "key", property(key))


def _annotate_whatever_has_become_of_the_asset() -> Iterable[Change]:
    def newest(chain: str, head: Entry) -> Check:
        return Check(key=keys.entry(chain, head.sequence), when=THERE)

    yield _seen_otherwise(transactions, stored, newest=newest)


def _find_nothing_due() -> Iterable[Change]:
    yield patch.object(index, "due", lambda *_: iter(()))


def _forget_a_partition_of_the_index() -> Iterable[Change]:
    original = index.due

    def without_the_last(*of: Any) -> Iterator[Key]:  # noqa: ANN401 -- what the original is given
        def partitions(collection: str) -> list[str]:
            return keys.partitions(collection)[:-1]

        with _seen_otherwise(index, keys, partitions=partitions):
            yield from original(*of)

    yield patch.object(index, "due", without_the_last)


def _forget_a_shard_in_a_look() -> Iterable[Change]:
    def get(table: Table, ledger: LedgerRef, balance_id: str) -> Balance:
        place = balances._require(table, ledger, balance_id)
        heads = balances._standing(table, ledger, place)
        return balances._answer(ledger, place, heads[:-1] or heads)

    yield patch.object(balances, "get", get)


def _forget_a_shard_in_a_list() -> Iterable[Change]:
    whole = balances._answer

    def without_the_last(ledger: LedgerRef, place: Any, heads: Sequence[Entry]) -> Balance:  # noqa: ANN401 -- its own
        return whole(ledger, place, heads[:-1] or heads)

    yield patch.object(balances, "_answer", without_the_last)


def _report_without_a_version() -> Iterable[Change]:
    def put(item: Item, **_: object) -> Put:
        return Put(item=item, when=None)

    yield patch.object(settlement, "Put", put)


def _delete_an_asset_without_a_look_at_its_last_shard() -> Iterable[Change]:
    def close(found: Sequence[Entry], now: int) -> list[Entry]:
        entries.close_external(found[:-1], now)
        return entries._close(found, now)

    yield patch.object(opening, "close_external", close)


def _record_deposits_by_nothing() -> Iterable[Change]:
    yield patch.object(wallet_transactions.Deposit, "tx_id", lambda *_: None)


def _freeze_without_flags() -> Iterable[Change]:
    original = wallet_accounts.change

    def change(table: Table, client_id: str, account_id: str, body: Any, _flags: object) -> object:  # noqa: ANN401
        return original(table, client_id, account_id, body, lambda _: [])

    yield patch.object(wallet_accounts, "change", change)


def _change_balances_without_a_version() -> Iterable[Change]:
    yield _seen_otherwise(balances, resources, change=_change_whatever_it_is_now)


def _note_without_a_version() -> Iterable[Change]:
    yield _seen_otherwise(accounts, resources, change=_change_whatever_it_is_now)


def _change_whatever_it_is_now(table: Table, item: Item, attributes: Any) -> resources.Change:  # noqa: ANN401
    changed = resources.change(table, item, attributes)
    return resources.Change(replace(changed.write, when=LIVE, values={}), changed.item)


def _take_a_name_that_is_taken() -> Iterable[Change]:
    def claim(table: Table, key: Key, owner: str, _met: Met, **taken: Any) -> Put:  # noqa: ANN401 -- a refusal
        return replace(resources.claim(table, key, owner, {}, **taken), when=None)

    yield _seen_otherwise(segments, resources, claim=claim)


def _add_a_token_without_a_claim() -> Iterable[Change]:
    original = wallet_assets._claim

    def claim(*of: Any) -> Put:  # noqa: ANN401 -- what the original is given
        return replace(original(*of), when=None)

    yield patch.object(wallet_assets, "_claim", claim)


def _add_a_token_to_a_frozen_account() -> Iterable[Change]:
    yield _seen_otherwise(wallet_assets, wallet_accounts, check_active=lambda _: None)


def _activate_whatever_the_account_is_now() -> Iterable[Change]:
    def hold_still(account: Item) -> Check:
        return Check(key=resources.key_of(account), when=THERE)

    yield patch.object(wallet_accounts, "hold_still", hold_still)


def _commit_at_another_moment() -> Iterable[Change]:
    original, handler = Runtime.table, local()

    def table(self: Runtime, now: int, time_left: Callable[[], float], claim: Claim | None = None) -> Table:
        handler.clock = self.clock
        return original(self, now, time_left, claim)

    def commit_now(transfer: Transfer, found: Heads, *, transaction_id: str, now: int) -> Booking:
        del now
        return posting.commit(transfer, found, transaction_id=transaction_id, now=handler.clock())

    yield patch.object(Runtime, "table", table)
    yield _seen_otherwise(settling, posting, commit=commit_now)


def _seen_otherwise(user: ModuleType, used: ModuleType, **otherwise: Callable[..., object]) -> Change:
    """What one module sees of another one that it uses, with other functions in the place of some."""
    name = used.__name__.rpartition(".")[2]
    return patch.object(user, name, SimpleNamespace(**{**vars(used), **otherwise}))


MUTATIONS: Mapping[str, Mutation] = {
    "drop-the-heads-condition": Mutation(
        "An entry is written over the one that somebody else has put in its place.",
        _drop_the_heads_condition,
        3,
        "and should have",
    ),
    "overwrite-records": Mutation(
        "A transaction's record is changed whatever has become of it since it was read.",
        _overwrite_records,
        91,
        "and should be",
    ),
    "retry-with-a-new-id": Mutation(
        "A posting whose answer was lost is planned again, under another id.",
        _retry_with_a_new_id,
        1,
        "and was not done before",
    ),
    "take-time-outs-for-failures": Mutation(
        "A write whose answer was lost counts as not done.", _take_time_outs_for_failures, 1, "and was not done before"
    ),
    "read-heads-weakly": Mutation(
        "Heads are read without asking for consistency.", _read_heads_weakly, 1, "0019, and there was no moment for it"
    ),
    "forget-a-shard-of-an-account": Mutation(
        "An account is blocked or closed on all of its shards but one.",
        _forget_a_shard_of_an_account,
        17,
        "has another blocked than",
    ),
    "forget-a-shard-that-could-pay": Mutation(
        "What lies on the last shard of a balance is not found when money goes out.",
        _forget_a_shard_that_could_pay,
        3,
        "0018, and there was no moment for it",
    ),
    "refuse-without-looking": Mutation(
        "A refusal is told without looking whether the request was done already.",
        _refuse_without_looking,
        3,
        "and had been done",
    ),
    "believe-torn-heads": Mutation(
        "A lack of funds is believed though the shards were read at different moments.",
        _believe_torn_heads,
        3077,
        "0018, and there was no moment for it",
    ),
    "let-the-clock-run-back": Mutation(
        "An entry bears its handler's time, right or wrong.", _clock_runs_back, 1, "is older than the entry before it"
    ),
    "skip-the-claim": Mutation(
        "A transaction's id does not follow from its idempotency key.",
        _skip_the_claim,
        4,
        "was done 2 times under one key",
    ),
    "take-any-body-for-the-first": Mutation(
        "A key that was used is answered, whatever the body is now.",
        _take_any_body_for_the_first,
        25,
        "was told 201, and was not done",
    ),
    "commit-after-expiry": Mutation(
        "A hold is committed though it has expired.", _commit_after_expiry, 40, "was done, in spite of ['0099']"
    ),
    "refuse-what-the-first-write-has-no-room-for": Mutation(
        "A batch ends with its first write, and says of the rest that it is too large.",
        _refuse_what_the_first_write_has_no_room_for,
        3,
        "was told 413 0143, and there was no moment for it",
    ),
    "give-up-a-batch-as-a-whole": Mutation(
        "A batch that lacks time between two writes says of what was posted, too, that it was not.",
        _give_up_a_batch_as_a_whole,
        1746,
        "503 9004, without a doubt, and was done",
    ),
    "forget-that-it-was-reverted": Mutation(
        "A revert leaves no trace on what it reverts.", _forget_that_it_was_reverted, 1, "should be ('APPROVED', True, "
    ),
    "know-a-key-on-any-path": Mutation(
        "An idempotency key is known on any path, and not only on that with which it came first.",
        _know_a_key_on_any_path,
        5,
        "422 0084, and there was no moment for it",
    ),
    "know-a-key-of-any-client": Mutation(
        "An idempotency key is known whichever client it came from.",
        _know_a_key_of_any_client,
        125,
        "and there was no moment for it",
    ),
    "annotate-what-is-deleted": Mutation(
        "An annotation is written whatever has become of its asset since it was read.",
        _annotate_whatever_has_become_of_the_asset,
        1550,
        "was done, in spite of ['0019']",
    ),
    "find-nothing-due": Mutation(
        "The schedule finds no hold that has expired.", _find_nothing_due, 4, "has expired, and is held still"
    ),
    "forget-a-partition-of-the-index": Mutation(
        "The schedule does not look at the last partition of what falls due.",
        _forget_a_partition_of_the_index,
        18,
        "has expired, and is held still",
    ),
    "forget-a-shard-in-a-look": Mutation(
        "What lies on the last shard of a balance is not shown.",
        _forget_a_shard_in_a_look,
        7,
        "was told 200, and was not done",
    ),
    "forget-a-shard-in-a-list": Mutation(
        "What lies on the last shard of a balance is not listed.", _forget_a_shard_in_a_list, 4, "is shown as"
    ),
    "report-without-a-version": Mutation(
        "A settlement's status is written whatever it has become since it was read.",
        _report_without_a_version,
        140,
        "was done, in spite of ['conflict']",
    ),
    "delete-an-asset-without-a-shard": Mutation(
        "An asset's last shard is not asked for what is left.",
        _delete_an_asset_without_a_look_at_its_last_shard,
        573,
        "was done, in spite of ['0016']",
    ),
    "record-deposits-by-nothing": Mutation(
        "A deposit's id does not follow from its place on the chain.",
        _record_deposits_by_nothing,
        6,
        "was done, in spite of ['twice']",
    ),
    "freeze-without-flags": Mutation(
        "A frozen account's chains do not say so.",
        _freeze_without_flags,
        15,
        "was done, in spite of ['account_not_active']",
    ),
    "change-balances-without-a-version": Mutation(
        "A further balance is opened or closed whatever has become of its account since it was read.",
        _change_balances_without_a_version,
        1350,
        "is closed, and its account has the balance",
    ),
    "note-without-a-version": Mutation(
        "What is noted of an account is changed whatever has become of it since it was read.",
        _note_without_a_version,
        34,
        "and is {'name': 'name 21', 'segmentId': None",
    ),
    "take-a-name-that-is-taken": Mutation(
        "A segment is called like another one.", _take_a_name_that_is_taken, 10, "was done, in spite of ['0015']"
    ),
    "add-a-token-without-a-claim": Mutation(
        "Nothing tells that a token has been added to a wallet account.",
        _add_a_token_without_a_claim,
        52,
        "cannot be settled, though all is quiet",
    ),
    "activate-whatever-the-account-is-now": Mutation(
        "An asset's flags are written on what the account was when it was read.",
        _activate_whatever_the_account_is_now,
        1066,
        "allow_receiving is",
    ),
    "add-a-token-to-a-frozen-account": Mutation(
        "A token is added to a wallet account that is frozen.",
        _add_a_token_to_a_frozen_account,
        124,
        "was done, in spite of ['account_not_active']",
    ),
    "commit-at-another-moment": Mutation(
        "Whether a hold has expired is judged by one look at the clock, and its commit bears the time of another.",
        _commit_at_another_moment,
        64,
        "was done, in spite of ['0099']",
    ),
}
