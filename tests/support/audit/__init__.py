"""What must be true of the whole table at every moment, whoever has written to it and whatever has failed."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Inexact, localcontext
from typing import Any

from tests.support.audit import accounts, chains, money, records, resources, seals, wallets
from tests.support.audit.collections import Collections, collected

CHECKS: tuple[Callable[[Collections], Iterator[str]], ...] = (
    seals.problems,
    resources.problems,
    chains.problems,
    accounts.problems,
    records.problems,
    money.problems,
    wallets.problems,
)
DIGITS = 256
"""More than any sum has: nothing is rounded here."""


def problems(snapshot: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """What is wrong with a table; nothing, if all is well."""
    collections = collected(snapshot)
    with localcontext(Context(prec=DIGITS, traps=[Inexact])):
        return [problem for check in CHECKS for problem in check(collections)]


__all__ = ["problems"]
