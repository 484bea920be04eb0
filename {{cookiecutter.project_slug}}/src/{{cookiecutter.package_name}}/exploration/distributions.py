"""How the values of a column are spread, by group of the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import ExplorationData, is_number
from .levels import MISSING, Levels, levels_of, quantiles, target_levels

BINS = 24
WHOLE = 20  # distinct whole numbers that each get a bin
POINTS = [0, 0.01, 0.25, 0.75, 0.99, 1]  # the axis ends at 1 % and 99 %, at the furthest
FAR = 4.0  # or where a value is this many times the width of the middle half away from it
MOST_GROUPS = 5  # classes drawn; the others are one group
MOST_BARS = 7


@dataclass(frozen=True)
class Distribution:
    """Shares of a column's known values, by group.

    Attributes:
        shares: bins or levels (rows), groups (columns).
        edges: of the bins; None for a category.
        beyond: share of the known values that lie outside the edges, or are of rarer levels.
    """

    shares: pd.DataFrame
    edges: NDArray[np.float64] | None
    beyond: float = 0.0


def target_groups(data: ExplorationData) -> Levels:
    """The training rows by class (the rarer of many as one), or by tercile of the target."""
    return target_levels(data.train, bins=3, most=MOST_GROUPS)


def distribution(data: ExplorationData, column: str, groups: Levels) -> Distribution:
    """How ``column`` is spread over the training rows of each of ``groups``."""
    values = data.train.frame[column]
    if is_number(values.dtype):
        return histogram(data.train.matrix([column])[0], groups)
    levels = levels_of(values, 1, MOST_BARS)
    size = len(groups.names)
    cells = np.bincount(
        levels.codes * size + groups.codes, minlength=len(levels.names) * size
    ).reshape(-1, size)
    shares = pd.DataFrame(cells / np.maximum(cells.sum(axis=0), 1), levels.names, groups.names)
    rarer = [name for name in levels.names[MOST_BARS:] if name != MISSING]
    beyond = float(cells[[name in rarer for name in levels.names]].sum() / max(cells.sum(), 1))
    return Distribution(shares.drop(index=rarer), None, beyond)


def histogram(values: NDArray[np.float64], groups: Levels) -> Distribution:
    """Shares of ``values`` (rows,) in bins that all groups have in common."""
    known = np.isfinite(values)
    edges = _edges(values[known])
    width = edges[1] - edges[0]
    inside = known & (values >= edges[0]) & (values <= edges[-1])
    bins = ((values[inside] - edges[0]) / width).astype(np.int64).clip(0, len(edges) - 2)
    size = len(groups.names)
    counts = np.bincount(bins * size + groups.codes[inside], minlength=(len(edges) - 1) * size)
    present = np.bincount(groups.codes[known], minlength=size)
    shares = counts.reshape(-1, size) / np.maximum(present, 1)
    beyond = 1 - inside.sum() / max(known.sum(), 1)
    return Distribution(pd.DataFrame(shares, columns=groups.names), edges, float(beyond))


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of bins of one width, wide enough for all but the outermost values."""
    if not len(values):
        return np.array([0.0, 1.0])
    lowest, low, lower, upper, high, highest = quantiles(values[None], POINTS)[0]
    distinct = np.unique(values)
    if (
        len(distinct) <= WHOLE
        and (distinct == distinct.round()).all()
        and (highest - lowest <= 2 * BINS)
    ):
        return np.arange(lowest - 0.5, highest + 1)
    if upper > lower:
        low = max(low, lower - FAR * (upper - lower))
        high = min(high, upper + FAR * (upper - lower))
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        width = max(abs(low), 1.0) / 10
        return np.array([low - width, low + width])
    return np.linspace(low, high, BINS + 1)
