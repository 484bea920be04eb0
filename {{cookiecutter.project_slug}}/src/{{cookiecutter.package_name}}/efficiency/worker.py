"""One fresh process that loads a model and times it: `python -m PACKAGE.efficiency.worker ORDER`.

ORDER is a JSON file of the fields of ``Order``; the answer goes to its ``answer``.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Order:
    """What is to be timed."""

    model: str  # folder
    rows: str  # .npy file of inputs, as the predictor takes them
    answer: str  # .json file to write
    warmup: int  # calls that are not counted
    calls: int
    batch: int  # rows of a call that measures throughput; 0: it is not measured
    threads: int


def main() -> None:
    """Do what the order says."""
    order = Order(**json.loads(Path(sys.argv[1]).read_text("utf-8")))
    answer = _measure(order)
    Path(order.answer).write_text(json.dumps(answer), "utf-8")


def _measure(order: Order) -> dict[str, Any]:
    began = time.perf_counter()
    import numpy as np
    import torch

    from ..predictor import Predictor

    torch.set_num_threads(order.threads)
    imported = time.perf_counter()
    predictor = Predictor(order.model)
    loaded = time.perf_counter()
    rows = np.load(order.rows)
    one = rows[:1]
    start = time.perf_counter()
    predictor.predict(one)
    first = time.perf_counter()
    for _ in range(order.warmup):
        predictor.predict(one)
    times = np.empty(order.calls, np.int64)
    for call in range(order.calls):
        row = rows[call % len(rows) :][:1]
        before = time.perf_counter_ns()
        predictor.predict(row)
        times[call] = time.perf_counter_ns() - before
    found: dict[str, Any] = {
        "import_seconds": imported - began,
        "load_seconds": loaded - imported,
        "first_call_seconds": first - start,
        "call_nanoseconds": times.tolist(),
    }
    if order.batch:
        batch = np.resize(rows, (order.batch, *rows.shape[1:]))
        found["rows_per_second"] = _throughput(predictor, batch)
    return found | {"peak_memory_bytes": peak_memory()}


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

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, others KiB


if __name__ == "__main__":
    main()
