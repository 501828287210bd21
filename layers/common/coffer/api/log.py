"""The log: one line of JSON for each request, and one for each mistake of ours. Never a token, a secret or a body."""

import json
import logging
import os
import sys

from coffer.times import rfc3339


class Line(logging.Formatter):
    """A record as one line of JSON, which Lambda passes on as it is: it filters by `level` and sorts by `timestamp`."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, message and moment, then what stands in `extra["fields"]`, and what was raised."""
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": rfc3339(int(record.created * 1000)),
            **{name: each for name, each in getattr(record, "fields", {}).items() if each is not None},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str)


def _logger() -> logging.Logger:
    made = logging.getLogger("coffer")
    made.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    made.propagate = False  # Lambda has a handler of its own on the root, which would say all of it again
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Line())
    made.addHandler(handler)
    return made


logger = _logger()

# At every cold start it would tell where it found its credentials and its endpoint.
logging.getLogger("botocore").setLevel(logging.WARNING)
