"""Everything about the cost of one model, from many fresh processes."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..arrays import load_split
from ..predictor import Predictor
from ..progress import progress
from ..runtime.errors import UserError
from ..schema import Manifest
from ..tracking.lineage import file_hash
from .processes import run_worker, seconds_of, write_order
from .quantiles import latency, order_statistics
from .worker import Protocol

COLD = ("import_seconds", "load_seconds", "first_call_seconds")
WARM = ("rows_per_second", "peak_memory_bytes", "peak_gpu_memory_bytes")
FILES = ("state.ckpt", "program.pt2", "model.onnx")
SPLIT, ROWS = "val", 256  # from which each call takes one; in folds there is no split "test"


def measure(model: Path, prepared: Path, how: Protocol) -> dict[str, Any]:
    """Return what efficiency.json holds of the model folder ``model``; say that it takes a while.

    Raises:
        UserError: when the device is not there, the model is damaged or of other data than
            ``prepared``, or another one takes its place meanwhile.
    """
    if how.device != "cpu" and not torch.cuda.is_available():
        raise UserError(f"device={how.device}: torch finds no GPU here. Valid: cpu.")
    predictor, model_hash = Predictor(model), file_hash(model / "state.ckpt")
    predictor.require_own(Manifest.load(prepared))
    rows = np.array(load_split(prepared, SPLIT, predictor.fold).inputs[:ROWS])
    answers = _in_fresh_processes(model, rows, how)
    state = model / "state.ckpt"
    if not state.exists() or file_hash(state) != model_hash:
        raise UserError("models/network was replaced while it was timed. Try again.")

    def entries(names: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {name: order_statistics([one[name] for one in answers]) for name in names}

    return {
        "model_hash": model_hash,
        "parameters": predictor.facts["parameters"],
        "flops_per_row": flops_of(lambda: predictor.predict(rows[:1])),
        "size_bytes": {
            name: (model / name).stat().st_size for name in FILES if (model / name).exists()
        },
        "cold_start": entries(COLD),
        "latency_seconds": latency(seconds_of(answers)),
        **entries(name for name in WARM if name in answers[0]),
        "protocol": {**asdict(how), "split": SPLIT, "rows": len(rows)},
        "machine": machine(answers[0]),
    }


def _in_fresh_processes(model: Path, rows: NDArray[Any], how: Protocol) -> list[dict[str, Any]]:
    print(f"benchmark: {how.processes} processes, {how.calls:,} calls each ...", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_order(rows, how, folder)
        turns = progress(range(how.processes), "benchmark: processes")
        return [run_worker(model, folder, how.threads) for _ in turns]


def flops_of(predict_one: Callable[[], Any]) -> dict[str, Any]:
    """Return the floating-point operations of one call; value None where they cannot be counted.

    torch counts those of matrix products, convolutions and attention (2 for each multiply-add),
    and leaves out what is cheap beside them.
    """
    from torch.utils.flop_counter import FlopCounterMode

    why = "it has no operation that torch counts"
    try:
        with FlopCounterMode(display=False) as counter:
            predict_one()
    except Exception as error:  # of many kinds, for an operation that the counter cannot follow
        counted, why = 0, f"torch cannot count them: {type(error).__name__}"
    else:
        counted = int(counter.get_total_flops())
    if counted:
        return {"value": counted, "method": "torch.utils.flop_counter"}
    return {"value": None, "why": why}


def machine(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what a time depends on; no name of the machine or of its user."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": answer["threads"],  # as torch itself says in the process that was timed
        **{name: answer[name] for name in answer if name == "gpu"},
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
