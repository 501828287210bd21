"""The methods of every path. Made by `make openapi` of what the endpoints declare: do not edit."""

from collections.abc import Mapping, Sequence

ROUTES: Mapping[str, Sequence[str]] = {
    "/.well-known/jwks.json": ["GET"],
    "/.well-known/oauth-authorization-server": ["GET"],
    "/api/v1/accounts": ["GET", "POST"],
    "/api/v1/accounts/{account_id}": ["GET", "PATCH"],
    "/api/v1/assets": ["GET", "POST"],
    "/api/v1/assets/{asset_id}": ["GET", "PATCH"],
    "/api/v1/auth/token": ["POST"],
    "/api/v1/chains": ["GET"],
    "/api/v1/tokens": ["GET"],
    "/api/v1/wallets": ["GET", "POST"],
    "/api/v1/wallets/{wallet_id}": ["GET"],
    "/health": ["GET"],
    "/v1/organizations": ["GET", "POST"],
    "/v1/organizations/metrics/count": ["HEAD"],
    "/v1/organizations/{organization_id}": ["DELETE", "GET", "PATCH"],
    "/v1/organizations/{organization_id}/ledgers": ["GET", "POST"],
    "/v1/organizations/{organization_id}/ledgers/metrics/count": ["HEAD"],
    "/v1/organizations/{organization_id}/ledgers/{ledger_id}": ["DELETE", "GET", "PATCH"],
    "/v1/organizations/{organization_id}/ledgers/{ledger_id}/assets": ["GET", "POST"],
    "/v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/metrics/count": ["HEAD"],
    "/v1/organizations/{organization_id}/ledgers/{ledger_id}/assets/{asset_id}": ["DELETE", "GET", "PATCH"],
    "/version": ["GET"],
}
