"""What a model costs beside its quality: written to records/, outside of what DVC reproduces."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project, known_runs, run_workspace, stage_workspace, write_text
from .worker import Protocol

HELP = """\
benchmark              time models/network, and write records/efficiency.json
benchmark run=NAME     the model of a run by hand, and write runs/NAME/efficiency.json
benchmark KEY=VALUE    with another protocol:
                       processes=10 calls=2000 warmup=200 batch=256 threads=1 device=cpu
It takes a minute or two, in which nothing else should run. More: docs/efficiency.md
"""
FEWEST = {"processes": 6, "calls": 368, "warmup": 1, "batch": 1, "threads": 1}
WHY = {"processes": " (an interval needs six)", "calls": " (an interval of p99 needs as many)"}
DEVICES = ("cpu", "cuda")
MIB, MILLISECOND = 2**20, 1e-3


@guarded
def main() -> None:
    """Measure, show and write."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    run, how = read(arguments)
    project = find_project(Path.cwd())
    workspace, file = stage_workspace(project, "benchmark"), project / "records/efficiency.json"
    if run is not None:
        workspace = run_workspace(project, run)
        file = workspace.output / "efficiency.json"
        if not workspace.output.exists():
            raise UserError(f"run={run}: no such run. {nearest(run, known_runs(project))}")
    model, prepared = workspace.reads("models/network"), workspace.reads("data/prepared")
    from .measuring import measure

    found = measure(model, prepared, how)
    write_text(file, json.dumps(found, indent=1) + "\n")
    print(table(found))
    print(f"benchmark: wrote {file.relative_to(project).as_posix()}")


def read(arguments: list[str]) -> tuple[str | None, Protocol]:
    """Return the name of a run, and the protocol.

    Raises:
        UserError: for an unknown key or value, or a number too small for what it is needed for.
    """
    run: str | None = None
    device, numbers = "cpu", dict[str, int]()
    for argument in arguments:
        key, _, value = argument.partition("=")
        if key not in ("run", "device", *FEWEST):
            raise UserError(f"{argument}: unknown. {nearest(key, ['run', 'device', *FEWEST])}")
        if not value:
            raise UserError(f"{argument}: expected {key}=VALUE.")
        if key == "run":
            run = value
        elif key == "device":
            if value not in DEVICES:
                raise UserError(f"{argument}: unknown. {nearest(value, DEVICES)}")
            device = value
        elif not value.isdecimal() or int(value) < FEWEST[key]:
            raise UserError(f"{argument}: expected {FEWEST[key]} or more{WHY.get(key, '')}.")
        else:
            numbers[key] = int(value)
    return run, Protocol(**numbers, device=device)


def table(found: dict[str, Any]) -> str:
    """Return what was measured as aligned lines."""
    flops, cold, facts = found["flops_per_row"], found["cold_start"], found["machine"]
    lines = {
        "": "median of the processes [95 % interval]",
        "parameters": f"{found['parameters']:,}",
        "FLOPs of one row": f"{flops['value']:,}" if flops["value"] else flops["why"],
        **{f"size of {name}": f"{n / MIB:,.2f} MiB" for name, n in found["size_bytes"].items()},
        "cold start: import": f"{_span(cold['import_seconds'], MILLISECOND, 0)} ms",
        "cold start: load": f"{_span(cold['load_seconds'], MILLISECOND, 0)} ms",
        "cold start: first call": f"{_span(cold['first_call_seconds'], MILLISECOND, 1)} ms",
        **{
            f"one row, {name}": f"{_span(entry, MILLISECOND, 3)} ms"
            for name, entry in found["latency_seconds"].items()
        },
        f"{found['protocol']['batch']} rows at once": (
            f"{_span(found['rows_per_second'], 1, 0)} rows/s"
        ),
        "peak memory": f"{_span(found['peak_memory_bytes'], MIB, 0)} MiB",
    }
    if "peak_gpu_memory_bytes" in found:
        lines["peak memory, GPU"] = f"{_span(found['peak_gpu_memory_bytes'], MIB, 0)} MiB"
    lines["measured on"] = facts.get("gpu") or facts["processor"]
    lines["with"] = f"torch {facts['torch']}, threads: {facts['threads']}"
    width = max(map(len, lines))
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in lines.items())


def _span(entry: dict[str, Any], unit: float, digits: int) -> str:
    value, low, high = (entry[key] / unit for key in ("value", "low", "high"))
    return f"{value:,.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


if __name__ == "__main__":
    main()
