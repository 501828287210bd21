"""What the functions on the stack have logged, by the same rules as in any other test (`tests/support/logs.py`)."""

import json
import re
from collections.abc import Iterable, Iterator

import boto3

from coffer.api.log import MISTAKE
from local.cloud import STACK
from local.home import REGION, Home
from tests.support.logs import problems

_OF_LAMBDA = re.compile(r"(START|END|REPORT) RequestId: [-0-9a-f]{36}\b.*")
_AT_ONCE = 10_000
"""The most lines that one question is answered with."""


def logged(home: Home) -> Iterator[str]:
    """Every line in the functions' log group, which outlives the emulator's process; some of them several times."""
    logs = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION).client(
        "logs", endpoint_url=home.endpoint
    )
    since, count = 0, _AT_ONCE
    while count == _AT_ONCE:  # the emulator gives no token for what follows
        events = logs.filter_log_events(logGroupName=f"/coffer/{STACK}", startTime=since)["events"]
        yield from (event["message"] for event in events)
        since, count = events[-1]["timestamp"], len(events)


def found(lines: Iterable[str]) -> Iterator[str]:
    """What is wrong with lines of a log, Lambda's own aside. A mistake is: nobody here knows what it must not tell."""
    for line in lines:
        if _OF_LAMBDA.fullmatch(line):
            continue
        try:
            wrong = [*problems(line, []), *(["a mistake"] if json.loads(line)["message"] == MISTAKE else [])]
        except ValueError:
            wrong = ["a line that is not the log's"]
        yield from (f"{each}: {line}" for each in wrong)
