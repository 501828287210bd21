"""Coffer: an asset ledger on AWS Lambda and DynamoDB."""

import gc
import os

__version__ = "0.1.0"

IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
"""Whether this process serves a function, and nothing else."""

if IN_LAMBDA:
    # Nearly all that is made while a function starts stays: to look for garbage meanwhile takes a tenth of its start.
    # `coffer.api.runtime.start` has it collected again.
    gc.disable()
