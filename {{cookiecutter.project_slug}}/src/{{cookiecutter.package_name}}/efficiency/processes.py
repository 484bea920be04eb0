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
from .worker import Protocol

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
WORKER = f"{__name__.rpartition('.')[0]}.worker"


def write_order(rows: NDArray[Any], how: Protocol, folder: Path) -> None:
    """Write what every process of one measurement is told."""
    np.save(folder / "rows.npy", rows)
    (folder / "protocol.json").write_text(json.dumps(asdict(how)), "utf-8", newline="\n")


def run_worker(model: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Measure ``model`` in a process of its own, as ``write_order`` said in ``folder``.

    Raises:
        UserError: when the process fails, with its last line.
    """
    done = subprocess.run(
        [sys.executable, "-m", WORKER, str(model), str(folder)],
        env=os.environ | dict.fromkeys(THREADS, str(threads)),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise UserError(f"{model}: it could not be timed: {lines[-1]}")
    return dict(json.loads((folder / "answer.json").read_text("utf-8")))


def seconds_of(answers: list[dict[str, Any]]) -> NDArray[np.float64]:
    """Return the times of the calls, shape (processes, calls)."""
    return np.array([answer["call_nanoseconds"] for answer in answers]) / 1e9
