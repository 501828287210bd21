"""The book: heads of chains, as they come to stand while one transaction's entries are planned on them."""

from collections.abc import Iterable
from copy import replace
from decimal import Decimal
from typing import Literal, NamedTuple

from coffer.ledger.amounts import MAX_INTEGER_DIGITS, ZERO, add, fits, multiply, text
from coffer.ledger.chains import Chain, Heads, payers
from coffer.ledger.entries import Entry, EntryType, latest, move
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.shards import cover


class Posting(NamedTuple):
    """So much on one chain: a leg's amount, or what one shard pays of it.

    `leg` is the leg's position on its side of the request, `account_id` the account that the chain belonged to when the
    posting was planned.
    """

    leg: int
    chain: Chain
    account_id: str
    amount: Decimal


class Operation(NamedTuple):
    """One entry that a transaction makes: for which posting, on which head, and the entry itself."""

    posting: Posting
    before: Entry
    after: Entry


class Book:
    """Writes a transaction's entries, each on the head of its chain, and refuses what must not be.

    `heads` are taken as they were read and left alone; all of them count for the moment of the write. Only external
    accounts go below zero; they are as large as all others together, and so the limit on a balance is not for them.
    """

    def __init__(self, heads: Heads, *, transaction_id: str, asset_id: str, now: int) -> None:
        self.heads = dict(heads)
        self.operations: list[Operation] = []
        self.created_at = latest(heads.values(), now)
        self._transaction_id = transaction_id
        self._asset_id = asset_id

    def take(
        self, postings: Iterable[Posting], type_: Literal[EntryType.DEBIT, EntryType.ON_HOLD]
    ) -> tuple[Posting, ...]:
        """Takes money from the balances of the postings' chains, or holds it; the postings that it came to.

        A posting's own chain pays if it can, others of its balance if it cannot. Raises `Refusal` for
        ACCOUNT_INELIGIBLE, ACCOUNT_RESTRICTED, ASSET_MISMATCH and FUNDS_INSUFFICIENT.
        """
        return tuple(self._write(part, type_) for posting in postings for part in self._cover(posting))

    def give(self, postings: Iterable[Posting]) -> None:
        """Adds money to the postings' chains.

        Raises `Refusal` for ACCOUNT_INELIGIBLE, ACCOUNT_RESTRICTED, ASSET_MISMATCH and BALANCE_TOO_LARGE.
        """
        for posting in postings:
            head = self.heads[posting.chain]
            check_open(posting.chain, head)
            if head.blocked or not head.allow_receiving:
                raise _restricted(posting.chain, head, "receive")
            self._write(posting, EntryType.CREDIT)

    def settle(self, postings: Iterable[Posting], type_: Literal[EntryType.SPEND, EntryType.RELEASE]) -> None:
        """Spends what the postings hold, or gives it back, whatever the flags of their balances say by now."""
        for posting in postings:
            self._write(posting, type_)

    def _cover(self, posting: Posting) -> list[Posting]:
        chains = payers(posting.chain, self.heads[posting.chain].shards)
        heads = [self.heads[chain] for chain in chains]
        for chain, head in zip(chains, heads, strict=True):
            check_open(chain, head)
            if head.blocked or not head.allow_sending:
                raise _restricted(chain, head, "send")
        if posting.chain.external:
            return [posting]
        paid = cover(posting.amount, [head.available for head in heads])
        if paid is None:
            available = text(add(head.available for head in heads))
            raise Refusal(
                Reason.FUNDS_INSUFFICIENT,
                f"The balance {posting.chain.key!r} of the account {posting.chain.alias} has {available} "
                f"{heads[0].asset_code} available, and {text(posting.amount)} would be taken. "
                "Fund it first, or send less.",
            )
        return [replace(posting, chain=chains[position], amount=part) for position, part in paid.items()]

    def _write(self, posting: Posting, type_: EntryType) -> Posting:
        chain, head = posting.chain, self.heads[posting.chain]
        check_asset(chain, head, self._asset_id)
        if head.account_id != posting.account_id:
            raise ineligible(chain)
        after = move(head, type_, posting.amount, self._transaction_id, self.created_at)
        if not chain.external:
            _check_bounds(chain, after)
        self.heads[chain] = after
        self.operations.append(Operation(posting=posting, before=head, after=after))
        return posting


def check_open(chain: Chain, head: Entry) -> None:
    """`Refusal(ACCOUNT_INELIGIBLE)` when the balance has been closed."""
    if head.closed:
        raise ineligible(chain)


def check_asset(chain: Chain, head: Entry, asset_id: str) -> None:
    """`Refusal(ASSET_MISMATCH)` when the chain is of another asset than this one, though its code may be the same."""
    if head.asset_id != asset_id:
        raise Refusal(
            Reason.ASSET_MISMATCH,
            f"The account {chain.alias} is of another {head.asset_code} than the transaction: one was deleted, and its "
            "code given again. Use accounts of the asset that is there now.",
        )


def ineligible(chain: Chain) -> Refusal:
    """The balance of this chain is not there, or no more."""
    return Refusal(
        Reason.ACCOUNT_INELIGIBLE,
        f"There is no account {chain.alias} with a balance {chain.key!r} in this ledger. Check the alias and the key, "
        "or create it first.",
    )


def _check_bounds(chain: Chain, after: Entry) -> None:
    if min(after.available, after.on_hold) < ZERO:
        raise ValueError(f"{chain} would fall below zero")
    # Together, for what is held must find room when it comes back; and as if all shards had as much, for nobody looks
    # at the others.
    if not fits(multiply(add([after.available, after.on_hold]), Decimal(after.shards))):
        split = f" if each of its {after.shards} shards had as much" if after.shards > 1 else ""
        raise Refusal(
            Reason.BALANCE_TOO_LARGE,
            f"The balance {chain.key!r} of the account {chain.alias} would have more than {MAX_INTEGER_DIGITS} digits "
            f"before the point{split}. Send less, or to another account.",
        )


def _restricted(chain: Chain, head: Entry, what: str) -> Refusal:
    why = "is blocked" if head.blocked else f"may not {what}"
    return Refusal(
        Reason.ACCOUNT_RESTRICTED,
        f"The balance {chain.key!r} of the account {chain.alias} {why}. Allow it again, or leave the account out.",
    )
