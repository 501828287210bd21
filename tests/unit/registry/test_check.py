"""The check of the data finds nothing wrong with it, and each way to break a rule."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

import coffer
from coffer.registry import CHAINS, TOKENS
from coffer.registry.catalog import DATA, read
from tools import registry

type Rows = dict[str, Any]  # that may break every rule, those of their types among them

ROOT: Final = Path(__file__).parents[3]
USDT: Final = "0xdAC17F958D2ee523a2206206994597C13D831ec7"


def chain(rows: Rows, name: str) -> Rows:
    (row,) = (row for row in rows["chains"] if row["chain"] == name)
    return dict_of(row)


def token(rows: Rows, symbol: str, on: str) -> Rows:
    (row,) = (row for row in rows["tokens"] if (row["symbol"], row["chain"]) == (symbol, on))
    return dict_of(row)


def dict_of(row: object) -> Rows:
    assert isinstance(row, dict)
    return row


def chain_with(name: str, /, **facts: object) -> Callable[[Rows], None]:
    """The chain, but for these facts. (A case of a table is known by its function's name.)"""

    def change(rows: Rows) -> None:
        chain(rows, name).update(facts)

    change.__name__ = f"{name}: {facts}"
    return change


def token_with(symbol: str, on: str, /, **facts: object) -> Callable[[Rows], None]:
    """The token, but for these facts."""

    def change(rows: Rows) -> None:
        token(rows, symbol, on).update(facts)

    change.__name__ = f"{symbol} on {on}: {facts}"
    return change


def again(symbol: str, on: str, /, **facts: object) -> Callable[[Rows], None]:
    """A second token that differs in these facts only."""

    def change(rows: Rows) -> None:
        row = token(rows, symbol, on)
        rows["tokens"].insert(rows["tokens"].index(row) + 1, {**row, **facts})

    change.__name__ = f"{symbol} on {on} again: {facts}"
    return change


def broken(change: Callable[[Rows], object]) -> list[str]:
    rows = deepcopy(dict_of(read()))
    change(rows)
    return registry.problems(rows)  # type: ignore[arg-type]  # which is the point


def test_the_data_keeps_every_rule() -> None:
    assert registry.problems(registry.parse(DATA.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        # a list of tokens
        (lambda rows: rows["lists"].pop("viem"), "viem: lists does not say where this list is found"),
        (lambda rows: rows["lists"].update(other="https://…"), "other: no token names this list"),
        (lambda rows: rows["tokens"].reverse(), "tokens stand in the order of their chains"),
        (
            lambda rows: rows["tokens"].insert(1, rows["tokens"].pop(0)),
            "tokens stand in the order of their chains, each chain's own coin first",
        ),
        # a chain
        (chain_with("base", chain="Base"), "Base: the name is lower-case letters and digits"),
        (chain_with("base", chain="Base"), "ETH on base: there is no such chain"),
        (chain_with("base", chain="bsc"), "chain bsc is there 2 times"),
        (chain_with("base", caip2="eip155:10"), "caip2 eip155:10 is there 2 times"),
        (chain_with("base", caip2="eip155:10"), "base: caip2 is eip155:10, but chain_id 8453"),
        (chain_with("base", caip2="EIP155/8453"), "base: EIP155/8453 has not the form of CAIP-2"),
        (chain_with("base", chain_id=10), "chain_id 10 is there 2 times"),
        (chain_with("tron", chain_id=1), "tron: caip2 is tron:0x2b6653dc, but chain_id 0x00000001"),
        (chain_with("base", native="BASE"), "base: there must be one native token, BASE"),
        (
            lambda rows: rows["tokens"].remove(token(rows, "BTC", "bitcoin")),
            "bitcoin: there must be one native token, BTC",
        ),
        (again("BTC", "bitcoin"), "bitcoin: there must be one native token, BTC"),
        (token_with("BTC", "bitcoin", disabled="no"), "bitcoin: its own coin must be offered"),
        (chain_with("base", family="avm"), "base: there is no family avm"),
        (chain_with("base", token_standard="SPL"), "base: SPL is no token standard of evm chains"),
        (chain_with("bitcoin", token_standard="ERC20"), "bitcoin: ERC20 is no token standard of utxo chains"),
        (chain_with("tron", token_standard=None), "tron: None is no token standard of tvm chains"),
        # a token's names
        (again("USDT", "ethereum"), "ledger_code USDTETHEREUM is there 2 times"),
        (again("USDT", "ethereum"), f"caip19 eip155:1/erc20:{USDT} is there 2 times"),
        (again("USDT", "ethereum"), "ledger name Tether USD (ethereum) is there 2 times"),
        (again("USDT", "ethereum"), "symbol or alias USDT on ethereum is there 2 times"),
        (again("USDT", "ethereum", symbol="USDt"), "symbol or alias USDT on ethereum is there 2 times"),
        (token_with("USDT", "polygon", aliases=["MATIC"]), "symbol or alias MATIC on polygon is there 2 times"),
        (token_with("USDT", "bsc", aliases=["MATIC"]), "alias MATIC is there 2 times"),
        (token_with("WBTC", "ethereum", aliases=["BTC"]), "BTC on bitcoin: the symbol is another token's alias"),
        (token_with("USDT", "bsc", symbol="US DT"), "US DT on bsc: 'US DT' is no symbol"),
        (token_with("USDT", "bsc", symbol="\uff35SDT"), "'\uff35SDT' is no symbol"),
        (token_with("USDT", "bsc", aliases=["U" * 17]), f"USDT on bsc: '{'U' * 17}' is no symbol"),
        (token_with("USDT", "bsc", name=" Tether"), "USDT on bsc: the name has spaces around it"),
        (token_with("USDT", "bsc", name="Tether\n1"), "USDT on bsc: the name has spaces around it, can't be printed"),
        (
            token_with("USDT", "bsc", name="T" * 251),
            "USDT on bsc: the name has spaces around it, can't be printed, or is too",
        ),
        (token_with("USDT", "bsc", name=""), "USDT on bsc: the name is empty"),
        (token_with("USDT", "bsc", ledger_code="1USDT"), "USDT on bsc: ledger_code is upper-case letters and digits"),
        (token_with("USDT", "bsc", ledger_code="USDTbsc"), "USDT on bsc: ledger_code is upper-case letters and digits"),
        (token_with("USDT", "bsc", ledger_code="USDTETHEREUM"), "ledger_code USDTETHEREUM is there 2 times"),
        # a token's facts
        (token_with("USDT", "bsc", decimals=-1), "USDT on bsc: decimals are 0 to 36"),
        (token_with("USDT", "bsc", decimals=37), "USDT on bsc: decimals are 0 to 36"),
        (token_with("USDT", "bsc", sources=["aave"]), "USDT on bsc: a token that is offered needs 2 lists"),
        (token_with("USDT", "bsc", sources=["aave", "aave"]), "USDT on bsc: a token that is offered needs 2 lists"),
        (token_with("USDT", "bsc", sources=["bitgo", "aave"]), "USDT on bsc: sources are sorted, each once"),
        (token_with("USDT", "bsc", sources=["aave", "x"]), "x: lists does not say where this list is found"),
        (token_with("USDT", "bsc", disabled=" "), "USDT on bsc: disabled says why"),
        (token_with("BTC", "bitcoin", contract_address=USDT), "BTC on bitcoin: a native coin has no contract"),
        (token_with("USDT", "bsc", contract_address=None), "USDT on bsc: there is no contract_address"),
        (
            token_with("USDT", "bsc", asset_type="ERC20"),
            "USDT on bsc: asset_type is ERC20, but tokens on bsc are BEP20",
        ),
        (
            token_with("USDT", "ethereum", contract_address=USDT.lower()),
            f"USDT on ethereum: contract_address is written {USDT}",
        ),
        (
            token_with("USDT", "ethereum", contract_address=USDT.replace("d", "D", 1)),
            "USDT on ethereum: contract_address is not an address on ethereum: it has letters whose case",
        ),
        (
            token_with("USDT", "tron", contract_address="TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"),
            "USDT on tron: contract_address is not an address on tron: it has a checksum that does not match",
        ),
        (
            token_with("USDT", "ethereum", caip19=f"eip155:10/erc20:{USDT}"),
            f"USDT on ethereum: caip19 is eip155:10/erc20:{USDT}, but its parts say eip155:1/erc20:{USDT}",
        ),
        (chain_with("bsc", slip44=9006), "BNB on bsc: caip19 is eip155:56/slip44:714, but its parts say"),
    ],
)
def test_each_broken_rule_is_a_problem(change: Callable[[Rows], object], problem: str) -> None:
    assert any(problem in found for found in broken(change))


def test_a_disabled_token_may_have_one_source() -> None:
    assert broken(token_with("USDT", "bsc", sources=["aave"], disabled="it is doubtful")) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"decimals": 18', '"decimals": "18"', "decimals: Input should be a valid integer"),
        ('"symbol": "BTC",', "", "symbol: Field required"),
        ('"symbol": "BTC",', '"symbol": "BTC", "simbol": "BTC",', "BTC on bitcoin: simbol means nothing here"),
        ('"symbol": "BTC",', '"symbol": "BTC", "symbol": "LTC",', "symbol stands twice in "),
        ('"symbol": "BTC",', '"symbol": "BTC"', "Expecting ',' delimiter"),
    ],
)
def test_a_file_of_another_form_is_refused(
    old: str, new: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DATA.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "data.json"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert registry.main([str(path)]) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def run(path: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.registry", *arguments],
        cwd=ROOT,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_prints_where_each_symbol_lives() -> None:
    done = run({})
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["symbol", *CHAINS]
    assert ["MATIC", "(ERC20/18)", "(BEP20/18)", "=POL"] in lines
    assert lines[-1][:2] == [str(len(TOKENS)), "tokens,"]


def test_the_check_names_each_problem_and_fails(tmp_path: Path) -> None:
    text = DATA.read_text(encoding="utf-8")
    path = tmp_path / "data.json"
    path.write_text(text.replace("USDTBSC", "USDTETHEREUM").replace("USDCBSC", "usdc"), encoding="utf-8")
    done = run({}, str(path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "ledger_code USDTETHEREUM is there 2 times",
        "USDC on bsc: ledger_code is upper-case letters and digits, first a letter",
    ]


def test_the_check_fails_in_a_line_if_the_package_cannot_load_its_data(tmp_path: Path) -> None:
    (package,) = coffer.__path__
    shutil.copytree(package, tmp_path / "coffer")
    data = tmp_path / "coffer" / "registry" / "data.json"
    data.write_text(data.read_text(encoding="utf-8").replace('"SPL"', '"SPL20"', 1), encoding="utf-8")
    done = run({"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "data.json cannot be loaded" in done.stderr
    assert "SPL20" in done.stderr
    assert len(done.stderr.splitlines()) == 1
