"""The registry over HTTP: chains and tokens."""

import pytest

from tests.integration.wallet_api.purse import done, refused
from tests.support.world import Client


def test_the_chains_are_listed_with_what_identifies_them(client: Client) -> None:
    page = done(client.get("/api/v1/chains"))
    assert page["total"] == len(page["data"]) == 10
    ethereum = next(chain for chain in page["data"] if chain["chain"] == "ethereum")
    assert (ethereum["caip2"], ethereum["chain_id"], ethereum["native_symbol"]) == ("eip155:1", 1, "ETH")
    assert ethereum["address_space"] == "evm"


def test_the_tokens_are_listed_of_a_chain_or_a_symbol(client: Client) -> None:
    usdt = done(client.get("/api/v1/tokens?symbol=USDT&page_size=100"))["data"]
    assert {token["symbol"] for token in usdt} == {"USDT"}
    assert {"ethereum", "bsc", "tron", "solana"} <= {token["chain"] for token in usdt}
    (one,) = done(client.get("/api/v1/tokens?symbol=USDT&chain=bsc"))["data"]
    assert (one["decimals"], one["asset_type"]) == (18, "BEP20")
    assert done(client.get("/api/v1/tokens?symbol=NONE"))["data"] == []
    refused(client.get("/api/v1/tokens?chain=dogecoin"), 400, "invalid_parameter")


@pytest.mark.parametrize("path", ["/api/v1/chains", "/api/v1/tokens"])
def test_pages_of_the_registry_neither_skip_nor_repeat(client: Client, path: str) -> None:
    whole = done(client.get(f"{path}?page_size=100"))
    rows, page = [], done(client.get(f"{path}?page_size=3"))
    while True:
        rows += page["data"]
        if not page["has_more"]:
            break
        page = done(client.get(f"{path}?page_size=3&cursor={page['next_cursor']}"))
    assert rows == whole["data"]
    assert whole["total"] == len(rows)


def test_the_registry_is_read_without_the_table(client: Client) -> None:
    done(client.get("/api/v1/tokens"))
    assert client.world.recorder.calls == []
