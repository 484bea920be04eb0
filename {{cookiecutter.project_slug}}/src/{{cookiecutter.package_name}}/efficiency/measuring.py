"""Everything about the cost of one model, from many fresh processes."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tracking.lineage import file_hash
from .processes import quantiles_of, run_worker, save_rows
from .quantiles import over_processes
from .worker import Order

FILES = ("state.ckpt", "program.pt2", "model.onnx")


@dataclass(frozen=True)
class Protocol:
    """How often, with how many rows and threads."""

    processes: int = 10
    calls: int = 2000
    warmup: int = 200
    batch: int = 256
    threads: int = 1


def measure(
    model: Path, facts: dict[str, Any], rows: NDArray[Any], how: Protocol
) -> dict[str, Any]:
    """Return what efficiency.json holds; progress is printed, since it takes a minute or two."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        inputs, answer = save_rows(rows, scratch), str(scratch / "answer.json")
        settings = (how.warmup, how.calls, how.batch, how.threads)
        answers: list[dict[str, Any]] = []
        for number in range(how.processes):
            answers.append(run_worker(Order(str(model), inputs, answer, *settings), scratch))
            print(f"benchmark: process {number + 1} of {how.processes}", flush=True)
    quantiles = [quantiles_of(one) for one in answers]
    latency = {name: [one[name] for one in quantiles] for name in quantiles[0]}
    cold = ("import_seconds", "load_seconds", "first_call_seconds")
    return {
        "model_hash": file_hash(model / "state.ckpt"),
        "parameters": facts["parameters"],
        "flops_per_row": flops_of(model, rows),
        "size_bytes": {
            name: (model / name).stat().st_size for name in FILES if (model / name).exists()
        },
        "cold_start": {name: _entry(answers, name) for name in cold},
        "latency_seconds": {name: over_processes(each).as_dict() for name, each in latency.items()},
        "rows_per_second": _entry(answers, "rows_per_second"),
        "peak_memory_bytes": _entry(answers, "peak_memory_bytes"),
        "protocol": vars(how) | {"row_of_latency": 1},
        "machine": machine(),
    }


def flops_of(model: Path, rows: NDArray[Any]) -> int | None:
    """Return the floating-point operations of one row, or None where torch cannot count them."""
    from torch.utils.flop_counter import FlopCounterMode

    from ..predictor import Predictor

    predictor = Predictor(model)
    try:
        with FlopCounterMode(display=False) as counter:
            predictor.predict(np.array(rows[:1]))
    except (RuntimeError, NotImplementedError):
        return None
    return int(counter.get_total_flops()) or None


def machine() -> dict[str, Any]:
    """Return what a time depends on; no name of the machine or of its user."""
    import torch

    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _entry(answers: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return over_processes([one[name] for one in answers]).as_dict()
