"""What the built template is told before it is deployed: `python -m tools.built x86_64 [Linear10PercentEvery1Minute]`.

- For which processor its layers were built. `sam deploy` knows nothing of what `sam build` was told: it would make
  arm64 functions of x86_64 layers, which fail at their first import. So that processor becomes the default, and
  CloudFormation refuses any other.
- If it is to be gradual, that the functions which move money get an alias, from the old version of which CodeDeploy
  shifts the traffic to the new one; an alarm shifts it back.
"""

import sys
from typing import Any

import yaml

from local.home import PROJECT

BUILT = PROJECT / ".aws-sam" / "build" / "template.yaml"

MOVE_MONEY = (
    *("CreateTransactionFunction", "CreateInflowFunction", "CreateOutflowFunction", "CreateBatchFunction"),
    *("CommitTransactionFunction", "CancelTransactionFunction", "RevertTransactionFunction"),
    *("CreateWalletTransactionFunction", "CreateDepositFunction", "ReportStatusFunction"),
)
ALIAS = "live"
ALARMS = ("MistakesAlarm", "ServerErrorsAlarm")

type Template = dict[str, Any]


def pin(template: Template, architecture: str) -> None:
    """Allow the functions one processor alone."""
    parameter = template["Parameters"]["Architecture"]
    if architecture not in parameter["AllowedValues"]:
        raise SystemExit(f"ARCHITECTURE is one of {parameter['AllowedValues']}, not {architecture}.")
    parameter |= {"Default": architecture, "AllowedValues": [architecture]}


def shift(template: Template, how: str) -> None:
    """Let the functions that move money change version in one of CodeDeploy's ways.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
    """
    for name in MOVE_MONEY:
        template["Resources"][name]["Properties"] |= {
            "AutoPublishAlias": ALIAS,
            "AutoPublishAliasAllProperties": True,  # else a version is published for the ten lines of a function alone
            "DeploymentPreference": {"Type": how, "Alarms": [{"Ref": alarm} for alarm in ALARMS]},
        }
    template["Resources"]["CommonLayer"]["Properties"]["PublishLambdaVersion"] = True


def main(architecture: str, how: str = "") -> None:
    """Change the built template."""
    template: Template = yaml.safe_load(BUILT.read_text())  # plain YAML: SAM has spelled the functions out
    pin(template, architecture)
    if how:
        shift(template, how)
    BUILT.write_text(yaml.safe_dump(template, sort_keys=False, allow_unicode=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
