"""A line of JSON for each event, on standard output. Payloads are never in it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

NAMES = ("serve", "uvicorn.error", __name__.rpartition(".")[0])
USUAL = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}
ENCODER = json.JSONEncoder(default=str, ensure_ascii=False)


class AsJson(logging.Formatter):
    """Formats a record and its extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"time": when, "level": record.levelname.lower()}
        told["event"] = record.getMessage()
        told |= {key: value for key, value in record.__dict__.items() if key not in USUAL}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return ENCODER.encode(told)


def configure() -> None:
    """Have our loggers, and uvicorn's, write to standard output."""
    # What no line tells is not looked up (Python's logging HOWTO, Optimization): half of its time.
    for name in ("logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks"):
        setattr(logging, name, False)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(AsJson())
    for name in NAMES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO)
