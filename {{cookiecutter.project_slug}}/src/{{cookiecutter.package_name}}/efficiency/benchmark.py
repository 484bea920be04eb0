"""What a model costs beside its quality: written to records/, outside of what DVC reproduces."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import Workspace, find_project, known_runs, run_workspace, write_text

HELP = """\
benchmark              time models/network, and write records/efficiency.json
benchmark run=NAME     the model of a run by hand, and write runs/NAME/efficiency.json
benchmark KEY=NUMBER   with another protocol: processes=10 calls=2000 warmup=200 batch=256 threads=1
It takes a minute or two, in which nothing else should run. More: docs/efficiency.md
"""
ROWS = 256  # of the validation split, from which each call takes one
FEWEST = {"processes": 6, "calls": 368, "warmup": 1, "batch": 1, "threads": 1}


@guarded
def main() -> None:
    """Measure, show and write."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    project = find_project(Path.cwd())
    run, numbers = read(arguments)
    workspace = Workspace(project, project, project / "runs", project / "params.yaml")
    file = project / "records/efficiency.json"
    if run is not None:
        workspace = run_workspace(project, run)
        if not workspace.output.exists():
            raise UserError(f"run={run}: no such run. {nearest(run, known_runs(project))}")
        file = workspace.output / "efficiency.json"
    model, prepared = workspace.reads("models/network"), workspace.reads("data/prepared")
    import numpy as np

    from ..arrays import load_split
    from .measuring import Protocol, measure

    facts = json.loads((model / "model.json").read_text("utf-8"))
    rows = np.array(load_split(prepared, "val", facts["fold"]).inputs[:ROWS])
    found = measure(model, facts, rows, Protocol(**numbers))
    write_text(file, json.dumps(found, indent=1) + "\n")
    print(table(found))
    print(f"benchmark: wrote {file.relative_to(project).as_posix()}")


def read(arguments: list[str]) -> tuple[str | None, dict[str, int]]:
    """Return the name of a run, and the numbers of the protocol.

    Raises:
        UserError: for an unknown key, or a number too small for what it is needed for.
    """
    run, numbers = None, dict[str, int]()
    for argument in arguments:
        key, separator, value = argument.partition("=")
        if key == "run" and separator:
            run = value
            continue
        if key not in FEWEST or not separator:
            raise UserError(f"{argument}: unknown. {nearest(key, [*FEWEST, 'run'])}")
        least = FEWEST[key]
        if not value.isdecimal() or int(value) < least:
            why = {"processes": " (an interval needs six)", "calls": " (p99 needs as many)"}
            raise UserError(f"{argument}: expected {least} or more{why.get(key, '')}.")
        numbers[key] = int(value)
    return run, numbers


def table(found: dict[str, Any]) -> str:
    """Return the numbers as aligned lines."""

    def span(entry: dict[str, Any], unit: float, digits: int = 2) -> str:
        value, low, high = (entry[key] / unit for key in ("value", "low", "high"))
        return f"{value:,.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"

    cold, latency = found["cold_start"], found["latency_seconds"]
    importing, loading, first = (cold[name]["value"] for name in cold)
    flops = "not counted" if found["flops_per_row"] is None else f"{found['flops_per_row']:,}"
    sizes = ", ".join(
        f"{name} {size / 1024:,.0f} KiB" for name, size in found["size_bytes"].items()
    )
    lines = {
        "parameters": f"{found['parameters']:,}",
        "FLOPs of a row": flops,
        "size": sizes,
        "cold start": f"import {importing:.2f} s, load {loading:.2f} s, first {1e3 * first:.1f} ms",
        **{f"one row, {name}, ms": span(entry, 1e-3, 3) for name, entry in latency.items()},
        f"rows a second, {found['protocol']['batch']} at once": span(
            found["rows_per_second"], 1, 0
        ),
        "peak memory, MiB": span(found["peak_memory_bytes"], 2**20, 0),
    }
    width = max(map(len, lines))
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in lines.items())


if __name__ == "__main__":
    main()
