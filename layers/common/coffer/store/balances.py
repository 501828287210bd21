"""Balances in the table: what an id stands for, and the chains on which the balance is."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import NamedTuple

from coffer.ids import created_at, pack, unpack
from coffer.ledger.entries import DEFAULT_KEY, Entry, Opening, change_flags, close_balance, is_external
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.shards import total
from coffer.models.balances import Balance, BalanceChange, Balances, NewBalance
from coffer.models.listing import Listing, Rows
from coffer.store import account_items, entries, history, keys, lists, opening, presence, resources
from coffer.store.commit import Met, Overtaken, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.limits import WRITTEN_TOGETHER
from coffer.store.table import Table
from coffer.store.values import Item, mapping, number, text
from coffer.store.writes import THERE, Delete

MAX_BALANCE_ITEMS = WRITTEN_TOGETHER - 2
"""Items of all balances of an account, an entry for each shard and one for the id: closing them must fit one write.

Beside them stand the account's own item, and that of an idempotency key.
"""


class _Place(NamedTuple):
    """Where a balance is: of which account, under which key, on how many shards."""

    balance_id: str
    account_id: str
    account_type: str
    alias: str
    key: str
    shards: int

    @property
    def metadata(self) -> dict[str, str]:
        """A balance has none."""
        return {}

    def chains(self, ledger: LedgerRef) -> list[str]:
        """Its chains, shard by shard."""
        return opening.chains(ledger, self.alias, self.key, self.shards)


def create(table: Table, ledger: LedgerRef, account_id: str, body: NewBalance) -> Balance:
    """Opens a further balance of an account.

    Raises `Refusal` for LEDGER_NOT_FOUND, ENTITY_NOT_FOUND, EXTERNAL_BALANCE, BALANCE_KEY_TAKEN and BALANCES_TOO_MANY.
    """
    balance_id = table.new_id()

    def plan(_met: Met) -> Plan[Balance]:
        account = account_items.require(table, ledger, account_id)
        _check_further(account, body.key)
        place = _place_of(account, body.key, balance_id)
        default = keys.chain(ledger, place.alias, DEFAULT_KEY, 0)
        known, *heads = entries.heads(table, [default, *place.chains(ledger)])
        if known is None:  # of the account's opening only a part is seen yet
            raise Overtaken
        if any(head and not head.closed for head in heads):  # opened since the account was read
            raise _taken(place.alias, body.key)
        opened = Opening(
            asset_id=unpack(text(account, "asset_id")),
            asset_code=text(account, "asset_code"),
            decimals=known.decimals,
            account_id=account_id,
            balance_id=balance_id,
            shards=place.shards,
            allow_sending=body.allow_sending,
            allow_receiving=body.allow_receiving,
            blocked=account["blocked"] is True,
        )
        puts = opening.open_key(table, ledger, opened, heads, alias=place.alias, key=body.key, type_=place.account_type)
        balances = {**mapping(account, "balances"), body.key: pack(balance_id)}
        adopted = resources.change(table, account, {"balances": balances}).write
        first = [entries.from_item(put.item) for put in puts[1:]]
        return Plan([presence.condition(ledger), adopted, *puts], _answer(ledger, place, first))

    return commit(table, plan, proof=keys.balance(ledger, balance_id))


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Balance]:
    """A ledger's balances; `Refusal(LEDGER_NOT_FOUND)`."""
    listed = lists.select(lists.indexed(table, keys.balances(ledger), listing), listing, _place)
    found = presence.found_in(table, ledger, listed)
    return Rows(items=_read(table, ledger, found.items), previous=found.previous, next=found.next)


def of_account(table: Table, ledger: LedgerRef, account_id: str, listing: Listing) -> Rows[Balance]:
    """The balances of an account; `Refusal(ENTITY_NOT_FOUND)`."""
    return _of(table, ledger, account_items.require(table, ledger, account_id), listing)


def of_alias(table: Table, ledger: LedgerRef, alias: str, listing: Listing) -> Rows[Balance]:
    """The balances of the account with an alias; `Refusal(ENTITY_NOT_FOUND)`."""
    return _of(table, ledger, account_items.require_by_alias(table, ledger, alias), listing)


def get(table: Table, ledger: LedgerRef, balance_id: str) -> Balance:
    """A balance; `Refusal(ENTITY_NOT_FOUND)`."""
    found = _read(table, ledger, [_require(table, ledger, balance_id)])
    if not found:
        raise _missing(balance_id)
    return found[0]


def get_at(table: Table, ledger: LedgerRef, balance_id: str, moment: int) -> Balance:
    """A balance as it stood at a moment; `Refusal(ENTITY_NOT_FOUND)`, also for one that was not there then."""
    found = _read_at(table, ledger, [_require(table, ledger, balance_id)], moment)
    if not found:
        raise _missing(balance_id)
    return found[0]


def of_account_at(table: Table, ledger: LedgerRef, account_id: str, moment: int) -> Balances:
    """The balances of an account as they stood at a moment, of those that were there; `Refusal(ENTITY_NOT_FOUND)`."""
    places = _places(account_items.require(table, ledger, account_id))
    return Balances(items=_read_at(table, ledger, places, moment))


def change(table: Table, ledger: LedgerRef, balance_id: str, body: BalanceChange) -> Balance:
    """Lets a balance send or receive, or no more: an entry on each of its chains, unless it is so already.

    Raises `Refusal` for LEDGER_NOT_FOUND, ENTITY_NOT_FOUND and EXTERNAL_UNTOUCHABLE.
    """

    def plan(_met: Met) -> Plan[Balance]:
        place = _require(table, ledger, balance_id)
        account_items.check_own(place.alias)
        heads = _standing(table, ledger, place)
        changed = change_flags(heads, table.now, **body.model_dump())
        if _flags(heads) == _flags(changed):
            presence.require(table, ledger)
            return Plan([], get(table, ledger, balance_id))
        written = opening.put_all(table, place.chains(ledger), changed)
        return Plan([presence.condition(ledger), *written], _answer(ledger, place, changed), written[0].key)

    return commit(table, plan, proof=keys.balance(ledger, balance_id))


def delete(table: Table, ledger: LedgerRef, balance_id: str) -> None:
    """Closes a further balance in which nothing is left.

    Raises `Refusal` for ENTITY_NOT_FOUND, EXTERNAL_UNTOUCHABLE, BALANCE_NOT_EMPTY, and BAD_REQUEST for a default one.
    """

    def plan(_met: Met) -> Plan[None]:
        place = _require(table, ledger, balance_id)
        account_items.check_own(place.alias)
        if place.key == DEFAULT_KEY:
            raise Refusal(
                Reason.BAD_REQUEST, "An account has its default balance for as long as it is there. Delete the account."
            )
        account = account_items.require(table, ledger, place.account_id)
        holding = Refusal(
            Reason.BALANCE_NOT_EMPTY,
            f"The balance {place.key!r} of the account {place.alias} is not empty. Move away what is in it first.",
        )
        closed = close_balance(_standing(table, ledger, place), table.now, holding)
        written = opening.put_all(table, place.chains(ledger), closed)
        kept = {key: packed for key, packed in mapping(account, "balances").items() if key != place.key}
        forgotten = resources.change(table, account, {"balances": kept}).write
        gone = Delete(key=keys.balance(ledger, balance_id), when=THERE)
        return Plan([*written, forgotten, gone], None, written[0].key)

    commit(table, plan, proof=keys.balance(ledger, balance_id))


def _check_further(account: Item, key: str) -> None:
    held, alias = mapping(account, "balances"), text(account, "alias")
    if is_external(alias):
        raise Refusal(
            Reason.EXTERNAL_BALANCE, f"The external account {alias} has one balance, {DEFAULT_KEY!r}, and no others."
        )
    if key in held:
        raise _taken(alias, key)
    most = MAX_BALANCE_ITEMS // (number(account, "shards") + 1)
    if len(held) >= most:
        raise Refusal(
            Reason.BALANCES_TOO_MANY,
            f"The account {alias} has {len(held)} balances, and with its shards it has room for no more than {most}. "
            "Open another account.",
        )


def _taken(alias: str, key: str) -> Refusal:
    return Refusal(
        Reason.BALANCE_KEY_TAKEN,
        f"The account {alias} has a balance {key!r} already. Choose another key.",
        {"key": "is taken"},
    )


def _of(table: Table, ledger: LedgerRef, account: Item, listing: Listing) -> Rows[Balance]:
    places = {pack(place.balance_id): place for place in _places(account)}
    listed = lists.held([(packed, {"balance_id": packed}) for packed in places], listing)
    found = lists.select(listed, listing, lambda item: places[text(item, "balance_id")])
    return Rows(items=_read(table, ledger, found.items), previous=found.previous, next=found.next)


def _places(account: Item) -> list[_Place]:
    return [_place_of(account, key, unpack(str(packed))) for key, packed in mapping(account, "balances").items()]


def _place_of(account: Item, key: str, balance_id: str) -> _Place:
    return _Place(
        balance_id=balance_id,
        account_id=account_items.id_of(account),
        account_type=text(account, "type"),
        alias=text(account, "alias"),
        key=key,
        shards=number(account, "shards"),
    )


def _place(item: Item) -> _Place:
    return _Place(
        balance_id=unpack(text(item, "pk").rpartition("#")[2]),
        account_id=unpack(text(item, "account_id")),
        account_type=text(item, "account_type"),
        alias=text(item, "alias"),
        key=text(item, "key"),
        shards=number(item, "shards"),
    )


def _require(table: Table, ledger: LedgerRef, balance_id: str) -> _Place:
    return _place(resources.get(table, keys.balance(ledger, balance_id), _missing(balance_id)))


def _missing(balance_id: str) -> Refusal:
    return Refusal(
        Reason.ENTITY_NOT_FOUND, f"There is no balance {balance_id} in this ledger. Check the ids in the path."
    )


def _standing(table: Table, ledger: LedgerRef, place: _Place) -> list[Entry]:
    """The newest entries of a balance, each as it was read; `Refusal(ENTITY_NOT_FOUND)` if it was closed meanwhile."""
    heads = entries.standing_heads(table, place.chains(ledger))
    if not _is_there(place, heads):
        raise _missing(place.balance_id)
    return heads


def _is_there(place: _Place, stood: Sequence[Entry]) -> bool:
    """Whether chains are still the balance's: they may have been closed, and opened again for another of its key."""
    return all(entry.balance_id == place.balance_id and not entry.closed for entry in stood)


def _read(table: Table, ledger: LedgerRef, places: Sequence[_Place]) -> list[Balance]:
    """Balances as they stand, each by itself; one that was closed meanwhile is left out."""
    found = zip(places, entries.together(table, [place.chains(ledger) for place in places]), strict=True)
    return [_answer(ledger, place, heads) for place, heads in found if _is_there(place, heads)]


def _read_at(table: Table, ledger: LedgerRef, places: Sequence[_Place], moment: int) -> list[Balance]:
    """Balances as they stood at a moment, those that were there: on all their chains, which are opened together."""
    chains = [place.chains(ledger) for place in places]
    heads = chain.from_iterable(entries.together(table, chains))
    stood = iter(history.at(table, list(zip(chain.from_iterable(chains), heads, strict=True)), moment))
    found = [(place, [entry for entry in islice(stood, place.shards) if entry]) for place in places]
    return [_answer(ledger, place, own) for place, own in found if own and _is_there(place, own)]


def _flags(heads: Sequence[Entry]) -> list[tuple[bool, bool]]:
    return [(head.allow_sending, head.allow_receiving) for head in heads]


def _answer(ledger: LedgerRef, place: _Place, heads: Sequence[Entry]) -> Balance:
    standing = total(heads)
    return Balance(
        id=place.balance_id,
        organization_id=ledger.organization_id,
        ledger_id=ledger.ledger_id,
        account_id=place.account_id,
        alias=place.alias,
        key=place.key,
        asset_code=heads[0].asset_code,
        available=standing.available,
        on_hold=standing.on_hold,
        version=standing.version,
        account_type=place.account_type,
        allow_sending=heads[0].allow_sending,
        allow_receiving=heads[0].allow_receiving,
        metadata={},
        created_at=created_at(place.balance_id),
        updated_at=max(head.created_at for head in heads),
        deleted_at=None,
    )
