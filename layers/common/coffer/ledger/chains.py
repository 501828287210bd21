"""Chains by name, and which shards of a balance a posting turns to.

A balance is split over the shards that were fixed when its account was opened. Money that comes in may go to any of
them, money that goes out is taken from those that have it, and an external account may go below zero, so that any one
of its shards will do both ways. Which one is tried first follows from a number, the preference: whoever chooses it well
spreads the work over the shards, and whoever chooses the same again gets the same plan.
"""

from collections.abc import Mapping
from copy import replace
from typing import NamedTuple

from coffer.ledger.entries import DEFAULT_KEY, EXTERNAL_SHARDS, Entry, external_alias, is_external


class Chain(NamedTuple):
    """One shard of one balance of an account."""

    alias: str
    key: str
    shard: int

    @property
    def balance(self) -> tuple[str, str]:
        """Which balance it is a part of: alias and key."""
        return self.alias, self.key

    @property
    def external(self) -> bool:
        """Whether it belongs to the external account of an asset."""
        return is_external(self.alias)


type Heads = Mapping[Chain, Entry]
"""The newest entries of the chains that exist among those that were read."""


def first(alias: str, key: str, preference: int) -> Chain:
    """The chain of a balance that is read first: its first shard, which says how many there are.

    Of an external account, which always has 16, it is the preferred shard: no other is needed.
    """
    chain = Chain(alias, key, 0)
    return preferred(chain, EXTERNAL_SHARDS, preference) if chain.external else chain


def door(code: str, preference: int) -> Chain:
    """The chain that tells whether an asset is there: any of its external account's, which it opens and closes."""
    return first(external_alias(code), DEFAULT_KEY, preference)


def preferred(chain: Chain, shards: int, preference: int) -> Chain:
    """The chain of the same balance that is tried first; for money that comes in no other is needed."""
    return replace(chain, shard=preference % shards)


def payers(chain: Chain, shards: int) -> list[Chain]:
    """All chains that money that goes out may have to be taken from, in their order, if this one is tried first."""
    if chain.external:
        return [chain]
    return [preferred(chain, shards, chain.shard + step) for step in range(shards)]
