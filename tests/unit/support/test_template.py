"""The table that tests use is the template's."""

from tests.support.template import resources, table_definition


def test_the_definition_is_what_a_table_is_made_of() -> None:
    definition = table_definition()
    assert definition["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert [index["IndexName"] for index in definition["GlobalSecondaryIndexes"]] == ["gsi1", "gsi2"]
    assert definition.keys() == {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"}


def test_short_tags_are_read_as_their_long_forms() -> None:
    (table,) = (resource for resource in resources().values() if resource["Type"] == "AWS::DynamoDB::Table")
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
