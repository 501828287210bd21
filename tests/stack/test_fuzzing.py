"""The OpenAPI document against the deployed template: its examples, and two requests made up for each operation.

The emulator takes some 100 milliseconds for a request, and a second for a function's first. The pass with full breadth
is `tests/integration/test_fuzzing.py`, on the same endpoints; `EFFORT=10` makes up ten times as many here.
"""

from pathlib import Path

from coffer.auth.secrets import ApiKeyId
from coffer.ids import prefixed
from local.samples import API_KEY, API_SECRET, CLIENT
from local.stack import Access, Stack
from tests.support.effort import examples
from tests.support.fuzzing import fuzz

PHASES = ("examples", "fuzzing")
EXAMPLES = examples(2)

EMULATORS = ("unsupported_method", "allow_header_conformance")
"""Checks of methods that no route has: the emulator answers some of them by itself, before any route."""

NOT_SERVED = ("DELETE /v1/organizations/{organization_id}/ledgers/{ledger_id}",)
"""Refused, for what is in the ledger of the examples is deleted after it, and no other one is asked for."""


def test_whatever_is_asked_over_http_the_answer_is_documented(stack: Stack, tmp_path: Path) -> None:
    """As the client of the sample events, which the document's examples are about."""
    client = Access(prefixed("cli", CLIENT), str(ApiKeyId(CLIENT, API_KEY)), API_SECRET)
    fuzz(
        stack.base_url,
        stack.token(client),
        tmp_path,
        phases=PHASES,
        examples=EXAMPLES,
        without=EMULATORS,
        not_served=NOT_SERVED,
    )
