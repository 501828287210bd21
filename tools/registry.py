"""Checks the registry's data, and prints which symbol lives on which chain: `python -m tools.registry [data.json]`.

Every rule that the registry relies on is here, and none is checked at run time. Most facts stand in the data twice, in
forms that check each other: an address and its checksum, a token's parts and its identity, two public lists. Each
problem is a line; if there is one, the exit code is 1.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from coffer.ledger.refusal import Refusal

try:
    from coffer.registry import AssetType, Chain, Family, check_address
    from coffer.registry.catalog import DATA, ChainRow, Rows, TokenRow
except (KeyError, ValueError) as broken:  # the package reads its data when it is imported
    sys.exit(f"the registry's data.json cannot be loaded: {broken!r}")

MOST_DECIMALS: Final = 36  # what a ledger keeps
LONGEST_NAME: Final = 256  # of an asset in a ledger
FEWEST_SOURCES: Final = 2

_CHAIN_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,31}")
_SYMBOL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]{0,15}")
_LEDGER_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,99}")
_CAIP_2: Final = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}")

_STANDARDS: Final[Mapping[Family, set[str | None]]] = {
    Family.EVM: {"ERC20", "BEP20"},
    Family.TVM: {"TRC20"},
    Family.UTXO: {None},
    Family.SVM: {"SPL"},
}
# CAIP-19's asset namespaces. A BEP-20 token is an ERC-20 token by another name.
_NAMESPACES: Final = {"ERC20": "erc20", "BEP20": "erc20", "TRC20": "trc20", "SPL": "token"}


def parse(text: str) -> Rows:
    """The rows of a data file.

    Raises ValueError (of which ValidationError is one) if it is not JSON, has a key twice, misses one, has one that
    means nothing, or a value of a wrong type: with a line for each problem.
    """
    read = json.loads(text, object_pairs_hook=_once)
    rows = TypeAdapter(Rows).validate_python(read, strict=True)  # which leaves out the keys that it does not know
    unknown = [
        f"{_of(row)}: {key} means nothing here"
        for kind, known in (("chains", ChainRow), ("tokens", TokenRow))
        for row in read[kind]
        for key in row
        if key not in known.__annotations__
    ]
    if unknown:
        raise ValueError("\n".join(unknown))
    return rows


def problems(rows: Rows) -> list[str]:
    """What is wrong with the data, a sentence each."""
    chains = {row["chain"]: row for row in rows["chains"]}
    found = [*_lists(rows), *_names(rows), *_order(rows)]
    for chain in rows["chains"]:
        natives = [token for token in rows["tokens"] if token["chain"] == chain["chain"] and _is_native(token)]
        found += [f"{_of(chain)}: {problem}" for problem in _chain(chain, natives)]
    for token in rows["tokens"]:
        home = chains.get(token["chain"])
        if home is None:
            found.append(f"{_of(token)}: there is no such chain")
        else:
            found += [f"{_of(token)}: {problem}" for problem in (*_token(token), *_identity(token, home))]
    return found


def table(rows: Rows) -> str:
    """Symbols by chains: each token's standard and decimals, in brackets if it is not offered."""
    chains = [row["chain"] for row in rows["chains"]]
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    for token in rows["tokens"]:
        cell = f"{token['asset_type']}/{token['decimals']}"
        cells[token["symbol"]][token["chain"]] = f"({cell})" if "disabled" in token else cell
        for alias in token.get("aliases", ()):
            cells[alias][token["chain"]] = f"={token['symbol']}"
    lines = [["symbol", *chains]]
    lines += [[symbol, *(places.get(chain, "") for chain in chains)] for symbol, places in sorted(cells.items())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def main(arguments: list[str]) -> int:
    """Checks the file that is named, or else the package's own."""
    try:
        rows = parse((Path(arguments[0]) if arguments else DATA).read_text(encoding="utf-8"))
    except ValidationError as error:
        found = [f"{'.'.join(map(str, at['loc']))}: {at['msg']}" for at in error.errors()]
    except ValueError as error:
        found = str(error).splitlines()
    else:
        found = problems(rows)
        offered = sum("disabled" not in token for token in rows["tokens"])
        print(f"{table(rows)}\n\n{len(rows['tokens'])} tokens, {offered} offered, on {len(rows['chains'])} chains")
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def _of(row: Mapping[str, object]) -> str:
    """Names a chain, or a token on its chain."""
    return " on ".join(str(row[key]) for key in ("symbol", "chain") if key in row)


def _is_native(token: TokenRow) -> bool:
    return token["asset_type"] == AssetType.NATIVE


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise ValueError(f"{key} stands twice in {dict(pairs)}")
    return dict(pairs)


def _lists(rows: Rows) -> Iterator[str]:
    used = {source for token in rows["tokens"] for source in token["sources"]}
    for name in rows["lists"].keys() - used:
        yield f"{name}: no token names this list"
    for name in used - rows["lists"].keys():
        yield f"{name}: lists does not say where this list is found"


def _names(rows: Rows) -> Iterator[str]:
    """What must be there once: in all, or on a chain."""
    tokens = rows["tokens"]
    yield from _twice("chain", (row["chain"] for row in rows["chains"]))
    yield from _twice("caip2", (row["caip2"] for row in rows["chains"]))
    yield from _twice("chain_id", (str(row["chain_id"]) for row in rows["chains"] if row["chain_id"] is not None))
    yield from _twice("caip19", (token["caip19"] for token in tokens))
    yield from _twice("ledger_code", (token["ledger_code"] for token in tokens))
    yield from _twice("ledger name", (f"{token['name']} ({token['chain']})" for token in tokens))
    # Whoever asks for `usdt` is asked whether they meant `USDT`: there must be one answer.
    spellings = ((token["chain"], name) for token in tokens for name in (token["symbol"], *token.get("aliases", ())))
    yield from _twice("symbol or alias", (f"{name.upper()} on {chain}" for chain, name in spellings))
    # A former symbol that is another token's symbol elsewhere would mean two things.
    aliases = [alias for token in tokens for alias in token.get("aliases", ())]
    yield from _twice("alias", aliases)
    for token in tokens:
        if token["symbol"] in aliases and "disabled" not in token:
            yield f"{_of(token)}: the symbol is another token's alias"


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    return (f"{what} {value} is there {count} times" for value, count in Counter(values).items() if count > 1)


def _order(rows: Rows) -> Iterator[str]:
    chains = [row["chain"] for row in rows["chains"]]
    places = [
        (chains.index(token["chain"]), not _is_native(token)) for token in rows["tokens"] if token["chain"] in chains
    ]
    if places != sorted(places):
        yield "tokens stand in the order of their chains, each chain's own coin first: these do not"


def _chain(chain: ChainRow, natives: list[TokenRow]) -> Iterator[str]:
    if not _CHAIN_NAME.fullmatch(chain["chain"]):
        yield "the name is lower-case letters and digits, first a letter"
    if not _CAIP_2.fullmatch(chain["caip2"]):
        yield f"{chain['caip2']} has not the form of CAIP-2"
    if [token["symbol"] for token in natives] != [chain["native"]]:
        yield f"there must be one native token, {chain['native']}"
    if any("disabled" in token for token in natives):
        yield "its own coin must be offered"
    if chain["family"] not in set(Family):
        yield f"there is no family {chain['family']}"
        return
    family = Family(chain["family"])
    if chain["token_standard"] not in _STANDARDS[family]:
        yield f"{chain['token_standard']} is no token standard of {family} chains"
    if family is Family.EVM and chain["caip2"] != f"eip155:{chain['chain_id']}":
        yield f"caip2 is {chain['caip2']}, but chain_id {chain['chain_id']}"
    if family is Family.TVM and chain["caip2"] != f"tron:{chain['chain_id'] or 0:#010x}":
        yield f"caip2 is {chain['caip2']}, but chain_id {chain['chain_id'] or 0:#010x}"


def _token(token: TokenRow) -> Iterator[str]:
    for symbol in (token["symbol"], *token.get("aliases", ())):
        if not _SYMBOL.fullmatch(symbol):
            yield f"{symbol!r} is no symbol: letters, digits and full stops, at most 16"
    ledger_name = f"{token['name']} ({token['chain']})"
    if token["name"] != token["name"].strip() or not token["name"].isprintable() or len(ledger_name) > LONGEST_NAME:
        yield "the name has spaces around it, can't be printed, or is too long"
    if not token["name"].strip():
        yield "the name is empty"
    if not 0 <= token["decimals"] <= MOST_DECIMALS:
        yield f"decimals are 0 to {MOST_DECIMALS}"
    if not _LEDGER_CODE.fullmatch(token["ledger_code"]):
        yield "ledger_code is upper-case letters and digits, first a letter"
    if len(set(token["sources"])) < FEWEST_SOURCES and "disabled" not in token:
        yield f"a token that is offered needs {FEWEST_SOURCES} lists that agree on it"
    if token["sources"] != sorted(set(token["sources"])):
        yield "sources are sorted, each once"
    if not token.get("disabled", "why").strip():
        yield "disabled says why"


def _identity(token: TokenRow, chain: ChainRow) -> Iterator[str]:
    """The same thing said twice: contract, standard and identity must agree."""
    contract = token["contract_address"]
    if _is_native(token):
        if contract is not None:
            yield "a native coin has no contract"
        identity = f"{chain['caip2']}/slip44:{chain['slip44']}"
    elif contract is None:
        yield "there is no contract_address"
        return
    elif token["asset_type"] != chain["token_standard"]:
        yield f"asset_type is {token['asset_type']}, but tokens on {token['chain']} are {chain['token_standard']}"
        return
    else:
        yield from _contract(contract, chain)
        identity = f"{chain['caip2']}/{_NAMESPACES[token['asset_type']]}:{contract}"
    if token["caip19"] != identity:
        yield f"caip19 is {token['caip19']}, but its parts say {identity}"


def _contract(contract: str, row: ChainRow) -> Iterator[str]:
    if row["family"] not in set(Family):
        return  # which is said of the chain
    chain = Chain(row["chain"], Family(row["family"]), row["caip2"], row["chain_id"], row["native"], None)
    try:
        canonical = check_address(chain, contract, field="contract_address").text
    except Refusal as refusal:
        yield refusal.message
    else:
        if contract != canonical:
            yield f"contract_address is written {canonical}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
