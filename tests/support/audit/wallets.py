"""Wallet accounts and their assets, against the chains in the wallet ledger on which their money is."""

from collections.abc import Iterator

from coffer.ids import prefixed, unpack
from coffer.store import keys, wallet_ledger
from coffer.store.values import Item, text
from tests.support.audit.collections import Collections, newest


def problems(collections: Collections) -> Iterator[str]:
    """Where a wallet account counts wrongly, or a chain does not say what its account and its asset say."""
    for pk, items in collections.items():
        client, _, kind_and_name = pk.partition("#")
        if kind_and_name.startswith("WALLET_ACCOUNT#"):
            account = items["ACCOUNT"]
            assets = {sk: item for sk, item in items.items() if sk.startswith("ASSET#")}
            if account["assets"] != len(assets):
                yield f"{pk} counts {account['assets']} assets and has {len(assets)}"
            account_id = prefixed("acc", unpack(kind_and_name.removeprefix("WALLET_ACCOUNT#")))
            ledger = wallet_ledger.ledger(prefixed("cli", unpack(client)))
            for sk, asset in assets.items():
                alias = wallet_ledger.alias(account_id, text(asset, "ledger_code"))
                head = newest(collections[keys.chain(ledger, alias, "default", 0)])
                yield from (f"{pk} {sk}: {problem}" for problem in _flags(account, asset, head))


def _flags(account: Item, asset: Item, head: Item) -> Iterator[str]:
    """An active asset receives; it sends if its account is active, too."""
    active, sending = asset["is_active"], account["status"] == "ACTIVE"
    due = {"allow_receiving": active, "allow_sending": active and sending}
    yield from (f"{name} is {head[name]}" for name in due if head[name] != due[name])
