"""A ledger on paper: what the contract says must become of every request, with Decimals alone.

It knows nothing of entries, shards, writes or races: an account has balances, a transaction has postings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tests.properties.paper import verdicts
from tests.properties.paper.accounts import Account, Asset, Balance
from tests.properties.paper.distribution import Amount, decimals, divided
from tests.properties.paper.orders import DEFAULT, Leg, Order, outside
from tests.properties.paper.transactions import Posting, Status, Step, Transaction, move
from tests.properties.paper.verdicts import Span, Verdict

EXTERNAL_SHARDS = 16

type Side = Literal["sends", "receives"]


@dataclass(slots=True)
class PaperLedger:
    """All that was acknowledged."""

    assets: list[Asset] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    transactions: dict[str, Transaction] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------------------- who and what

    def account(self, alias: str) -> Account | None:
        """The account that an alias leads to."""
        return next((each for each in self.accounts if each.alias == alias and each.there), None)

    def balance(self, alias: str, key: str) -> Balance | None:
        """The balance of an account under a key."""
        account = self.account(alias)
        balance = account.balances.get(key) if account else None
        return balance if balance and balance.there else None

    def balances(self) -> list[Balance]:
        """All balances that are there."""
        return [each for account in self.accounts for each in account.balances.values() if each.there]

    def asset(self, code: str) -> Asset | None:
        """The asset that has a code."""
        return next((each for each in self.assets if each.code == code and each.there), None)

    def pending(self) -> list[str]:
        """The transactions that hold money."""
        return [name for name, each in self.transactions.items() if each.status == "PENDING"]

    def inside(self, asset: Asset) -> Decimal:
        """What all ordinary accounts have of an asset."""
        own = (each for each in self.balances() if each.account.asset is asset and not each.account.external)
        return sum((each.money for each in own), Decimal(0))

    # ------------------------------------------------------------------------------------------------------- assets

    def of_new_asset(self, code: str) -> Verdict:
        """Of an asset with a code, whose name follows from the code."""
        return Verdict({verdicts.ASSET_TAKEN} if self.asset(code) else set())

    def add_asset(self, asset: Asset, account_id: str, balance_id: str) -> None:
        """Comes with its external account."""
        self.assets.append(asset)
        self.add_account(
            Account(account_id, outside(asset.code), asset, shards=EXTERNAL_SHARDS, external=True), balance_id
        )

    def of_asset_deletion(self, asset: Asset) -> Verdict:
        """Not while any of it is left."""
        if not asset.there:
            return Verdict({verdicts.NOT_FOUND})
        return Verdict({verdicts.ASSET_HOLDS_BALANCE} if self.inside(asset) else set())

    def delete_asset(self, asset: Asset) -> None:
        """Goes with its external account."""
        account = self.account(outside(asset.code))
        assert account
        account.close()
        asset.there = False

    # ----------------------------------------------------------------------------------------------------- accounts

    def of_new_account(self, alias: str, code: str) -> Verdict:
        """An alias is given once."""
        verdict = Verdict()
        if self.asset(code) is None:
            verdict.must.add(verdicts.ASSET_UNKNOWN)
        if any(each.alias == alias for each in self.accounts):
            verdict.must.add(verdicts.ALIAS_TAKEN)
        return verdict

    def add_account(self, account: Account, balance_id: str) -> None:
        """Comes with its default balance."""
        account.open(balance_id)
        self.accounts.append(account)

    def of_change(self, account: Account) -> Verdict:
        """An external account stays as it is."""
        if not account.there:
            return Verdict({verdicts.NOT_FOUND})
        return Verdict({verdicts.EXTERNAL_UNTOUCHABLE} if account.external else set())

    def of_account_deletion(self, account: Account) -> Verdict:
        """Not while anything is left in it."""
        verdict = self.of_change(account)
        if account.there and any(each.money for each in account.balances.values() if each.there):
            verdict.must.add(verdicts.ACCOUNT_HOLDS_BALANCE)
        return verdict

    def of_new_key(self, account: Account, key: str) -> Verdict:
        """A key is taken while its balance is there."""
        if not account.there:
            return Verdict({verdicts.NOT_FOUND})
        verdict = Verdict({verdicts.EXTERNAL_BALANCE} if account.external else set())
        if self.balance(account.alias, key):
            verdict.must.add(verdicts.KEY_TAKEN)
        return verdict

    def of_key_change(self, balance: Balance) -> Verdict:
        """Of what a balance may do."""
        return self.of_change(balance.account) if balance.there else Verdict({verdicts.NOT_FOUND})

    def of_key_deletion(self, balance: Balance) -> Verdict:
        """Not the default one, and not while anything is left in it."""
        verdict = self.of_key_change(balance)
        if balance.there and balance.key == DEFAULT:
            verdict.must.add(verdicts.BAD_REQUEST)
        if balance.there and balance.money:
            verdict.must.add(verdicts.BALANCE_NOT_EMPTY)
        return verdict

    # ------------------------------------------------------------------------------------------------- transactions

    def of_order(self, order: Order, span: Span) -> Verdict:
        """Of a transaction that is asked for."""
        verdict = Verdict(set(_by_itself(order)))
        if order.holds:
            verdict.since(order.expires_at, span, verdicts.EXPIRED_ALREADY)
        legs = [*order.source, *order.destination]
        found = [self.balance(leg.alias, leg.key) for leg in legs]
        if None in found:
            verdict.must.add(verdicts.ACCOUNT_INELIGIBLE)
        assets = {each.account.asset for each in found if each}
        if len(assets) > 1 or any(asset.code != order.code for asset in assets):
            verdict.must.add(verdicts.ASSET_MISMATCH)
        for asset in assets:
            if asset.decimals is not None and max(map(decimals, _amounts(order))) > asset.decimals:
                verdict.must.add(verdicts.VALUE_TOO_FINE)
        if order.kind == "annotation":
            verdict.must |= self._noting(order, assets)
        if verdict.must or order.kind == "annotation":
            return verdict
        verdict.must |= self._taking(self._postings(order, order.source))
        if not order.holds:
            verdict.must |= self._giving(self._postings(order, order.destination))
        return verdict

    def post(self, order: Order) -> Transaction:
        """Moves the money of an order, holds it, or only notes it."""
        source, destination = (self._postings(order, legs) for legs in (order.source, order.destination))
        asset = self.asset(order.code) if not source else source[0].account.asset
        assert asset
        status: Status = "APPROVED"
        if order.kind == "annotation":
            status = "NOTED"
            steps = [*(_noted(each, "DEBIT") for each in source), *(_noted(each, "CREDIT") for each in destination)]
        elif order.holds:
            status = "PENDING"
            steps = list(move(source, "ON_HOLD", -1, 1))
        else:
            steps = [*move(source, "DEBIT", -1, 0), *move(destination, "CREDIT", 1, 0)]
        return Transaction(
            asset,
            order.value,
            source,
            destination,
            (_aliases(order.source), _aliases(order.destination)),
            status,
            steps,
            expires_at=order.expires_at if order.holds else None,
        )

    def of_batch(self, orders: Sequence[Order], span: Span) -> Mapping[int, Verdict]:
        """Of several, all or nothing: each on what those before it have left, or by itself behind a bad one."""
        draft, bad, found = deepcopy(self), False, {}
        for position, order in enumerate(orders):
            found[position] = Verdict(set(_by_itself(order))) if bad else draft.of_order(order, span)
            bad = bad or bool(found[position].must)
            if not bad:
                draft.post(order)
        return found

    def of_commit(self, transaction: Transaction, span: Span) -> Verdict:
        """Only of what is pending and has not expired; the destination may have changed."""
        if transaction.status != "PENDING":
            return Verdict({verdicts.NOT_PENDING})
        verdict = Verdict(self._giving(transaction.destination))
        verdict.since(transaction.expires_at, span, verdicts.NOT_PENDING)
        return verdict

    def commit(self, transaction: Transaction) -> None:
        """Delivers what is held."""
        transaction.status = "APPROVED"
        transaction.steps += [
            *move(transaction.source, "DEBIT", 0, -1),
            *move(transaction.destination, "CREDIT", 1, 0),
        ]

    def of_cancel(self, transaction: Transaction) -> Verdict:
        """Of whatever is pending, whoever is blocked meanwhile."""
        return Verdict({verdicts.NOT_PENDING} if transaction.status != "PENDING" else set())

    def cancel(self, transaction: Transaction) -> None:
        """Gives back what is held."""
        transaction.status = "CANCELED"
        transaction.steps += move(transaction.source, "RELEASE", 1, -1)

    def of_revert(self, transaction: Transaction) -> Verdict:
        """Once, of what moved money and is no revert itself."""
        refused = {
            verdicts.REVERT_OF_REVERT: transaction.parent is not None,
            verdicts.ALREADY_REVERTED: transaction.reverted,
            verdicts.NOT_APPROVED: transaction.status != "APPROVED",
        }
        if any(refused.values()):
            return Verdict({objection for objection, due in refused.items() if due})
        return Verdict(self._taking(transaction.destination) | self._giving(transaction.source))

    def revert(self, transaction_id: str) -> Transaction:
        """Moves the money back."""
        original = self.transactions[transaction_id]
        original.reverted = True
        return Transaction(
            original.asset,
            original.value,
            original.destination,
            original.source,
            (original.aliases[1], original.aliases[0]),
            "APPROVED",
            [*move(original.destination, "DEBIT", -1, 0), *move(original.source, "CREDIT", 1, 0)],
            parent=transaction_id,
        )

    # ------------------------------------------------------------------------------------------------------- postings

    def _postings(self, order: Order, legs: Sequence[Leg]) -> list[Posting]:
        """What the legs of one side come to; one that comes to nothing moves nothing."""
        balances = [self.balance(leg.alias, leg.key) for leg in legs]
        found = [each for each in balances if each]
        assert len(found) == len(legs)
        amounts = divided(order.value, [leg.part for leg in legs], found[0].account.asset.places)
        assert amounts is not None
        return [
            Posting(balance.account, balance.key, amount)
            for balance, amount in zip(found, amounts, strict=True)
            if amount
        ]

    def _noting(self, order: Order, assets: Iterable[Asset]) -> set[verdicts.Objection]:
        """Nothing is noted of an asset that was deleted, nor of one whose code another has now."""
        there = self.asset(order.code)
        if there is None:
            return {verdicts.ACCOUNT_INELIGIBLE}
        return set() if all(asset is there for asset in assets) else {verdicts.ASSET_MISMATCH}

    def _taking(self, postings: Iterable[Posting]) -> set[verdicts.Objection]:
        """What stands against taking money."""
        taken: dict[Balance, Decimal] = defaultdict(Decimal)
        refused: set[verdicts.Objection] = set()
        for posting in postings:
            refused |= self._using(posting, "sends")
            if not posting.lost:
                taken[posting.balance] += posting.amount
        if any(amount > each.available for each, amount in taken.items() if not each.account.external):
            refused.add(verdicts.FUNDS_INSUFFICIENT)
        return refused

    def _giving(self, postings: Iterable[Posting]) -> set[verdicts.Objection]:
        """What stands against giving it."""
        return {objection for posting in postings for objection in self._using(posting, "receives")}

    def _using(self, posting: Posting, side: Side) -> set[verdicts.Objection]:
        if posting.lost:  # an external account may have a namesake of another asset by now
            namesake = self.account(posting.account.alias)
            return {verdicts.ACCOUNT_INELIGIBLE} | ({verdicts.ASSET_MISMATCH} if namesake else set())
        balance = posting.balance
        allowed = balance.sends if side == "sends" else balance.receives
        return set() if allowed and not posting.account.blocked else {verdicts.ACCOUNT_RESTRICTED}


def _by_itself(order: Order) -> Iterable[verdicts.Objection]:
    """What stands against an order whatever the ledger."""
    sides = order.source, order.destination
    given, taken = ({(leg.alias, leg.key) for leg in legs} for legs in sides)
    if given & taken:
        yield verdicts.SAME_BALANCE
    if min(_amounts(order)) <= 0:
        yield verdicts.VALUE_NOT_POSITIVE
    if any(divided(order.value, [leg.part for leg in legs], 0) is None for legs in sides):
        yield verdicts.VALUE_MISMATCH
    if order.holds and any(alias == outside(order.code) for alias, _ in given):
        yield verdicts.EXTERNAL_PENDING


def _amounts(order: Order) -> list[Decimal]:
    """The value, and the parts of it that are given as amounts."""
    legs = [*order.source, *order.destination]
    return [order.value, *(leg.part.value for leg in legs if isinstance(leg.part, Amount))]


def _aliases(legs: Sequence[Leg]) -> list[str]:
    return list(dict.fromkeys(leg.alias for leg in legs))


def _noted(posting: Posting, movement: Literal["DEBIT", "CREDIT"]) -> Step:
    balance = posting.balance
    standing = balance.available, balance.on_hold, balance.version
    one = standing if posting.account.shards == 1 else None
    return Step(movement, posting.account.alias, posting.key, posting.amount, one, one)
