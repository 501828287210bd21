"""The least that a function on DynamoDB can be: boto3's client, made while the function starts."""

import boto3

CLIENT = boto3.client("dynamodb")


def handler(_event: object, _context: object) -> dict[str, object]:
    return {"statusCode": 204}
