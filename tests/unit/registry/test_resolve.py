"""A chain and a symbol, or a contract, lead to exactly one token, or to a refusal that says the way out."""

from collections.abc import Callable
from typing import Final

import pytest

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry import (
    CHAINS,
    TOKENS,
    AssetType,
    Chain,
    Family,
    Token,
    find_chain,
    known_decimals,
    list_tokens,
    resolve,
    resolve_contract,
)

OFFERED: Final = [token for token in TOKENS if token.disabled is None]
DISABLED: Final = [token for token in TOKENS if token.disabled is not None]


def identity(value: object) -> str | None:
    """Names the cases of a table by the tokens and chains in it."""
    match value:
        case Token():
            return value.ledger_code
        case Chain():
            return value.name
        case _:
            return None


def refusal_of(reason: Reason, act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.reason is reason
    return refusal.value


@pytest.mark.parametrize(
    ("chain", "symbol", "asset_type", "decimals", "contract"),
    [
        ("ethereum", "USDT", AssetType.ERC20, 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
        ("bsc", "USDT", AssetType.BEP20, 18, "0x55d398326f99059fF775485246999027B3197955"),
        ("polygon", "USDT", AssetType.ERC20, 6, "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
        ("tron", "USDT", AssetType.TRC20, 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
        ("solana", "USDT", AssetType.SPL, 6, "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"),
        ("ethereum", "ETH", AssetType.NATIVE, 18, None),
        ("base", "ETH", AssetType.NATIVE, 18, None),
        ("bsc", "BNB", AssetType.NATIVE, 18, None),
        ("polygon", "MATIC", AssetType.NATIVE, 18, None),
        ("tron", "TRX", AssetType.NATIVE, 6, None),
        ("bitcoin", "BTC", AssetType.NATIVE, 8, None),
        ("solana", "SOL", AssetType.NATIVE, 9, None),
    ],
)
def test_a_symbol_means_its_chains_own_token(
    chain: str, symbol: str, asset_type: AssetType, decimals: int, contract: str | None
) -> None:
    token = resolve(chain, symbol)
    assert (token.chain.name, token.asset_type, token.decimals) == (chain, asset_type, decimals)
    assert token.contract_address == contract


def test_matic_is_pol_on_polygon() -> None:
    token = resolve("polygon", "MATIC")
    assert token is resolve("polygon", "POL")
    assert (token.symbol, token.caip19) == ("POL", "eip155:137/slip44:966")


@pytest.mark.parametrize("chain", [name for name in CHAINS if name != "polygon"])
def test_matic_is_a_retired_token_elsewhere(chain: str) -> None:
    refusal = refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve(chain, "MATIC"))
    assert refusal.fields == {"symbol": "not a token that is offered"}
    assert refusal.message.startswith("MATIC is not ")
    assert refusal.message.endswith(
        "MATIC is the retired symbol of POL and taken on polygon only; POL is on: ethereum, polygon."
    )


@pytest.mark.parametrize("token", OFFERED, ids=identity)
def test_every_token_that_is_offered_is_found_in_every_way(token: Token) -> None:
    for symbol in (token.symbol, *token.aliases):
        assert resolve(token.chain.name, symbol) is token
    assert token in list_tokens()
    if token.contract_address is not None:
        assert resolve_contract(token.chain.name, token.contract_address) is token
        if token.chain.family is Family.EVM:
            assert resolve_contract(token.chain.name, token.contract_address.lower()) is token


@pytest.mark.parametrize("token", DISABLED, ids=identity)
def test_a_token_that_is_not_offered_is_refused_with_the_reason_unless_it_is_asked_for(token: Token) -> None:
    chain, contract = token.chain.name, token.contract_address
    assert contract is not None
    for refusal in (
        refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve(chain, token.symbol)),
        refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve_contract(chain, contract)),
    ):
        assert f"{token.symbol} is not offered on {chain}: {token.disabled}. " in refusal.message
    assert resolve(chain, token.symbol, include_disabled=True) is token
    assert resolve_contract(chain, contract, include_disabled=True) is token
    assert token not in list_tokens()


@pytest.mark.parametrize(
    ("symbol", "shown", "hint"),
    [
        ("FOO", "'FOO'", ""),
        ("", "''", ""),
        ("USDT ", "'USDT '", ""),
        ("\ud800", r"'\ud800'", ""),
        ("usdt", "'usdt'", " Upper and lower case matter: did you mean USDT?"),
        ("usdc.E", "'usdc.E'", " Upper and lower case matter: did you mean USDC.e?"),
        ("matic", "'matic'", " Upper and lower case matter: did you mean MATIC?"),
        ("B" * 10_000_000, rf"'{'B' * 32}\u2026'", ""),
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("chain", CHAINS)
def test_an_unknown_symbol_is_refused_with_the_symbols_there_are(
    chain: str, symbol: str, shown: str, hint: str
) -> None:
    refusal = refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve(chain, symbol))
    symbols = ", ".join(token.symbol for token in list_tokens(chain))
    assert refusal.message == f"{shown} is not a symbol of the registry.{hint} On {chain}: {symbols}."
    assert list(refusal.fields) == ["symbol"]


@pytest.mark.parametrize(
    ("chain", "symbol", "message"),
    [
        ("ethereum", "BTC", "BTC is not on ethereum. It is on: bitcoin."),
        ("ethereum", "USDT.e", "USDT.e is not on ethereum. It is offered on no chain."),
        ("ethereum", "TRX", "TRX is not offered on ethereum: a bridged copy. It is on: tron."),
    ],
)
def test_a_symbol_of_other_chains_is_refused_with_the_chains_that_have_it(
    chain: str, symbol: str, message: str
) -> None:
    assert refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve(chain, symbol)).message == message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("etherium", ""),
        ("", ""),
        ("Ethereum", " Upper and lower case matter: did you mean ethereum?"),
        ("eip155:1", ""),
    ],
)
def test_an_unknown_chain_is_refused_with_the_chains_there_are(name: str, hint: str) -> None:
    refusal = refusal_of(Reason.CHAIN_UNKNOWN, lambda: find_chain(name))
    assert refusal.message == f"'{name}' is not a chain of the registry.{hint} Chains: {', '.join(CHAINS)}."
    assert list(refusal.fields) == ["chain"]


@pytest.mark.parametrize("chain", CHAINS.values(), ids=identity)
def test_every_chain_is_found_by_its_name(chain: Chain) -> None:
    assert find_chain(chain.name) is chain


def test_every_way_in_refuses_an_unknown_chain() -> None:
    refusal_of(Reason.CHAIN_UNKNOWN, lambda: resolve("dogecoin", "BTC"))
    refusal_of(Reason.CHAIN_UNKNOWN, lambda: resolve_contract("dogecoin", "x"))
    refusal_of(Reason.CHAIN_UNKNOWN, lambda: list_tokens(chain="dogecoin"))


def test_a_contract_is_refused_if_it_is_none_or_of_no_token() -> None:
    on_optimism = "0x94b008aA00579c1307B0EF2c499aD98a8ce58e58"
    malformed = refusal_of(Reason.ADDRESS_INVALID, lambda: resolve_contract("optimism", on_optimism[:-1]))
    elsewhere = refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve_contract("base", on_optimism))
    no_contracts = refusal_of(Reason.TOKEN_UNKNOWN, lambda: resolve_contract("bitcoin", on_optimism))
    assert malformed.message == "contract_address is not an address on optimism: it has 39 hexadecimal digits, not 40."
    assert elsewhere.message == f"No token of the registry has the contract {on_optimism} on base."
    assert no_contracts.message == "bitcoin has no token contracts: its only token is BTC."
    for refusal in (malformed, elsewhere, no_contracts):
        assert list(refusal.fields) == ["contract_address"]


def test_the_same_contract_address_on_two_chains_is_two_tokens() -> None:
    weth = "0x4200000000000000000000000000000000000006"
    assert resolve_contract("optimism", weth).caip19 == f"eip155:10/erc20:{weth}"
    assert resolve_contract("base", weth).caip19 == f"eip155:8453/erc20:{weth}"


def test_tokens_are_listed_by_chain_and_by_symbol() -> None:
    assert list_tokens() == tuple(OFFERED)
    assert [token.symbol for token in list_tokens(chain="tron")] == ["TRX", "USDT"]
    assert [token.chain.name for token in list_tokens(symbol="POL")] == ["ethereum", "polygon"]
    assert [token.symbol for token in list_tokens(symbol="MATIC")] == ["POL"]
    assert [token.ledger_code for token in list_tokens("bsc", "USDT")] == ["USDTBSC"]
    assert list_tokens(symbol="FOO") == ()


@pytest.mark.parametrize(
    ("code", "decimals"),
    [("BTC", 8), ("USDTETHEREUM", 6), ("USDTBSC", 18), ("USDT", 18), ("MATIC", 18), ("BRL", None), ("USDCTRON", 6)],
)
def test_known_decimals_are_the_tokens_own_or_the_most_of_its_symbol(code: str, decimals: int | None) -> None:
    assert known_decimals(code) == decimals
