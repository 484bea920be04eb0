"""Quantiles of times, with intervals that ask nothing of their distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..stats import require
from ..stats.bootstrap import bootstrap_mean
from ..stats.intervals import Interval

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class Ranks:
    """Places, from 1 on, in sorted values; None where there are too few values."""

    low: int | None
    high: int | None


def interval_ranks(rows: int, share: float, level: float = 0.95) -> Ranks:
    """Return the order statistics between which a quantile lies, whatever the distribution is.

    How many of `rows` values lie below the quantile is binomial (David & Nagaraja 2003, 7.1). At
    95 % both ends exist from 6 values for the median, 72 for p95 and 368 for p99.
    """
    from scipy.stats import binom

    tail = (1 - require.level(level)) / 2
    low = int(binom.ppf(tail, rows, share))
    high = int(binom.ppf(1 - tail, rows, share)) + 1
    return Ranks(low if low >= 1 else None, high if high <= rows else None)


def fewest_values(share: float, level: float = 0.95) -> int:
    """Return from how many values both ends of the interval exist."""
    rows = 1
    while None in (interval_ranks(rows, share, level).low, interval_ranks(rows, share, level).high):
        rows += 1
    return rows


def over_processes(values: ArrayLike, level: float = 0.95) -> Interval:
    """Median of one number of each process, shape (processes,), with its order-statistic interval.

    Calls within one process share its memory, its caches and its place on the machine; so the
    processes are what is counted, and not the calls. Fewer than six give the widest interval that
    there is, from the least to the largest, at a lower level than asked for.
    """
    ordered = np.sort(require.finite("values", values))
    ranks = interval_ranks(ordered.size, 0.5, level)
    low, high = ordered[(ranks.low or 1) - 1], ordered[(ranks.high or ordered.size) - 1]
    exact = ranks.low is not None and ranks.high is not None
    method = "order statistics over processes" if exact else "least and largest process"
    return Interval(float(np.median(ordered)), float(low), float(high), method, ordered.size)


def ratio_over_pairs(
    challenger: NDArray[np.float64], champion: NDArray[np.float64], seed: int = 0
) -> Interval:
    """Ratio of one number of each process of two models, run in turn, both of shape (pairs,).

    The bootstrap draws pairs, and the mean is that of the logarithms: twice as slow and twice as
    fast cancel out.
    """
    found = bootstrap_mean(np.log(challenger / champion), seed=seed)
    value, low, high = np.exp([found.value, found.low, found.high]).tolist()
    return Interval(value, low, high, "bootstrap over pairs of processes", found.rows)
