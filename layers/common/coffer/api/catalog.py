"""The registry's lists: chains, and the tokens that live on them."""

from collections.abc import Sequence

from coffer import registry
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.registry import ListedChain, ListedToken


def chains(listing: Listing) -> Rows[ListedChain]:
    """The chains on which accounts can be made."""
    return _slice(
        [
            ListedChain(
                chain=chain.name,
                network=registry.NETWORK,
                family=chain.family.value,
                address_space=chain.address_space,
                caip2=chain.caip2,
                chain_id=chain.chain_id,
                native_symbol=chain.native,
                token_standard=chain.token_standard.value if chain.token_standard else None,
            )
            for chain in registry.CHAINS.values()
        ],
        listing,
    )


def tokens(listing: Listing) -> Rows[ListedToken]:
    """The tokens that can be added, of a chain or of a symbol if one is named; `Refusal(CHAIN_UNKNOWN)`."""
    chosen = registry.list_tokens(listing.filters.get("chain"), listing.filters.get("symbol"))
    return _slice(
        [
            ListedToken(
                chain=token.chain.name,
                network=registry.NETWORK,
                symbol=token.symbol,
                aliases=list(token.aliases),
                name=token.name,
                decimals=token.decimals,
                asset_type=token.asset_type.value,
                contract_address=token.contract_address,
                caip19=token.caip19,
            )
            for token in chosen
        ],
        listing,
    )


def _slice[Row](rows: Sequence[Row], listing: Listing) -> Rows[Row]:
    """A page of what is in memory; a position is the number of rows before the page."""
    if listing.position is not None and not listing.position.isdecimal():
        raise Refusal(
            Reason.QUERY_INVALID, "The cursor is not one of this list.", {"cursor": "is not one of this list"}
        )
    start = int(listing.position) if listing.position else listing.skip
    page = rows[start : start + listing.limit]
    after = start + len(page)
    return Rows(items=page, next=str(after) if page and after < len(rows) else None, total=len(rows))
