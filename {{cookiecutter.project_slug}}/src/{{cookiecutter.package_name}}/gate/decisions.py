"""Each decision as a file under version control: who, when, what, and on which numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..runtime.files import write_text
from ..tracking.lineage import ask_git

FOLDER = "records/decisions"


def keep_decision(project: Path, decision: dict[str, Any]) -> Path:
    """Write a decision, and return its file; its name sorts by time and says what it was."""
    now = datetime.now(UTC)
    verdict, model = decision["verdict"].lower(), decision["challenger"]["model_hash"][:8]
    file = project / FOLDER / f"{now:%Y-%m-%dT%H%M%S.%f}Z-{verdict}-{model}.json"
    content = {"decided_at": now.isoformat(timespec="seconds"), "decided_by": who(project)}
    write_text(file, json.dumps(content | decision, indent=1, allow_nan=False) + "\n")
    return file


def who(project: Path) -> str:
    """Return how git calls the person at the keyboard."""
    names = [_git(project, "config", key) for key in ("user.name", "user.email")]
    return f"{names[0]} <{names[1]}>" if all(names) else names[0] or "unknown"


def commit_of(project: Path) -> str:
    """Return the commit that is checked out, or nothing where there is none."""
    return _git(project, "rev-parse", "HEAD")


def changes(project: Path) -> list[str]:
    """Return the files that differ from the commit; records/ only tells what happened."""
    lines = _git(project, "status", "--porcelain", "--", ".", ":(exclude)records").splitlines()
    return [line.strip() for line in lines]


def _git(project: Path, *arguments: str) -> str:
    return ask_git(project, *arguments).decode(errors="replace").strip()
