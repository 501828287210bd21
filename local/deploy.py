"""The built template, deployed to the emulator as to the cloud."""

from local import gateway
from local.build import architecture
from local.cloud import STACK, Cloud
from local.home import PROJECT, Home, run, tool

_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def is_current(home: Home, cloud: Cloud, sources: str) -> bool:
    """Whether just these sources are deployed, routes and all."""
    if cloud.status() not in _COMPLETE or not home.template.exists():
        return False
    api = gateway.read(home.template)
    return gateway.deployed_sources(cloud.apis, cloud.name(api.logical_id)) == sources


def deploy(home: Home, cloud: Cloud, sources: str) -> None:
    """Create or update the stack, then add what the emulator leaves out; Problem when it fails."""
    run(
        [
            tool("sam"),
            "deploy",
            *("--config-file", PROJECT / "samconfig.toml"),  # SAM looks for it beside the built template
            *("--config-env", "local"),
            *("--template-file", home.template),
            *("--stack-name", STACK),
            *("--parameter-overrides", f"Architecture={architecture()} DeletionProtection=false"),
        ],
        home.environment(),
        home.folder / "deploy.log",
    )
    api = gateway.read(home.template)
    functions = {api.authorizer.function, *(route.function for route in api.routes)}
    arns = {function: cloud.function_arn(function) for function in functions}
    gateway.connect(cloud.apis, api, cloud.name(api.logical_id), arns, sources)
