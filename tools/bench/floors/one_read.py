"""The least that a function which reads from DynamoDB can be: one item, which is not there."""

import boto3

CLIENT = boto3.client("dynamodb")


def handler(_event: object, _context: object) -> dict[str, object]:
    CLIENT.get_item(TableName="coffer", Key={"pk": {"S": "nothing"}, "sk": {"S": "nothing"}}, ConsistentRead=True)
    return {"statusCode": 204}
