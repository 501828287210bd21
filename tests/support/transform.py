"""The template after SAM's transform: what CloudFormation is given."""

from copy import deepcopy
from functools import cache
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

from tests.support.template import template


@cache
def transformed() -> dict[str, dict[str, Any]]:
    """The resources by their logical ids, as plain CloudFormation."""
    local = deepcopy(template())
    for resource in local["Resources"].values():
        for name in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            resource["Properties"][name] = {"Bucket": "artifacts", "Key": "packaged"}  # as `sam package` does
    parameters = {name: parameter["Default"] for name, parameter in local["Parameters"].items()}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="eu-central-1"))
    made: dict[str, dict[str, Any]] = translator.translate(local, parameters)["Resources"]
    return made
