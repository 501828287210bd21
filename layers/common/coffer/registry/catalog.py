"""The chains and tokens of `data.json`, read once, when the module is imported.

The data is JSON, for people, tools and other languages read it, and its diffs are reviewed token by token. That costs
1.4 ms of a cold start as measured (0.4 of it json.loads); the same rows generated as a Python module with bytecode
would cost 0.6, and a second form of every fact to keep in step. `tools/registry.py` says what must hold of the data,
and checks it; here nothing is checked.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NotRequired, TypedDict

from coffer.registry.model import AssetType, Chain, Family, Token

DATA: Final = Path(__file__).with_name("data.json")


class ChainRow(TypedDict):
    """A chain, as `data.json` has it."""

    chain: str
    family: str
    caip2: str
    chain_id: int | None
    native: str
    slip44: int
    token_standard: str | None
    note: NotRequired[str]


class TokenRow(TypedDict):
    """A token, as `data.json` has it: its facts, and for the reviewer who vouches for them."""

    chain: str
    symbol: str
    aliases: NotRequired[list[str]]
    name: str
    decimals: int
    asset_type: str
    contract_address: str | None
    caip19: str
    ledger_code: str
    kind: str
    issuer: str
    sources: list[str]
    note: NotRequired[str]
    disabled: NotRequired[str]


class Rows(TypedDict):
    """`data.json`: where each public list is found, the chains, and the tokens in the order of their chains."""

    lists: dict[str, str]
    chains: list[ChainRow]
    tokens: list[TokenRow]


def read(path: Path = DATA) -> Rows:
    """The rows as they stand in the file."""
    rows: Rows = json.loads(path.read_bytes())
    return rows


def _chain(row: ChainRow) -> Chain:
    return Chain(
        name=row["chain"],
        family=Family(row["family"]),
        caip2=row["caip2"],
        chain_id=row["chain_id"],
        native=row["native"],
        token_standard=AssetType(row["token_standard"]) if row["token_standard"] else None,
    )


def _token(row: TokenRow, chain: Chain) -> Token:
    return Token(
        chain=chain,
        symbol=row["symbol"],
        aliases=tuple(row.get("aliases", ())),
        name=row["name"],
        decimals=row["decimals"],
        asset_type=AssetType(row["asset_type"]),
        contract_address=row["contract_address"],
        caip19=row["caip19"],
        ledger_code=row["ledger_code"],
        disabled=row.get("disabled"),
    )


_rows = read()
CHAINS: Final[Mapping[str, Chain]] = MappingProxyType({row["chain"]: _chain(row) for row in _rows["chains"]})
"""Every chain by its name."""
TOKENS: Final = tuple(_token(row, CHAINS[row["chain"]]) for row in _rows["tokens"])
"""Every token, also those that are not offered."""
