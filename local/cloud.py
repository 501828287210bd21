"""The deployed stack, as CloudFormation and Lambda know it."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from types_boto3_apigatewayv2 import ApiGatewayV2Client
from types_boto3_cloudformation import CloudFormationClient
from types_boto3_dynamodb import DynamoDBClient
from types_boto3_lambda import LambdaClient

from coffer.store.table import Connection
from local.home import REGION, Home
from local.problem import Problem

STACK = "coffer"


class Cloud:
    """Clients of one emulator, with credentials that no real account knows."""

    def __init__(self, home: Home) -> None:
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106
        at = home.endpoint
        self.apis: ApiGatewayV2Client = session.client("apigatewayv2", endpoint_url=at)
        self._dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=at)
        self._stacks: CloudFormationClient = session.client("cloudformation", endpoint_url=at)
        # An operator's function may take its time the first time; it must not be started twice.
        config = Config(read_timeout=120, retries={"total_max_attempts": 1})
        self._lambda: LambdaClient = session.client("lambda", endpoint_url=at, config=config)

    def status(self) -> str | None:
        """The stack's status, None when there is no stack."""
        try:
            return self._stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise

    def name(self, logical_id: str) -> str:
        """A resource's physical name, by its name in the template."""
        resource = self._stacks.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
        return resource["StackResourceDetail"]["PhysicalResourceId"]

    def function_arn(self, logical_id: str) -> str:
        """A function's ARN."""
        return self._lambda.get_function_configuration(FunctionName=self.name(logical_id))["FunctionArn"]

    def environment(self, logical_id: str) -> dict[str, str]:
        """The variables that a function is deployed with."""
        return self._lambda.get_function_configuration(FunctionName=self.name(logical_id))["Environment"]["Variables"]

    def table(self) -> Connection:
        """The stack's table."""
        return Connection(self._dynamodb, self.name("Table"))

    def invoke(self, logical_id: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """A function's answer to `payload`; Problem with its message when it raises."""
        answer = self._lambda.invoke(FunctionName=self.name(logical_id), Payload=json.dumps(payload).encode())
        content: dict[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise Problem(f"{logical_id} failed: {content.get('errorType')}: {content.get('errorMessage')}")
        return content
