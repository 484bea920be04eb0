"""Says what is missing on this machine, with the command that mends it. Changes nothing.

`uv run doctor`; before there is an environment `python tools/project_tools/doctor.py`, for it
needs the standard library only. Exits with 1 if something required is missing.
"""

from __future__ import annotations

import argparse
import configparser
import sys
from pathlib import Path

if not __package__:  # run as a plain file
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from project_tools import machine, repository, tracking
from project_tools.check import MISSING, NOTE, Check

PROJECT = Path(__file__).resolve().parents[2]
CHECKS = (*machine.CHECKS, *repository.CHECKS, *tracking.CHECKS)


def examine(project: Path) -> list[Check]:
    """One finding of every check on the project in the folder `project`."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(check(project))
        # One file that cannot be read must not hide the other findings.
        except (OSError, ValueError, configparser.Error) as problem:
            findings.append(Check(NOTE, check.__name__, f"could not be looked at: {problem}"))
    return findings


def main() -> int:
    """Print every finding, what to fix first standing first; the exit status."""
    argparse.ArgumentParser(prog="doctor", description=__doc__).parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a path that the console cannot write
    findings = examine(PROJECT)
    for finding in findings:
        print(f"{finding.status:8} {finding.subject:11} {finding.detail}")
        for command in finding.mend:
            print(f"{'':20} > {command}")
    missing = sum(finding.status == MISSING for finding in findings)
    print(f"\n{missing} required: run the commands above from the top" if missing else "\nReady.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
