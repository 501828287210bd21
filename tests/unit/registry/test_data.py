"""What the registry holds is what its data says."""

from collections import Counter

import pytest

from coffer.registry import CHAINS, TOKENS, Chain, Token, check_address
from coffer.registry.catalog import read


def named(value: object) -> str | None:
    match value:
        case Token():
            return value.ledger_code
        case Chain():
            return value.name
        case _:
            return None


@pytest.mark.parametrize("one", TOKENS, ids=named)
def test_every_row_of_the_data_is_the_token_that_it_says(one: Token) -> None:
    (row,) = (row for row in read()["tokens"] if (row["symbol"], row["chain"]) == (one.symbol, one.chain.name))
    assert one.name == row["name"]
    assert one.decimals == row["decimals"]
    assert one.asset_type == row["asset_type"]
    assert one.contract_address == row["contract_address"]
    assert one.caip19 == row["caip19"]
    assert one.ledger_code == row["ledger_code"]
    assert one.ledger_name == f"{row['name']} ({row['chain']})"
    assert list(one.aliases) == row.get("aliases", [])
    assert one.disabled == row.get("disabled")
    assert one.caip19.startswith(f"{one.chain.caip2}/")
    if one.contract_address is not None:
        assert check_address(one.chain, one.contract_address).text == one.contract_address


@pytest.mark.parametrize("one", CHAINS.values(), ids=named)
def test_every_row_of_the_data_is_the_chain_that_it_says(one: Chain) -> None:
    (row,) = (row for row in read()["chains"] if row["chain"] == one.name)
    assert (one.family, one.caip2, one.chain_id) == (row["family"], row["caip2"], row["chain_id"])
    assert (one.native, one.token_standard) == (row["native"], row["token_standard"])


def test_evm_chains_share_an_address_space_and_the_others_have_their_own() -> None:
    assert {one.name: one.address_space for one in CHAINS.values()} == {
        "ethereum": "evm",
        "bsc": "evm",
        "polygon": "evm",
        "arbitrum": "evm",
        "optimism": "evm",
        "avalanche": "evm",
        "base": "evm",
        "tron": "tron",
        "bitcoin": "bitcoin",
        "solana": "solana",
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("USDTETHEREUM", "Tether USD (ethereum)"),
        ("USDCEPOLYGON", "Bridged USDC (polygon)"),
        ("BTCBAVALANCHE", "Bridged Bitcoin (avalanche)"),
        ("BTCBBSC", "BTCB Token (bsc)"),
        ("POLPOLYGON", "Polygon Ecosystem Token (polygon)"),
    ],
)
def test_a_tokens_code_and_name_in_a_ledger(code: str, name: str) -> None:
    (one,) = (one for one in TOKENS if one.ledger_code == code)
    assert one.ledger_name == name


def test_an_account_can_be_frozen_whichever_tokens_it_has() -> None:
    """One write tells the account, and each of its tokens' chains: 100 items at most."""
    assert max(Counter(token.chain.address_space for token in TOKENS).values()) < 100
