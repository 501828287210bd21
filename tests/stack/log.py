"""What the functions on the stack have logged, by the same rules as in any other test (`tests/support/logs.py`)."""

import json
import re
from collections.abc import Iterable, Iterator

import boto3

from coffer.api.log import MISTAKE
from local.cloud import STACK
from local.home import REGION, Home
from tests.support.logs import SECRETS, problems

_OF_LAMBDA = re.compile(r"(START|END|REPORT) RequestId: [-0-9a-f]{36}\b.*")
_OF_AN_OPERATOR = re.compile(
    r"^Traceback \(most recent call last\):\n(?:[ \t].*\n)+coffer\.ledger\.refusal\.Refusal: ", re.MULTILINE
)
"""Where an operator's function was refused, which Lambda logs; it is told who has asked, no caller of the API."""
_REFUSED = "Refused: "
_AT_ONCE = 10_000
"""The most lines that one question is answered with."""


def logged(home: Home) -> Iterator[str]:
    """Every line in the functions' log group, which outlives the emulator's process; those of one call together."""
    logs = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION).client(
        "logs", endpoint_url=home.endpoint
    )
    since, more = 0, True
    while more:  # the emulator gives no token for what follows
        events = logs.filter_log_events(logGroupName=f"/coffer/{STACK}", startTime=since)["events"]
        more, last = len(events) == _AT_ONCE, events[-1]["timestamp"]
        yield from (event["message"] for event in events if not more or event["timestamp"] < last)
        since = last


def found(lines: Iterable[str]) -> Iterator[str]:
    """What is wrong with lines of a log, Lambda's own aside. A mistake is: nobody here knows what it must not tell."""
    for line in _OF_AN_OPERATOR.sub(_REFUSED, "\n".join(lines)).split("\n"):
        if _OF_LAMBDA.fullmatch(line):
            continue
        if line.startswith(_REFUSED):
            wrong = ["a secret"] if SECRETS.search(line) else []
        else:
            try:
                wrong = [*problems(line, []), *(["a mistake"] if json.loads(line)["message"] == MISTAKE else [])]
            except ValueError:
                wrong = ["a line that is not the log's"]
        yield from (f"{each}: {line}" for each in wrong)
