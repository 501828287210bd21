"""Every key of the table, spelled once.

A `pk` that holds client data begins with the client's id, and the rest is built from the path: what belongs to another
client, or lies under another ledger, cannot be reached because its key cannot be spelled. Ids are packed; what a user
typed stands in a key only where its alphabet has no `#`, else as a hash.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple
from unicodedata import normalize

from coffer.auth.secrets import ApiKeyId
from coffer.ids import pack, prefixed, unpack


class Key(NamedTuple):
    """An item's primary key."""

    pk: str
    sk: str


class OrganizationRef(NamedTuple):
    """Which organization: of whom, and its id."""

    client_id: str
    organization_id: str

    @property
    def prefix(self) -> str:
        """What the keys of everything in this organization begin with."""
        return f"{pack(self.client_id)}#{pack(self.organization_id)}"


class LedgerRef(NamedTuple):
    """Which ledger: of whom, in which organization, and its id."""

    client_id: str
    organization_id: str
    ledger_id: str

    @property
    def organization(self) -> OrganizationRef:
        """The organization it belongs to."""
        return OrganizationRef(self.client_id, self.organization_id)

    @property
    def prefix(self) -> str:
        """What the keys of everything in this ledger begin with."""
        return f"{self.organization.prefix}#{pack(self.ledger_id)}"


START, END = " ", "~"
"""Before and after every character of a packed id."""


def digest(text: str) -> str:
    """A user's text as a key holds it: 43 characters, the same for texts that Unicode calls equivalent (NFC)."""
    return urlsafe_b64encode(sha256(normalize("NFC", text).encode()).digest()).decode().rstrip("=")


KEYRING = Key("KEYRING", "KEYRING")
"""The keys that tokens are signed with; they belong to no client."""


CLIENTS = "CLIENTS"
"""The listing of all clients, for those who run the stack."""


def client(client_id: str) -> Key:
    """A client; its API keys lie beside it."""
    return Key(f"{pack(client_id)}#CLIENT", "CLIENT")


def clients_index(client_id: str) -> dict[str, str]:
    """Where a client is listed."""
    return _listed(CLIENTS, client_id)


def api_key(api_key: ApiKeyId) -> Key:
    """An API key of a client."""
    return Key(f"{pack(api_key.client)}#CLIENT", f"API_KEY#{pack(api_key.key)}")


def idempotency(client_id: str, digest: str) -> Key:
    """The record of a POST that was done; the digest is of method, path, and the key that its caller gave it."""
    return Key(f"{pack(client_id)}#IDEMPOTENCY#{digest}", "IDEMPOTENCY")


def organizations(client_id: str) -> str:
    """The collection of a client's organizations."""
    return f"{pack(client_id)}#ORGANIZATIONS"


def organization(ref: OrganizationRef) -> Key:
    """An organization."""
    return Key(organizations(ref.client_id), pack(ref.organization_id))


def ledgers(organization: OrganizationRef) -> str:
    """The collection of an organization's ledgers and their names."""
    return f"{organization.prefix}#LEDGERS"


def ledger(ref: LedgerRef) -> Key:
    """A ledger."""
    return Key(ledgers(ref.organization), f"LEDGER#{pack(ref.ledger_id)}")


def ledger_name(organization: OrganizationRef, name: str) -> Key:
    """The claim on a ledger's name."""
    return Key(ledgers(organization), f"NAME#{digest(name)}")


def assets(ledger: LedgerRef) -> str:
    """The collection of a ledger's assets, their codes and their names."""
    return f"{ledger.prefix}#ASSETS"


def asset(ledger: LedgerRef, asset_id: str) -> Key:
    """An asset."""
    return Key(assets(ledger), f"ASSET#{pack(asset_id)}")


def asset_code(ledger: LedgerRef, code: str) -> Key:
    """The claim on an asset's code."""
    return Key(assets(ledger), f"CODE#{code}")


def asset_name(ledger: LedgerRef, name: str) -> Key:
    """The claim on an asset's name."""
    return Key(assets(ledger), f"NAME#{digest(name)}")


def portfolios(ledger: LedgerRef) -> str:
    """The collection of a ledger's portfolios."""
    return f"{ledger.prefix}#PORTFOLIOS"


def portfolio(ledger: LedgerRef, portfolio_id: str) -> Key:
    """A portfolio."""
    return Key(portfolios(ledger), pack(portfolio_id))


def segments(ledger: LedgerRef) -> str:
    """The collection of a ledger's segments and their names."""
    return f"{ledger.prefix}#SEGMENTS"


def segment(ledger: LedgerRef, segment_id: str) -> Key:
    """A segment."""
    return Key(segments(ledger), f"SEGMENT#{pack(segment_id)}")


def segment_name(ledger: LedgerRef, name: str) -> Key:
    """The claim on a segment's name."""
    return Key(segments(ledger), f"NAME#{digest(name)}")


def account(ledger: LedgerRef, account_id: str) -> Key:
    """An account."""
    return Key(f"{ledger.prefix}#ACCOUNT#{pack(account_id)}", "ACCOUNT")


def accounts_index(ledger: LedgerRef, account_id: str) -> dict[str, str]:
    """Where an account is listed: in one of the partitions of its ledger's listing, by its id."""
    return _listed(accounts(ledger), account_id)


def alias(ledger: LedgerRef, alias: str) -> Key:
    """The claim on an account's alias."""
    return Key(f"{ledger.prefix}#ALIAS#{alias}", "ALIAS")


def balance(ledger: LedgerRef, balance_id: str) -> Key:
    """Which account and key a balance's id stands for."""
    return Key(f"{ledger.prefix}#BALANCE_ID#{pack(balance_id)}", "BALANCE_ID")


def balances_index(ledger: LedgerRef, balance_id: str) -> dict[str, str]:
    """Where a balance is listed."""
    return _listed(balances(ledger), balance_id)


def chain(ledger: LedgerRef, alias: str, balance_key: str, shard: int) -> str:
    """The collection of one chain of entries."""
    return f"{ledger.prefix}#BALANCE#{alias}#{balance_key}#{shard}"


def entry(chain: str, sequence: int) -> Key:
    """An entry of a chain."""
    return Key(chain, padded(sequence))


def padded(sequence: int) -> str:
    """A sequence in a key: padded, so that it sorts as a number."""
    return f"{sequence:012}"


def transaction(ledger: LedgerRef, transaction_id: str) -> Key:
    """A transaction's record."""
    return Key(f"{ledger.prefix}#TRANSACTION#{pack(transaction_id)}", "TRANSACTION")


def transactions(ledger: LedgerRef) -> str:
    """The listing of a ledger's transactions."""
    return f"{ledger.prefix}#TRANSACTIONS"


def transactions_index(ledger: LedgerRef, transaction_id: str, created_at: int) -> dict[str, str]:
    """Where a transaction is listed: by its moment, which its id need not begin with."""
    return _listed_by_moment(transactions(ledger), transaction_id, created_at)


def moment(milliseconds: int) -> str:
    """A moment in a key: padded, so that it sorts as a number until the end of the year 9999."""
    return f"{milliseconds:015}"


HOLDS = "HOLDS"
"""The index of what falls due: of all clients, for one function settles it all."""


def holds_index(transaction_id: str, expires_at: int) -> dict[str, str]:
    """Where a hold that expires is found when it is due."""
    packed = pack(transaction_id)
    return {"gsi2pk": _partition(HOLDS, packed), "gsi2sk": f"{moment(expires_at)}#{packed}"}


def transaction_of(key: Key) -> tuple[LedgerRef, str]:
    """Which transaction, and of which ledger, a record's key is of."""
    client, organization, ledger, _, packed = key.pk.split("#")
    return LedgerRef(prefixed("cli", unpack(client)), unpack(organization), unpack(ledger)), unpack(packed)


def ledger_prefix_of(key: Key) -> str:
    """What the keys of all that lies in the same ledger begin with."""
    return "#".join(key.pk.split("#")[:3])


def batch(ledger: LedgerRef, digest: str) -> Key:
    """That a batch was sent, under the key that its caller gave it."""
    return Key(f"{ledger.prefix}#BATCH#{digest}", "BATCH")


def verification(ledger: LedgerRef, part: str) -> Key:
    """Where the verification of a ledger keeps how far it has come, and what came of it."""
    return Key(f"{ledger.prefix}#VERIFICATION", part)


def accounts(ledger: LedgerRef) -> str:
    """The listing of a ledger's accounts."""
    return f"{ledger.prefix}#ACCOUNTS"


def balances(ledger: LedgerRef) -> str:
    """The listing of a ledger's balances."""
    return f"{ledger.prefix}#BALANCES"


def wallet_accounts_index(client_id: str, account_id: str) -> dict[str, str]:
    """Where a wallet account is listed."""
    return _listed(wallet_accounts(client_id), account_id)


def wallet_accounts(client_id: str) -> str:
    """The listing of a client's wallet accounts."""
    return f"{pack(client_id)}#WALLET_ACCOUNTS"


def wallet_assets_index(client_id: str, asset_id: str) -> dict[str, str]:
    """Where a wallet asset is listed."""
    return _listed(wallet_assets(client_id), asset_id)


def wallet_assets(client_id: str) -> str:
    """The listing of a client's wallet assets."""
    return f"{pack(client_id)}#WALLET_ASSETS"


def wallets_index(client_id: str, wallet_id: str) -> dict[str, str]:
    """Where a wallet is listed for counting: its list itself is the collection."""
    return _listed(wallets(client_id), wallet_id)


def wallets(client_id: str) -> str:
    """The collection, and the listing, of a client's wallets."""
    return f"{pack(client_id)}#WALLETS"


def wallet(client_id: str, wallet_id: str) -> Key:
    """A wallet."""
    return Key(wallets(client_id), pack(wallet_id))


def accounts_of_wallet(client_id: str, wallet_id: str) -> str:
    """The collection that says which accounts a wallet has."""
    return f"{pack(client_id)}#WALLET#{pack(wallet_id)}#ACCOUNTS"


def account_of_wallet(client_id: str, wallet_id: str, account_id: str) -> Key:
    """That an account is one of a wallet."""
    return Key(accounts_of_wallet(client_id, wallet_id), pack(account_id))


def wallet_account(client_id: str, account_id: str) -> Key:
    """A wallet account; its assets lie beside it."""
    return Key(assets_of_account(client_id, account_id), "ACCOUNT")


def address(client_id: str, address_space: str, address: str) -> Key:
    """The claim on an address, in the address space of its chain."""
    return Key(f"{pack(client_id)}#ADDRESS#{address_space}#{address}", "ADDRESS")


def assets_of_account(client_id: str, account_id: str) -> str:
    """The collection of a wallet account and its assets."""
    return f"{pack(client_id)}#WALLET_ACCOUNT#{pack(account_id)}"


def wallet_asset(client_id: str, account_id: str, asset_id: str) -> Key:
    """An asset of a wallet account."""
    return Key(assets_of_account(client_id, account_id), f"ASSET#{pack(asset_id)}")


def wallet_token(client_id: str, account_id: str, ledger_code: str) -> Key:
    """The claim of a wallet account's asset on its token."""
    return Key(assets_of_account(client_id, account_id), f"TOKEN#{ledger_code}")


def wallet_asset_account(client_id: str, asset_id: str) -> Key:
    """Which wallet account an asset belongs to."""
    return Key(f"{pack(client_id)}#WALLET_ASSET#{pack(asset_id)}", "WALLET_ASSET")


def wallet_transaction(client_id: str, tx_id: str) -> Key:
    """A wallet transaction."""
    return Key(f"{pack(client_id)}#WALLET_TRANSACTION#{pack(tx_id)}", "WALLET_TRANSACTION")


def tx_id_of(key: Key) -> str:
    """The id of the transaction whose item stands under a key."""
    return prefixed("txn", unpack(key.pk.rpartition("#")[2]))


def wallet_transactions(client_id: str) -> str:
    """The listing of a client's wallet transactions."""
    return f"{pack(client_id)}#WALLET_TRANSACTIONS"


def wallet_transactions_index(client_id: str, tx_id: str, created_at: int) -> dict[str, str]:
    """Where a wallet transaction is listed."""
    return _listed_by_moment(wallet_transactions(client_id), tx_id, created_at)


LISTING_PARTITIONS = 4
"""Over how many partitions of the index each listing is spread, and all holds: each takes 1,000 writes a second."""


def partitions(collection: str) -> list[str]:
    """The partitions of the index over which a listing is spread."""
    return [f"{collection}#{number}" for number in range(LISTING_PARTITIONS)]


def _listed(collection: str, identity: str) -> dict[str, str]:
    packed = pack(identity)
    return {"gsi1pk": _partition(collection, packed), "gsi1sk": packed}


def _listed_by_moment(collection: str, identity: str, created_at: int) -> dict[str, str]:
    packed = pack(identity)
    return {"gsi1pk": _partition(collection, packed), "gsi1sk": f"{moment(created_at)}#{packed}"}


def _partition(collection: str, packed: str) -> str:
    """By a character in the midst of what is random in an id; the last ones of a transaction's are always the same."""
    return f"{collection}#{ord(packed[-5]) % LISTING_PARTITIONS}"
