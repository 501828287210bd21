"""GET /health: the stack is up."""


def handler(_event: object, _context: object) -> dict[str, object]:
    """Answer without looking at anything: what a load balancer or a monitor wants to know."""
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": '{"status":"UP"}'}
