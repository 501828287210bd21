"""The functions as `template.yaml` has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.template import resources

DEFAULT_ROUTE = "$default"


@dataclass(frozen=True, slots=True)
class Route:
    """A function's event: method and path (`ANY $default` without either), and whether a token is asked for."""

    method: str
    path: str
    authorized: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function's resource."""

    logical_id: str
    properties: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """The folder below `functions/`."""
        return str(self.properties["CodeUri"]).removeprefix("functions/")

    @property
    def module(self) -> str:
        """The module in the folder."""
        return str(self.properties["Handler"]).removesuffix(".handler")

    @property
    def name(self) -> str:
        """The place of its module, as `assets/create`."""
        return f"{self.folder}/{self.module}"

    @property
    def routes(self) -> list[Route]:
        """The requests that it answers."""
        return [
            Route(
                method=event["Properties"].get("Method", "ANY"),
                path=event["Properties"].get("Path", DEFAULT_ROUTE),
                authorized=event["Properties"].get("Auth", {}).get("Authorizer") != "NONE",
            )
            for event in self.properties.get("Events", {}).values()
            if event["Type"] == "HttpApi"
        ]

    @property
    def schedules(self) -> list[str]:
        """When it is called by the clock."""
        events = self.properties.get("Events", {}).values()
        return [event["Properties"]["Schedule"] for event in events if event["Type"] == "Schedule"]

    @property
    def statements(self) -> Iterator[Mapping[str, Any]]:
        """The statements of its policies."""
        for policy in self.properties.get("Policies", []):
            yield from policy["Statement"]


def functions() -> list[Function]:
    """Every function of the template."""
    return [
        Function(logical_id, resource["Properties"])
        for logical_id, resource in resources().items()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
