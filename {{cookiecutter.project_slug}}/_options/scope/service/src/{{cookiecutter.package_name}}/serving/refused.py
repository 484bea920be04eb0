"""Models that are tried no more: a file for each, by its hash, beside what was recorded.

So a refusal outlives the process, and `monitor` can write one, when labels have come that say so.
Deleting the file gives the model another chance.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from ..runtime.files import write_text

FOLDER = "refused"


def why_refused(recorded: Path, model_hash: str) -> str:
    """Return why a model is not tried any more; empty when it may be.

    Args:
        recorded: the folder of what was served.
        model_hash: of its weights.
    """
    file = _file(recorded, model_hash)
    return json.loads(file.read_text("utf-8"))["why"] if file.is_file() else ""


def write_refusal(recorded: Path, model_hash: str, why: str) -> Path:
    """Write down that a model is not to be tried any more; return where."""
    told = {"why": why, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    file = _file(recorded, model_hash)
    write_text(file, json.dumps(told, indent=1) + "\n")
    return file


def _file(recorded: Path, model_hash: str) -> Path:
    return recorded / FOLDER / f"{model_hash}.json"
