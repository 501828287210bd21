"""From what a caller writes to exactly one token, or a refusal that says what is wrong and what would be right."""

from collections.abc import Iterable
from typing import Final

from coffer.ledger.refusal import Reason, Refusal
from coffer.registry.address import check_address
from coffer.registry.catalog import CHAINS, TOKENS
from coffer.registry.model import Chain, Token

_LONGEST_SHOWN: Final = 32  # characters of a caller's text in a message

_BY_SYMBOL: Final = {(token.chain.name, symbol): token for token in TOKENS for symbol in (token.symbol, *token.aliases)}
_BY_CONTRACT: Final = {(token.chain.name, token.contract_address): token for token in TOKENS if token.contract_address}


def find_chain(name: str) -> Chain:
    """The chain of that name, written exactly so. Raises Refusal(CHAIN_UNKNOWN)."""
    chain = CHAINS.get(name)
    if chain is None:
        message = f"{_shown(name)} is not a chain of the registry.{_meant(name, CHAINS)} Chains: {_listed(CHAINS)}."
        raise Refusal(Reason.CHAIN_UNKNOWN, message, {"chain": "not a chain of the registry"})
    return chain


def resolve(chain: str, symbol: str, *, include_disabled: bool = False, field: str = "symbol") -> Token:
    """The token that goes by `symbol`, or did so formerly and may still, on `chain`; both written exactly so.

    A former symbol leads to the same token: whoever answers with the symbol that was asked for keeps it themselves.
    Tokens that are not offered are refused unless `include_disabled`, for money may still be where they once were.
    Raises Refusal(CHAIN_UNKNOWN) and Refusal(TOKEN_UNKNOWN), which names `field`.
    """
    place = find_chain(chain)
    token = _BY_SYMBOL.get((place.name, symbol))
    if token is None:
        raise _unknown(field, _why_absent(place, symbol))
    return _offered(token, symbol, field, include_disabled=include_disabled)


def resolve_contract(chain: str, address: str, *, include_disabled: bool = False) -> Token:
    """The token whose contract (on solana: mint) has this address, in whatever form the chain takes addresses.

    Raises Refusal(CHAIN_UNKNOWN), Refusal(ADDRESS_INVALID) and Refusal(TOKEN_UNKNOWN).
    """
    place = find_chain(chain)
    if place.token_standard is None:
        raise _unknown("contract_address", f"{place.name} has no token contracts: its only token is {place.native}.")
    contract = check_address(place, address, field="contract_address").text
    token = _BY_CONTRACT.get((place.name, contract))
    if token is None:
        raise _unknown("contract_address", f"No token of the registry has the contract {contract} on {place.name}.")
    return _offered(token, token.symbol, "contract_address", include_disabled=include_disabled)


def list_tokens(chain: str | None = None, symbol: str | None = None) -> tuple[Token, ...]:
    """The tokens that are offered: all, those of one chain, those of one symbol (or alias), or both.

    Raises Refusal(CHAIN_UNKNOWN); a symbol that no token has leaves nothing.
    """
    if chain is not None:
        find_chain(chain)
    return tuple(
        token
        for token in TOKENS
        if token.disabled is None
        and (chain is None or chain == token.chain.name)
        and (symbol is None or _goes_by(token, symbol))
    )


def known_decimals(code: str) -> int | None:
    """The decimal places of the token with this ledger code, or else the most that any token of this symbol has: what
    is rounded to them is too coarse for no chain. None if it is neither.
    """
    exactly = [token.decimals for token in TOKENS if token.ledger_code == code]
    return max(exactly or [token.decimals for token in list_tokens(symbol=code)], default=None)


def _goes_by(token: Token, symbol: str) -> bool:
    return symbol == token.symbol or symbol in token.aliases


def _offered(token: Token, symbol: str, field: str, *, include_disabled: bool) -> Token:
    if token.disabled is None or include_disabled:
        return token
    raise _unknown(field, f"{symbol} is not offered on {token.chain.name}: {token.disabled}. {_homes(symbol)}")


def _unknown(field: str, message: str) -> Refusal:
    return Refusal(Reason.TOKEN_UNKNOWN, message, {field: "not a token that is offered"})


def _why_absent(chain: Chain, symbol: str) -> str:
    if any(_goes_by(token, symbol) for token in TOKENS):
        return f"{symbol} is not on {chain.name}. {_homes(symbol)}"
    symbols = dict.fromkeys(symbol for _, symbol in _BY_SYMBOL)
    here = _listed(token.symbol for token in list_tokens(chain.name))
    return f"{_shown(symbol)} is not a symbol of the registry.{_meant(symbol, symbols)} On {chain.name}: {here}."


def _homes(symbol: str) -> str:
    """Where a symbol of the registry is offered, and what became of it elsewhere."""
    renamed = next((token for token in TOKENS if symbol in token.aliases), None)
    if renamed is not None:
        homes = _listed(token.chain.name for token in list_tokens(symbol=renamed.symbol))
        return (
            f"{symbol} is the retired symbol of {renamed.symbol} and taken on {renamed.chain.name} only; "
            f"{renamed.symbol} is on: {homes}."
        )
    homes = _listed(token.chain.name for token in list_tokens(symbol=symbol))
    return f"It is on: {homes}." if homes else "It is offered on no chain."


def _meant(text: str, names: Iterable[str]) -> str:
    meant = [name for name in names if name.casefold() == text[:_LONGEST_SHOWN].casefold()]
    return f" Upper and lower case matter: did you mean {_listed(meant)}?" if meant else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")
