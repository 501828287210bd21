"""Refusals as answers: the one place where a reason becomes a status and a code, in the shape of the face called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from coffer.api.responses import Response, json_response
from coffer.ledger.refusal import Reason, Refusal


class Face(StrEnum):
    """The two faces of the API; each has its own vocabulary."""

    LEDGER = "ledger"
    WALLET = "wallet"


def face_of(path: str) -> Face:
    """The face that a path belongs to."""
    return Face.WALLET if path == "/api" or path.startswith("/api/") else Face.LEDGER


class LedgerError(NamedTuple):
    """How the ledger API says it."""

    status: int
    code: str
    title: str


class WalletError(NamedTuple):
    """How the wallet API says it; `type` where it is not the status's usual one."""

    status: int
    code: str
    type: str | None = None


LEDGER: Mapping[Reason, LedgerError] = {
    Reason.LEDGER_DUPLICATE: LedgerError(409, "0001", "Duplicate Ledger Error"),
    Reason.LEDGER_NAME_TAKEN: LedgerError(409, "0002", "Ledger Name Conflict"),
    Reason.ASSET_TAKEN: LedgerError(409, "0003", "Asset Name or Code Duplicate"),
    Reason.CODE_NOT_UPPER_CASE: LedgerError(400, "0004", "Code Uppercase Requirement"),
    Reason.CURRENCY_UNKNOWN: LedgerError(400, "0005", "Currency Code Standard Compliance"),
    Reason.ENTITY_NOT_FOUND: LedgerError(404, "0007", "Entity Not Found"),
    Reason.FIELDS_MISSING: LedgerError(400, "0009", "Missing Fields in Request"),
    Reason.ACCOUNT_HOLDS_BALANCE: LedgerError(400, "0012", "Account Holds Balance"),
    Reason.SEGMENT_TAKEN: LedgerError(409, "0015", "Duplicate Segment Name"),
    Reason.ASSET_HOLDS_BALANCE: LedgerError(422, "0016", "Balance Remaining, Asset Cannot Be Deleted"),
    Reason.FUNDS_INSUFFICIENT: LedgerError(422, "0018", "Insufficient Funds Error"),
    Reason.ACCOUNT_INELIGIBLE: LedgerError(422, "0019", "Account Ineligible or Unknown"),
    Reason.ALIAS_TAKEN: LedgerError(409, "0020", "Alias Taken"),
    Reason.ACCOUNT_RESTRICTED: LedgerError(422, "0024", "Account May Not Send or Receive"),
    Reason.PARENT_INVALID: LedgerError(400, "0029", "Invalid Parent Account"),
    Reason.ASSET_MISMATCH: LedgerError(422, "0030", "Asset Mismatch"),
    Reason.COUNTRY_UNKNOWN: LedgerError(400, "0032", "Invalid Country Code"),
    Reason.CODE_FORMAT: LedgerError(400, "0033", "Invalid Code Format"),
    Reason.ASSET_UNKNOWN: LedgerError(404, "0034", "Asset Code Not Found"),
    Reason.PORTFOLIO_NOT_FOUND: LedgerError(404, "0035", "Portfolio Not Found"),
    Reason.SEGMENT_NOT_FOUND: LedgerError(404, "0036", "Segment Not Found"),
    Reason.LEDGER_NOT_FOUND: LedgerError(404, "0037", "Ledger Not Found"),
    Reason.ORGANIZATION_NOT_FOUND: LedgerError(404, "0038", "Organization Not Found"),
    Reason.TYPE_INVALID: LedgerError(400, "0040", "Invalid Type"),
    Reason.TOKEN_MISSING: LedgerError(401, "0041", "Token Missing"),
    Reason.TOKEN_INVALID: LedgerError(401, "0042", "Invalid Token"),
    Reason.SCOPE_MISSING: LedgerError(403, "0043", "Insufficient Scope"),
    Reason.READ_ONLY: LedgerError(403, "0043", "Read-Only Ledger"),
    Reason.INTERNAL: LedgerError(500, "0046", "Internal Server Error"),
    Reason.BAD_REQUEST: LedgerError(400, "0047", "Bad Request"),
    Reason.METADATA_KEY: LedgerError(400, "0050", "Metadata Key Invalid"),
    Reason.METADATA_VALUE: LedgerError(400, "0051", "Metadata Value Invalid"),
    Reason.FIELDS_UNEXPECTED: LedgerError(400, "0053", "Unexpected Fields in the Request"),
    Reason.PATH_PARAMETER: LedgerError(400, "0065", "Invalid Path Parameter"),
    Reason.METADATA_NESTED: LedgerError(400, "0067", "Invalid Metadata Nesting"),
    Reason.LEG_INVALID: LedgerError(400, "0072", "Invalid Leg"),
    Reason.VALUE_MISMATCH: LedgerError(422, "0073", "Value Mismatch"),
    Reason.EXTERNAL_UNTOUCHABLE: LedgerError(400, "0074", "External Account Cannot Be Changed"),
    Reason.DATE_INVALID: LedgerError(400, "0077", "Invalid Date Format"),
    Reason.DATES_REVERSED: LedgerError(400, "0078", "Invalid Final Date"),
    Reason.LIMIT_INVALID: LedgerError(400, "0080", "Pagination Limit Invalid"),
    Reason.SORT_ORDER_INVALID: LedgerError(400, "0081", "Invalid Sort Order"),
    Reason.QUERY_INVALID: LedgerError(400, "0082", "Invalid Query Parameter"),
    Reason.DATE_IN_PAST: LedgerError(400, "0083", "Date in the Past"),
    Reason.IDEMPOTENCY_CONFLICT: LedgerError(422, "0084", "Idempotency Key Conflict"),
    Reason.ALREADY_REVERTED: LedgerError(409, "0087", "Transaction Already Reverted"),
    Reason.REVERT_OF_REVERT: LedgerError(409, "0088", "Transaction Is a Revert"),
    Reason.NOT_APPROVED: LedgerError(422, "0089", "Transaction Not Approved"),
    Reason.SAME_BALANCE: LedgerError(422, "0090", "Same Account on Both Sides"),
    Reason.BALANCE_NOT_EMPTY: LedgerError(400, "0093", "Balance Not Empty"),
    Reason.JSON_MALFORMED: LedgerError(400, "0094", "Malformed JSON"),
    Reason.ALIAS_INVALID: LedgerError(400, "0096", "Invalid Alias Format"),
    Reason.EXTERNAL_PENDING: LedgerError(422, "0098", "External Source Cannot Be Pending"),
    Reason.NOT_PENDING: LedgerError(409, "0099", "Transaction Not Pending"),
    Reason.DATE_IN_FUTURE: LedgerError(422, "0121", "Transaction Date in the Future"),
    Reason.EXTERNAL_BALANCE: LedgerError(400, "0124", "No Further Balance on an External Account"),
    Reason.VALUE_NOT_POSITIVE: LedgerError(422, "0125", "Value Not Positive"),
    Reason.TOO_LARGE: LedgerError(413, "0143", "Request Too Large"),
    # Our own, from 9000 up.
    Reason.LEDGER_NOT_EMPTY: LedgerError(409, "9001", "Ledger Not Empty"),
    Reason.ORGANIZATION_NOT_EMPTY: LedgerError(409, "9002", "Organization Not Empty"),
    Reason.TOKEN_EXPIRED: LedgerError(401, "9003", "Token Expired"),
    Reason.UNAVAILABLE: LedgerError(503, "9004", "Service Unavailable"),
    Reason.ROUTE_UNKNOWN: LedgerError(404, "9005", "Route Not Found"),
    Reason.METHOD_NOT_ALLOWED: LedgerError(405, "9006", "Method Not Allowed"),
    Reason.BALANCE_TOO_LARGE: LedgerError(422, "9007", "Balance Too Large"),
    Reason.VALUE_TOO_FINE: LedgerError(422, "9008", "Value Too Fine"),
    Reason.BALANCE_KEY_TAKEN: LedgerError(409, "9009", "Balance Key Taken"),
    Reason.BALANCES_TOO_MANY: LedgerError(422, "9010", "Too Many Balances"),
    Reason.IN_DOUBT: LedgerError(503, "9011", "Outcome Unknown"),
}

_BUSINESS = "business_error"

WALLET: Mapping[Reason, WalletError] = {
    Reason.TOKEN_MISSING: WalletError(401, "unauthorized"),
    Reason.TOKEN_INVALID: WalletError(401, "invalid_token"),
    Reason.TOKEN_EXPIRED: WalletError(401, "token_expired"),
    Reason.SCOPE_MISSING: WalletError(403, "forbidden"),
    Reason.CREDENTIALS_INVALID: WalletError(401, "unauthorized"),
    Reason.CLIENT_FORBIDDEN: WalletError(403, "forbidden"),
    Reason.ROUTE_UNKNOWN: WalletError(404, "not_found"),
    Reason.METHOD_NOT_ALLOWED: WalletError(405, "method_not_allowed"),
    Reason.TOO_LARGE: WalletError(413, "payload_too_large"),
    Reason.BAD_REQUEST: WalletError(400, "invalid_parameter"),
    Reason.JSON_MALFORMED: WalletError(400, "invalid_parameter"),
    Reason.FIELDS_MISSING: WalletError(400, "invalid_parameter"),
    Reason.FIELDS_UNEXPECTED: WalletError(400, "invalid_parameter"),
    Reason.PATH_PARAMETER: WalletError(400, "invalid_parameter"),
    Reason.QUERY_INVALID: WalletError(400, "invalid_parameter"),
    Reason.IDEMPOTENCY_CONFLICT: WalletError(422, "conflict"),
    Reason.UNAVAILABLE: WalletError(503, "service_unavailable"),
    Reason.IN_DOUBT: WalletError(503, "outcome_unknown"),
    Reason.INTERNAL: WalletError(500, "internal_error"),
    Reason.TYPE_INVALID: WalletError(400, "invalid_parameter"),
    Reason.CHAIN_UNKNOWN: WalletError(400, "invalid_parameter"),
    Reason.TOKEN_UNKNOWN: WalletError(400, "invalid_parameter"),
    Reason.ADDRESS_INVALID: WalletError(400, "invalid_address"),
    Reason.ADDRESS_TAKEN: WalletError(409, "conflict"),
    Reason.ENTITY_NOT_FOUND: WalletError(404, "not_found"),
    Reason.ACCOUNT_NOT_ACTIVE: WalletError(400, "account_not_active", _BUSINESS),
    Reason.ASSET_ALREADY_ADDED: WalletError(400, "asset_already_exists", _BUSINESS),
    Reason.ASSET_NOT_ADDED: WalletError(400, "invalid_parameter"),
    Reason.ASSET_NOT_ACTIVE: WalletError(400, "asset_not_active", _BUSINESS),
    Reason.FUNDS_INSUFFICIENT: WalletError(400, "insufficient_balance", _BUSINESS),
    Reason.VALUE_NOT_POSITIVE: WalletError(400, "invalid_parameter"),
    Reason.VALUE_TOO_FINE: WalletError(400, "invalid_parameter"),
    Reason.BALANCE_TOO_LARGE: WalletError(400, "invalid_parameter"),
    Reason.SAME_BALANCE: WalletError(400, "invalid_parameter"),
    Reason.REFERENCE_TAKEN: WalletError(400, "invalid_parameter"),
    Reason.DEPOSIT_DIFFERS: WalletError(409, "conflict"),
    Reason.STATUS_CONFLICT: WalletError(409, "conflict"),
}

_WALLET_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "conflict_error",
    413: "invalid_request_error",
    422: "conflict_error",
    500: "api_error",
    503: "api_error",
}

RETRY_AFTER = 1
"""Seconds."""

_HEADERS: Mapping[Reason, Mapping[str, str]] = {
    Reason.TOKEN_MISSING: {"WWW-Authenticate": "Bearer"},
    Reason.TOKEN_INVALID: {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    Reason.TOKEN_EXPIRED: {"WWW-Authenticate": 'Bearer error="invalid_token", error_description="token_expired"'},
    Reason.SCOPE_MISSING: {"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
    Reason.CREDENTIALS_INVALID: {"WWW-Authenticate": 'Basic realm="coffer"'},
    Reason.UNAVAILABLE: {"Retry-After": str(RETRY_AFTER)},
}


def render(refusal: Refusal, face: Face) -> Response:
    """A refusal in the shape of a face."""
    if face is Face.WALLET:
        wallet = WALLET[refusal.reason]
        body = {"code": wallet.code, "type": wallet.type or _WALLET_TYPES[wallet.status], "message": str(refusal)}
        return json_response(wallet.status, body, _HEADERS.get(refusal.reason), refusal.reason.value)
    ledger = LEDGER[refusal.reason]
    error: dict[str, object] = {"code": ledger.code, "title": ledger.title, "message": refusal.message}
    if refusal.fields:
        error["fields"] = dict(refusal.fields)
    return json_response(ledger.status, error, _HEADERS.get(refusal.reason), refusal.reason.value)


def internal(request_id: str) -> Refusal:
    """What a caller learns of a mistake of ours: how to name it to us."""
    return Refusal(Reason.INTERNAL, f"Something went wrong on our side. Name the request id to support: {request_id}")
