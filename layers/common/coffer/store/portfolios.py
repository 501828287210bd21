"""Portfolios in the table. Nothing leads from one to its accounts: those that name a deleted one keep its id."""

from coffer.ids import unpack
from coffer.ledger.refusal import Reason, Refusal
from coffer.models.listing import Listing, Rows
from coffer.models.portfolios import NewPortfolio, Portfolio, PortfolioChange
from coffer.store import keys, lists, presence, resources
from coffer.store.commit import Met, Plan, commit
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from coffer.store.values import Item, text
from coffer.store.writes import Put


def create(table: Table, ledger: LedgerRef, body: NewPortfolio) -> Portfolio:
    """Creates a portfolio; `Refusal(LEDGER_NOT_FOUND)`."""
    key = keys.portfolio(ledger, table.new_id())
    created = Put(item=resources.new_item(table, key, resources.attributes_of(body)))
    plan = Plan([presence.condition(ledger), created], _read(ledger, created.item))
    return commit(table, lambda _met: plan, proof=key)


def rows(table: Table, ledger: LedgerRef, listing: Listing) -> Rows[Portfolio]:
    """A ledger's portfolios; `Refusal(LEDGER_NOT_FOUND)`."""

    def read(item: Item) -> Portfolio:
        return _read(ledger, item)

    return presence.found_in(table, ledger, lists.rows(table, keys.portfolios(ledger), "", listing, read))


def count(table: Table, ledger: LedgerRef) -> int:
    """How many portfolios a ledger has; `Refusal(LEDGER_NOT_FOUND)`. It reads them all."""
    return presence.found_in(table, ledger, lists.count(table, keys.portfolios(ledger)))


def get(table: Table, ledger: LedgerRef, portfolio_id: str) -> Portfolio:
    """A portfolio; `Refusal(PORTFOLIO_NOT_FOUND)`."""
    return _read(ledger, require(table, ledger, portfolio_id))


def require(table: Table, ledger: LedgerRef, portfolio_id: str) -> Item:
    """A portfolio's item; `Refusal(PORTFOLIO_NOT_FOUND)`."""
    missing = Refusal(
        Reason.PORTFOLIO_NOT_FOUND, f"There is no portfolio {portfolio_id} in this ledger. Check its id and the ledger."
    )
    return resources.get(table, keys.portfolio(ledger, portfolio_id), missing)


def change(table: Table, ledger: LedgerRef, portfolio_id: str, body: PortfolioChange) -> Portfolio:
    """Changes what was sent; `Refusal(LEDGER_NOT_FOUND)`."""

    def plan(_met: Met) -> Plan[Portfolio]:
        changed = resources.change(table, require(table, ledger, portfolio_id), resources.attributes_of(body))
        return Plan([presence.condition(ledger), changed.write], _read(ledger, changed.item))

    return commit(table, plan, proof=keys.portfolio(ledger, portfolio_id))


def delete(table: Table, ledger: LedgerRef, portfolio_id: str) -> None:
    """Deletes a portfolio."""

    def plan(_met: Met) -> Plan[None]:
        return Plan([resources.delete(table, require(table, ledger, portfolio_id))], None)

    commit(table, plan, proof=keys.portfolio(ledger, portfolio_id))


def _read(ledger: LedgerRef, item: Item) -> Portfolio:
    return Portfolio.model_validate(
        resources.common(item)
        | {
            "id": unpack(text(item, "sk")),
            "organization_id": ledger.organization_id,
            "ledger_id": ledger.ledger_id,
            "name": item["name"],
            "entity_id": item.get("entity_id"),
        }
    )
