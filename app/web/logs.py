"""One JSON line a request on stdout, with nothing in it that a log should not know."""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

_logger = logging.getLogger("rappel.requests")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; new lines inside values cannot forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)  # in ASCII: some readers also take U+2028 and the like for a new line


def to_stdout(level: int = logging.INFO) -> None:
    """Send the process's log to stdout as JSON lines; called by the server's command, never by tests."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def init(app: Flask) -> None:
    """Give each request a reference (shown on error pages) and write its line when it ends."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.reference = secrets.token_hex(4)
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    fields = {
        "reference": g.get("reference"),
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,  # never the address: it may hold a secret
        "status": response.status_code,
        "took_ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
    }
    _logger.info("request", extra={"fields": fields})
    return response
