"""Is one model slower than another? Both are timed in turn, on one machine at one time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..stats.intervals import Interval
from .processes import quantiles_of, run_worker, save_rows
from .quantiles import ratio_over_pairs
from .worker import Order

COMPARED = ("p50", "p95")  # p99 differs tenfold between two runs of one model on a shared machine


def latency_ratio(
    challenger: Path,
    champion: Path,
    rows: NDArray[Any],
    *,
    processes: int,
    calls: int,
    warmup: int,
    threads: int = 1,
) -> dict[str, Interval]:
    """Return how long one row takes the challenger, relative to the champion.

    Args:
        challenger: a model folder.
        champion: another one.
        rows: prepared inputs that both take, one of them at a time.
        processes: of each model; whose turn is first changes from pair to pair.
        calls: counted ones in each process.
        warmup: calls before those.
        threads: of each process.
    """
    quantiles: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        inputs, answer = save_rows(rows, scratch), str(scratch / "answer.json")
        for pair in range(processes):
            sides = list(zip((challenger, champion), quantiles, strict=True))
            for model, found in sides if pair % 2 == 0 else reversed(sides):
                order = Order(str(model), inputs, answer, warmup, calls, 0, threads)
                found.append(quantiles_of(run_worker(order, scratch)))
    ours, theirs = (
        {name: np.array([one[name] for one in found]) for name in COMPARED} for found in quantiles
    )
    return {name: ratio_over_pairs(ours[name], theirs[name]) for name in COMPARED}
