"""The target within slices of the training rows, each with an interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..stats.bootstrap import bootstrap_mean
from ..stats.intervals import wilson
from .data import ExplorationData
from .levels import count_tables, levels_of, target_levels

FEW = 50  # rows below which a slice says little
BINS = 5
MOST_VALUES = 10
MOST_RESAMPLED = 500  # rows; the mean of more is near enough to normal
NORMAL = 1.96


def slice_by(data: ExplorationData, column: str, chosen: str | None = None) -> pd.DataFrame:
    """The mean of the target, or the share of the class ``chosen``, in each slice by ``column``.

    Slices are the values of a category or five bins of equal counts. Only training rows are used,
    one per group. Intervals are at 95 %: Wilson's for shares, the bootstrap's for means.

    Returns a row per slice: ``rows``, ``value``, ``low``, ``high``, and ``few`` for fewer than 50.
    """
    train = data.train.independent
    levels = levels_of(train.frame[column], BINS, MOST_VALUES)
    if data.is_regression:
        target = train.frame[data.target].to_numpy(np.float64)
        intervals = [_of_mean(target[levels.codes == place]) for place in range(len(levels.names))]
    else:
        chosen = chosen or class_to_show(data, column)
        has = (train.frame[data.target].astype(str) == chosen).to_numpy()
        hits = np.bincount(levels.codes, has, minlength=len(levels.names)).astype(int)
        intervals = [
            _of_share(int(hit), int(rows)) for hit, rows in zip(hits, levels.counts, strict=True)
        ]
    found = pd.DataFrame(intervals, pd.Index(levels.names), ["value", "low", "high"])
    found.insert(0, "rows", levels.counts)
    return found.assign(few=found["rows"] < FEW)


def class_to_show(data: ExplorationData, column: str) -> str:
    """The rarer of two classes; of more, the one whose share varies most between the slices."""
    train = data.train.independent
    classes = target_levels(train, BINS, most=1000)
    if len(classes.names) < 3:
        return classes.names[int(np.argmin(classes.counts))]
    levels = levels_of(train.frame[column], BINS, MOST_VALUES)
    counts = count_tables(levels.codes[None], len(levels.names), classes.codes, len(classes.names))[
        0
    ]
    rows = counts.sum(axis=1, keepdims=True)
    shares = np.where(rows < FEW, np.nan, counts / np.maximum(rows, 1))
    known = shares if np.isfinite(shares).any() else counts / np.maximum(rows, 1)
    spread = np.nanmax(known, axis=0) - np.nanmin(known, axis=0)
    return classes.names[int(np.argmax(spread))]


def overall(data: ExplorationData, chosen: str | None) -> float:
    """The same number over all training rows."""
    target = data.train.independent.frame[data.target]
    if data.is_regression:
        return float(target.to_numpy(np.float64).mean())
    return float((target.astype(str) == chosen).mean())


def _of_share(hits: int, rows: int) -> tuple[float, float, float]:
    interval = wilson(hits, rows)
    return interval.value, interval.low, interval.high


def _of_mean(values: NDArray[np.float64]) -> tuple[float, float, float]:
    if len(values) < 2:
        return float(values.mean()), np.nan, np.nan
    if len(values) <= MOST_RESAMPLED:
        interval = bootstrap_mean(values)
        return interval.value, interval.low, interval.high
    half = NORMAL * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)
