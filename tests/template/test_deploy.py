"""What `make build` and `make deploy` give SAM: one processor for layers and functions, and stages that are safe."""

import subprocess
import tomllib
from copy import deepcopy

import pytest

from local.home import PROJECT
from tests.support.functions import functions
from tests.support.template import template
from tests.support.transform import MOST_RESOURCES, Resources, transform
from tools.built import ALARMS, ALIAS, MOVE_MONEY, pin, shift

UNPROTECTED = {"development", "local"}
"""Stages that may be thrown away. The emulator's parameters are given by `local/deploy.py`."""


def recipe(*arguments: str) -> str:
    """What make would do."""
    return subprocess.run(
        ["make", "--dry-run", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_a_built_template_is_deployed_for_the_processor_it_was_built_for_and_for_no_other(architecture: str) -> None:
    built = deepcopy(template())
    pin(built, architecture)
    parameter = built["Parameters"]["Architecture"]
    assert (parameter["Default"], parameter["AllowedValues"]) == (architecture, [architecture])
    parameter |= {name: template()["Parameters"]["Architecture"][name] for name in ("Default", "AllowedValues")}
    assert built == template()


def test_a_processor_that_lambda_does_not_have_is_refused() -> None:
    with pytest.raises(SystemExit, match="not sparc"):
        pin(deepcopy(template()), "sparc")


@pytest.fixture(scope="module")
def shifted() -> Resources:
    """What CloudFormation is given when a deployment is gradual."""
    built = deepcopy(template())
    shift(built, "Linear10PercentEvery1Minute")
    return transform(built)


def test_a_gradual_deployment_is_one_of_every_function_that_moves_money_and_of_no_other(shifted: Resources) -> None:
    groups = {name for name, each in shifted.items() if each["Type"] == "AWS::CodeDeploy::DeploymentGroup"}
    assert groups == {f"{name}DeploymentGroup" for name in MOVE_MONEY}
    moving = {"wallet_transactions/create", "settlement/create_deposit", "settlement/report_status"}
    steps = ("create_json", "create_inflow", "create_outflow", "create_batch", "commit", "cancel", "revert")
    named = {function.logical_id: function.name for function in functions()}
    assert {named[name] for name in MOVE_MONEY} == moving | {f"transactions/{step}" for step in steps}
    assert len(shifted) < MOST_RESOURCES * 2 / 3 + len(MOVE_MONEY) * 3


def test_a_mistake_or_too_many_5xx_shift_the_traffic_back(shifted: Resources) -> None:
    for name in MOVE_MONEY:
        alarms = shifted[f"{name}DeploymentGroup"]["Properties"]["AlarmConfiguration"]["Alarms"]
        assert alarms == [{"Name": {"Ref": alarm}} for alarm in ALARMS]
        assert set(ALARMS) <= shifted.keys()


def test_the_gateway_calls_the_alias_and_may_call_nothing_else_of_it(shifted: Resources) -> None:
    permissions = [each["Properties"] for each in shifted.values() if each["Type"] == "AWS::Lambda::Permission"]
    (api,) = (each["Properties"] for each in shifted.values() if each["Type"] == "AWS::ApiGatewayV2::Api")
    for name in MOVE_MONEY:
        alias = f"{name}Alias{ALIAS}"
        assert [{"Ref": alias}] == [each["FunctionName"] for each in permissions if name in str(each["FunctionName"])]
        assert f"${{{alias}}}" in str(api["Body"])
        assert f"${{{name}.Arn}}" not in str(api["Body"])


def test_a_change_of_the_layer_alone_is_a_new_version(shifted: Resources) -> None:
    """All of Coffer is in the layer; a function's own code is ten lines."""
    built = deepcopy(template())
    shift(built, "Linear10PercentEvery1Minute")
    changed = transform(built, key="changed", only="CommonLayer")
    for made in (shifted, changed):
        assert sum(each["Type"] == "AWS::Lambda::Version" for each in made.values()) == len(MOVE_MONEY)
    versions = [
        {name for name, each in made.items() if each["Type"] == "AWS::Lambda::Version"} for made in (shifted, changed)
    ]
    assert not versions[0] & versions[1]


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_make_builds_for_one_processor_and_deploys_what_it_built(architecture: str) -> None:
    made = recipe("deploy", f"ARCHITECTURE={architecture}", "STAGE=production", "GRADUAL=AllAtOnce")
    steps = ("sam build --parameter-overrides Architecture=", "-m tools.built ", "sam deploy --config-env production")
    places = [
        made.index(step) for step in (f"{steps[0]}{architecture}", f"{steps[1]}{architecture} AllAtOnce", steps[2])
    ]
    assert places == sorted(places)


def test_a_stage_is_protected_and_keeps_its_logs_unless_it_is_one_to_throw_away() -> None:
    stages = tomllib.loads((PROJECT / "samconfig.toml").read_text())
    del stages["version"]
    assert stages.keys() == {"default", "production", *UNPROTECTED}
    changed = {name for name, stage in stages.items() if "parameter_overrides" in stage.get("deploy", {})["parameters"]}
    assert changed <= UNPROTECTED
    names = [stage["global"]["parameters"]["stack_name"] for name, stage in stages.items() if name != "local"]
    assert len(set(names)) == len(names)
    assert template()["Parameters"]["DeletionProtection"]["Default"] == "true"
    assert template()["Parameters"]["LogRetentionDays"]["Default"] == 90
