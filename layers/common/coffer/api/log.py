"""The log: one line of JSON for each request, and one for each mistake of ours. Never a token, a secret or a body."""

import logging

from aws_lambda_powertools.logging import Logger

MISTAKE = "mistake"
"""The message of what is ours to mend; the template counts these lines, and its alarm tells of them."""

# Bytes that are logged cost as much as a function's time: nothing is said that is the same in every line, or twice.
logger = Logger(use_rfc3339=True, location=None, serialize_stacktrace=False)
logger.remove_keys(["service"])

# At every cold start it would tell where it found its credentials and its endpoint.
logging.getLogger("botocore").setLevel(logging.WARNING)
