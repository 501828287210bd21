"""What the ledger API must show of what stands on paper."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.properties.paper.accounts import Balance
from tests.properties.paper.transactions import Step, Transaction

type Shown = Any
"""The body of any answer."""


def balance(row: Shown, *, one: bool) -> tuple[object, ...]:
    """A balance as it is shown; its version can be told on paper if it is all on `one` chain."""
    flags = row["allowSending"], row["allowReceiving"]
    names = row["id"], row["accountId"], row["alias"], row["key"], row["assetCode"]
    return *names, Decimal(row["available"]), Decimal(row["onHold"]), *flags, row["version"] if one else None


def due(written: Balance) -> tuple[object, ...]:
    """A balance as it must be shown."""
    account = written.account
    names = written.id, account.id, account.alias, written.key, account.asset.code
    version = written.version if account.shards == 1 else None
    return *names, written.available, written.on_hold, written.sends, written.receives, version


def totals(row: Shown) -> tuple[Decimal, ...]:
    """What there is of an asset, by the trial balance: inside, outside, and what is between them."""
    return Decimal(row["inside"]), Decimal(row["outside"]), Decimal(row["difference"])


def check(answered: Shown, written: Transaction) -> None:
    """That a transaction is shown as it stands on paper."""
    shown = {
        "status": answered["status"]["code"],
        "amount": Decimal(answered["amount"]),
        "assetCode": answered["assetCode"],
        "source": answered["source"],
        "destination": answered["destination"],
        "parentTransactionId": answered["parentTransactionId"],
    }
    assert shown == {
        "status": written.status,
        "amount": written.value,
        "assetCode": written.asset.code,
        "source": written.aliases[0],
        "destination": written.aliases[1],
        "parentTransactionId": written.parent,
    }
    _check_steps(answered["operations"], written.steps, affected=written.status != "NOTED")


def _check_steps(operations: Sequence[Shown], steps: Sequence[Step], *, affected: bool) -> None:
    """Every step is an operation; of an account with several shards it may be several."""
    rest = list(operations)
    for step in steps:
        left = step.amount
        while left > 0:
            operation = rest.pop(0)
            place = operation["type"], operation["accountAlias"], operation["balanceKey"], operation["balanceAffected"]
            assert place == (step.movement, step.alias, step.key, affected)
            left -= Decimal(operation["amount"]["value"])
            if step.before:
                assert (_standing(operation["balance"]), _standing(operation["balanceAfter"])) == (
                    step.before,
                    step.after,
                )
                assert not left
        assert not left
    assert not rest


def _standing(stood: Shown) -> tuple[Decimal, Decimal, int]:
    return Decimal(stood["available"]), Decimal(stood["onHold"]), stood["version"]
