"""What the wallet API resolves before it stores: chains, addresses and tokens, by the registry."""

from collections.abc import Sequence

from coffer import registry
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.wallet_accounts import NewWalletAccount, WalletAccount, WalletAccountChange
from coffer.models.wallet_assets import NewWalletAsset, TokenChoice, WalletAsset
from coffer.registry import AddressType, Family, Token
from coffer.store import wallet_accounts, wallet_assets
from coffer.store.table import Table
from coffer.store.values import Item
from coffer.store.writes import Put


def create_account(table: Table, client_id: str, body: NewWalletAccount) -> WalletAccount:
    """Makes an account; its address is stored in its chain's one form. Raises `Refusal(CHAIN_UNKNOWN)` and others."""
    chain = registry.find_chain(body.chain)
    if body.address is None:
        return wallet_accounts.create(table, client_id, body, address_space=chain.address_space, address_type=None)
    address = registry.check_address(chain, body.address)
    if address.address_type is AddressType.WITNESS_UNKNOWN:
        raise Refusal(
            Reason.ADDRESS_INVALID,
            "The address is of a witness version that has no meaning yet: anyone could spend what it receives.",
            {"address": "is of an unknown witness version"},
        )
    canonical = body.model_copy(update={"address": address.text})
    return wallet_accounts.create(
        table, client_id, canonical, address_space=chain.address_space, address_type=address.address_type.value
    )


def change_account(table: Table, client_id: str, account_id: str, body: WalletAccountChange) -> WalletAccount:
    """Freezes an account, or lets it send again: its assets' chains in the ledger say so from then on."""

    def flags(account: Item) -> Sequence[Put]:
        held = wallet_assets.all_of(table, client_id, account_id)
        return wallet_assets.flags(table, client_id, held, sending=wallet_accounts.is_active(account))

    return wallet_accounts.change(table, client_id, account_id, body, flags)


def add_asset(table: Table, client_id: str, body: NewWalletAsset) -> WalletAsset:
    """Adds a token to an account; the registry resolves all but symbol and chain."""
    return wallet_assets.add(table, client_id, body, lambda account_chain: _choose(account_chain, body))


def _choose(account_chain: str, body: NewWalletAsset) -> TokenChoice:
    """The token that is meant on an account of a chain."""
    return choice(registry.resolve(_chain_of(account_chain, body.chain), body.symbol), body.symbol)


def choice(token: Token, symbol: str) -> TokenChoice:
    """A token under the symbol that it was asked for by."""
    return TokenChoice(
        chain=token.chain.name,
        symbol=symbol,
        name=token.name,
        decimals=token.decimals,
        asset_type=token.asset_type.value,
        contract_address=token.contract_address,
        caip19=token.caip19,
        ledger_code=token.ledger_code,
        ledger_name=token.ledger_name,
    )


def _chain_of(account_chain: str, asked: str | None) -> str:
    """The chain of an asset: an EVM account has assets on every EVM chain, any other on its own alone."""
    home = registry.find_chain(account_chain)
    if home.family is not Family.EVM:
        if asked not in {None, home.name}:
            raise Refusal(
                Reason.BAD_REQUEST,
                f"The account is on {home.name}, and has assets there alone. Leave chain out.",
                {"chain": f"is not {home.name}"},
            )
        return home.name
    if asked is None:
        raise Refusal(
            Reason.BAD_REQUEST,
            "An EVM account has assets on every EVM chain. Say which one in chain.",
            {"chain": "is required for an EVM account"},
        )
    if registry.find_chain(asked).family is not Family.EVM:
        raise Refusal(
            Reason.BAD_REQUEST,
            f"The account is an EVM account, and {asked} is no EVM chain.",
            {"chain": "is not an EVM chain"},
        )
    return asked
