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

EXAMPLES = examples(10)


def test_whatever_is_asked_the_answer_is_documented(tmp_path: Path) -> None:
    headers = sample_event("auth", "access_token")["headers"]
    credentials = {name: value for name, value in headers.items() if name.startswith("x-api-")}
    with served(sample_world()) as url:
        token = httpx.post(f"{url}{TOKEN_PATH}", headers=credentials).raise_for_status().json()["token"]
        fuzz(url, token, tmp_path, phases=["examples", "coverage", "fuzzing"], examples=EXAMPLES)
