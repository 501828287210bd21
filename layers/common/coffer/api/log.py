"""The log: one line of JSON for each request, and one for each mistake of ours. Never a token, a secret or a body."""

from aws_lambda_powertools.logging import Logger

logger = Logger(use_rfc3339=True)
