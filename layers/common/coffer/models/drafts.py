"""What is to be made of a request for a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import Send


class LegNote(NamedTuple):
    """What is noted of a leg."""

    description: str | None
    chart_of_accounts: str | None
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A transaction to make, in whichever form it was asked for; `moves` is false for one that is only noted.

    Moments are milliseconds since 1970. The notes are those of the legs, in their order. Raises `Refusal(BAD_REQUEST)`
    for an expiry of what is not pending.
    """

    send: Send
    source: Sequence[LegNote]
    destination: Sequence[LegNote]
    moves: bool
    description: str | None
    code: str | None
    chart_of_accounts_group_name: str | None
    transaction_date: int | None
    expires_at: int | None
    metadata: dict[str, Any]

    def __post_init__(self) -> None:
        if self.expires_at is not None and not self.send.pending:
            raise Refusal(
                Reason.BAD_REQUEST,
                "Only what is pending can expire. Send `pending` as true, or leave the expiry out.",
                {"expiresAt": "is for a pending transaction"},
            )
