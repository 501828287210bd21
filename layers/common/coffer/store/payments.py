"""Payments: what the wallet API moves, as a posting in the client's ledger.

What comes from outside is an inflow, what stays with the client a transaction between two accounts, and what leaves it
a pending outflow, whose hold is settled when the chain has decided.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from coffer.ids import prefixed, spread, unpack
from coffer.ledger import posting
from coffer.ledger.amounts import text as amount_text
from coffer.ledger.chains import Chain, Heads
from coffer.ledger.distribution import Amount
from coffer.ledger.entries import DEFAULT_KEY, external_alias
from coffer.ledger.refusal import Reason, Refusal
from coffer.ledger.sends import Leg, Send
from coffer.models.drafts import Draft, LegNote
from coffer.models.wallet_assets import TokenChoice
from coffer.store import entries, heads, keys, records, wallet_accounts, wallet_assets, wallet_ledger
from coffer.store.commit import Overtaken
from coffer.store.idempotency import IdempotencyKey
from coffer.store.keys import Key
from coffer.store.table import Table
from coffer.store.values import text
from coffer.store.writes import Put, Write

_UNFIT = {Reason.ACCOUNT_INELIGIBLE, Reason.ASSET_MISMATCH}
"""What the ledger says only while another request adds the same token, between two reads."""

_NOTHING = LegNote(description=None, chart_of_accounts=None, metadata={})


class Party(NamedTuple):
    """A wallet account, as the claim on its address tells of it."""

    account_id: str
    wallet_id: str


class Payment(NamedTuple):
    """So much of a token from one account to another; None is whoever is not the client's.

    `missing` is why the token cannot be added to the destination, if it cannot.
    """

    token: TokenChoice
    amount: Decimal
    source: Party | None
    destination: Party | None
    missing: Refusal | None

    def alias(self, party: Party | None) -> str:
        """The alias of the ledger's account on one side."""
        code = self.token.ledger_code
        return wallet_ledger.alias(party.account_id, code) if party else external_alias(code)

    @property
    def send(self) -> Send:
        """What is to be posted."""
        amount = Amount(self.token.ledger_code, self.amount)
        return Send(
            asset=self.token.ledger_code,
            value=self.amount,
            source=(Leg(self.alias(self.source), amount),),
            destination=(Leg(self.alias(self.destination), amount),),
            pending=self.source is not None and self.destination is None,
        )


class Drawn(NamedTuple):
    """What a payment writes: its moment, the ledger's writes, and the one that proves that they were made."""

    created_at: int
    writes: Sequence[Write]
    proof: Key


def parties(table: Table, client_id: str, address_space: str, *addresses: str) -> list[Party | None]:
    """Whose addresses these are; None is nobody of the client's."""
    found = table.get_each([keys.address(client_id, address_space, address) for address in addresses])
    return [
        Party(prefixed("acc", unpack(text(item, "account_id"))), prefixed("wal", unpack(text(item, "wallet_id"))))
        if item
        else None
        for item in found
    ]


def draw_up(
    table: Table, client_id: str, paid: Payment, posted_id: str, key: IdempotencyKey | None, *, code: str
) -> Drawn:
    """A payment's writes in the ledger, on the heads as they stand. `code` is the wallet transaction's id.

    An account that has not got the token yet gets it in the same write. Raises `Refusal` for VALUE_NOT_POSITIVE,
    VALUE_TOO_FINE, BALANCE_TOO_LARGE, SAME_BALANCE, FUNDS_INSUFFICIENT, ACCOUNT_NOT_ACTIVE, ASSET_NOT_ACTIVE,
    ASSET_NOT_ADDED, and whatever `missing` says.
    """
    ledger, preference = wallet_ledger.ledger(client_id), spread(posted_id)
    try:
        send = paid.send
    except Refusal as refusal:
        raise _in_wallet_terms(refusal, table, client_id, paid, {}) from None
    found = heads.of_sends(table, ledger, [send], preference)
    if paid.source and Chain(paid.alias(paid.source), DEFAULT_KEY, 0) not in found:
        raise _not_added(paid, paid.source)
    added, found = _added(table, client_id, paid, found)
    try:
        booking = posting.post(
            send, found, transaction_id=posted_id, now=table.now, preference=preference, places=paid.token.decimals
        )
    except Refusal as refusal:
        if refusal.reason in _UNFIT:
            raise Overtaken from None
        raise _in_wallet_terms(refusal, table, client_id, paid, found) from None
    draft = Draft(
        send=send,
        source=[_NOTHING],
        destination=[_NOTHING],
        moves=True,
        description=None,
        code=code,
        chart_of_accounts_group_name=None,
        transaction_date=None,
        expires_at=None,
        metadata={},
    )
    record = records.new(
        table,
        ledger,
        posted_id,
        draft,
        booking,
        preference=preference,
        fingerprint=key.fingerprint if key else None,
    )
    written = entries.append(table, ledger, booking.operations)
    return Drawn(booking.created_at, [*added, Put(item=record), *written], written[0].key)


def _added(table: Table, client_id: str, paid: Payment, found: Heads) -> tuple[Sequence[Write], Heads]:
    """The writes that add the token to the destination if it has not got it, and the heads that there are then."""
    party = paid.destination
    if party is None or Chain(paid.alias(party), DEFAULT_KEY, 0) in found:
        return [], found
    if paid.missing:
        raise paid.missing
    account = wallet_accounts.require(table, client_id, party.account_id)
    asset_id = prefixed("ast", table.new_id())
    addition = wallet_assets.added(table, client_id, account, asset_id, paid.token)
    return addition.writes, {**addition.heads, **found}


def _not_added(paid: Payment, party: Party) -> Refusal:
    return Refusal(
        Reason.ASSET_NOT_ADDED,
        f"The account {party.account_id} has no {paid.token.symbol} on {paid.token.chain}. Add it, and deposit some.",
        {"token_symbol": "is no asset of the account"},
    )


def _in_wallet_terms(refusal: Refusal, table: Table, client_id: str, paid: Payment, found: Heads) -> Refusal:
    """The ledger's refusal, which rests on some heads, as the wallet API says it."""
    match refusal.reason:
        case Reason.FUNDS_INSUFFICIENT:
            return Refusal(
                Reason.FUNDS_INSUFFICIENT,
                f"The account has less than {amount_text(paid.amount)} {paid.token.symbol} to spend. Send less, or "
                "deposit more.",
            )
        case Reason.VALUE_TOO_FINE:
            return Refusal(
                Reason.VALUE_TOO_FINE,
                f"The amount is finer than {paid.token.symbol} on {paid.token.chain}, which has {paid.token.decimals} "
                "decimals.",
                {"amount": f"has more than {paid.token.decimals} decimals"},
            )
        case Reason.VALUE_NOT_POSITIVE:
            return Refusal(Reason.VALUE_NOT_POSITIVE, "The amount must be above zero.", {"amount": "is not above zero"})
        case Reason.SAME_BALANCE:
            return Refusal(
                Reason.SAME_BALANCE,
                "Both addresses are of one account, which has the token already.",
                {"to_address": "is of the same account as from_address"},
            )
        case Reason.ACCOUNT_RESTRICTED:
            return _restricted(table, client_id, paid, found)
        case Reason.BALANCE_TOO_LARGE:
            return Refusal(
                Reason.BALANCE_TOO_LARGE,
                "The balance would have more digits than can be kept.",
                {"amount": "is too large"},
            )
    raise ValueError(paid) from refusal  # nothing else can be wrong with a payment: it is a mistake of ours


def _restricted(table: Table, client_id: str, paid: Payment, found: Heads) -> Refusal:
    """Whether the account that pays is frozen, or the asset is not active on one of the two."""
    if paid.source:
        head = found[Chain(paid.alias(paid.source), DEFAULT_KEY, 0)]
        if head.allow_receiving and not head.allow_sending:  # whatever has become of the account since
            return wallet_accounts.frozen(paid.source.account_id)
        wallet_accounts.check_active(wallet_accounts.require(table, client_id, paid.source.account_id))
    return Refusal(
        Reason.ASSET_NOT_ACTIVE,
        f"The asset {paid.token.symbol} on {paid.token.chain} is not active on one of the accounts. Set its is_active "
        "to true.",
    )
