"""The template after SAM's transform: what CloudFormation is given."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

from tests.support.template import template

type Resources = dict[str, dict[str, Any]]
"""By their logical ids."""

MOST_RESOURCES = 500
"""Of one stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


@cache
def transformed() -> Resources:
    """The template's resources as plain CloudFormation."""
    return transform(template())


def transform(source: Mapping[str, Any], *, key: str = "packaged", only: str | None = None) -> Resources:
    """A template's resources as plain CloudFormation; `key` is where packages lie, or the package of `only` one."""
    local = deepcopy(dict(source))
    for logical_id, resource in local["Resources"].items():
        place = key if only in {None, logical_id} else "packaged"
        for name in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            resource["Properties"][name] = {"Bucket": "artifacts", "Key": place}  # as `sam package` does
    parameters = {name: parameter["Default"] for name, parameter in local["Parameters"].items()}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="eu-central-1"))
    made: Resources = translator.translate(local, parameters)["Resources"]
    return made
