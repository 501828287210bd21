"""The HTTP API's routes, which the emulator doesn't read from the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from types_boto3_apigatewayv2 import ApiGatewayV2Client

from local.home import REGION

DEFAULT_ROUTE = "$default"
_SOURCES_TAG = "sources"


@dataclass(frozen=True, slots=True)
class Route:
    """A route key as API Gateway spells it (`GET /health`), the function's logical id, whether a token is needed."""

    key: str
    function: str
    authorized: bool


@dataclass(frozen=True, slots=True)
class Authorizer:
    """The API's Lambda authorizer."""

    name: str
    function: str
    header: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Api:
    """What the built template says about its HTTP API."""

    logical_id: str
    authorizer: Authorizer
    routes: tuple[Route, ...]


def read(template: Path) -> Api:
    """The API in a template as `sam build` writes it: plain YAML, intrinsic functions spelled out."""
    resources: dict[str, Any] = yaml.safe_load(template.read_text())["Resources"]
    [(api_id, api)] = ((name, it) for name, it in resources.items() if it["Type"] == "AWS::Serverless::HttpApi")
    auth = api["Properties"]["Auth"]
    name = auth["DefaultAuthorizer"]
    settings = auth["Authorizers"][name]
    [header] = settings["Identity"]["Headers"]
    return Api(
        logical_id=api_id,
        authorizer=Authorizer(
            name=name,
            function=settings["FunctionArn"]["Fn::GetAtt"][0],
            header=header,
            seconds=settings["Identity"]["ReauthorizeEvery"],
        ),
        routes=tuple(
            Route(_key(event), function, authorized=event.get("Auth", {}).get("Authorizer") != "NONE")
            for function, resource in resources.items()
            if resource["Type"] == "AWS::Serverless::Function"
            for event in _events(resource)
        ),
    )


def _events(function: Mapping[str, Any]) -> list[dict[str, Any]]:
    events = function["Properties"].get("Events", {}).values()
    return [event["Properties"] for event in events if event["Type"] == "HttpApi"]


def _key(event: Mapping[str, str]) -> str:
    return f"{event['Method']} {event['Path']}" if "Path" in event else DEFAULT_ROUTE


def deployed_sources(client: ApiGatewayV2Client, api_id: str) -> str | None:
    """The fingerprint of the sources that `connect` last finished with."""
    return client.get_tags(ResourceArn=_arn(api_id))["Tags"].get(_SOURCES_TAG)


def connect(client: ApiGatewayV2Client, api: Api, api_id: str, functions: Mapping[str, str], sources: str) -> None:
    """Replace the API's authorizer, integrations and routes by the template's.

    `functions` are ARNs by logical id, `sources` is the fingerprint of what was deployed.
    """
    _clear(client, api_id)
    authorizer = client.create_authorizer(
        ApiId=api_id,
        Name=api.authorizer.name,
        AuthorizerType="REQUEST",
        AuthorizerUri=_invocation(functions[api.authorizer.function]),
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
        IdentitySource=[f"$request.header.{api.authorizer.header}"],
        AuthorizerResultTtlInSeconds=api.authorizer.seconds,
    )["AuthorizerId"]
    for route in api.routes:
        integration = client.create_integration(
            ApiId=api_id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=functions[route.function],
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        target = f"integrations/{integration}"
        if route.authorized:
            client.create_route(
                ApiId=api_id, RouteKey=route.key, Target=target, AuthorizationType="CUSTOM", AuthorizerId=authorizer
            )
        else:
            client.create_route(ApiId=api_id, RouteKey=route.key, Target=target)
    # Last of all: an API with the tag is complete.
    client.tag_resource(ResourceArn=_arn(api_id), Tags={_SOURCES_TAG: sources})


def _clear(client: ApiGatewayV2Client, api_id: str) -> None:
    pages = client.get_paginator("get_routes").paginate(ApiId=api_id)
    for route in list(chain.from_iterable(page["Items"] for page in pages)):
        client.delete_route(ApiId=api_id, RouteId=route["RouteId"])
    integrations = client.get_paginator("get_integrations").paginate(ApiId=api_id)
    for integration in list(chain.from_iterable(page["Items"] for page in integrations)):
        client.delete_integration(ApiId=api_id, IntegrationId=integration["IntegrationId"])
    for authorizer in client.get_authorizers(ApiId=api_id)["Items"]:
        client.delete_authorizer(ApiId=api_id, AuthorizerId=authorizer["AuthorizerId"])


def _arn(api_id: str) -> str:
    return f"arn:aws:apigateway:{REGION}::/apis/{api_id}"


def _invocation(function_arn: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
