"""What a look at the machine gives, and how it asks other programs."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OK, NOTE, MISSING = "ok", "note", "MISSING"  # only MISSING fails: a note costs comfort, not work


@dataclass(frozen=True)
class Check:
    """One finding; `mend` holds the commands that would turn it into `ok`, in order."""

    status: str
    subject: str
    detail: str
    mend: tuple[str, ...] = ()


def ask(folder: Path, *command: str, seconds: float = 2) -> tuple[bool, str]:
    """Whether `command` succeeded in `folder`, and what it printed first (its complaint if not)."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return False, str(problem)
    printed = (done.stderr if done.returncode else done.stdout).decode("utf-8", "replace")
    return done.returncode == 0, next(iter(printed.splitlines()), "")


def environment(project: Path) -> Path:
    """Where uv keeps the project's environment, whether it is there yet or not."""
    return project / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def installed(project: Path, distribution: str) -> str | None:
    """The version in the project's environment (else in the running one); imports nothing."""
    folder = environment(project)
    sites = [*folder.glob("lib/python3*/site-packages"), *folder.glob("Lib/site-packages")]
    path = [str(site) for site in sites] if folder.is_dir() else sys.path
    found = importlib.metadata.distributions(name=distribution, path=path)
    return next((one.version for one in found), None)
