"""One fresh process that loads a model and times it: `python -m PACKAGE.efficiency.worker`.

It is given a model folder, and a folder with rows.npy (inputs as the predictor takes them) and
protocol.json; it adds answer.json there.
"""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Protocol:
    """How often, with how many rows and threads, and on what."""

    processes: int = 10
    calls: int = 2000  # of one row, in each process
    warmup: int = 200  # calls before those
    batch: int = 256  # rows of a call that measures throughput; 0: it is not measured
    threads: int = 1
    device: str = "cpu"


def main() -> None:
    """Measure once, and write what was found."""
    model, folder = Path(sys.argv[1]), Path(sys.argv[2])
    how = Protocol(**json.loads((folder / "protocol.json").read_text("utf-8")))
    found = _measure(model, folder / "rows.npy", how)
    (folder / "answer.json").write_text(json.dumps(found), "utf-8", newline="\n")


def _measure(model: Path, inputs: Path, how: Protocol) -> dict[str, Any]:
    began = time.perf_counter()
    import numpy as np
    import torch

    from ..predictor import Predictor

    torch.set_num_threads(how.threads)
    imported = time.perf_counter()
    predictor = Predictor(model)
    if how.device != "cpu":
        from .device import OnDevice

        predictor.program = OnDevice(model / "program.pt2", how.device)
    loaded = time.perf_counter()
    rows = np.load(inputs)
    start = time.perf_counter()
    predictor.predict(rows[:1])
    first = time.perf_counter()
    found: dict[str, Any] = {
        "import_seconds": imported - began,
        "load_seconds": loaded - imported,
        "first_call_seconds": first - start,
        "call_nanoseconds": _times(predictor, rows, how),
        "threads": torch.get_num_threads(),
    }
    if how.batch:
        batch = np.resize(rows, (how.batch, *rows.shape[1:]))
        found["rows_per_second"] = _throughput(predictor, batch)
    if how.device != "cpu":
        found["gpu"] = torch.cuda.get_device_name()
        found["peak_gpu_memory_bytes"] = torch.cuda.max_memory_allocated()
    return found | {"peak_memory_bytes": peak_memory()}


def _times(predictor: Any, rows: Any, how: Protocol) -> list[int]:
    """Time calls of one row each, after those that are not counted."""
    times: list[int] = []
    for call in range(-how.warmup, how.calls):
        row = rows[call % len(rows) :][:1]
        before = time.perf_counter_ns()
        predictor.predict(row)
        taken = time.perf_counter_ns() - before
        if call >= 0:
            times.append(taken)
    return times


def _throughput(predictor: Any, batch: Any, seconds: float = 1.0) -> float:
    predictor.predict(batch)
    rows, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        predictor.predict(batch)
        rows += len(batch)
    return rows / (time.perf_counter() - start)


def peak_memory() -> int:
    """Return the most memory that this process has held, in bytes."""
    if sys.platform == "win32":
        import psutil

        peak = int(psutil.Process().memory_info().peak_wset)
    else:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        status = Path("/proc/self/status")
        if status.exists():  # Linux, where getrusage begins with the peak of who started this
            own = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("utf-8"))
            peak = int(own[1]) if own else peak
        peak *= 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, others KiB
    return peak


if __name__ == "__main__":
    main()
