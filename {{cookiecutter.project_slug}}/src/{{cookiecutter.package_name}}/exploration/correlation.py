"""Which columns move together, and which are missing together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import ExplorationData

MOST_PAIRED = 300  # columns of which every pair is looked at


def correlate(data: ExplorationData, columns: list[str]) -> pd.DataFrame:
    """Rank correlations of those ``columns`` that are numbers, in the training rows.

    NaN beside a column that is constant. Ranks are taken in each column, among its known values.
    """
    train, numbers = data.train, set(data.numbers)
    names = [name for name in columns if name in numbers][:MOST_PAIRED]
    values = train.matrix(names)
    return pd.DataFrame(rank_correlation(values, values), names, names)


def missing_together(data: ExplorationData, columns: list[str]) -> pd.DataFrame:
    """Correlations between what is missing in ``columns``: 1 if always in the same rows."""
    gaps = data.frame[columns].isna().to_numpy(np.float64).T
    return pd.DataFrame(pairwise_correlation(gaps, gaps), columns, columns)


def rank_correlation(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Spearman's correlation of (a, rows) with (b, rows), to (a, b); NaN is left out by pairs."""
    ranks = [pd.DataFrame(values.T).rank().to_numpy().T for values in (first, second)]
    return pairwise_correlation(ranks[0], ranks[1])


def pairwise_correlation(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pearson's correlation over the rows that both columns have: (a, rows), (b, rows) to (a, b).

    NaN where fewer than three rows are shared, or one column does not vary over them.
    """
    known_a, a = _centred(first)
    known_b, b = _centred(second)
    shared = known_a @ known_b.T
    count = np.maximum(shared, 1)
    sum_a, sum_b = a @ known_b.T, known_a @ b.T
    covariance = a @ b.T - sum_a * sum_b / count
    variance_a = (a**2) @ known_b.T - sum_a**2 / count
    variance_b = known_a @ (b**2).T - sum_b**2 / count
    varies = (variance_a > 1e-9 * count) & (variance_b > 1e-9 * count) & (shared > 2)
    scale = np.sqrt(np.where(varies, variance_a * variance_b, 1.0))
    return np.where(varies, np.clip(covariance / scale, -1, 1), np.nan)


def _centred(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where ``values`` are known, and these in units of their spread, 0 where not."""
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    filled = np.where(known, values, 0.0)
    centred = np.where(known, filled - filled.sum(axis=1, keepdims=True) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    return known.astype(np.float64), centred / np.where(spread > 0, spread, 1.0)


def clustered(matrix: pd.DataFrame) -> list[str]:
    """The columns in an order that puts those beside each other that move together."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    names = [str(name) for name in matrix.index]
    if len(names) < 3:
        return names
    distance = 1 - np.abs(np.nan_to_num(matrix.to_numpy(np.float64)))
    distance = np.maximum((distance + distance.T) / 2, 0)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return [names[place] for place in leaves_list(tree)]


def strongest_pairs(matrix: pd.DataFrame, least: float, most: int) -> pd.DataFrame:
    """Pairs of columns with a correlation of ``least`` or more (or -``least`` or less)."""
    names = list(matrix.index)
    values = np.nan_to_num(np.triu(matrix.to_numpy(np.float64), k=1))
    first, second = np.nonzero(np.abs(values) >= least)
    order = np.argsort(-np.abs(values[first, second]), kind="stable")[:most]
    return pd.DataFrame(
        {
            "first": [names[place] for place in first[order]],
            "second": [names[place] for place in second[order]],
            "correlation": values[first[order], second[order]],
        }
    )
