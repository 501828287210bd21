"""What the engine has to know of where its entries are written."""

MAX_ITEMS = 100
"""How many items one write may have: DynamoDB's limit on `TransactWriteItems`."""
