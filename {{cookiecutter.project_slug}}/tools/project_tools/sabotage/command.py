"""Tries the cuts of tests/cuts: `uv run sabotage`, or `uv run sabotage NAME`.

A cut is a plausible mistake. One that survives means that somebody could make that mistake, and
every test would still pass. Exits with 1 unless each cut is caught.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from project_tools.sabotage import trial
from project_tools.sabotage.cuts import Cut, CutError, load, select
from project_tools.sabotage.processes import CAN_FORK

PROJECT = Path(__file__).resolve().parents[3]


def main() -> int:
    """Print a line for each cut and a summary; the exit status."""
    arguments = _parser().parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    # Python ends at once at SIGTERM; as an exception it removes the copies first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        cuts = select(load(PROJECT / "tests" / "cuts"), arguments.names, arguments.proves)
        if arguments.list:
            _list(cuts)
            return 0
        return _run(cuts, arguments.jobs, CAN_FORK and not arguments.fresh)
    except CutError as error:
        print(f"sabotage: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sabotage: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sabotage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="cuts to try; all of them if none")
    parser.add_argument("--list", action="store_true", help="say what the cuts are")
    parser.add_argument(
        "--proves",
        action="append",
        metavar="ID",
        help="only cuts that prove this: a skill area (evaluation), an item of the ML Test Score "
        "(infra-1), or all of them (all); can be given several times",
    )
    parser.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="cuts at once (1), or auto: one a core"
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="import everything anew for each cut, as where no fork is",
    )
    return parser


def _jobs(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected a whole number above 0, or auto")
    return int(text)


def _list(cuts: list[Cut]) -> None:
    for cut in cuts:
        print(f"{cut.name}\n    {cut.target}\n    {cut.why}")
        if cut.proves:
            print(f"    proves: {', '.join(cut.proves)}")


def _detail(finding: trial.Finding) -> str:
    detail = finding.detail
    if finding.verdict == trial.SURVIVED:
        detail = f"{detail}: {finding.cut.target}. {finding.cut.why}"
    return f"{detail} [{finding.seconds:.1f} s]" if finding.seconds else detail


def _run(cuts: list[Cut], jobs: int, fork: bool) -> int:
    print(f"{len(cuts)} cuts: first their tests run once without any", flush=True)
    start, verdicts = time.monotonic(), Counter[str]()
    width = max((len(cut.name) for cut in cuts), default=0)
    with closing(trial.try_cuts(PROJECT, cuts, jobs, fork=fork)) as findings:
        for finding in findings:
            verdicts[finding.verdict] += 1
            print(f"{finding.verdict:8} {finding.cut.name:{width}} {_detail(finding)}", flush=True)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    print(f"\n{len(cuts)} cuts: {counts or 'none'} ({time.monotonic() - start:.0f} s)")
    return 0 if verdicts[trial.CAUGHT] == len(cuts) else 1


if __name__ == "__main__":
    sys.exit(main())
