"""Wallet transactions in the table: one item each, written with the posting in the client's ledger that it stands for.

Its id follows from what may be there only once: a deposit's from its place on the chain, a transfer's from its
reference if it has one. So the item is the claim on it, too.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from coffer.ids import claimed_transaction_id, is_prefixed, pack, prefixed, unpack
from coffer.ledger.amounts import text as amount_text
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.wallet_assets import TokenChoice
from coffer.models.wallet_transactions import Sent, WalletTransaction
from coffer.store import keys, lists, payments, resources, transactions, wallet_ledger
from coffer.store.commit import Met, Plan, commit
from coffer.store.idempotency import IdempotencyKey
from coffer.store.keys import Key
from coffer.store.payments import Payment
from coffer.store.table import Table
from coffer.store.values import Item, Value, text
from coffer.store.writes import Put


class Deposit(NamedTuple):
    """A deposit, everything in its canonical form; `missing` refuses a token that cannot be added to an account."""

    token: TokenChoice
    address_space: str
    to_address: str
    amount: Decimal
    tx_hash: str
    output_index: int
    missing: Refusal | None

    def tx_id(self, client_id: str) -> str:
        """Its id, which follows from its place on the chain: there it can be only once."""
        return _claimed(client_id, f"deposit {self.token.chain} {self.tx_hash} {self.token.caip19} {self.output_index}")


class Transfer(NamedTuple):
    """A transfer, everything in its canonical form; `missing` refuses a token that cannot be added to an account."""

    token: TokenChoice
    address_space: str
    from_address: str
    to_address: str
    amount: Decimal
    reference_id: str | None
    memo: str | None
    missing: Refusal | None

    def tx_id(self, client_id: str) -> str | None:
        """Its id, if that follows from its reference."""
        return None if self.reference_id is None else _referenced(client_id, self.reference_id)


def receive(table: Table, client_id: str, deposit: Deposit, key: IdempotencyKey | None) -> WalletTransaction:
    """Records a deposit, once; whoever reports it again gets what was recorded.

    Raises `Refusal` for ENTITY_NOT_FOUND (the address), DEPOSIT_DIFFERS, and what `payments.draw_up` refuses.
    """

    def recognise(item: Item) -> WalletTransaction | Refusal:
        same = (item["to_address"], item["amount"]) == (deposit.to_address, amount_text(deposit.amount))
        return read(client_id, item) if same else _differs(deposit)

    def payment(tried: Table) -> Payment:
        (party,) = payments.parties(tried, client_id, deposit.address_space, deposit.to_address)
        if party is None:
            raise _unknown("to_address", deposit.to_address)
        return Payment(
            token=deposit.token, amount=deposit.amount, source=None, destination=party, missing=deposit.missing
        )

    def describe(paid: Payment) -> Mapping[str, Value]:
        return {
            "operation": "DEPOSIT",
            "to_address": deposit.to_address,
            "tx_hash": deposit.tx_hash,
            "output_index": deposit.output_index,
            **_sides(paid),
        }

    making = _Making(payment, describe, recognise, lambda item: read(client_id, item), repeatable=True)
    return _make(table, client_id, deposit.tx_id(client_id), key, making)


def send(table: Table, client_id: str, transfer: Transfer, key: IdempotencyKey | None) -> Sent:
    """Sends a token: at once to an address of the client's, else by locking it until its withdrawal is settled.

    Raises `Refusal` for ENTITY_NOT_FOUND (the address), REFERENCE_TAKEN, and what `payments.draw_up` refuses.
    """

    def recognise(_: Item) -> Sent | Refusal:
        return Refusal(
            Reason.REFERENCE_TAKEN,
            "Duplicate reference_id: a transaction with it has been made, whatever became of it. Use another one.",
            {"reference_id": "is taken"},
        )

    def payment(tried: Table) -> Payment:
        source, destination = payments.parties(
            tried, client_id, transfer.address_space, transfer.from_address, transfer.to_address
        )
        if source is None:
            raise _unknown("from_address", transfer.from_address)
        return Payment(
            token=transfer.token,
            amount=transfer.amount,
            source=source,
            destination=destination,
            missing=transfer.missing,
        )

    def describe(paid: Payment) -> Mapping[str, Value]:
        return {
            "operation": "TRANSFER",
            "reference_id": transfer.reference_id,
            "from_address": transfer.from_address,
            "to_address": transfer.to_address,
            "memo": transfer.memo,
            **_sides(paid),
        }

    making = _Making(payment, describe, recognise, _sent)
    return _make(table, client_id, transfer.tx_id(client_id), key, making)


class _Making[Answer](NamedTuple):
    """A transaction to make: what is paid, what is noted of it, what it means if it is there, what is answered."""

    payment: Callable[[Table], Payment]
    describe: Callable[[Payment], Mapping[str, Value]]
    recognise: Callable[[Item], Answer | Refusal]
    answer: Callable[[Item], Answer]
    repeatable: bool = False
    """Whether the same request finds what it has done, without an idempotency key."""


def _make[Answer](
    table: Table, client_id: str, tx_id: str | None, key: IdempotencyKey | None, making: _Making[Answer]
) -> Answer:
    ledger = wallet_ledger.ledger(client_id)
    posted_id = transactions.new_transaction_id(table, key)
    wanted = keys.wallet_transaction(client_id, tx_id or prefixed("txn", posted_id))

    def again(record: Item) -> Answer:
        """The first answer, to a key that was used: the record tells which item it is in."""
        (item,) = table.get_together(keys.wallet_transaction(client_id, text(record, "code")))
        return making.answer(first_form(item or {}))

    recorded = transactions.recorded_at(table, keys.transaction(ledger, posted_id), key, again)

    def known(item: Item) -> Plan[Answer]:
        """What was made before is the answer, or why there is none: nothing that this depends on ever changes."""
        answer = making.recognise(item)
        if isinstance(answer, Refusal):
            raise answer
        return Plan([], answer)

    def plan(met: Met) -> Plan[Answer]:
        if wanted in met:
            return known(met[wanted])
        try:
            paid = making.payment(recorded)
            drawn = payments.draw_up(recorded, client_id, paid, posted_id, key, code=keys.tx_id_of(wanted))
        except Refusal:
            # What was made before may be just what this is refused for.
            (item,) = recorded.get_together(wanted)
            if item is None:
                raise
            return known(item)
        attributes = {
            **making.describe(paid),
            "transaction_id": pack(posted_id),
            **keys.wallet_transactions_index(client_id, keys.tx_id_of(wanted), drawn.created_at),
        }
        item = _item(recorded, wanted, paid, drawn.created_at, attributes)
        return Plan([Put(item=item), *drawn.writes], making.answer(item), drawn.proof)

    return commit(recorded, plan, proof=wanted, repeatable=making.repeatable)


def rows(table: Table, client_id: str, listing: Listing) -> Rows[WalletTransaction]:
    """A client's transactions, newest last; those with a reference are one at most."""
    name = keys.wallet_transactions(client_id)
    listed = lists.by_moment(table, name, listing)
    reference = listing.filters.get("reference_id")
    if reference is not None:
        item = table.get(keys.wallet_transaction(client_id, _referenced(client_id, reference)))
        listed = lists.held([(text(item, "gsi1sk"), item)] if item else [], listing)
    selected = lists.select(listed, listing, _Row)
    found = lists.counted(selected, listing, lambda: None if listing.filters else lists.few(table, name))
    items = [read(client_id, row.item) for row in found.items]
    return Rows(items=items, previous=found.previous, next=found.next, total=found.total)


def get(table: Table, client_id: str, tx_id: str) -> WalletTransaction:
    """A transaction; `Refusal(ENTITY_NOT_FOUND)`."""
    return read(client_id, require(table, client_id, tx_id))


def require(table: Table, client_id: str, tx_id: str) -> Item:
    """A transaction's item; `Refusal(ENTITY_NOT_FOUND)`."""
    item = table.get(keys.wallet_transaction(client_id, tx_id)) if is_prefixed(tx_id, "txn") else None
    if item is None:
        raise Refusal(Reason.ENTITY_NOT_FOUND, f"There is no transaction {tx_id}.", {"tx_id": "is not known"})
    return item


def first_form(item: Item) -> Item:
    """A transaction as it was first: one to an account of the client's is confirmed at once, one from outside too."""
    return {**item, "status": "CONFIRMED" if "to_account" in item else "PENDING", "updated_at": item["created_at"]}


def read(client_id: str, item: Item) -> WalletTransaction:
    """A transaction as it is answered."""
    return WalletTransaction.model_validate(
        {
            "tx_id": keys.tx_id_of(Key(text(item, "pk"), text(item, "sk"))),
            "client_id": client_id,
            "operation": item["operation"],
            "status": item["status"],
            "chain": item["chain"],
            "network": "mainnet",
            "token_symbol": item["symbol"],
            "caip19": item["caip19"],
            "amount": Decimal(text(item, "amount")),
            "ledger_transaction_id": unpack(text(item, "transaction_id")),
            "created_at": item["created_at"],
            "updated_at": item["updated_at"],
            **{name: item.get(name) for name in _NOTED},
            **{f"{side}_account_id": _id(item, f"{side}_account", "acc") for side in _SIDES},
            **{f"{side}_wallet_id": _id(item, f"{side}_wallet", "wal") for side in _SIDES},
        }
    )


_NOTED = ("reference_id", "from_address", "to_address", "memo", "tx_hash", "output_index")
_SIDES = ("from", "to")


class _Row(NamedTuple):
    """A transaction as the filters see it."""

    item: Item

    @property
    def wallet_id(self) -> frozenset[str | None]:
        """The wallets on both sides."""
        return frozenset(_id(self.item, f"{side}_wallet", "wal") for side in _SIDES)

    @property
    def account_id(self) -> frozenset[str | None]:
        """The accounts on both sides."""
        return frozenset(_id(self.item, f"{side}_account", "acc") for side in _SIDES)

    @property
    def chain(self) -> Value:
        """The chain."""
        return self.item["chain"]

    @property
    def status(self) -> Value:
        """The status."""
        return self.item["status"]

    @property
    def reference_id(self) -> Value:
        """The client's reference."""
        return self.item.get("reference_id")


def _id(item: Item, name: str, prefix: str) -> str | None:
    packed = item.get(name)
    return prefixed(prefix, unpack(packed)) if isinstance(packed, str) else None


def _item(table: Table, key: Key, paid: Payment, now: int, attributes: Mapping[str, Value]) -> Item:
    item: Mapping[str, Value] = {
        "status": "CONFIRMED" if paid.destination else "PENDING",
        "chain": paid.token.chain,
        "symbol": paid.token.symbol,
        "caip19": paid.token.caip19,
        "amount": amount_text(paid.amount),
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **{name: value for name, value in attributes.items() if value is not None},
    }
    return resources.new_part(table, key, item)


def _sides(paid: Payment) -> Mapping[str, Value]:
    parties = {"from": paid.source, "to": paid.destination}
    return {
        f"{side}_{what}": pack(identity)
        for side, party in parties.items()
        if party
        for what, identity in (("account", party.account_id), ("wallet", party.wallet_id))
    }


def _sent(item: Item) -> Sent:
    status = text(item, "status")
    message = (
        "The money has moved." if status == "CONFIRMED" else "The money is locked until the withdrawal is settled."
    )
    return Sent.model_validate(
        {"tx_id": keys.tx_id_of(Key(text(item, "pk"), text(item, "sk"))), "status": status, "message": message}
    )


def _referenced(client_id: str, reference_id: str) -> str:
    return _claimed(client_id, f"reference {reference_id}")


def _claimed(client_id: str, what: str) -> str:
    return prefixed("txn", claimed_transaction_id(f"{client_id} {what}"))


def _unknown(field: str, address: str) -> Refusal:
    return Refusal(
        Reason.ENTITY_NOT_FOUND, f"None of your accounts has the address {address}.", {field: "is not known"}
    )


def _differs(deposit: Deposit) -> Refusal:
    return Refusal(
        Reason.DEPOSIT_DIFFERS,
        f"The output {deposit.output_index} of {deposit.tx_hash} has been recorded with another address or amount. A "
        "deposit is recorded once: find out which report is right.",
        {"tx_hash": "has been recorded otherwise"},
    )
