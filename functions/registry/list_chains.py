"""GET /api/v1/chains

Lists the chains on which accounts can be made.
"""

from coffer.api import catalog
from coffer.api.declare import wallet_listing
from coffer.api.request import Request
from coffer.auth.scopes import Scope
from coffer.models.listing import Rows
from coffer.models.registry import ListedChain


@wallet_listing(__doc__, scope=Scope.REGISTRY_READ, row=ListedChain)
def handler(request: Request[None]) -> Rows[ListedChain]:
    return catalog.chains(request.listing)
