"""A verification that finds something says so in the log, in the word that the alarm counts."""

import json
import logging
from collections.abc import Iterator

import pytest

from coffer.api.log import MISTAKE, logger
from coffer.store import keys
from tests.integration.ledger_api.books import Books, open_books
from tests.integration.verification.operator import verify_ledger
from tests.integration.verification.rich import HOUR, open_account, post
from tests.support.world import World


class Lines(logging.Handler):
    """What is logged, line by line, as it is written in Lambda."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logger.registered_formatter)
        self.said: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.said.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged from now on."""
    handler = Lines()
    inner = logging.getLogger(logger.name)
    inner.addHandler(handler)
    yield handler
    inner.removeHandler(handler)


@pytest.fixture
def books() -> Books:
    """A ledger with money in it, quiet for an hour."""
    books = open_books(World().client())
    books.add("BRL")
    open_account(books, "@alice")
    post(books, "100", "@external/BRL", "@alice")
    books.world.clock.now += HOUR
    return books


def mistakes(lines: Lines) -> list[dict[str, object]]:
    """The lines that the alarm counts, but for their moments."""
    found = [line for line in lines.said if line["message"] == MISTAKE]
    return [{name: value for name, value in line.items() if name != "timestamp"} for line in found]


def test_what_a_verification_finds_is_a_mistake_in_the_log_with_its_ledger_and_their_number(
    books: Books, lines: Lines
) -> None:
    entry = keys.entry(keys.chain(books.ref, "@alice", "default", 0), 2)
    books.world.fake.update_item(
        TableName=books.world.fake.table,
        Key={"pk": {"S": entry.pk}, "sk": {"S": entry.sk}},
        UpdateExpression="SET available = :more",
        ExpressionAttributeValues={":more": {"S": "1000000"}},
    )
    answer = verify_ledger(books.world, books.ref)
    assert answer["found"] > 0
    assert mistakes(lines) == [
        {
            "level": "ERROR",
            "message": MISTAKE,
            "found": answer["found"],
            "client": books.ref.client_id,
            "organization": books.ref.organization_id,
            "ledger": books.ref.ledger_id,
        }
    ]


def test_a_verification_that_finds_nothing_says_nothing(books: Books, lines: Lines) -> None:
    assert verify_ledger(books.world, books.ref)["found"] == 0
    assert mistakes(lines) == []
