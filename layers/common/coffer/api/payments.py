"""What the wallet API resolves before money moves: chains, tokens, addresses and hashes, by the registry."""

from coffer import registry
from coffer.api import wallets
from coffer.api.request import Request
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.wallet_transactions import NewDeposit, NewTransfer, Sent, StatusReport, WalletTransaction
from coffer.registry import Chain, Token
from coffer.store import settlement, wallet_transactions
from coffer.store.wallet_transactions import Deposit, Transfer


def receive(request: Request[NewDeposit]) -> WalletTransaction:
    """Records a deposit; raises `Refusal`."""
    body = request.body
    chain = registry.find_chain(body.chain)
    token, symbol = _deposited(chain, body)
    deposit = Deposit(
        token=wallets.choice(token, symbol),
        address_space=chain.address_space,
        to_address=registry.check_address(chain, body.to_address, field="to_address").text,
        amount=body.amount,
        tx_hash=registry.canonical_tx_hash(chain, body.tx_hash),
        output_index=body.output_index,
        missing=_missing(token),
    )
    return wallet_transactions.receive(request.table, request.client_id, deposit, request.key)


def send(request: Request[NewTransfer]) -> Sent:
    """Sends a token; raises `Refusal`."""
    body = request.body
    chain = registry.find_chain(body.chain)
    token = registry.resolve(chain.name, body.token_symbol, include_disabled=True, field="token_symbol")
    transfer = Transfer(
        token=wallets.choice(token, body.token_symbol),
        address_space=chain.address_space,
        from_address=registry.check_address(chain, body.from_address, field="from_address").text,
        to_address=registry.check_address(chain, body.to_address, field="to_address").text,
        amount=body.amount,
        reference_id=body.reference_id,
        memo=body.memo,
        missing=_missing(token),
    )
    return wallet_transactions.send(request.table, request.client_id, transfer, request.key)


def report(request: Request[StatusReport]) -> WalletTransaction:
    """Takes the withdrawal in the path on to a status; raises `Refusal`."""
    body = request.body
    settlement.check_hash(body.status, body.tx_hash)

    def hash_on(chain: str) -> str | None:
        return body.tx_hash and registry.canonical_tx_hash(registry.find_chain(chain), body.tx_hash)

    return settlement.report(request.table, request.client_id, request.path["tx_id"], body.status, hash_on)


def _deposited(chain: Chain, body: NewDeposit) -> tuple[Token, str]:
    """The token of a deposit, offered or not, and the symbol that it goes by there."""
    if (body.token_symbol is None) == (body.contract_address is None):
        raise Refusal(
            Reason.BAD_REQUEST,
            "A deposit names its token by token_symbol or by contract_address. Send one of them.",
            {"token_symbol": "or contract_address is required, not both"},
        )
    if body.contract_address is not None:
        token = registry.resolve_contract(chain.name, body.contract_address, include_disabled=True)
        return token, token.symbol
    symbol = str(body.token_symbol)
    return registry.resolve(chain.name, symbol, include_disabled=True, field="token_symbol"), symbol


def _missing(token: Token) -> Refusal | None:
    """Why a token cannot be added to an account that has not got it; None if it can."""
    try:
        registry.resolve(token.chain.name, token.symbol)
    except Refusal as refusal:
        return refusal
    return None
