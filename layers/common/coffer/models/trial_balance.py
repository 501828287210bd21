"""The trial balance of a ledger: whatever its accounts hold has come in from outside."""

from coffer.models.amounts import Quantity
from coffer.models.base import Moment, Output, Uuid


class AssetTotals(Output):
    """What there is of an asset: in its ordinary accounts, and, below zero, in its external one.

    The two are each other's opposite, so that their difference is zero. Both are available and on hold together.
    """

    asset_id: Uuid
    asset_code: str
    accounts: int
    inside: Quantity
    outside: Quantity
    difference: Quantity


class TrialBalance(Output):
    """The assets of a ledger, as they stood together at one moment; `accounts` counts the ordinary ones of each."""

    as_of: Moment
    assets: list[AssetTotals]
