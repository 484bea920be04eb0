"""Fresh processes, one after the other, each with the number of threads that it was told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..runtime.errors import UserError
from .quantiles import SHARES
from .worker import Order

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
WORKER = f"{__name__.rpartition('.')[0]}.worker"


def run_worker(order: Order, scratch: Path) -> dict[str, Any]:
    """Carry out one order in a process of its own.

    Raises:
        UserError: when the process fails, with its last line.
    """
    file = scratch / "order.json"
    file.write_text(json.dumps(asdict(order)), "utf-8")
    environment = os.environ | dict.fromkeys(THREADS, str(order.threads))
    done = subprocess.run(
        [sys.executable, "-m", WORKER, str(file)],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise UserError(f"{order.model}: it could not be timed: {lines[-1]}")
    return dict(json.loads(Path(order.answer).read_text("utf-8")))


def quantiles_of(answer: dict[str, Any]) -> dict[str, float]:
    """Return p50, p95 and p99 of one process, in seconds."""
    times = np.array(answer["call_nanoseconds"]) / 1e9
    return {name: float(np.quantile(times, share)) for name, share in SHARES.items()}


def save_rows(rows: NDArray[Any], scratch: Path) -> str:
    """Write inputs where processes find them."""
    np.save(scratch / "rows.npy", rows)
    return str(scratch / "rows.npy")
