"""How restore asks other programs, and how it says that it cannot go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DVC = (sys.executable, "-m", "dvc")
# A git hook that calls us would point git at its own repository.
GIT_POINTERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


class RestoreError(Exception):
    """Why a run cannot be restored, and what to do about it."""


def call(folder: Path, *command: str, source: Path | None = None) -> tuple[bool, str]:
    """Whether `command` succeeded in `folder`, and what it printed (its complaint if not).

    Python in it imports from the folder `source` before anything else.
    """
    environment = {key: value for key, value in os.environ.items() if key not in GIT_POINTERS}
    if source:
        places = [str(source), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except OSError as problem:
        return False, str(problem)
    return done.returncode == 0, (done.stderr if done.returncode else done.stdout).decode(
        "utf-8", "replace"
    )


def demand(folder: Path, *command: str, otherwise: str) -> str:
    """What `command` printed; if it fails, the error `otherwise` with its complaint."""
    succeeded, printed = call(folder, *command)
    if not succeeded:
        raise RestoreError(f"{otherwise}: {complaint(printed)}")
    return printed


def complaint(printed: str) -> str:
    """The line that says what went wrong: the first of DVC's, or else the last one."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()] or ["no reason given"]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return errors[0] if errors else lines[-1].removeprefix("fatal: ")
