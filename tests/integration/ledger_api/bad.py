"""Bad input: each kind is refused with its code, names the field and the way out, and leaves nothing behind."""

from dataclasses import dataclass

import pytest

from tests.integration.ledger_api.books import refused
from tests.support.world import Answer


@dataclass(frozen=True, slots=True)
class Bad:
    """Something bad, as text of a body or of a query; its code, the field that is named, and a bit of what is said."""

    text: str
    code: str
    field: str | None
    says: str


def cases(table: dict[str, Bad]) -> pytest.MarkDecorator:
    """Runs a test for every row of a table."""
    return pytest.mark.parametrize("bad", table.values(), ids=table)


def check(answer: Answer, bad: Bad, status: int = 400) -> None:
    """An answer refuses what is bad, for what is bad in it."""
    said = refused(answer, status, bad.code, *([bad.field] if bad.field is not None else []))
    assert bad.says in said
