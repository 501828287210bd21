"""How many items a write may have, and how many chains a balance."""

MAX_ITEMS = 100
"""How many items one write may have: DynamoDB's limit on `TransactWriteItems`."""

MAX_SHARDS = 16
"""How many chains a balance can be spread over."""
