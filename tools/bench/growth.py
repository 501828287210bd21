"""How costs grow: the table's units for a request, with more accounts, entries, shards, legs, metadata and rows."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.support.many import WALLET_LISTS, multiply
from tests.support.world import Answer, World
from tools.bench.prices import units
from tools.bench.ratios import table
from tools.bench.warm import hush
from tools.costs import Cost, cost
from tools.scenarios import ACCOUNT, ADDRESSES, DEPOSIT, KEY, PAYMENT, PENDING, TRANSFER, WALLETS, Scene

type Prepared = Callable[[], object]

PER_BATCH = 33
"""Payments that one write of a batch holds."""

ACCOUNTS = (0, 10, 100)
ENTRIES = (0, 33, 330)
SHARDS = (1, 2, 4, 8, 16)
LEGS = (2, 3, 5, 10, 20, 49, 98)
METADATA = (0, 500, 2_000, 8_000, 16_000)
ROWS = (10, 1_000, 10_000)


def two_legs(at: Scene, ledger: str) -> Prepared:
    """A payment."""
    return partial(at.client.post, f"{ledger}/transactions/json", PAYMENT, **KEY)


def the_same_again(at: Scene, ledger: str) -> Prepared:
    """A payment, for the second time."""
    request = two_legs(at, ledger)
    request()
    return request


def hold(at: Scene, ledger: str) -> Prepared:
    """A payment that is held."""
    return partial(at.client.post, f"{ledger}/transactions/json", {**PAYMENT, **PENDING})


def settlement(verb: str, at: Scene, ledger: str) -> Prepared:
    """A commit, a cancel or a revert."""
    body = PAYMENT if verb == "revert" else {**PAYMENT, **PENDING}
    made = at.client.post(f"{ledger}/transactions/json", body).id
    return partial(at.client.post, f"{ledger}/transactions/{made}/{verb}", None)


def inflow(at: Scene, ledger: str) -> Prepared:
    """Money that comes in."""
    to = [{"accountAlias": "@alice", "remaining": "remaining"}]
    body = {"send": {"asset": "BRL", "value": "10", "distribute": {"to": to}}}
    return partial(at.client.post, f"{ledger}/transactions/inflow", body)


def balance(at: Scene, ledger: str) -> Prepared:
    """A balance."""
    return partial(at.client.get, at.balance_of(ledger))


def account(at: Scene, ledger: str) -> Prepared:
    """An account, by its alias."""
    return partial(at.client.get, f"{ledger}/accounts/alias/@alice")


def new_account(at: Scene, ledger: str) -> Prepared:
    """The opening of an account."""
    return partial(at.client.post, f"{ledger}/accounts", ACCOUNT)


def asset_deletion(at: Scene, ledger: str) -> Prepared:
    """The deletion of an asset over which there is money: it is refused."""
    (asset,) = at.client.get(f"{ledger}/assets").json
    return partial(at.client.delete, f"{ledger}/assets/{asset['id']}")


def transfer(at: Scene, _ledger: str) -> Prepared:
    """A transfer between two addresses of a client."""
    body = {"from_address": ADDRESSES[0], "to_address": ADDRESSES[1], **TRANSFER}
    return partial(at.client.post, f"{WALLETS}/transactions", body)


def deposit(at: Scene, _ledger: str) -> Prepared:
    """A deposit."""
    return partial(at.client.post, f"{WALLETS}/deposits", {**DEPOSIT, "output_index": 1_000})


LEDGER_OPERATIONS: Mapping[str, Callable[[Scene, str], Prepared]] = {
    "two-leg transaction": two_legs,
    "the same again": the_same_again,
    "hold": hold,
    "commit": partial(settlement, "commit"),
    "cancel": partial(settlement, "cancel"),
    "revert": partial(settlement, "revert"),
    "inflow": inflow,
    "get a balance": balance,
    "get an account": account,
    "open an account": new_account,
    "delete an asset": asset_deletion,
}
WALLET_OPERATIONS: Mapping[str, Callable[[Scene, str], Prepared]] = {"wallet transfer": transfer, "deposit": deposit}
OPERATIONS = {**LEDGER_OPERATIONS, **WALLET_OPERATIONS}
"""The hot path: what is asked for all the time, and what could be tempted to count or to walk."""


def measured(operation: str, *, accounts: int = 0, entries: int = 0, shards: int = 1) -> Cost:
    """The units of an operation, with so many further accounts, and entries on its chains, and accounts so split."""
    world = World()
    at = Scene(world, world.client())
    ledger = ""
    if operation in LEDGER_OPERATIONS:
        ledger = at.books(shards=shards)
        for _ in range(accounts):
            _done(at.client.post(f"{ledger}/accounts", ACCOUNT))
        for _ in range(0, entries, PER_BATCH):
            _done(at.client.post(f"{ledger}/transactions/batch", {"transactions": [PAYMENT] * PER_BATCH}))
    else:
        at.till()
        for number in range(accounts):
            at.account(at.wallet(), 100 + number)
        for _ in range(entries):
            _done(at.client.post(f"{WALLETS}/transactions", {**_between(), **TRANSFER, "amount": "1"}))
    return _cost(world, OPERATIONS[operation](at, ledger))


def of_legs(legs: int) -> Cost:
    """The units of a transaction of so many legs."""
    world = World()
    at = Scene(world, world.client())
    ledger = at.books()
    payees = [f"@payee{number}" for number in range(legs - 1)]
    for alias in payees:
        _done(at.client.post(f"{ledger}/accounts", {**ACCOUNT, "alias": alias}))
    value = f"{legs - 1}.00"
    send = {
        "asset": "BRL",
        "value": value,
        "source": {"from": [{"accountAlias": "@alice", "remaining": "remaining"}]},
        "distribute": {"to": [_paid(alias) for alias in payees]},
    }
    return _cost(world, partial(at.client.post, f"{ledger}/transactions/json", {"send": send}))


def of_metadata(size: int) -> Cost:
    """The units of a two-leg transaction that notes so many bytes."""
    world = World()
    at = Scene(world, world.client())
    values = range(0, size, 1_000)
    notes = {f"note{number}": "x" * min(1_000, size - number) for number in values}
    body = {**PAYMENT, "metadata": notes}
    return _cost(world, partial(at.client.post, f"{at.books()}/transactions/json", body))


def of_page(what: str, rows: int) -> Cost:
    """The units of the first ten rows of one of the wallet API's lists, which has so many."""
    world = World()
    at = Scene(world, world.client())
    at.till()
    multiply(world, at.client.client_id, what, rows)
    return _cost(world, partial(at.client.get, f"{WALLETS}/{what}"))


def main() -> str:
    """Measure all of it, and report."""
    hush()
    parts = [
        _by("accounts", ACCOUNTS, lambda name, many: measured(name, accounts=many)),
        _by("entries on each chain", ENTRIES, lambda name, many: measured(name, entries=many)),
        _by("shards of each account", SHARDS, lambda name, many: measured(name, shards=many), LEDGER_OPERATIONS),
        _of("legs", LEGS, of_legs),
        _of("bytes of metadata", METADATA, of_metadata),
        _by("rows of a list", ROWS, of_page, WALLET_LISTS),
    ]
    return "Read units + write units of a request.\n\n" + "\n\n".join(parts)


def _by(
    what: str,
    numbers: tuple[int, ...],
    measure: Callable[[str, int], Cost],
    operations: Mapping[str, Any] = OPERATIONS,
) -> str:
    rows = [[name, *(_units(measure(name, many)) for many in numbers)] for name in operations]
    return table([what, *map(str, numbers)], rows)


def _of(what: str, numbers: tuple[int, ...], measure: Callable[[int], Cost]) -> str:
    costs = [measure(many) for many in numbers]
    rows = [["units", *map(_units, costs)], ["dollars a million", *(f"{units(each):.2f}" for each in costs)]]
    return table([f"a transaction, by {what}", *map(str, numbers)], rows)


def _units(cost: Cost) -> str:
    return f"{cost.read_units:g} + {cost.write_units:g}"


def _cost(world: World, request: Prepared) -> Cost:
    world.recorder.calls.clear()
    request()
    return cost(world.recorder.calls)


def _done(answer: Answer) -> None:
    if answer.status not in {200, 201}:
        raise AssertionError(answer.body)


def _paid(alias: str) -> dict[str, object]:
    return {"accountAlias": alias, "amount": {"asset": "BRL", "value": "1.00"}}


def _between() -> dict[str, str]:
    return {"from_address": ADDRESSES[0], "to_address": ADDRESSES[1]}
