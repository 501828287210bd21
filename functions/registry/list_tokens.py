"""GET /api/v1/tokens

Lists the tokens that can be added to an account, of a chain or of a symbol if one is named.
"""

from coffer.api import catalog
from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.registry import ListedToken, TokenFilters


@wallet_listing(__doc__, scope=Scope.REGISTRY_READ, row=ListedToken, filters=TokenFilters)
def handler(request: Request[None]) -> Rows[ListedToken]:
    return catalog.tokens(request.listing)
