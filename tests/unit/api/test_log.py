"""What is logged: one line of JSON, which Lambda takes as it is."""

import json
import logging
from typing import Any

from coffer.api.log import Line, logger


def line(error: Exception | None = None, **fields: object) -> dict[str, Any]:
    """A record as it is written."""
    raised = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("coffer", logging.INFO, __file__, 1, "request", None, raised)
    record.created = 1_768_473_600.25
    record.fields = fields
    text = Line().format(record)
    assert "\n" not in text
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def test_a_line_says_how_grave_it_is_what_happened_and_when() -> None:
    assert line() == {"level": "INFO", "message": "request", "timestamp": "2026-01-15T10:40:00.250Z"}


def test_fields_stand_beside_them_as_what_they_are_and_nothing_is_said_of_what_is_none() -> None:
    said = line(status=201, client=None, route="POST /ação")
    assert (said["status"], said["route"]) == (201, "POST /ação")
    assert "client" not in said


def test_what_was_raised_is_on_the_same_line() -> None:
    assert line(ValueError("no\nway"))["exception"] == "ValueError: no\nway"


def test_lambda_s_own_handler_does_not_say_it_again() -> None:
    assert not logger.propagate
