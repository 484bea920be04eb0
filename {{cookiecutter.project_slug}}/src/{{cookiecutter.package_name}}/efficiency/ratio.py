"""Is one model slower than another? Both are timed in turn, on one machine at one time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..stats.intervals import Interval
from .processes import run_worker, seconds_of, write_order
from .quantiles import SHARES, ratio_over_pairs
from .worker import Protocol

COMPARED = ("p50", "p95")  # p99 of one model differs tenfold between runs on a shared machine


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

    Both are model folders, and `rows` prepared inputs that both take, one of them at a time. Each
    model has `processes` of its own, with as many `threads`, and its turn is first in every other
    pair; `warmup` calls come before the `calls` that count.
    """
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_order(rows, Protocol(processes, calls, warmup, batch=0, threads=threads), folder)
        for pair in range(processes):
            sides = [(challenger, ours), (champion, theirs)]
            for model, answers in sides if pair % 2 == 0 else reversed(sides):
                answers.append(run_worker(model, folder, threads))
    return {
        name: ratio_over_pairs(
            np.quantile(seconds_of(ours), SHARES[name], axis=1),
            np.quantile(seconds_of(theirs), SHARES[name], axis=1),
        )
        for name in COMPARED
    }
