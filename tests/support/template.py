"""The table as `template.yaml` defines it: the one definition, also for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

import yaml

if TYPE_CHECKING:
    from types_boto3_dynamodb.literals import BillingModeType
    from types_boto3_dynamodb.type_defs import (
        AttributeDefinitionTypeDef,
        GlobalSecondaryIndexUnionTypeDef,
        KeySchemaElementTypeDef,
    )

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class TableDefinition(TypedDict):
    """What `create_table` needs, but for the name."""

    AttributeDefinitions: list[AttributeDefinitionTypeDef]
    KeySchema: list[KeySchemaElementTypeDef]
    GlobalSecondaryIndexes: NotRequired[list[GlobalSecondaryIndexUnionTypeDef]]
    BillingMode: NotRequired[BillingModeType]


def table_definition() -> TableDefinition:
    """The definition of the template's one table, as `create_table` takes it."""
    (properties,) = (
        resource["Properties"] for resource in resources().values() if resource["Type"] == "AWS::DynamoDB::Table"
    )
    members = TableDefinition.__required_keys__ | TableDefinition.__optional_keys__
    return cast("TableDefinition", {name: value for name, value in properties.items() if name in members})


def resources() -> dict[str, dict[str, Any]]:
    """The template's resources by their logical ids."""
    return template()["Resources"]


@cache
def template() -> dict[str, dict[str, Any]]:
    """The whole template."""
    loaded: dict[str, dict[str, Any]] = yaml.load(TEMPLATE.read_text(), _Loader)  # noqa: S506 -- a SafeLoader
    return loaded


class _Loader(yaml.SafeLoader):
    """Knows CloudFormation's short tags: `!Ref Name` becomes `{"Ref": "Name"}`, `!Sub text` `{"Fn::Sub": "text"}`."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        content: Any = loader.construct_scalar(node)
        return {name: content.split(".", 1) if tag == "GetAtt" else content}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    raise yaml.constructor.ConstructorError(None, None, f"!{tag} of neither a text nor a list", node.start_mark)


_Loader.add_multi_constructor("!", _intrinsic)
