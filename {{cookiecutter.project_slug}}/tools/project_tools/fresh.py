"""Whether dvc.lock was made by the code and the configuration that lie here: `uv run fresh`.

It needs no data, so that it can be asked before a commit, and in a fresh clone. Exits with 1 if a
stage would run again.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ASK = ("-m", "dvc", "repro", "--dry", "--allow-missing")  # data that is not here did not change
# The first stage that would run; without data DVC says an error instead where it has inputs.
STALE = re.compile(r"^(?:Running stage|ERROR: failed to reproduce) '(.+?)'", re.MULTILINE)


def main() -> int:
    """Print the first stage that would run again; the exit status."""
    argparse.ArgumentParser(prog="fresh", description=__doc__).parse_args()
    if not (PROJECT / "dvc.lock").exists():
        return 0  # the pipeline never ran: nothing is claimed
    command = [sys.executable, *ASK]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    said = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    stale = STALE.search(said)
    if stale is None and done.returncode == 0:
        return 0
    print(
        f"dvc.lock: the stage {stale[1]} would run again. `uv run dvc repro`, then commit dvc.lock "
        "with what changed (or set SKIP to dvc-lock for one commit)"
        if stale
        else said.strip()
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
