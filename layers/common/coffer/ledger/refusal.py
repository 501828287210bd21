"""Why Coffer says no: reasons are values of the domain; `coffer.api.errors` alone turns them into HTTP."""

from collections.abc import Mapping
from enum import StrEnum, auto


class Reason(StrEnum):
    """What kind of refusal it is, in words that belong to neither face."""

    # the caller
    TOKEN_MISSING = auto()
    TOKEN_INVALID = auto()
    TOKEN_EXPIRED = auto()
    SCOPE_MISSING = auto()
    CREDENTIALS_INVALID = auto()
    CLIENT_FORBIDDEN = auto()

    # the request
    ROUTE_UNKNOWN = auto()
    METHOD_NOT_ALLOWED = auto()
    TOO_LARGE = auto()
    BAD_REQUEST = auto()
    JSON_MALFORMED = auto()
    FIELDS_MISSING = auto()
    FIELDS_UNEXPECTED = auto()
    PATH_PARAMETER = auto()
    LIMIT_INVALID = auto()
    SORT_ORDER_INVALID = auto()
    QUERY_INVALID = auto()
    DATE_INVALID = auto()
    DATES_REVERSED = auto()
    METADATA_KEY = auto()
    METADATA_VALUE = auto()
    METADATA_NESTED = auto()
    IDEMPOTENCY_CONFLICT = auto()

    # what a resource may look like
    TYPE_INVALID = auto()
    CODE_FORMAT = auto()
    CODE_NOT_UPPER_CASE = auto()
    CURRENCY_UNKNOWN = auto()
    COUNTRY_UNKNOWN = auto()

    # what is there and what is not
    ORGANIZATION_NOT_FOUND = auto()
    LEDGER_NOT_FOUND = auto()
    PORTFOLIO_NOT_FOUND = auto()
    SEGMENT_NOT_FOUND = auto()
    ENTITY_NOT_FOUND = auto()
    ORGANIZATION_NOT_EMPTY = auto()
    LEDGER_NOT_EMPTY = auto()
    LEDGER_DUPLICATE = auto()
    LEDGER_NAME_TAKEN = auto()
    ASSET_TAKEN = auto()
    SEGMENT_TAKEN = auto()
    ASSET_HOLDS_BALANCE = auto()
    ASSET_UNKNOWN = auto()
    ALIAS_INVALID = auto()
    ALIAS_TAKEN = auto()
    PARENT_INVALID = auto()
    ACCOUNT_HOLDS_BALANCE = auto()
    BALANCE_NOT_EMPTY = auto()
    BALANCE_KEY_TAKEN = auto()
    BALANCES_TOO_MANY = auto()
    EXTERNAL_UNTOUCHABLE = auto()
    EXTERNAL_BALANCE = auto()

    # postings
    VALUE_NOT_POSITIVE = auto()
    VALUE_TOO_FINE = auto()
    VALUE_MISMATCH = auto()
    LEG_INVALID = auto()
    SAME_BALANCE = auto()
    ASSET_MISMATCH = auto()
    ACCOUNT_INELIGIBLE = auto()
    ACCOUNT_RESTRICTED = auto()
    FUNDS_INSUFFICIENT = auto()
    BALANCE_TOO_LARGE = auto()
    EXTERNAL_PENDING = auto()
    DATE_IN_FUTURE = auto()
    DATE_IN_PAST = auto()
    NOT_PENDING = auto()
    NOT_APPROVED = auto()
    ALREADY_REVERTED = auto()
    REVERT_OF_REVERT = auto()

    # wallets
    ACCOUNT_NOT_ACTIVE = auto()
    ASSET_ALREADY_ADDED = auto()
    ADDRESS_TAKEN = auto()
    ASSET_NOT_ADDED = auto()
    ASSET_NOT_ACTIVE = auto()
    REFERENCE_TAKEN = auto()
    DEPOSIT_DIFFERS = auto()
    STATUS_CONFLICT = auto()
    READ_ONLY = auto()

    # chains, tokens and addresses
    CHAIN_UNKNOWN = auto()
    TOKEN_UNKNOWN = auto()
    ADDRESS_INVALID = auto()

    # the server
    UNAVAILABLE = auto()
    IN_DOUBT = auto()
    INTERNAL = auto()


UNSETTLED = frozenset({Reason.UNAVAILABLE, Reason.IN_DOUBT})
"""What is said of what could not be settled in time: it was not done or is safe to repeat, or nobody knows."""


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """A request that is not done: why, what to do about it, and which fields it concerns."""

    def __init__(self, reason: Reason, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message
        self.fields: Mapping[str, str] = fields or {}

    def __str__(self) -> str:
        """The message, and what is wrong with which field: for those who get no field list."""
        fields = "; ".join(f"{name}: {what}" for name, what in self.fields.items())
        return f"{self.message} ({fields})" if fields else self.message
