"""The log: one line of JSON for each request, and one for each mistake of ours. Never a token, a secret or a body."""

import logging

from aws_lambda_powertools.logging import Logger

logger = Logger(use_rfc3339=True)

# At every cold start it would tell where it found its credentials and its endpoint.
logging.getLogger("botocore").setLevel(logging.WARNING)
