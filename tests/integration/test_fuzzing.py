"""The whole OpenAPI document against the endpoints: no 5xx, and no answer, header or body that it does not tell of.

This is the pass with full breadth, on the in-memory table; `tests/stack/test_fuzzing.py` is a smaller one over HTTP.
"""

from pathlib import Path

import httpx

from coffer.auth.metadata import TOKEN_PATH
from tests.support.effort import examples
from tests.support.fuzzing import fuzz
from tests.support.gateway import served
from tests.support.samples import sample_event, sample_world
from tools.openapi.document import operations

EXAMPLES = examples(10)

_PATH = "/v1/organizations/{organization_id}"
NOT_SERVED = {
    f"DELETE {_PATH}": "the one that is empty has got ledgers by then",
    f"DELETE {_PATH}/ledgers/{{ledger_id}}/balances/{{balance_id}}": "what is there to delete went with its account",
    f"POST {_PATH}/ledgers/{{ledger_id}}/transactions/{{transaction_id}}/commit": "what is pending was canceled before",
}
"""Operations whose requests may all be refused, for what others have done before; every other one is served, too."""


def test_whatever_is_asked_the_answer_is_documented(tmp_path: Path) -> None:
    headers = sample_event("auth", "access_token")["headers"]
    credentials = {name: value for name, value in headers.items() if name.startswith("x-api-")}
    with served(sample_world()) as gateway:
        token = httpx.post(f"{gateway.url}{TOKEN_PATH}", headers=credentials).raise_for_status().json()["token"]
        fuzz(gateway.url, token, tmp_path, phases=["examples", "coverage", "fuzzing"], examples=EXAMPLES)
    good = {f"{method} {path}" for (method, path, status) in gateway.answers if status < 300}
    asked = {f"{each.declaration.method} {each.declaration.path}" for each in operations()}
    assert asked - good <= NOT_SERVED.keys()
