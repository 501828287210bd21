"""What is stored stays out of the log, also when it cannot be read."""

import pytest

from coffer.store import keys
from tests.integration.ledger_api.books import Books, made
from tests.support.world import Answer


def test_an_item_that_cannot_be_read_is_a_mistake_of_which_the_log_shows_no_value(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "DE89370400440532013000"
    asset = {"name": "Gold", "type": "commodity", "code": "GOLD", "metadata": {"iban": secret}}
    asset_id = made(books.client.post(books.assets, asset)).id
    key = keys.asset(books.ref, asset_id)
    books.world.fake.update_item(
        TableName=books.world.fake.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        UpdateExpression="SET created_at = :text, metadata = :metadata",
        ExpressionAttributeValues={":text": {"S": secret}, ":metadata": {"S": f'{{"iban": ["{secret}"]}}'}},
    )
    answer: Answer = books.client.get(f"{books.assets}/{asset_id}")
    assert answer.status == 500
    assert "mistake" in caplog.text
    assert "ValidationError" in caplog.text
    assert secret not in caplog.text
