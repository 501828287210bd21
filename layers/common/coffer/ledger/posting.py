"""The engine: what a transaction asks for, and the heads of the chains, become entries, or a refusal and nothing.

Every function here plans one transaction, or one step of it, on the heads as they were read, and changes nothing: what
it returns is to be written all at once or not at all. Several plans for one write follow each other, each on the heads
that the one before has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coffer.ledger.amounts import add, decimals, text
from coffer.ledger.book import Book, Operation, Posting, check_asset, check_open, ineligible
from coffer.ledger.chains import Chain, Heads, door, first, preferred
from coffer.ledger.distribution import distribute
from coffer.ledger.entries import Entry, EntryType, latest
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import MAX_POSTINGS, Leg, Send, too_large


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What a transaction moves, chain by chain, and what its record keeps: settling and reverting it go by this.

    Raises `Refusal(TOO_LARGE)` for more postings than can be settled and reverted in one write each, and ValueError
    when the two sides are not equal.
    """

    asset_id: str
    source: tuple[Posting, ...]
    destination: tuple[Posting, ...]

    def __post_init__(self) -> None:
        postings = len(self.source) + len(self.destination)
        if postings > MAX_POSTINGS:
            raise too_large(postings)
        taken, given = (add(each.amount for each in side) for side in (self.source, self.destination))
        if taken != given:
            raise ValueError(f"{text(taken)} taken and {text(given)} given")


class Booking(NamedTuple):
    """The plan of a transaction, or of one step of it: all to be written at once.

    `operations` are in the order in which they follow each other on a chain, `created_at` is the moment of all that is
    written, `heads` what the chains' heads are afterwards. An entry that follows another of the same write has no
    `previous` yet: sealing the entries in their order gives it.
    """

    created_at: int
    transfer: Transfer
    operations: tuple[Operation, ...]
    heads: Heads


def post(send: Send, heads: Heads, *, transaction_id: str, now: int, preference: int, places: int) -> Booking:
    """A new transaction: moves the money, or holds it if it is pending.

    `heads` has of every leg's balance the chain that `first` names, if there is one, of every destination the
    `preferred` one, and of every source its `payers`. Shares are cut to the asset's decimals, or to `places` if it has
    none set. Raises `Refusal` for ACCOUNT_INELIGIBLE, ACCOUNT_RESTRICTED, ASSET_MISMATCH, BALANCE_TOO_LARGE,
    FUNDS_INSUFFICIENT, TOO_LARGE, VALUE_MISMATCH and VALUE_TOO_FINE.
    """
    asked = _asked(send, heads, preference, places)
    book = Book(heads, transaction_id=transaction_id, asset_id=asked.asset_id, now=now)
    taken = book.take(asked.source, EntryType.ON_HOLD if send.pending else EntryType.DEBIT)
    _check_room(taken, asked.destination, heads)
    if not send.pending:
        book.give(asked.destination)
    return _booking(book, Transfer(asset_id=asked.asset_id, source=taken, destination=asked.destination))


def note(send: Send, heads: Heads, *, now: int, preference: int, places: int) -> Booking:
    """A transaction that is noted and moves nothing: as `post`, but whatever the funds and the flags.

    `heads` also has the asset's `door`: money that moves passes it sooner or later, but here nothing else would tell
    that the asset has been deleted, or made again since.
    """
    asked = _asked(send, heads, preference, places)
    chain = door(send.asset, preference)
    if chain not in heads:
        raise ineligible(chain)
    check_open(chain, heads[chain])
    check_asset(chain, heads[chain], asked.asset_id)
    return Booking(created_at=latest(heads.values(), now), transfer=asked, operations=(), heads=heads)


def commit(transfer: Transfer, heads: Heads, *, transaction_id: str, now: int) -> Booking:
    """Delivers what a pending transaction holds. `heads` has the chains of all its postings.

    Raises `Refusal` for what can have changed about the destination: ACCOUNT_INELIGIBLE, ACCOUNT_RESTRICTED,
    ASSET_MISMATCH and BALANCE_TOO_LARGE.
    """
    book = Book(heads, transaction_id=transaction_id, asset_id=transfer.asset_id, now=now)
    book.settle(transfer.source, EntryType.SPEND)
    book.give(transfer.destination)
    return _booking(book, transfer)


def cancel(transfer: Transfer, heads: Heads, *, transaction_id: str, now: int) -> Booking:
    """Gives back what a pending transaction holds, which is never refused. `heads` has the chains of its source."""
    book = Book(heads, transaction_id=transaction_id, asset_id=transfer.asset_id, now=now)
    book.settle(transfer.source, EntryType.RELEASE)
    return _booking(book, transfer)


def revert(transfer: Transfer, heads: Heads, *, transaction_id: str, now: int) -> Booking:
    """The opposite transaction, under an id of its own: every chain gives back what it got.

    If a shard has spent it, others of its balance pay. `heads` has the chains of the source and the `payers` of the
    destination. Refusals as in `post`.
    """
    book = Book(heads, transaction_id=transaction_id, asset_id=transfer.asset_id, now=now)
    taken = book.take(transfer.destination, EntryType.DEBIT)
    book.give(transfer.source)
    return _booking(book, Transfer(asset_id=transfer.asset_id, source=taken, destination=transfer.source))


def _asked(send: Send, heads: Heads, preference: int, places: int) -> Transfer:
    """What a request comes to if the preferred chain of every leg is the one that pays or is paid."""
    source = [_chain(leg, heads, preference) for leg in send.source]
    destination = [_chain(leg, heads, preference) for leg in send.destination]
    asset_id, set_decimals = heads[source[0]].asset_id, heads[source[0]].decimals
    for chain in (*source, *destination):
        _check_asset(chain, heads[chain], send.asset, asset_id)
    if set_decimals is not None:
        _check_decimals(send, set_decimals)
        places = set_decimals
    return Transfer(
        asset_id=asset_id,
        source=_postings(source, heads, _amounts(send.value, send.source, places, "source")),
        destination=_postings(destination, heads, _amounts(send.value, send.destination, places, "destination")),
    )


def _check_room(taken: Sequence[Posting], given: Sequence[Posting], heads: Heads) -> None:
    """Refuses what a revert might have no room for: what a balance got, each of its shards may have to give back."""
    returned = sum(1 if each.chain.external else heads[each.chain].shards for each in given)
    if len(taken) + returned > MAX_POSTINGS:
        raise too_large(len(taken) + returned)


def _chain(leg: Leg, heads: Heads, preference: int) -> Chain:
    chain = first(leg.alias, leg.key, preference)
    head = heads.get(chain)
    if head is None:
        raise ineligible(chain)
    check_open(chain, head)
    return preferred(chain, head.shards, preference)


def _check_asset(chain: Chain, head: Entry, code: str, asset_id: str) -> None:
    if head.asset_code != code:
        raise Refusal(
            Reason.ASSET_MISMATCH,
            f"The account {chain.alias} is of {head.asset_code}, and the transaction sends {code}. Leave it out, or "
            f"send {head.asset_code}.",
        )
    check_asset(chain, head, asset_id)


def _check_decimals(send: Send, allowed: int) -> None:
    for amount in send.amounts:
        if decimals(amount.value) > allowed:
            raise Refusal(
                Reason.VALUE_TOO_FINE,
                f"The value {text(amount.value)} is finer than {send.asset}, which has {allowed} decimals. Send one "
                "that has no more.",
            )


def _amounts(value: Decimal, legs: Sequence[Leg], places: int, side: str) -> list[Decimal]:
    return distribute(value, [leg.part for leg in legs], places, side)


def _postings(chains: Sequence[Chain], heads: Heads, amounts: Sequence[Decimal]) -> tuple[Posting, ...]:
    """The postings of one side; a leg that comes to nothing, as a share of very little can, has none."""
    return tuple(
        Posting(leg=position, chain=chain, account_id=heads[chain].account_id, amount=amount)
        for position, (chain, amount) in enumerate(zip(chains, amounts, strict=True))
        if amount
    )


def _booking(book: Book, transfer: Transfer) -> Booking:
    return Booking(created_at=book.created_at, transfer=transfer, operations=tuple(book.operations), heads=book.heads)
